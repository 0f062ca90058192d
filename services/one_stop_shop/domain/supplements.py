"""Asking for more and getting it: the application keeps its number, its former status and its unused time."""

from typing import Any

from services.one_stop_shop.domain import paper, pauses
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.clock import PauseReason
from services.one_stop_shop.domain.contents import check_supplied, replace_components, replaced, situation_of
from services.one_stop_shop.domain.questions import check_answers
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Invalid, field_error


def request_supplement(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Form 02: what must be added and by when; at reception nothing is received yet, so no due moment exists."""
    supply_by = request["due_at"] or occasion.working_time.add(occasion.now, occasion.version.supplement_within)
    if supply_by <= occasion.now:
        raise Invalid("request_invalid", fields=[field_error("due_at", "not_in_future")])
    known = {component.key for component in occasion.version.components}
    unknown = [i for i, item in enumerate(request["items"]) if item["component"] not in known]
    if unknown:
        raise Invalid(
            "request_invalid", fields=[field_error(f"items.{i}.component", "component_unknown") for i in unknown]
        )
    supplement = {
        "times": len(application["supplements"]) + 1,
        "stage": "appraisal" if application["received_at"] else "reception",
        "from_status": application["status"],
        "reason": request["reason"],
        "legal_ground": request["legal_ground"],
        "items": request["items"],
        "asked_by": occasion.actor.subject,
        "asked_at": occasion.now,
        "supply_by": supply_by,
        "supplied_at": None,
        "expired_at": None,
    }
    changes: Changes = {
        "status": int(Status.SUPPLEMENT),
        "supplements": [*application["supplements"], supplement],
        **pauses.stand(application, occasion, PauseReason.SUPPLEMENT),
    }
    after = {**application, **changes}
    changes["forms"] = paper.issue(after, occasion, paper.supplement_request(after, occasion))
    data = {"supply_by": supply_by, "times": supplement["times"]}
    return Decision("supplement_requested", changes, data, request["reason"])


def supply_supplement(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Take in what was asked, late or not, and go back to where the application was."""
    supplement = application["supplements"][-1]
    status = Status(supplement["from_status"])
    answers = {**application["answers"], **request["answers"]}
    _check_supplied(application, occasion, request, answers)
    former = [record for asked in application["supplements"] for record in asked.get("replaced", ())]
    changes: Changes = {
        "components": replace_components(application["components"], request["components"], occasion.version, former),
        "answers": answers,
        "supplements": [
            *application["supplements"][:-1],
            {
                **supplement,
                "supplied_at": occasion.now,
                "supplied_by": occasion.actor.subject,
                "replaced": replaced(application["components"], request["components"]),
            },
        ],
        **pauses.go_on(application, occasion, status),
    }
    return Decision("supplement_supplied", changes, reason=request["note"])


def _check_supplied(
    application: Application, occasion: Occasion, request: dict[str, Any], answers: dict[str, Any]
) -> None:
    """Everything that was asked must be there: half a supplement would only let the agency's time run."""
    version = occasion.version
    case = application["procedure"]["case"]
    supplied = {item["component"] for item in request["components"]}
    names = {component.key: component.name.to_dict() for component in version.components}
    wrong = [
        *check_supplied(request["components"], version),
        *check_answers(version, situation_of({**application, "case": case, "answers": answers})),
        *(
            field_error("components", "component_missing", component=item["component"], name=names[item["component"]])
            for item in application["supplements"][-1]["items"]
            if item["component"] not in supplied
        ),
    ]
    if wrong:
        raise Invalid("request_invalid", fields=wrong)


def expire_supplement(application: Application, occasion: Occasion) -> Decision:
    """The time to supply is over; from now on reception may be refused."""
    supplement = {**application["supplements"][-1], "expired_at": occasion.now}
    return Decision("supplement_expired", {"supplements": [*application["supplements"][:-1], supplement]})
