"""Asking for more and getting it: the application keeps its number, its former status and its unused time."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain import paper, pauses
from services.one_stop_shop.domain.actors import RECEPTION_OFFICER
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.clock import PauseReason
from services.one_stop_shop.domain.contents import (
    as_seen,
    check_supplied,
    handed_in,
    replace_components,
    replaced,
    situation_now,
)
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.questions import (
    applicable_questions,
    check_answers,
    matter_of,
    missing_components,
    wrong_case,
)
from services.one_stop_shop.domain.registration import day_of
from services.one_stop_shop.domain.relief import reassessed
from services.one_stop_shop.domain.rules import fields_of
from services.one_stop_shop.domain.situation import Situation
from services.one_stop_shop.domain.statuses import Status
from shared.errors import FieldError, Invalid, field_error
from shared.working_time import VIETNAM


def request_supplement(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Form 02: what must be added or corrected and by when; before reception no due moment exists yet."""
    supply_by = _supply_by(occasion, request["due_at"])
    supplement = {
        "times": len(application["supplements"]) + 1,
        "stage": "appraisal" if application["received_at"] else "reception",
        "from_status": application["status"],
        "reason": request["reason"],
        "legal_ground": request["legal_ground"],
        **_asked(occasion.version, request),
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


def _supply_by(occasion: Occasion, asked: datetime | None) -> datetime:
    latest = occasion.working_time.add(occasion.now, occasion.version.supplement_within)
    if asked is not None and asked <= occasion.now:
        raise Invalid("request_invalid", fields=[field_error("due_at", "not_in_future")])
    if asked is not None and asked > latest:
        wrong = field_error("due_at", "beyond_procedure", latest=latest.isoformat())
        raise Invalid("request_invalid", fields=[wrong])
    return asked or latest


def _asked(version: ProcedureVersion, request: dict[str, Any]) -> dict[str, Any]:
    """The papers and answers asked for, with their names as the procedure has them."""
    asked, wrong = {}, []
    for rows, key, code, known in (
        ("items", "component", "component_unknown", version.components),
        ("answers", "question", "unknown_answer", version.questions),
    ):
        names = {one.key: one.name.to_dict() for one in known}
        wrong += [
            field_error(f"{rows}.{n}.{key}", code) for n, row in enumerate(request[rows]) if row[key] not in names
        ]
        times = Counter(row[key] for row in request[rows])
        wrong += [
            field_error(f"{rows}.{n}.{key}", "repeated") for n, row in enumerate(request[rows]) if times[row[key]] > 1
        ]
        asked[rows] = [{**row, "name": names.get(row[key])} for row in request[rows]]
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    return asked


def supply_supplement(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Take in what was asked, late or not, and go back to where the application was.

    What follows from the answers follows anew: which papers are necessary, what is owed, which matter it is.
    """
    supplement, version = application["supplements"][-1], occasion.version
    answers = {**application["answers"], **request["answers"]}
    _check_supplied(application, occasion, request, answers)
    former = [record for asked in application["supplements"] for record in asked.get("replaced", ())]
    seen = as_seen(request["components"], online=_is_online(occasion))
    changes: Changes = {
        "components": replace_components(application["components"], seen, version, former),
        "answers": answers,
        "supplements": [
            *application["supplements"][:-1],
            {
                **supplement,
                "supplied_at": occasion.now,
                "supplied_by": occasion.actor.subject,
                "replaced": replaced(application["components"], request["components"]),
                "replaced_answers": {key: application["answers"].get(key) for key in request["answers"]},
            },
        ],
        **pauses.go_on(application, occasion, Status(supplement["from_status"])),
    }
    payment = application["payment"]
    shown_anew = bool(payment.get("relief_rejected")) and not _of_relief(version).isdisjoint(_asked_for(supplement))
    if shown_anew:
        payment = {**payment, "relief_rejected": None}
    if shown_anew or answers != application["answers"]:
        after = {**application, **changes}
        changes["payment"] = reassessed(after, occasion, payment)
        changes["matter"] = matter_of(version, situation_now(application, answers=answers), application["owner"])
    return Decision("supplement_supplied", changes, reason=request["note"])


def _of_relief(version: ProcedureVersion) -> set[str]:
    """The questions on which paying less depends, and the papers that prove their answers."""
    amounts = [amount for case in version.cases for fee in case.fees for amount in fee.amounts if amount.ground]
    questions = {name for amount in amounts for name in fields_of(amount.when)}
    return questions | {one.key for one in version.components if not questions.isdisjoint(fields_of(one.when))}


def _asked_for(supplement: dict[str, Any]) -> set[str]:
    items, answers = supplement["items"], supplement.get("answers", ())
    return {item["component"] for item in items} | {row["question"] for row in answers}


def _is_online(occasion: Occasion) -> bool:
    """Whether files come instead of papers, which only an officer takes in."""
    return not occasion.actor.has(RECEPTION_OFFICER)


def _check_supplied(
    application: Application, occasion: Occasion, request: dict[str, Any], answers: dict[str, Any]
) -> None:
    """Everything that was asked must be there, and nothing else may change: neither may time run for nothing, nor an
    application become another one while it is being decided. What an officer takes in are papers, else it is files."""
    version = occasion.version
    before, after = situation_now(application), situation_now(application, answers=answers)
    names = {component.key: component.name.to_dict() for component in version.components}
    here = handed_in(application["components"]) | {item["component"] for item in request["components"]}
    asked = {item["component"] for item in application["supplements"][-1]["items"]}
    lacking = asked - {item["component"] for item in request["components"]}
    lacked = {component.key for component in missing_components(version, before, here)}
    lacking |= {component.key for component in missing_components(version, after, here)} - lacked
    kept = (handed_in(application["components"]) & {item["component"] for item in request["components"]}) - asked
    wrong = [
        *(
            field_error(f"components.{number}.component", "component_not_asked")
            for number, item in enumerate(request["components"])
            if item["component"] in kept
        ),
        *check_supplied(request["components"], version, online=_is_online(occasion), asked=asked),
        *check_answers(version, after, day_of(occasion)),
        *_check_case(application, occasion, request["answers"], after),
        *_check_corrected(application, version, request["answers"], after),
        *(field_error("components", "component_missing", component=key, name=names[key]) for key in sorted(lacking)),
    ]
    if wrong:
        raise Invalid("request_invalid", fields=wrong)


def _check_case(
    application: Application, occasion: Occasion, given: dict[str, Any], after: Situation
) -> list[FieldError]:
    """Who corrects the day by which they came in time stays in time; what counts is when they handed in.

    Who turns out to have been in time hands in what is true: by then nobody can choose another case.
    """
    handed_in_on = application["submitted_at"].astimezone(VIETNAM).date()
    wrong = wrong_case(occasion.version, after, handed_in_on, occasion.working_time)
    late = {fault["path"] for fault in wrong if fault["code"] == "day_too_long_ago"}
    return wrong if late & {f"answers.{key}" for key in given} else []


def _check_corrected(
    application: Application, version: ProcedureVersion, given: dict[str, Any], after: Situation
) -> Iterator[FieldError]:
    """Answers change where that was asked for, and where a question follows from an answer that changed."""
    before = situation_now(application)
    put = {question.key for question in applicable_questions(version, after)}
    asked = {row["question"] for row in application["supplements"][-1].get("answers", ())}
    follows = put - {question.key for question in applicable_questions(version, before)}
    known = {question.key for question in version.questions}
    for key, value in given.items():
        if key in known - asked - follows and value != application["answers"].get(key):
            yield field_error(f"answers.{key}", "answer_not_asked")
    for key in sorted((asked & put) - set(given)):
        yield field_error(f"answers.{key}", "required")


def expire_supplement(application: Application, occasion: Occasion) -> Decision:
    """The time to supply is over; from now on reception may be refused."""
    supplement = {**application["supplements"][-1], "expired_at": occasion.now}
    return Decision("supplement_expired", {"supplements": [*application["supplements"][:-1], supplement]})
