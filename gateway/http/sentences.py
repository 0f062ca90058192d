"""What people read: the sentence of each code, in Vietnamese or English as they ask for."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from flask import g, has_request_context, request

from shared.observability import logger
from shared.working_time import VIETNAM

Language = Literal["vi", "en"]
Catalogue = Mapping[str, Mapping[Language, str]]

_FOLDER = Path(__file__).parent
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_FOR_PROGRAMS = re.compile(r"\[(.*?)\]")
_GROUPED_FROM = 10_000
_log = logger(__name__)


@cache
def sentences() -> Catalogue:
    """All sentences by code, from `sentences.yaml`."""
    return _read("sentences.yaml")


@cache
def titles() -> Catalogue:
    """The short title of each kind of refusal, from `titles.yaml`."""
    return _read("titles.yaml")


def _read(name: str) -> Catalogue:
    catalogue: Catalogue = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return catalogue


def language() -> Language:
    """The language that the request asks for (RFC 9110, 12.5.4); Vietnamese when it does not care.

    On pages it is the one that the reader chose there.
    """
    if not has_request_context():
        return "vi"
    if "language" in g:
        chosen: Language = g.language
        return chosen
    return "en" if request.accept_languages.best_match(("vi", "en"), "vi") == "en" else "vi"


def title(kind: str, tongue: Language) -> str:
    """What kind of refusal it is, in a few words."""
    return titles()[kind][tongue]


def sentence(
    code: str, params: Mapping[str, Any], tongue: Language, otherwise: str = "internal_error", *, plain: bool = False
) -> str:
    """What happened and what to do next; a code without a sentence, of a newer service, gets that of `otherwise`.

    What stands in square brackets is for programs: a `plain` sentence, which is for a page, is without it.
    """
    known = sentences().get(code)
    if known is None:
        _log.error("code_without_sentence", code=code)
        known = sentences()[otherwise]
    words = _FOR_PROGRAMS.sub("" if plain else r"\1", known[tongue])
    return words.format_map(_Readable(params, tongue))


class _Readable(dict[str, Any]):
    """Params as people read them, and a dash for a figure that was not given."""

    def __init__(self, params: Mapping[str, Any], tongue: Language) -> None:
        super().__init__(params)
        self._tongue = tongue

    def __getitem__(self, name: str) -> "_Figure":
        return _Figure(super().get(name, "–"), self._tongue)


class _Figure:
    """One param; `{limit:size}` shows a number of bytes as people say it."""

    def __init__(self, value: Any, tongue: Language) -> None:
        self._value = value
        self._tongue = tongue

    def __format__(self, kind: str) -> str:
        if kind == "size" and isinstance(self._value, int):
            return _size(self._value, self._tongue)
        if isinstance(self._value, list | tuple):
            return ", ".join(_readable(one, self._tongue) for one in self._value)
        return _readable(self._value, self._tongue)


def _size(count: int, tongue: Language) -> str:
    """Bytes in the greatest unit that is not below one, with one digit where it tells something."""
    amount, unit = next(
        ((count / size, unit) for size, unit in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")) if count >= size),
        (count, "byte" if tongue == "vi" else "bytes"),
    )
    text = f"{amount:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',') if tongue == 'vi' else text} {unit}"


def _readable(value: Any, tongue: Language) -> str:
    """Words in the reader's language, moments by the clock on the wall in Vietnam, large numbers in groups of three.

    Years are not large.
    """
    if isinstance(value, Mapping) and tongue in value:
        return str(value[tongue])
    moment = _moment(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else None
    if moment:
        return f"{moment:%H:%M}{' ngày' if tongue == 'vi' else ' on'} {moment:%d/%m/%Y}"
    if isinstance(value, int) and value >= _GROUPED_FROM:
        return f"{value:,}".replace(",", "." if tongue == "vi" else ",")
    return str(value)


def _moment(text: str) -> datetime | None:
    """The moment in Viet Nam; none where a caller's own words only look like one."""
    try:
        return datetime.fromisoformat(text).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None
