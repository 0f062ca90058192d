"""What follows from the answers: which questions and components apply, what is missing, which matter it is."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.one_stop_shop.domain.fees import total
from services.one_stop_shop.domain.procedure import (
    Case,
    Component,
    InTime,
    ProcedureVersion,
    Question,
    Source,
    case_of,
    compute_fee,
)
from services.one_stop_shop.domain.rules import AnswerKind, Vocabulary, holds
from services.one_stop_shop.domain.situation import Situation
from shared.errors import FieldError, field_error
from shared.working_time import WorkingTime


def applicable_questions(version: ProcedureVersion, situation: Situation) -> tuple[Question, ...]:
    """The questions that are put in this situation."""
    facts = _facts(version, situation)
    return tuple(question for question in version.questions if holds(question.when, facts))


def check_answers(version: ProcedureVersion, situation: Situation, on: date) -> list[FieldError]:
    """Every answer that is missing or cannot be one on this day; to questions that do not apply they are left alone."""
    known = {question.key for question in version.questions}
    wrong = [field_error(f"answers.{key}", "unknown_answer") for key in sorted(set(situation.answers) - known)]
    for question in applicable_questions(version, situation):
        problem = _problem(question, situation.answers.get(question.key), on)
        if problem == "unknown_choice":
            choices, names = zip(*((one.value, one.name.to_dict()) for one in question.choices), strict=True)
            wrong.append(field_error(f"answers.{question.key}", "answer_not_offered", choices=choices, names=names))
        elif problem:
            wrong.append(field_error(f"answers.{question.key}", problem))
    return wrong


def limited_case(version: ProcedureVersion, chosen: Case) -> tuple[Case, InTime] | None:
    """The case with a limit that this one is, or is instead of, with the limit; None where no day decides."""
    limited = ((case, case.in_time) for case in version.cases if case.in_time)
    return next((one for one in limited if chosen.key in (one[0].key, one[1].otherwise)), None)


def case_by_day(version: ProcedureVersion, situation: Situation, on: date, working_time: WorkingTime) -> Case:
    """The case that is theirs who come on this day, by the day that is answered; the one chosen where none decides."""
    chosen = case_of(version, situation.case)
    if (limited := limited_case(version, chosen)) is None:
        return chosen
    timely, in_time = limited
    day = str(situation.answers.get(in_time.question))
    if Vocabulary(AnswerKind.DATE).problem(day):
        return chosen
    late = day < in_time.earliest(on, working_time).isoformat()
    return case_of(version, in_time.otherwise) if late else timely


def wrong_case(
    version: ProcedureVersion, situation: Situation, on: date, working_time: WorkingTime
) -> list[FieldError]:
    """Why the case chosen is none for who comes on this day: the day that is answered, and the case that is theirs."""
    chosen, theirs = case_of(version, situation.case), case_by_day(version, situation, on, working_time)
    limited = limited_case(version, chosen)
    if limited is None or theirs == chosen:
        return []
    timely, in_time = limited
    answer, other = f"answers.{in_time.question}", theirs.name.to_dict()
    if theirs == timely:
        fee = total(compute_fee(version, replace(situation, case=theirs.key), {}, on))
        case = field_error("case", "case_for_the_timely", case=other, fee=fee)
        return [field_error(answer, "day_in_time", days=in_time.days), case]
    late = field_error(answer, "day_too_long_ago", days=in_time.days)
    return [late, field_error("case", "case_for_the_late", case=other)]


def applicable_components(version: ProcedureVersion, situation: Situation) -> tuple[Component, ...]:
    """The components that make up the file in this situation, optional ones included."""
    facts = _facts(version, situation)
    return tuple(component for component in version.components if holds(component.when, facts))


def missing_components(
    version: ProcedureVersion, situation: Situation, supplied: Collection[str]
) -> tuple[Component, ...]:
    """The papers that must be handed in and are not; the form and what a database knows are never missing."""
    return tuple(
        component
        for component in applicable_components(version, situation)
        if component.source is Source.PAPER and not component.optional and component.key not in supplied
    )


def matter_of(version: ProcedureVersion, situation: Situation, owner: Mapping[str, Any]) -> str:
    """Tells one matter of an owner from another, and hides both: by it the same matter is found a second time."""
    whose = f"{owner['identity_kind']}:{owner['identity_number']}"
    return hashlib.sha256(f"{whose}|{matter_key(version, situation)}".encode()).hexdigest()


def matter_key(version: ProcedureVersion, situation: Situation) -> str:
    """Tells one matter of an owner from another: the same parents may register two children."""
    asked = applicable_questions(version, situation)
    identifying = [_folded(situation.answers.get(question.key)) for question in asked if question.identifies]
    return "|".join([version.code, case_of(version, situation.case).key, *identifying])


def _facts(version: ProcedureVersion, situation: Situation) -> dict[str, Any]:
    return {**situation.facts(), "case": case_of(version, situation.case).key}


def _problem(question: Question, value: Any, on: date) -> str | None:
    if value in (None, "") or (isinstance(value, str) and not value.strip()):
        return "required" if question.required else None
    problem = question.vocabulary.problem(value)
    return problem or ("day_in_future" if question.not_after_today and value > on.isoformat() else None)


def _folded(value: Any) -> str:
    return " ".join(str("" if value is None else value).casefold().split())
