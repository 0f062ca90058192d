"""How the columns of a table of agencies or officers become the body of a command, whatever people call them."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from services.email_provisioning.domain.decisions import Changes
from shared.errors import Invalid
from shared.table_columns import COLUMNS, Column
from shared.words import words

Cells = Mapping[str, str]
"""A row: its texts by the folded names of the columns; empty cells are left out."""

IGNORED = frozenset({"stt", "tt", "so_thu_tu", "ghi_chu", "note", "notes"})

_LIST = re.compile(r"[;,|\n]")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def folded(text: str) -> str:
    """The name of a column, or a word of a closed list, however it is written: "Họ và tên" is `ho_va_ten`."""
    return "_".join(words(text))


def _names(column: Column) -> set[str]:
    return {folded(name) for name in (column.name, column.heading, *column.also)}


_BY_NAME = {kind: {name: one for one in columns for name in _names(one)} for kind, columns in COLUMNS.items()}
_WORDS = {
    column.name: {folded(text): value for text, value in column.choices.items()}
    for columns in COLUMNS.values()
    for column in columns
}
"""What people write in Vietnamese in closed lists; anything else is taken as the word of the contract."""


def name_columns(kind: str, header: Mapping[str, str]) -> dict[str, str]:
    """Which column holds what; `header` gives each folded name as it stands in the table.

    Raises:
        Invalid: `columns_missing` or `columns_unknown`, naming them.
    """
    known = _BY_NAME[kind]
    unknown = [text for name, text in header.items() if name not in known and name not in IGNORED]
    if unknown:
        raise Invalid("columns_unknown", columns=", ".join(unknown))
    named = {name: known[name].name for name in header if name in known}
    missing = [one.heading for one in COLUMNS[kind] if one.required and one.name not in named.values()]
    if missing:
        raise Invalid("columns_missing", columns=", ".join(missing))
    return named


def key_of(kind: str, values: Cells) -> str:
    """By what a row is the same row when the table is imported again."""
    return values.get("number" if kind == "officers" else "code", "").strip()


def order_of(kind: str, values: Cells, line: int) -> str:
    """In which order rows are worked on: what others need comes before them, closed agencies last."""
    if kind == "officers":
        return f"{line:07d}"
    return f"{int('closed_on' in values)}{values.get('code', '').count('.')}{line:07d}"


def officer_body(values: Cells) -> Changes:
    """The body of `AppointOfficer` without the reason."""
    post: Changes = {name: values[name] for name in ("agency", "unit", "title") if name in values}
    post |= {name: _day(values[name]) for name in ("starts_on", "ends_on") if name in values}
    if "roles" in values:
        post["roles"] = [_word("roles", text) for text in _listed(values["roles"])]
    body: Changes = {name: values[name] for name in ("name", "number", "account", "phone") if name in values}
    if "birth_date" in values:
        body["birth_date"] = _day(values["birth_date"])
    return {**body, "post": post}


def agency_body(values: Cells) -> Changes:
    """The body of `RegisterAgency`; a table without English names repeats the Vietnamese ones."""
    plain = ("code", "parent", "province", "timetable", "address", "phone")
    body: Changes = {name: values[name] for name in plain if name in values}
    body |= {name: _word(name, values[name]) for name in ("level", "kind") if name in values}
    body |= {name: _listed(values[name]) for name in ("legacy_codes", "successors") if name in values}
    body |= {name: _day(values[name]) for name in ("opened_on", "closed_on") if name in values}
    if "name" in values:
        body["name"] = {"vi": values["name"], "en": values.get("name_en", values["name"])}
    return body


def _listed(text: str) -> list[str]:
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def _word(column: str, text: str) -> str:
    return _WORDS[column].get(folded(text), text.strip())


def _day(text: str) -> str:
    """A day as people write it, 30/11/2026, in the form of the contract, which judges anything else."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text.strip()
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return text.strip()


Body = Callable[[Cells], Changes]
BODIES: Mapping[str, Body] = {"officers": officer_body, "agencies": agency_body}
