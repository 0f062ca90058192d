"""A bundle of procedures (liên thông): handed in once, on one form; each agency works on a part of its own."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.one_stop_shop.domain.application import Application, Decision, Occasion
from services.one_stop_shop.domain.contents import situation_now
from services.one_stop_shop.domain.procedure import Part, ProcedureVersion
from services.one_stop_shop.domain.questions import case_by_day, limited_case
from services.one_stop_shop.domain.registration import Agencies, Content, hand_in
from services.one_stop_shop.domain.situation import Situation
from shared.errors import FieldError, field_error
from shared.working_time import VIETNAM, WorkingTime

_DELIVERY = ("method", "receiver", "phone", "address")


def situation_of_part(
    whole: ProcedureVersion, procedure: ProcedureVersion, situation: Situation, on: date, working_time: WorkingTime
) -> Situation:
    """What a bundle's situation is for one of its procedures, for who comes on this day.

    Its answers are those given that this procedure asks for too, and those that the bundle settles; its case is the one
    settled, or the one that is theirs by the day answered, as it would be alone.
    """
    settled = next((part for part in whole.parts if part.procedure == procedure.code), Part(procedure.code))
    asked = {question.key for question in procedure.questions}
    given = {key: value for key, value in situation.answers.items() if key in asked}
    part = replace(situation, answers={**given, **settled.answers}, case=settled.case)
    return replace(part, case=case_by_day(procedure, part, on, working_time).key)


def content_of_part(
    bundle: Application, whole: ProcedureVersion, procedure: ProcedureVersion, working_time: WorkingTime
) -> Content:
    """What the bundle holds for one of its procedures: the answers and papers that this procedure knows too."""
    components = {component.key for component in procedure.components}
    handed_in_on = bundle["submitted_at"].astimezone(VIETNAM).date()
    situation = situation_of_part(whole, procedure, situation_now(bundle), handed_in_on, working_time)
    return {
        "procedure": procedure.code,
        "case": situation.case,
        "agency": bundle["received_agency"],
        "province": bundle.get("province", ""),
        "channel": bundle["channel"],
        "national_code": None,
        "owner": _person(bundle["owner"]),
        "submitter": _person(bundle["submitter"]) if bundle["submitter"] else None,
        "content": bundle["content"],
        "answers": situation.answers,
        "quantities": {},
        "components": [
            {**record, "reused_from": "component"}
            for record in bundle["components"]
            if record["component"] in components
        ],
        "delivery": {name: bundle["delivery"].get(name) for name in _DELIVERY},
        "notify_by_email": bundle["notify_by_email"],
    }


def open_part(bundle: Application, content: Content, agencies: Agencies, occasion: Occasion) -> Decision:
    """The part on its first day: it waits for reception, belongs to the bundle's people, and is not counted again.

    It was handed in when the bundle was: by that day one came in time.
    """
    handed_in = hand_in(content, agencies, occasion)
    tie = {"application": bundle["_id"], "code": bundle["code"], "kind": "bundle", "status": bundle["status"]}
    inherited = {name: bundle[name] for name in ("parties", "applicant", "applicant_verified", "submitted_at")}
    changes = {**handed_in.changes, **inherited, "counted": False, "links": [tie]}
    return Decision(handed_in.event, changes, handed_in.data)


def check_parts(whole: ProcedureVersion, procedures: Mapping[str, ProcedureVersion]) -> Iterator[FieldError]:
    """What a bundle settles must be its procedures' own, and it leaves no case of theirs to chance."""
    for n, part in enumerate(whole.parts):
        if part.procedure in procedures:
            yield from _check_part(part, procedures[part.procedure], f"parts.{n}")
    settled = {part.procedure for part in whole.parts if part.case}
    asked = {question.key for question in whole.questions if question.required}
    for n, code in enumerate(whole.children):
        if code in procedures and code not in settled and not _is_decided(procedures[code], asked):
            yield field_error(f"children.{n}", "part_without_case", key=code)


def _check_part(part: Part, procedure: ProcedureVersion, path: str) -> Iterator[FieldError]:
    known = {question.key: question.vocabulary for question in procedure.questions}
    for key, value in part.answers.items():
        problem = known[key].problem(value) if key in known else "unknown_field"
        if problem:
            yield field_error(f"{path}.answers.{key}", problem, field=key)
    cases = [case.key for case in procedure.cases]
    if part.case not in (None, *cases):
        yield field_error(f"{path}.case", "case_unknown", case=part.case, known=cases)


def _is_decided(procedure: ProcedureVersion, asked: Collection[str]) -> bool:
    """Whether the case follows from what is asked: there is but one, or a day tells."""
    limited = limited_case(procedure, procedure.cases[0])
    return len(procedure.cases) == 1 or (limited is not None and limited[1].question in asked)


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    born = person["birth_date"]
    return {**person, "birth_date": date.fromisoformat(born) if born else None}
