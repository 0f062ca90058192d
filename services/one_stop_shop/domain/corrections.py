"""Mending what was taken down wrongly about the people, the subject and the copies; answers and papers have their own
way (`supplements`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.one_stop_shop.domain import paper
from services.one_stop_shop.domain.access import identity_of, is_account
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.contents import situation_now
from services.one_stop_shop.domain.fees import check_quantities
from services.one_stop_shop.domain.questions import matter_of
from services.one_stop_shop.domain.registration import check_born, day_of, plain_person
from services.one_stop_shop.domain.relief import reassessed
from services.one_stop_shop.domain.situation import Channel
from shared.errors import Conflict, FieldError, Invalid, field_error

_PEOPLE = frozenset({"owner", "submitter"})
_WHO = ("applicant_class", "name", "identity_kind", "identity_number")


def correct(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Put right what is given; what follows from it follows anew, and a receipt that is out is issued again.

    Raises:
        Invalid: people who signed in themselves are another person afterwards, or a value cannot be.
        Conflict: everything stands there already.
    """
    given = {name: request[name] for name in ("content", "quantities") if request[name] is not None}
    if "content" in given:
        given["content"] = given["content"].strip() or occasion.version.name.vi
    people = {name: plain_person(request[name]) for name in ("owner", "submitter") if request[name] is not None}
    given = {name: value for name, value in (given | people).items() if value != application[name]}
    wrong = [
        *(fault for name in people for fault in check_born(name, request[name], day_of(occasion))),
        *check_quantities(given.get("quantities", {})),
        *_check_same_people(application, people),
    ]
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    if not given:
        raise Conflict("nothing_to_correct")
    return _corrected(application, occasion, given, request["reason"])


def follow(part: Application, bundle: Application, occasion: Occasion, reason: str) -> Decision | None:
    """Let the part of a bundle have the people of the bundle; None when it has them."""
    given = {name: bundle[name] for name in ("owner", "submitter") if bundle[name] != part[name]}
    return _corrected(part, occasion, given, reason) if given else None


def _corrected(application: Application, occasion: Occasion, given: dict[str, Any], reason: str) -> Decision:
    after: dict[str, Any] = {**application, **given}
    changes: Changes = {**given, "parties": _parties(after), "payment": reassessed(after, occasion, after["payment"])}
    changes["matter"] = matter_of(occasion.version, situation_now(after), after["owner"])
    if application["received_at"]:
        after |= changes
        changes["forms"] = paper.issue(after, occasion, paper.receipt(after, occasion))
    mended = {
        "at": occasion.now,
        "by": occasion.actor.subject,
        "reason": reason,
        "seq": application["version"] + 1,
        "former": {name: application[name] for name in sorted(given)},
    }
    changes["corrections"] = [*application.get("corrections", ()), mended]
    return Decision("application_corrected", changes, {"corrected": sorted(given)}, reason)


def people_since(application: Application) -> int:
    """The entry of the history since which the application names its present people."""
    corrections = application.get("corrections", ())
    return max((one["seq"] for one in corrections if not _PEOPLE.isdisjoint(one["former"])), default=0)


def _check_same_people(application: Application, people: Mapping[str, Any]) -> Iterator[FieldError]:
    """Online people gave their own names; only an officer who took them down can have mistaken them."""
    for name, person in people.items():
        before = application[name]
        if before is None:
            yield field_error(name, "nobody_to_correct")
        elif application["channel"] == Channel.ONLINE:
            for field in _WHO:
                if person[field] != before[field]:
                    yield field_error(f"{name}.{field}", "given_online")


def _parties(application: Mapping[str, Any]) -> list[str]:
    accounts = [party for party in application["parties"] if is_account(party)]
    named = [identity_of(application[name]) for name in ("owner", "submitter") if application[name]]
    return list(dict.fromkeys(accounts + named))
