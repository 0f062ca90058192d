"""Fields of forms: what a page asks, how it reads the answer, and what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from gateway.portal.calls import composed
from gateway.portal.language import gettext as _
from gateway.portal.pages import field_sentence
from shared.errors import FieldError, field_error
from shared.working_time import VIETNAM

Kind = Literal[
    "text",
    "long",
    "number",
    "date",
    "moment",
    "choice",
    "select",
    "yes_no",
    "tick",
    "many",
    "file",
    "secret",
    "heading",
]
Values = dict[str, Any]
Choices = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, Choices], ...]

_NUMBER = re.compile(r"\d{1,12}")
_CLOCK = re.compile(r"(\d{1,2})(?:(?:\s*(?:[:.hg]|giờ|gio)\s*|\s+)(?:(\d{1,2})\s*(?:phút|phut|ph|p|')?)?)?", re.ASCII)
"""An hour as people write it: 8, 8h, 8h30, 8:30, 08.30, 8 giờ 30 phút."""
_MARK = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""What nobody sees and nobody typed: it comes along with what is copied from contacts and messages."""
_VERSION = re.compile(r"\d{1,9}")
_LONGEST_LABEL = 60
HOUR_UNREAL, YEAR_SHORT = "hour_unreal", "year_short"
_BOXES = {HOUR_UNREAL: "hour", YEAR_SHORT: "year"}
"""The box of a day or moment in which such a fault lies."""
_FIRST_YEAR_IN_FULL = 1000
YES, NO = "co", "khong"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked; `label` and `hint` are in the reader's language already.

    A long list stands in `groups` instead of `choices`, each under its heading.
    """

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    choices: Choices = ()
    required: bool = True
    limit: int = 200
    autocomplete: str = ""
    width: str = ""
    inputmode: str = ""
    groups: Groups = ()

    def read(self, form: Mapping[str, str]) -> Any:
        """The value that was entered, None for nothing.

        Raises:
            Wrong: it cannot be one.
        """
        typed = composed(form.get(self.name, "").replace("\r\n", "\n"))
        if self.kind != "secret":  # of which every letter counts
            typed = _MARK.sub("", typed).strip()
        if self.kind in ("date", "moment"):
            typed = self._date_in(form)
        if self.kind == "heading":
            return None
        if self.kind == "tick":
            return bool(typed)
        if self.kind == "many":
            return self._chosen_in(form)
        if not typed:
            if self.required:
                raise Wrong("choose_one" if self.kind in ("choice", "yes_no", "select") else "required")
            return None
        return _READERS.get(self.kind, _read_text)(self, typed)

    def _chosen_in(self, form: Mapping[str, str]) -> list[str]:
        """Those of the choices that were ticked."""
        ticked = all_of(form, self.name)
        offered = (self.choices, *(rows for _heading, rows in self.groups))
        chosen = [value for rows in offered for value, _name in rows if value in ticked]
        if self.required and not chosen:
            raise Wrong("choose_one")
        return chosen

    def _date_in(self, form: Mapping[str, str]) -> str:
        names = ("day", "month", "year", "hour") if self.kind == "moment" else ("day", "month", "year")
        parts = [composed(form.get(f"{self.name}-{part}", "")).strip() for part in names]
        return "\n".join(parts) if any(parts) else ""


def all_of(form: Mapping[str, str], name: str) -> list[str]:
    """Every value under a name that may stand several times."""
    return form.getlist(name) if isinstance(form, MultiDict) else []


class Wrong(Exception):
    """What was entered cannot be the answer; `code` has a sentence."""

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


def _read_text(field: Field, typed: str) -> str:
    if len(typed) > field.limit:
        raise Wrong("too_long", max=field.limit)
    return typed


def _read_number(_field: Field, typed: str) -> int:
    digits = typed.replace(".", "").replace(" ", "")
    if not _NUMBER.fullmatch(digits):
        raise Wrong("not_a_number")
    return int(digits)


def _read_date(_field: Field, typed: str) -> str:
    if not all(typed.split("\n")):
        raise Wrong("day_incomplete")
    try:
        day, month, year = (int(part) for part in typed.split("\n"))
        read = date(year, month, day)
    except ValueError:
        raise Wrong("day_unreal") from None
    if year < _FIRST_YEAR_IN_FULL:
        raise Wrong(YEAR_SHORT)
    return read.isoformat()


def _read_moment(field: Field, typed: str) -> str:
    day, _line, clock = typed.rpartition("\n")
    there = date.fromisoformat(_read_date(field, day))
    return datetime.combine(there, _read_clock(clock), VIETNAM).isoformat()


def _read_clock(typed: str) -> time:
    found = _CLOCK.fullmatch(typed.lower())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Wrong(HOUR_UNREAL)
    return time(int(found[1]), int(found[2] or 0))


def _read_choice(field: Field, typed: str) -> str:
    if typed not in {value for value, _name in field.choices}:
        raise Wrong("choose_one")
    return typed


def _read_yes_no(_field: Field, typed: str) -> bool:
    return typed == YES


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "number": _read_number,
    "date": _read_date,
    "moment": _read_moment,
    "choice": _read_choice,
    "select": _read_choice,
    "yes_no": _read_yes_no,
}


def read_form(fields: Iterable[Field], form: Mapping[str, str]) -> tuple[Values, list[FieldError]]:
    """What was entered, by the fields' names, and what is wrong with it."""
    values: Values = {}
    wrong: list[FieldError] = []
    for field in fields:
        try:
            values[field.name] = field.read(form)
        except Wrong as error:
            wrong.append(field_error(field.name, error.code, **error.figures))
    return values, wrong


