"""An incoming document from its arrival to the end of the job, and the answers to what its sender still wants."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.document_routing.domain import statuses as s
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.duties import end_of
from services.document_routing.domain.outgoing import check_not_over
from services.document_routing.domain.search import incoming_fields
from shared.errors import Conflict, Invalid, field_error


def refuse(arrival: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """Not for us, or not sound (02): the sender learns why."""
    changes = {
        "status": s.REFUSED,
        "confirmed_at": occasion.now,
        "refused": {"at": occasion.now, "by": occasion.actor.name, "reason": request["reason"]},
    }
    return Decision("document_refused", changes, reason=request["reason"])


def assign(arrival: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """A row of the slip (04): who leads, who co-operates, the opinion, the deadline. A correction is a new row.

    Raises:
        Invalid: the deadline is over already, or later than the one that was agreed with the sender.
    """
    due_on = request["due_on"]
    due_at = end_of(due_on, occasion.working_time) if due_on else arrival["due_at"]
    handle_by = due_on.isoformat() if due_on else arrival.get("handle_by")
    check_not_over(due_on, occasion)
    agreed = _agreed_deadline(arrival)
    if due_on and agreed and occasion.today.isoformat() <= agreed < due_on.isoformat():
        raise Invalid("request_invalid", fields=[field_error("due_on", "after_agreed_deadline", agreed=agreed)])
    row = {
        "number": len(arrival["assignments"]) + 1,
        "at": occasion.now,
        "by": occasion.actor.name,
        "lead": request["lead"],
        "co_operating": request["co_operating"],
        "opinion": request["opinion"],
        "due_at": due_at,
        "handle_by": handle_by,
    }
    changes: Changes = {
        "status": s.WORKED_ON if arrival["status"] == s.WORKED_ON else s.ASSIGNED,
        "assignments": [*arrival["assignments"], row],
        "lead_unit": request["lead"]["unit"],
        "handlers": [one["officer"] for one in (request["lead"], *request["co_operating"]) if one["officer"]],
        "due_at": due_at,
        "handle_by": handle_by,
    }
    return Decision("document_assigned", changes, {"due_at": due_at}, request["opinion"])


def _agreed_deadline(arrival: Aggregate) -> str | None:
    """The deadline to which this agency last gave the sender its word."""
    agreed = [one["content"].get("due_on") for one in arrival["requests"] if one["answer"] == s.AGREED]
    return next((day for day in reversed(agreed) if day), None)


def work_on(arrival: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """The first act of a handler (05), or a further note on the work."""
    changes = {"status": s.WORKED_ON, "worked_on_at": arrival["worked_on_at"] or occasion.now}
    return Decision("document_worked_on", changes, reason=request["note"])


def complete(arrival: Aggregate, occasion: Occasion, reply: Aggregate | None, note: str) -> Decision:
    """The job is closed (06), by an issued reply where there is one.

    Raises:
        Conflict: the reply has not been issued.
    """
    if reply is not None and reply["status"] != "issued":
        raise Conflict("reply_not_issued")
    answered = {"document": reply["_id"], "code": reply["code"], "issued_on": reply["issued_on"]} if reply else None
    changes: Changes = {"status": s.COMPLETED, "completed_at": occasion.now, "reply": answered}
    on_time = None if arrival["due_at"] is None else bool(occasion.now <= arrival["due_at"])
    data = {"reply": reply["_id"] if reply else "", "on_time": on_time}
    return Decision("document_completed", changes, data, note)


def open_request(arrival: Aggregate) -> Mapping[str, Any] | None:
    """The oldest wish of the sender that waits for an answer; whoever has the document no more owes none."""
    if arrival["status"] in (s.REFUSED, s.AGREED):
        return None
    return next((one for one in arrival["requests"] if one["answer"] is None), None)


def receive_request(
    arrival: Aggregate, occasion: Occasion, asked: Mapping[str, Any], content: Changes
) -> Decision | None:
    """The sender wants the document back, corrected or replaced; None when that is known, or nothing is here to give.

    `content` is what becomes another here once that is agreed to.
    """
    known = {one["id"] for one in arrival["requests"]}
    if asked["id"] in known or arrival["status"] in (s.REFUSED, s.AGREED):
        return None
    request = {**asked, "content": content, "answer": None, "answered_at": None, "note": ""}
    data = {"request": asked["id"], "request_kind": str(asked["kind"])}
    changes = {"requests": [*arrival["requests"], request]}
    return Decision("sender_request_received", changes, data, asked["reason"])


def answer_request(arrival: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """Agree (15) or refuse (16) to the oldest open request.

    Agreeing to an update takes the new content over. Agreeing to a recall or a replacement ends the job here, and
    nothing that was asked besides is left to answer.
    """
    asked, now = open_request(arrival), occasion.now
    if asked is None:
        raise Conflict("no_request_open")
    accepted = bool(request["accept"])
    ends = accepted and asked["kind"] in s.ENDING
    answer = {"answer": s.AGREED if accepted else s.DECLINED, "answered_at": now, "note": request["note"]}
    requests = [
        {**one, **answer} if one is asked or (ends and one["answer"] is None) else one for one in arrival["requests"]
    ]
    changes: Changes = {"requests": requests, **(asked["content"] if accepted else {})}
    if ends:
        changes |= {"status": s.AGREED, "confirmed_at": arrival["confirmed_at"] or now}
    elif accepted:
        changes |= {"text_pending": True, **_new_deadline(arrival, asked["content"], occasion)}
    data = {"request": asked["id"], "request_kind": str(asked["kind"]), "accepted": accepted}
    return Decision("sender_request_answered", changes, data, request["note"])


def _new_deadline(arrival: Aggregate, content: Mapping[str, Any], occasion: Occasion) -> Changes:
    """A deadline of the sender's that nobody here replaced by another moves with the sender's word."""
    before, after = arrival["due_on"], content.get("due_on")
    if arrival["status"] not in s.OPEN or not after or after == before:
        return {}
    given = end_of(date.fromisoformat(before), occasion.working_time) if before else None
    moved = {"due_at": end_of(date.fromisoformat(after), occasion.working_time), "handle_by": after}
    return moved if arrival["due_at"] == given else {}


ROWS = {
    "document_arrived": s.ARRIVED,
    "document_refused": s.REFUSED,
    "document_registered": s.REGISTERED,
    "document_assigned": s.ASSIGNED,
    "document_worked_on": s.WORKED_ON,
    "document_completed": s.COMPLETED,
}
"""Which status an event of an arrival means for its sender; answers to requests are 15 or 16."""


def row_of(decision: Decision) -> str:
    """The status that a decision means for the sender, or nothing."""
    if decision.event == "sender_request_answered":
        return s.AGREED if decision.data["accepted"] else s.DECLINED
    return ROWS.get(decision.event, "")


def fall_due(arrival: Aggregate, kind: str) -> Decision:
    """A moment has passed without what was owed; told once."""
    return Decision(kind, {})


def settle(before: Aggregate, changes: Changes, occasion: Occasion) -> Changes:
    """The changes of a decision with what follows from them: how it is found, and what is due."""
    after = {**before, **changes}
    after["open"] = after["status"] in s.OPEN
    after["asked"] = open_request(after) is not None
    after |= incoming_fields(after, occasion.types)
    due = [work for work in before.get("due_work", ()) if work["at"] <= occasion.now and work["kind"] in _STAYS_TRUE]
    due += [{"kind": kind, "at": at} for kind, at in _coming(after, occasion) if at]
    after["due_work"], after["next_due_at"] = due, min((work["at"] for work in due), default=None)
    return {name: value for name, value in after.items() if name in _ALWAYS or before.get(name, _ABSENT) != value}


def _coming(after: Aggregate, occasion: Occasion) -> list[tuple[str, datetime | None]]:
    """What the platform itself must do later; a moment in the past is never entered anew, so nothing is told twice."""
    coming: list[tuple[str, datetime | None]] = []
    if after.get("text_pending"):
        coming.append(("extract_text", occasion.now))
    if after["status"] == s.ARRIVED and after["confirm_by"] and after["confirm_by"] > occasion.now:
        coming.append(("confirmation_late", after["confirm_by"]))
    if after["status"] in s.OPEN and after["due_at"] and after["due_at"] > occasion.now:
        coming.append(("handling_late", after["due_at"]))
    return coming


_STAYS_TRUE = frozenset({"confirmation_late", "handling_late"})
_ALWAYS = frozenset({"due_work", "next_due_at"})  # whoever looks for due work moves these without a new version
_ABSENT = object()
