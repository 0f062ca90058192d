"""Agencies: how one enters the directory, changes, and is succeeded by others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.email_provisioning.domain.access import (
    check_changes_agency,
    check_may_identify,
    check_may_place,
    check_open,
    is_open,
)
from services.email_provisioning.domain.decisions import Changes, Decision, Document, Occasion, plain_day
from services.email_provisioning.domain.finding import agency_keys
from shared.agency_codes import agency_id, is_legacy_agency_id, parent_agency_id
from shared.errors import Conflict, Invalid, field_error

PLAIN_FIELDS = ("name", "level", "kind", "province", "area", "timetable", "sectors", "reception", "address", "phone")
"""What can be changed without touching the hierarchy or the dates."""

Agencies = Mapping[str, Document]
"""Agencies by every identifier under which they are known."""


def register_agency(body: Mapping[str, Any], known: Agencies, occasion: Occasion) -> Decision:
    """A new agency; `known` has those that the request names.

    Raises:
        Conflict: `agency_known`, one of its identifiers belongs to an agency already.
        Invalid: an identifier of the older generation as the current one, or an unknown parent or successor.
    """
    code = current_id(body["code"])
    legacy = legacy_ids(body["legacy_codes"])
    for identifier in (code, *legacy):
        if identifier in known:
            raise Conflict("agency_known", agency=identifier)
    parent_code = parent_named(body, known)
    parent = existing(known, parent_code, "parent")
    check_may_place(occasion.actor, parent)
    check_may_identify(occasion.actor, code)
    successors = [existing_code(known, successor, "successors") for successor in body["successors"]]
    opened_on, closed_on = plain_day(body["opened_on"]), plain_day(body["closed_on"])
    if closed_on and opened_on and closed_on < opened_on:
        raise Invalid("request_invalid", fields=[field_error("closed_on", "period_reversed")])
    plain = {name: body[name] for name in PLAIN_FIELDS}
    if plain["area"] is None and (plain["level"], plain["kind"]) == ("commune", "people_committee"):
        plain["area"] = code
    changes = {
        **plain,
        "code": code,
        "legacy_codes": legacy,
        "known_as": [code, *legacy],
        "parent": parent["code"] if parent else None,
        "opened_on": opened_on,
        "closed_on": closed_on,
        "successors": successors,
        "units": [],
        "sample": body["sample"],
        "within": [code, *(parent["within"] if parent else [])],
    }
    return Decision("agency_registered", changes | agency_keys(changes))


def change_agency(agency: Document, body: Mapping[str, Any], known: Agencies, occasion: Occasion) -> Decision:
    """Other facts about an agency; what the body does not name stays.

    Raises:
        Conflict: `agency_known`, `agency_below_itself`, or `agency_unchanged` when everything is so already.
    """
    check_changes_agency(occasion.actor, agency)
    changes: Changes = {name: body[name] for name in PLAIN_FIELDS if name in body and body[name] != agency[name]}
    if "legacy_codes" in body:
        changes |= _known_under(agency, legacy_ids(body["legacy_codes"]), known)
    if "parent" in body:
        changes |= _moved_below(agency, body["parent"], known, occasion)
    if "opened_on" in body and plain_day(body["opened_on"]) != agency["opened_on"]:
        changes["opened_on"] = plain_day(body["opened_on"])
    if not changes:
        raise Conflict("agency_unchanged", agency=agency["code"])
    return Decision("agency_changed", changes | agency_keys({**agency, **changes}), body.get("reason", ""))


def close_agency(
    agency: Document, body: Mapping[str, Any], known: Agencies, open_parts: Sequence[str], occasion: Occasion
) -> Decision:
    """Its last day and those that take over; a closing that has not come yet may be decided anew.

    Raises:
        Forbidden: `other_agency`, a successor is out of the actor's reach.
        Conflict: `agency_closed_already`; `agency_has_parts`, when others below it would be left without it.
        Invalid: a successor is unknown, the agency itself, or not open on the day after.
    """
    check_changes_agency(occasion.actor, agency)
    last_day = body["closed_on"].isoformat()
    if agency["closed_on"] and agency["closed_on"] < occasion.today.isoformat():
        raise Conflict("agency_closed_already", agency=agency["code"], closed_on=agency["closed_on"])
    if last_day < (agency["opened_on"] or ""):
        raise Invalid("request_invalid", fields=[field_error("closed_on", "period_reversed")])
    if open_parts:
        raise Conflict("agency_has_parts", agency=agency["code"], parts=list(open_parts[:5]), count=len(open_parts))
    successors = [_successor(agency, code, known, last_day, occasion) for code in body["successors"]]
    changes: Changes = {"closed_on": last_day, "successors": list(dict.fromkeys(successors))}
    return Decision("agency_closed", changes, body["reason"])


def successors_on(agency: Document, day: str, known: Agencies) -> list[str]:
    """Those that act in an agency's place on a day: itself while it is open, else its open successors in order."""
    found: list[str] = []
    passed: set[str] = set()
    waiting = [agency]
    while waiting:
        current = waiting.pop(0)
        if current["code"] in passed:
            continue
        passed.add(current["code"])
        if is_open(current, day):
            found.append(current["code"])
        elif current["closed_on"] and current["closed_on"] < day:
            waiting[:0] = [known[code] for code in current["successors"] if code in known]
    return found


