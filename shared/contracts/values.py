"""Kinds of fields that every contract is made of: text that people wrote, codes of known shapes, moments."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.contracts.base import Request
from shared.contracts.shapes import Day, Moment, Number, Shape, has_hidden, is_visible

AGENCY_CODE = r"^([A-Z]\d{2}(\.\d{2,3}){0,3}|\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})$"
"""An agency by its current identifier (Decision 20/2020) or the legacy one (QCVN 102:2016)."""

KEY = r"^[a-z][a-z0-9_]{0,63}$"
"""A name that data files and contracts give to one of their own things."""

FILE_ID = r"^[0-9a-f]{24,64}$"
"""A stored file: the SHA-256 of its content, or what older ones were named by."""

_NAME = re.compile(r"[^\x00-\x1f$.][^\x00-\x1f.]{0,63}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no text holds: controls, halves of letters, and what turns the direction of writing round in print."""


def text(limit: int, *, required: bool = False, example: str = "", **options: Any) -> fields.String:
    """What a person wrote: at most `limit` characters, none of control, and something to be seen when required.

    A text that is not required may be empty, but not hold what looks empty and is not.
    """
    rules: list[Any] = [validate.Length(max=limit), _refuse_control_characters]
    rules.append(_refuse_wordless if required else check_words)
    metadata = {"example": example} if example else {}
    return fields.String(required=required, validate=rules, metadata=metadata, **options)


def name(limit: int, *, required: bool = False, example: str = "", **options: Any) -> fields.String:
    """A name of a person or body: text on one line, of which every character is seen."""
    field = text(limit, required=required, example=example, **options)
    field.validators = [*field.validators, _refuse_hidden]
    return field


def _refuse_hidden(value: str) -> None:
    if has_hidden(value):
        raise ValidationError("hidden_characters")
    if any(unicodedata.category(letter) in ("Sm", "So", "Co", "Cn") and letter != "+" for letter in value):
        raise ValidationError("name_characters")


def _refuse_control_characters(value: str) -> None:
    if _CONTROL.search(value):
        raise ValidationError("control_characters")


def _refuse_blank(value: str) -> None:
    if not is_visible(value):
        raise ValidationError("blank")


def _refuse_wordless(value: str) -> None:
    _refuse_blank(value)
    if not any(letter.isalnum() for letter in value):
        raise ValidationError("wordless")


def check_words(value: str) -> None:
    """Refuse what only looks empty, or holds neither a letter nor a digit; nothing at all is all right."""
    if value.strip():
        _refuse_wordless(value)


def check_storable(value: Any, depth: int = 0) -> None:
    """Refuse free JSON that no database keeps as it is: odd names, endless nesting, numbers beyond 64 bits."""
    if depth > 20 or (isinstance(value, int) and abs(value) >= 2**63):
        raise ValidationError("not_storable")
    if isinstance(value, str) and _CONTROL.search(value):
        raise ValidationError("control_characters")
    if isinstance(value, dict) and not all(_NAME.fullmatch(name) and not has_hidden(name) for name in value):
        raise ValidationError("not_storable")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        check_storable(inner, depth + 1)


def code(pattern: str, *, example: str, required: bool = True, **options: Any) -> fields.String:
    """A machine-readable code of a known shape."""
    return fields.String(required=required, validate=Shape(pattern, example), metadata={"example": example}, **options)


def one_of(*values: Any, required: bool = True, **options: Any) -> fields.String:
    """One of a closed list of words."""
    return fields.String(required=required, validate=validate.OneOf(values), metadata={"example": values[0]}, **options)


def moment(*, required: bool = False, **options: Any) -> Moment:
    """A moment with its zone; stored in UTC, shown in Asia/Ho_Chi_Minh."""
    example = {"example": "2026-10-05T08:00:00+07:00"}
    return Moment(format="iso", required=required, metadata=example, **options)


def day(*, required: bool = False, example: str = "2026-11-23", **options: Any) -> Day:
    """A day in Viet Nam; where it ends something, the last one on which it holds."""
    return Day(required=required, metadata={"example": example}, **options)


def string_like(example: str = "", **options: Any) -> fields.String:
    """A text in an answer."""
    return fields.String(metadata={"example": example} if example else {}, **options)


def number_like(example: int | None, **options: Any) -> fields.Integer:
    """A whole number in an answer."""
    return fields.Integer(metadata={"example": example}, **options)


class Words(Request):
    """The same words in Vietnamese and English."""

    vi = text(500, required=True, example="Đăng ký khai sinh")
    en = text(500, required=True, example="Birth registration")


class Page(Request):
    """Where a page starts and how long it is; the cursor is what the last page's `Link` header carried."""

    limit = Number(load_default=50, validate=validate.Range(1, 200), metadata={"example": 50})
    cursor = fields.String(load_default=None, validate=validate.Length(max=500))
