"""Deciding on reception: the legal clock begins with form 01, or the application ends with form 03."""

from typing import Any

from services.one_stop_shop.domain import clock as clocks
from services.one_stop_shop.domain import paper, steps
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.contents import papers_missing
from services.one_stop_shop.domain.form_sets import form_set_on
from services.one_stop_shop.domain.procedure import case_of
from services.one_stop_shop.domain.statuses import Status
from shared.working_time import VIETNAM


def receive(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Receive: the procedure version and the set of forms of this day hold to the end.

    Raises:
        Conflict: required papers are missing; the clock must not run on an incomplete file.
    """
    if refusal := papers_missing(application, occasion.version):
        raise refusal
    case = case_of(occasion.version, application["procedure"]["case"])
    clock = clocks.start(occasion.working_time, occasion.now, case.time, occasion.version.clock_policy)
    planned = steps.begin_reception(steps.plan(case), occasion)
    changes: Changes = {
        "status": int(Status.RECEIVED),
        "received_at": occasion.now,
        "received_by": {"sub": occasion.actor.subject, "name": occasion.actor.name, "agency": occasion.actor.agency},
        "form_set": str(form_set_on(occasion.now.astimezone(VIETNAM).date())),
        "clock": clock.to_dict(),
        "steps": planned,
        "step": steps.current_key(planned),
        "assignee": None,
        "assignee_name": None,
    }
    after = {**application, **changes, "due_at": clock.due_at}
    changes["forms"] = paper.issue(after, occasion, paper.receipt(after, occasion))
    return Decision("application_received", changes, reason=request.get("note", ""))


def refuse(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Refuse reception, or close what was not completed in time, with a concrete reason."""
    refusal = {name: request[name] for name in ("reason", "legal_ground", "guidance")}
    changes: Changes = {
        "status": int(Status.REFUSED),
        "refused": refusal,
        "refused_at": occasion.now,
        "closed_at": occasion.now,
        "assignee": None,
        "assignee_name": None,
    }
    after = {**application, **changes}
    changes["forms"] = paper.issue(after, occasion, paper.refusal(after, occasion))
    return Decision("application_refused", changes, reason=request["reason"])