def version_in(form: Mapping[str, str]) -> int:
    """The version that the page showed; without one that can be read, none that there is, so that nothing is lost."""
    typed = form.get("version", "")
    return int(typed) if _VERSION.fullmatch(typed) else 0


def shown_fields(
    fields: Sequence[Field], values: Mapping[str, Any], form: Mapping[str, str] | None, wrong: Sequence[FieldError]
) -> list[dict[str, Any]]:
    """The fields for a template: what was typed, or else what is known, and what is wrong with each."""
    faults = {fault["path"]: field_sentence(fault) for fault in reversed(wrong)}
    return [
        {"field": field, "value": _value_of(field, values, form), "error": faults.get(field.name)} for field in fields
    ]


def _value_of(field: Field, values: Mapping[str, Any], form: Mapping[str, str] | None) -> Any:
    if field.kind in ("date", "moment"):
        return _date_value(field, values.get(field.name), form)
    if form is not None:
        return all_of(form, field.name) if field.kind == "many" else form.get(field.name, "")
    known = values.get(field.name)
    if field.kind == "many":
        return known or []
    if field.kind == "yes_no":
        return "" if known is None else YES if known else NO
    return "" if known is None else known if field.kind == "tick" else str(known)


def _date_value(field: Field, known: Any, form: Mapping[str, str] | None) -> dict[str, str]:
    if form is not None:
        return {part: form.get(f"{field.name}-{part}", "") for part in ("day", "month", "year", "hour")}
    if not known:
        return {}
    moment = datetime.fromisoformat(known)
    return {
        "day": str(moment.day),
        "month": str(moment.month),
        "year": str(moment.year),
        "hour": f"{moment:%H:%M}",
    }


def entries_of(fields: Sequence[Field], wrong: Sequence[FieldError]) -> list[dict[str, str]]:
    """The error summary: each entry names its field and leads to it."""
    labels = {field.name: field for field in fields}
    entries = []
    for fault in wrong:
        field = labels.get(fault["path"])
        text = field_sentence(fault)
        if field is None:
            entries.append({"text": text})
            continue
        label = field.label if field.label.endswith("?") else f"{field.label}:"
        named = f"{label} {text}" if len(field.label) <= _LONGEST_LABEL and len(fields) > 1 else text
        entries.append({"text": named, "href": f"#{_box(field, fault)}"})
    return entries


def _box(field: Field, fault: FieldError) -> str:
    box = _BOXES.get(fault["code"])
    return f"{field.name}-{box}" if box else anchor(field)


def anchor(field: Field) -> str:
    """Where an error leads: the first box of the field."""
    return f"{field.name}-day" if field.kind in ("date", "moment") else field.name


def yes_or_no() -> Choices:
    """The two answers to a question of that kind."""
    return ((YES, _("Có")), (NO, _("Không")))
