"""Who may be given an incoming document: officers of the agency who work with documents, and nobody else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.document_routing.domain import statuses as s
from services.document_routing.domain.actors import CLOCKWORK, STAFF
from services.document_routing.domain.agencies import Directory
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from shared.errors import Error, Invalid, field_error
from shared.officers import Officer, unfit
from shared.words import words

Handler = dict[str, Any]


def same_office(directory: Directory, agency: str, day: date) -> frozenset[str]:
    """An agency and the one that has taken over from it by that day, where its officers' posts go on."""
    try:
        return frozenset((agency, directory.reach(agency, day).code))
    except Error:
        return frozenset((agency,))


def cannot_have(arrival: Aggregate, officer: Officer | None, occasion: Occasion) -> str:
    """Why the officer cannot handle the arrival; empty when they can."""
    agencies = same_office(occasion.directory, arrival["agency"], occasion.today)
    return unfit(officer, agencies, STAFF, occasion.today)


def accounts(request: Mapping[str, Any]) -> list[str]:
    """The officers whom an assignment names."""
    return [one["officer"] for one in (request["lead"], *request["co_operating"]) if one["officer"]]


def named(
    arrival: Aggregate, occasion: Occasion, request: Mapping[str, Any], officers: Mapping[str, Officer | None]
) -> dict[str, Any]:
    """The assignment with its officers called as the directory calls them.

    Raises:
        Invalid: naming every officer who cannot have it, and every name that means somebody else.
    """
    wrong = []
    for path, handler in _places(request):
        if not handler["officer"]:
            continue
        officer = officers[handler["officer"]]
        problem = cannot_have(arrival, officer, occasion)
        if problem or officer is None:
            wrong.append(field_error(f"{path}.officer", problem, officer=handler["officer"]))
        elif words(handler["officer_name"] or officer.name) != words(officer.name):
            wrong.append(field_error(f"{path}.officer_name", "officer_name_differs", name=officer.name))
    if wrong:
        raise Invalid("request_invalid", fields=wrong)

    def called(handler: Mapping[str, Any]) -> Handler:
        officer = officers.get(handler["officer"] or "")
        return {**handler, "officer_name": officer.name if officer else None}

    return {**request, "lead": called(request["lead"]), "co_operating": [*map(called, request["co_operating"])]}


def _places(request: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    several = [(f"co_operating.{place}", handler) for place, handler in enumerate(request["co_operating"])]
    return [("lead", request["lead"]), *several]


def hand_on(
    arrival: Aggregate, occasion: Occasion, account: str, officer: Officer, successor: Officer | None
) -> Decision | None:
    """What becomes of an arrival that `account` handles: None when its officer may keep it.

    Else the same person under another account goes on, or the successor, or the unit alone. A row of the slip says
    so. Where nobody leads any more, the document waits to be assigned again.
    """
    if arrival["status"] not in s.OPEN or account not in arrival.get("handlers", ()):
        return None
    if officer.account == account and not cannot_have(arrival, officer, occasion):
        return None
    takers = [taker for taker in (officer, successor) if taker and taker.account not in (None, account)]
    taker = next((taker for taker in takers if not cannot_have(arrival, taker, occasion)), None)
    last = arrival["assignments"][-1]
    reason = f"{officer.name} không còn giữ chức vụ phù hợp tại cơ quan"
    if taker is officer:
        reason = f"{officer.name} dùng tài khoản mới"

    def passed(handler: Mapping[str, Any]) -> Handler:
        if handler["officer"] != account:
            return dict(handler)
        return {
            **handler,
            "officer": taker.account if taker else None,
            "officer_name": taker.name if taker else None,
        }

    lead, co_operating = passed(last["lead"]), [passed(one) for one in last["co_operating"]]
    without_lead = last["lead"]["officer"] == account and taker is None
    reason += f"; {taker.name} tiếp tục giải quyết" if taker else "; chờ phân công lại" if without_lead else ""
    row = {
        "number": len(arrival["assignments"]) + 1,
        "at": occasion.now,
        "by": CLOCKWORK.name,
        "lead": lead,
        "co_operating": co_operating,
        "opinion": reason,
        "due_at": arrival["due_at"],
    }
    changes: Changes = {
        "status": s.REGISTERED if without_lead else arrival["status"],
        "assignments": [*arrival["assignments"], row],
        "handlers": accounts({"lead": lead, "co_operating": co_operating}),
    }
    data = {"officer": account, "successor": taker.account if taker else None}
    return Decision("document_handed_on", changes, data, reason)
