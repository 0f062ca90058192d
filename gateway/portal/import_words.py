"""What the rows of a table do in words: columns by their headings, values as people write them, old beside new."""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from gateway.portal.directory_words import role_words
from gateway.portal.language import day, vietnamese
from gateway.portal.pages import field_sentence
from shared.errors import FieldError
from shared.table_columns import COLUMNS, Column

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PLAINER = {"not_a_date": "not_a_day_in_table"}
"""What is said otherwise of a table, in which days stand as people write them."""

_AGENCIES = {"agency", "parent", "province", "successors"}

Names = Mapping[str, str]
"""What agencies are called, by their codes."""


def row_in_words(kind: str, row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A row with what is wrong with it, what it changes, and what of that deserves a second look.

    A directory that is not renewed yet tells only what is wrong.
    """
    return {
        "line": row["line"],
        "key": row["key"],
        "name": row.get("name", ""),
        "problems": [_told(kind, one, names) for one in row["problems"]],
        "changes": [_changed(kind, one, names) for one in row.get("changes", ())],
        "warnings": [_sentence(one, names) for one in row.get("warnings", ())],
    }


def _column(kind: str, path: str) -> Column | None:
    """The column that a path leads to: `post.roles.0` to the roles, `name.vi` to the name."""
    known = {one.name: one for one in COLUMNS[kind]}
    return next((known[part] for part in reversed(path.split(".")) if part in known), None)


def _told(kind: str, problem: FieldError, names: Names) -> Markup:
    column = _column(kind, problem["path"])
    if column and column.choices and problem["code"] == "not_a_choice":
        written = ", ".join(reversed(_written(column).values()))
        problem = {**problem, "code": "not_a_word_in_table", "params": {"choices": written}}
    told = _sentence(problem, names)
    return Markup("{}: {}").format(vietnamese(column.heading), told) if column else Markup("{}").format(told)


def _sentence(one: FieldError, names: Names) -> str:
    params = {name: _value(None, name, value, names) for name, value in one["params"].items()}
    return field_sentence({**one, "code": _PLAINER.get(one["code"], one["code"]), "params": params})


def _changed(kind: str, one: Mapping[str, Any], names: Names) -> dict[str, Any]:
    column, path = _column(kind, one["path"]), one["path"]
    old, new = (_value(column, path, one[which], names) for which in ("old", "new"))
    return {"heading": column.heading if column else path, "old": old, "new": new}


def _value(column: Column | None, name: str, value: Any, names: Names) -> Any:
    """A value as it would stand in a table; an agency by its name too."""
    if isinstance(value, list):
        return ", ".join(str(_value(column, name, one, names)) for one in value)
    if not isinstance(value, str):
        return value
    if name == "roles":
        return role_words(value)
    if name in _AGENCIES:
        return f"{names[value]} ({value})" if value in names else value
    if _DAY.fullmatch(value):
        return day(value)
    return _written(column).get(value, value) if column else value


def _written(column: Column) -> dict[str, str]:
    """The words of a closed list by their values, the last first; of several words the first."""
    return {code: text for text, code in reversed(list(column.choices.items()))}
