"""Opinions of other agencies: asked for, sent as a document, answered; the answer completes the step that waited."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.one_stop_shop.domain import steps
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.processing import next_step
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, Error, Invalid, field_error
from shared.working_time import VIETNAM

_LONGEST = timedelta(days=366)
"""A later day for an answer is a slip of the pen."""

REQUESTED, SENT, RECEIVED = "requested", "sent", "received"


def request_opinion(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Ask another agency; the legal clock goes on, for the law counts the time in.

    Raises:
        Invalid: the agency is unknown, closed without a successor, or one's own; the day is over or too far away.
    """
    today = occasion.now.astimezone(VIETNAM).date()
    try:
        asked = occasion.directory.current(request["agency"], today).code
    except Error as error:
        code = "agency_closed" if isinstance(error, Conflict) else "agency_unknown"
        wrong = field_error("agency", code, agency=request["agency"])
        raise Invalid("request_invalid", fields=[wrong]) from error
    if asked == application["competent_agency"]:
        raise Invalid("request_invalid", fields=[field_error("agency", "own_opinion")])
    if request["due_on"] and request["due_on"] < today:
        raise Invalid("request_invalid", fields=[field_error("due_on", "in_past")])
    latest = today + _LONGEST
    if request["due_on"] and request["due_on"] > latest:
        wrong = field_error("due_on", "too_far_ahead", latest=latest.strftime("%d/%m/%Y"))
        raise Invalid("request_invalid", fields=[wrong])
    opinion = {
        "id": f"{application['_id']}:{len(_opinions(application)) + 1}",
        "agency": asked,
        "subject": request["subject"],
        "due_on": request["due_on"].isoformat() if request["due_on"] else None,
        "step": application["step"],
        "state": REQUESTED,
        "asked_at": occasion.now,
        "asked_by": occasion.actor.name,
        "document_code": None,
        "reply_code": None,
        "received_at": None,
    }
    data = {
        "opinion": opinion["id"],
        "by": application["competent_agency"],
        "to": asked,
        "subject": request["subject"],
        "due_on": request["due_on"],
    }
    return Decision("opinion_requested", {"opinions": [*_opinions(application), opinion]}, data)


def note_sent(application: Application, opinion: str, code: str) -> Decision | None:
    """The letter has its number; None when that is known, or the request is not."""
    known = _find(application, opinion)
    if known is None or known["state"] != REQUESTED:
        return None
    changes = _changed(application, {**known, "state": SENT, "document_code": code})
    return Decision("opinion_sent", changes, {"opinion": opinion, "document_code": code})


def receive(application: Application, occasion: Occasion, opinion: str, code: str) -> Decision | None:
    """The answer is in the register; when it was the last that the present step waited for, the next step begins.

    None when the answer is known, or the request is not.
    """
    known = _find(application, opinion)
    if known is None or known["state"] == RECEIVED:
        return None
    received = {**known, "state": RECEIVED, "reply_code": code, "received_at": occasion.now}
    changes = _changed(application, received)
    data: dict[str, Any] = {"opinion": opinion, "document_code": code, "next_step": None}
    if _may_advance({**application, **changes}, known["step"]):
        note = f"Đã có ý kiến tại văn bản {code}"
        request = {"assignee": None, "assignee_name": None, "note": note}
        done = steps.complete_current(application["steps"], occasion, note)
        advanced = next_step(application, occasion, request, done, "step_completed")
        changes = {**advanced.changes, **changes}
        data["next_step"] = advanced.changes["step"]
    return Decision("opinion_received", changes, data)


def note_register_number(application: Application, code: str) -> Decision | None:
    """The result has its number in the register; None when that is known, or the result was taken back."""
    result = application["result"]
    if not result or result.get("register_number") == code:
        return None
    changes: Changes = {"result": {**result, "register_number": code}}
    return Decision("result_registered", changes, {"register_number": code})


def _may_advance(application: Application, step: str | None) -> bool:
    """The application is still at the step that asked, nothing else is awaited there, and another step follows."""
    waiting = [one for one in _opinions(application) if one["step"] == step and one["state"] != RECEIVED]
    follows = any(not one["started_at"] for one in application["steps"])
    at_it = application["status"] == Status.IN_PROCESS and step is not None and application["step"] == step
    return at_it and follows and not waiting


def _opinions(application: Application) -> list[Mapping[str, Any]]:
    return list(application.get("opinions", ()))


def _find(application: Application, opinion: str) -> Mapping[str, Any] | None:
    return next((one for one in _opinions(application) if one["id"] == opinion), None)


def _changed(application: Application, changed: Mapping[str, Any]) -> Changes:
    return {"opinions": [changed if one["id"] == changed["id"] else one for one in _opinions(application)]}
