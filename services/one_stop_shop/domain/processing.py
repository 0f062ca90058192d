"""Work inside the agency: hand-over, steps, who has the application, extension, and the result."""

from datetime import timedelta
from typing import Any

from services.one_stop_shop.domain import clock as clocks
from services.one_stop_shop.domain import paper, staffing, steps
from services.one_stop_shop.domain.actors import SYSTEM
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion, check_past, clock_of
from services.one_stop_shop.domain.contents import papers_missing
from services.one_stop_shop.domain.delivery import start_of_delivery
from services.one_stop_shop.domain.read_model import outcome_of
from services.one_stop_shop.domain.situation import Channel
from services.one_stop_shop.domain.staffing import FREE
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Invalid, NotFound, field_error
from shared.working_time import Duration, Unit

REGISTERED_LATER = timedelta(days=7)
"""What came on paper, by post or while the platform was away, may have been worked on before it was registered."""


def hand_over(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Give the application to the specialised unit: the first row of the control slip (form 06)."""
    done = steps.complete_current(application["steps"], occasion, request["note"])
    return next_step(application, occasion, request, done, "application_handed_over")


def complete_step(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The present step is done and the next one begins; every passing-on is a row of the control slip."""
    note = request["outcome"] or request["note"]
    done = steps.complete_current(application["steps"], occasion, note)
    return next_step(application, occasion, request, done, "step_completed")


def next_step(
    application: Application, occasion: Occasion, request: dict[str, Any], done: list[dict[str, Any]], event: str
) -> Decision:
    """Begin what follows the steps that are `done`, with a new row of the control slip."""
    finished = next((step for step in done if step["key"] == application["step"]), None)
    planned = steps.begin_next(done, occasion)
    step = steps.current_key(planned)
    changes: Changes = {
        "status": int(Status.IN_PROCESS),
        "steps": planned,
        "step": step,
    }
    changes |= staffing.given({**application, **changes}, occasion, request)
    outcome = finished["outcome"] if finished else None
    after = {**application, **changes}
    # What the platform itself passes on was in the hands of who had claimed it.
    giver = (application["assignee_name"] or "") if occasion.actor.has(SYSTEM) else occasion.actor.name
    sheet = paper.passed_on(after, occasion, giver, finished, (finished or request)["note"])
    changes["forms"] = paper.issue(after, occasion, sheet)
    data = (
        {"step": step}
        if event == "application_handed_over"
        else {
            "step": application["step"],
            "outcome": outcome,
            "next_step": step,
        }
    )
    return Decision(event, changes, data, request["note"])


def claim(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Take the application off the queue for oneself."""
    return _assigned(staffing.taken(application, occasion, request["officer"]), request["note"])


def release(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Give the application back to the queue."""
    return _assigned(FREE, request["note"])


def assign(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The head of unit says who does it."""
    return _assigned(staffing.given(application, occasion, request), "")


def _assigned(changes: Changes, reason: str) -> Decision:
    return Decision("assignment_changed", {**changes}, {"assignee": changes["assignee"]}, reason)


def extend(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Form 04: apologise and give a new due moment, as often as the procedure allows (once by rule)."""
    clock = clock_of(application)
    if clock is None or clock.due_at is None:
        raise ValueError("only an application with a due moment can be extended")
    _check_known(request["agency_at_fault"], occasion)
    new_due = occasion.working_time.add(clock.due_at, Duration(request["working_days"], Unit.WORKING_DAYS))
    extended = clocks.extend(
        clock, occasion.now, new_due, request["reason"], occasion.actor.subject, limit=occasion.version.extensions
    )
    changes: Changes = {"clock": extended.to_dict()}
    after = {**application, **changes}
    apology = paper.apology(after, occasion, request["agency_at_fault"], request["reason"])
    changes["forms"] = paper.issue(after, occasion, apology)
    return Decision("deadline_extended", changes, {"former_due_at": clock.due_at}, request["reason"])


def _check_known(agency: str, occasion: Occasion) -> None:
    try:
        occasion.directory.get(agency)
    except NotFound as error:
        wrong = field_error("agency_at_fault", "agency_unknown", agency=agency)
        raise Invalid("request_invalid", fields=[wrong]) from error


def finish(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The result is there; the clock stops and the reception point has the application again (form 06).

    Raises:
        Conflict: papers that the present answers require are missing; what is rejected may lack them.
        Invalid: the applicant chose to get it online and there is no file; signed too early or in the future.
    """
    clock = clock_of(application)
    if clock is None:
        raise ValueError("only a received application can be finished")
    result = request["result"]
    refusal = papers_missing(application, occasion.version)
    if refusal and result["kind"] == "granted":
        raise refusal
    if result["kind"] == "granted" and application["delivery"]["method"] == "online" and not result["files"]:
        raise Invalid("request_invalid", fields=[field_error("result.files", "result_file_needed")])
    earliest = application["submitted_at"]
    if application["channel"] != Channel.ONLINE:
        earliest -= REGISTERED_LATER
    check_past("result.signed_at", result["signed_at"], occasion, since=earliest)
    stopped = clocks.stop(clock, occasion.now)
    done = steps.complete_current(application["steps"], occasion)
    last = next((step for step in done if step["key"] == application["step"]), None)
    late = stopped.counts_as_late(occasion.now)
    changes: Changes = {
        "status": int(Status.FINISHED),
        "clock": stopped.to_dict(),
        "steps": done,
        "step": None,
        "result": {**result, "finished_by": occasion.actor.subject},
        "finished_at": occasion.now,
        **FREE,
    }
    after = {**application, **changes}
    changes["forms"] = paper.issue(after, occasion, paper.brought_back(after, occasion, last))
    data = {
        "result_kind": result["kind"],
        "result_number": result["number"],
        "outcome": "late" if late else outcome_of(occasion.now, clock.due_at, clock.due_at),
        "competent": application["competent_agency"],
        "signer": result["signer"],
    }
    return Decision("application_finished", changes, data, result["summary"])


def recall_result(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Take back a result that nobody has yet; the agency's own mistake gives it no more time."""
    clock = clock_of(application)
    if clock is None:
        raise ValueError("only a finished application has a result to recall")
    planned = steps.begin_again(application["steps"], occasion)
    changes: Changes = {
        "status": int(Status.IN_PROCESS),
        "clock": clocks.reopen(clock).to_dict(),
        "steps": planned,
        "step": steps.current_key(planned),
        "result": None,
        "recalled": [
            *application["recalled"],
            {**application["result"], "recalled_at": occasion.now, "reason": request["reason"]},
        ],
        "delivery": {**application["delivery"], "state": start_of_delivery(application["delivery"]["method"])},
        "finished_at": None,
        **FREE,
    }
    after = {**application, **changes}
    if changes["step"]:
        changes["forms"] = paper.issue(after, occasion, paper.taken_back(after, occasion, request["reason"]))
    return Decision("result_recalled", changes, reason=request["reason"])
