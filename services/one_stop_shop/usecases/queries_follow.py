"""What applicants and passers-by may know: following by code without signing in, and one's own notices."""

from collections.abc import Mapping
from typing import Any

from services.one_stop_shop.domain.access import party_keys
from services.one_stop_shop.domain.codes import read_application_code
from services.one_stop_shop.domain.statuses import APPLICANTS_TURN, Status, named
from services.one_stop_shop.usecases.context import Context, actor_of
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, NotFound
from shared.requests import answer_page, page_of

_WHOSE_TURN = {
    **dict.fromkeys(APPLICANTS_TURN, "applicant"),
    Status.REFUSED: "nobody",
    Status.RETURNED: "nobody",
}


def follow_application(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """Status, step and moments by any of the three shapes of code; nothing personal (D 6.2)."""
    document = context.queries.find_by_code(_normalised(request["code"]))
    if document is None:
        raise NotFound("application_unknown")
    status = Status(document["status"])
    agency = context.offices.directory().get(document["competent_agency"])
    step = next((step["name"] for step in document["steps"] if step["key"] == document["step"]), None)
    return {
        "code": document["code"],
        "procedure_name": document["procedure"]["name"],
        "agency_name": agency.name.vi,
        **named(status),
        "step_name": step,
        "whose_turn": _whose_turn(document, status),
        **{name: document[name] for name in ("submitted_at", "received_at", "due_at", "finished_at", "returned_at")},
        "timeline": _timeline(document),
    }


def list_notices(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One's own notices, newest first."""
    parties = party_keys(actor_of(principal))
    if not parties:
        raise Forbidden("role_not_allowed", action="read")
    limit, after = page_of(request)
    notices, following = context.notices.page(parties, after=after, limit=limit)
    return answer_page([{"id": notice.pop("_id"), **_ONLY_VIETNAMESE, **notice} for notice in notices], following)


_ONLY_VIETNAMESE = {"title_en": "", "text_en": ""}
"""Notices of before they were written in English too."""


def _normalised(text: str) -> str:
    """What cannot be a code is simply not found."""
    try:
        return read_application_code(text).text
    except Invalid as error:
        raise NotFound("application_unknown") from error


def _whose_turn(document: Mapping[str, Any], status: Status) -> str:
    if status is Status.WITHDRAWN:
        return "agency" if document["withdrawal"]["state"] == "requested" else "nobody"
    return _WHOSE_TURN.get(status, "agency")


def _timeline(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The moments at which the status changed, in order."""
    reached: list[dict[str, Any]] = []
    for entry in document["history"]:
        status = entry["data"].get("status")
        if status and (not reached or reached[-1]["status"] != status):
            reached.append({"at": entry["at"], **named(status)})
    return reached
