"""What a use case is asked, as typed values, and the answers that every service gives alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from shared.contracts.base import Request
from shared.contracts.faults import field_errors
from shared.contracts.loading import load
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound
from shared.history import entries_of, speaks_of, verify_stored

PAGE = 50
"""Rows of a page when nobody says how many."""


def read_request(schema: type[Request], request: dict[str, Any], *, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The body, checked against its contract and with defaults; `path` names what stands beside it in the address.

    The gateway's own fields, whose names begin with `_`, are left out.

    Raises:
        Invalid: naming each wrong field.
    """
    body = {name: value for name, value in request.items() if not name.startswith("_") and name not in path}
    try:
        return load(schema, body)
    except ValidationError as error:
        raise Invalid("request_invalid", fields=field_errors(error.messages)) from error


def read_query(schema: type[Request], request: dict[str, Any], *, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The filters, checked and with defaults; what was not given and where the page starts are left out."""
    given = {name: value for name, value in request.items() if value is not None and name not in ("limit", "cursor")}
    return read_request(schema, given, path=path)


def page_of(request: dict[str, Any]) -> tuple[int, Any]:
    """How many rows are wanted, behind which position; None from the beginning."""
    return request.get("limit") or PAGE, request.get("cursor")


def answer_page(items: list[dict[str, Any]], following: Any) -> dict[str, Any]:
    """A page as the gateway expects it; `following` is where the next one starts, None when there is none."""
    return {"items": items, "next": following}


def answer_history(request: dict[str, Any], read: Callable[[int, int], Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """A page of a history; `read` gives at most so many entries behind a number."""
    limit, position = page_of(request)
    after = position or 0
    rows = read(after, limit + 1)
    shown = ("seq", "type", "at", "actor", "reason", "data", "hash")
    items = [{name: row[name] for name in shown} for row in rows[:limit]]
    return answer_page(items, after + limit if len(rows) > limit else None)


def answer_verified(
    found: Mapping[str, Any] | None,
    principal: Principal,
    check: Callable[[Mapping[str, Any]], object],
    unknown: NotFound,
    aside: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Whether a whole aggregate, as far as no field stands `aside`, is what its history says was written.

    `check` refuses who may not know of it. What it judges by may be altered too: of an altered aggregate those learn
    as well of whom its history speaks.

    Raises:
        NotFound: `unknown`, whether there is none or the caller may not know of it.
    """
    if found is None:
        raise unknown
    broken = verify_stored(found, aside)
    concerned = broken is not None and speaks_of(found, principal.subject, principal.agency)
    if not concerned and not _passes(check, found):
        raise unknown
    return {
        "intact": broken is None,
        "entries": len(entries_of(found)),
        "first_altered": broken.seq if broken else None,
    }


def _passes(check: Callable[[Mapping[str, Any]], object], found: Mapping[str, Any]) -> bool:
    """Whether nothing is refused; what cannot be read lets nobody pass."""
    try:
        check(found)
    except (NotFound, LookupError, TypeError, ValueError, AttributeError):
        return False
    return True
