"""From the plain definition of a procedure to what the domain works with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.one_stop_shop.domain.clock import ClockPolicy
from services.one_stop_shop.domain.codes import procedure_code
from services.one_stop_shop.domain.fees import read_fee
from services.one_stop_shop.domain.procedure import (
    STANDARD_CASE,
    Case,
    Choice,
    Competent,
    Component,
    InTime,
    Part,
    ProcedureVersion,
    Question,
    ResultKind,
    Source,
    Step,
)
from services.one_stop_shop.domain.procedure_check import check
from services.one_stop_shop.domain.rules import AnswerKind
from services.one_stop_shop.domain.texts import text
from shared.errors import Invalid
from shared.working_time import Duration


def build(plain: Mapping[str, Any]) -> ProcedureVersion:
    """Read a definition of the shape of `ProcedureDefinition`, or raise `Invalid` naming every path that is wrong."""
    problems = check(plain)
    if problems:
        raise Invalid("procedure_invalid", fields=problems, procedure=plain["code"])
    return ProcedureVersion(
        code=procedure_code(plain["code"]),
        version=plain["version"],
        effective_from=date.fromisoformat(plain["effective_from"]),
        effective_to=date.fromisoformat(plain["effective_to"]) if plain.get("effective_to") else None,
        name=text(plain["name"]),
        sector=plain["sector"],
        service_level=plain["service_level"],
        competent=Competent(plain["competent"]["level"], plain["competent"]["kind"]),
        clock_policy=ClockPolicy(plain["clock_policy"]),
        reception_time=Duration.parse(plain["reception_time"]),
        supplement_within=Duration.parse(plain["supplement_within"]),
        extensions=plain["extensions"],
        sign_in_required=plain["sign_in_required"],
        non_territorial=plain["non_territorial"],
        questions=tuple(_read_question(question) for question in plain.get("questions", [])),
        components=tuple(_read_component(component) for component in plain["components"]),
        cases=_read_cases(plain),
        results=tuple(_read_result(result) for result in plain["results"]),
        children=tuple(plain.get("children", [])),
        parts=tuple(Part(**part) for part in plain.get("parts", [])),
        life_events=tuple(plain.get("life_events", [])),
        keywords=tuple(plain.get("keywords", [])),
        retention=plain["retention"],
        legal_basis=tuple(plain["legal_basis"]),
        instructions=text(plain["instructions"]) if plain.get("instructions") else None,
        sample=plain["sample"],
        withdrawn=plain.get("withdrawn", False),
        definition=plain,
    )


def _read_cases(plain: Mapping[str, Any]) -> tuple[Case, ...]:
    """A case inherits what it does not say; a procedure without cases has the one called `standard`."""
    listed = plain.get("cases") or [{"key": STANDARD_CASE, "name": plain["name"]}]
    return tuple(
        Case(
            case["key"],
            text(case["name"]),
            _read_time({**plain, **case}["processing_time"]),
            tuple(_read_step(step) for step in {**plain, **case}["steps"]),
            tuple(read_fee(fee) for fee in {**plain, **case}["fees"]),
            InTime(**case["in_time"]) if "in_time" in case else None,
        )
        for case in listed
    )


def _read_time(plain: str) -> Duration | None:
    return None if plain == "none" else Duration.parse(plain)


def _read_question(plain: Mapping[str, Any]) -> Question:
    choices = tuple(Choice(choice["value"], text(choice["name"])) for choice in plain.get("choices", []))
    return Question(
        plain["key"],
        text(plain["name"]),
        AnswerKind(plain["kind"]),
        plain.get("required", True),
        plain.get("identifies", False),
        plain.get("not_after_today", False),
        choices,
        plain.get("when"),
    )


def _read_component(plain: Mapping[str, Any]) -> Component:
    return Component(
        plain["key"],
        text(plain["name"]),
        Source(plain["source"]),
        plain.get("originals", 0),
        plain.get("certified_copies", 0),
        plain.get("photocopies", 0),
        plain.get("optional", False),
        plain.get("when"),
    )


def _read_step(plain: Mapping[str, Any]) -> Step:
    return Step(plain["key"], text(plain["name"]), plain["role"], Duration.parse(plain["time"]))


def _read_result(plain: Mapping[str, Any]) -> ResultKind:
    return ResultKind(plain["key"], text(plain["name"]), plain.get("code"), plain["paper"])