def current_id(text: str) -> str:
    """An identifier of the current generation, under which an agency is kept."""
    code = agency_id(text)
    if is_legacy_agency_id(code):
        raise Invalid("agency_id_legacy", text=text)
    return code


def legacy_ids(texts: Iterable[str]) -> list[str]:
    """Identifiers of the older generation, each once."""
    return list(dict.fromkeys(agency_id(text) for text in texts))


def parent_named(body: Mapping[str, Any], known: Agencies) -> str | None:
    """The parent that the body names, else the one that the identifier names, if there is such an agency."""
    if body["parent"]:
        return agency_id(body["parent"])
    implied = parent_agency_id(body["code"])
    return implied if implied in known else None


def existing(known: Agencies, code: str | None, path: str) -> Document | None:
    """The agency of an identifier; None for none.

    Raises:
        Invalid: `request_invalid` with `agency_unknown` at `path`.
    """
    if code is None:
        return None
    found = known.get(agency_id(code))
    if found is None:
        raise Invalid("request_invalid", fields=[field_error(path, "agency_unknown", agency=code)])
    return found


def existing_code(known: Agencies, code: str, path: str) -> str:
    """The current identifier of an agency that must exist."""
    found = existing(known, code, path)
    assert found is not None
    return str(found["code"])


def _known_under(agency: Document, legacy: list[str], known: Agencies) -> Changes:
    for identifier in legacy:
        if known.get(identifier, agency)["code"] != agency["code"]:
            raise Conflict("agency_known", agency=identifier)
    if legacy == agency["legacy_codes"]:
        return {}
    return {"legacy_codes": legacy, "known_as": [agency["code"], *legacy]}


def _moved_below(agency: Document, parent_code: str | None, known: Agencies, occasion: Occasion) -> Changes:
    parent = existing(known, parent_code, "parent")
    if (parent["code"] if parent else None) == agency["parent"]:
        return {}
    if parent is not None and agency["code"] in parent["within"]:
        raise Conflict("agency_below_itself", agency=agency["code"])
    check_may_place(occasion.actor, parent)
    if parent is not None:
        check_open(parent, occasion.today.isoformat())
    return {
        "parent": parent["code"] if parent else None,
        "within": [agency["code"], *(parent["within"] if parent else [])],
    }


def _successor(agency: Document, code: str, known: Agencies, last_day: str, occasion: Occasion) -> str:
    """Officers follow to a successor with their roles, so only who administers both may name it."""
    successor = existing(known, code, "successors")
    assert successor is not None
    if successor["code"] == agency["code"]:
        raise Invalid("request_invalid", fields=[field_error("successors", "own_successor")])
    check_may_place(occasion.actor, successor, "successors")
    if successor["closed_on"] and successor["closed_on"] <= last_day:
        raise Invalid("request_invalid", fields=[field_error("successors", "agency_closed", agency=code)])
    return str(successor["code"])
