"""Agencies by name, as the directory has them: to choose from, and to be read instead of identifiers."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.http.call import current_call
from gateway.portal.calls import look, look_all
from gateway.portal.language import words

OPERATOR = "operator"
_BROAD = ("ministry", "province")


def agency_choices(chosen: str = "", empty: str = "") -> list[dict[str, str]]:
    """The reader's agency and those below it by name; under `empty`, if given, none of them.

    An operator chooses among the large ones, and then among those below what was `chosen`.
    """
    own = _own()
    rows = look_all("find_agencies") if own else _narrowing(chosen)
    named = {one["code"]: words(one["name"]) for one in rows}
    if chosen and chosen not in named:
        named |= names_of([chosen])
    ordered = sorted(named.items(), key=lambda one: (one[0] != own, one[1]))
    first = [{"value": "", "text": empty}] if empty or not own else []
    return first + [{"value": code, "text": name} for code, name in ordered]


def _narrowing(chosen: str) -> list[dict[str, Any]]:
    below = look_all("find_agencies", {"agency": chosen}) if chosen else []
    return below + [one for level in _BROAD for one in look_all("find_agencies", {"level": level})]


def names_of(codes: Iterable[str], known: Iterable[Mapping[str, str]] = ()) -> dict[str, str]:
    """What agencies are called, closed ones too; one that the reader may not see is called by its identifier.

    Those `known` from choices are not asked for again.
    """
    found = {one["value"]: one["text"] for one in known}
    for code in dict.fromkeys(codes):
        if code in found:
            continue
        rows = look("find_agencies", {"q": code, "closed": True, "limit": 1})["items"]
        found[code] = words(rows[0]["name"]) if rows and rows[0]["code"] == code else code
    return found


def _own() -> str:
    """The agency that the reader is bound to; operators are bound to none."""
    principal = current_call().principal
    if principal is None or OPERATOR in principal.roles:
        return ""
    return principal.agency or ""
