"""A procedure as one version of it stands in the catalogue: what it asks, takes, costs and gives.

The plain form (`definition`) is the same in a data file, in the database and over the API; an application keeps
the version that it was received under.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.one_stop_shop.domain.clock import ClockPolicy
from services.one_stop_shop.domain.codes import procedure_code
from services.one_stop_shop.domain.fees import Fee, FeeLine, read_fee, reckon
from services.one_stop_shop.domain.procedure_check import check
from services.one_stop_shop.domain.rules import AnswerKind, Rule, Vocabulary
from services.one_stop_shop.domain.situation import Situation
from services.one_stop_shop.domain.texts import Text, text
from shared.errors import Invalid, NotFound, field_error
from shared.working_time import Duration, WorkingTime

STANDARD_CASE = "standard"


class Source(StrEnum):
    """Where a component comes from: the electronic form, a paper or file, or a database that the agency asks."""

    FORM = "form"
    PAPER = "paper"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an answer can have."""

    value: str
    name: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the electronic form; answers that `identify` tell one matter from another."""

    key: str
    name: Text
    kind: AnswerKind
    required: bool
    identifies: bool
    choices: tuple[Choice, ...]
    when: Rule | None

    @property
    def vocabulary(self) -> Vocabulary:
        """What rules and answers may say."""
        return Vocabulary(self.kind, frozenset(choice.value for choice in self.choices))


@dataclass(frozen=True, slots=True)
class Component:
    """One paper of the file, how many of each kind, and when it is asked."""

    key: str
    name: Text
    source: Source
    originals: int
    certified_copies: int
    photocopies: int
    optional: bool
    when: Rule | None


@dataclass(frozen=True, slots=True)
class Step:
    """One internal step with its own time; internal times never relax the due moment."""

    key: str
    name: Text
    role: str
    time: Duration

    def due_at(self, working_time: WorkingTime, started_at: datetime) -> datetime:
        """Until when the step should be done."""
        return working_time.add(started_at, self.time)


@dataclass(frozen=True, slots=True)
class Case:
    """A case (trường hợp) with its own time, steps and fees; without `time` there is no due moment."""

    key: str
    name: Text
    time: Duration | None
    steps: tuple[Step, ...]
    fees: tuple[Fee, ...]


@dataclass(frozen=True, slots=True)
class ResultKind:
    """What the applicant gets, with its code in the national catalogue of results where it is known."""

    key: str
    name: Text
    code: str | None
    paper: bool


@dataclass(frozen=True, slots=True)
class Competent:
    """Which sort of agency decides: its level and what it is."""

    level: str
    kind: str


@dataclass(frozen=True, slots=True)
class ProcedureVersion:
    """One version of a procedure, in force from one day to another (both included).

    `children` are the procedures of a bundle (liên thông) that is handed in once. One that was `withdrawn` before its
    first day ends before it begins.
    """

    code: str
    version: int
    effective_from: date
    effective_to: date | None
    name: Text
    sector: str
    service_level: str
    competent: Competent
    clock_policy: ClockPolicy
    reception_time: Duration
    supplement_within: Duration
    extensions: int
    sign_in_required: bool
    non_territorial: bool
    questions: tuple[Question, ...]
    components: tuple[Component, ...]
    cases: tuple[Case, ...]
    results: tuple[ResultKind, ...]
    children: tuple[str, ...]
    life_events: tuple[str, ...]
    keywords: tuple[str, ...]
    retention: str
    legal_basis: tuple[str, ...]
    instructions: Text | None
    sample: bool
    withdrawn: bool
    definition: Mapping[str, Any] = field(repr=False, compare=False)


YEARS_AHEAD = 2
"""How far ahead a version may begin: none begins before the last one, so a slip of the pen would bar all others."""


def latest_beginning(today: date) -> date:
    """The last day on which a version that is published today may begin."""
    return date(today.year + YEARS_AHEAD, today.month, min(today.day, 28))


YEARS_OPEN = 10
"""How far ahead a version may end; nobody plans beyond it, and who enters such a year has mistyped it."""


def latest_end(today: date) -> date:
    """The last day that may be given as the last one of a version."""
    return date(today.year + YEARS_OPEN, today.month, min(today.day, 28))


def too_far_ahead(version: "ProcedureVersion", today: date) -> tuple[str, date] | None:
    """Which day of a version lies too far ahead, and the latest that would not; None when neither does."""
    if version.effective_from > latest_beginning(today):
        return "effective_from", latest_beginning(today)
    if version.effective_to is not None and version.effective_to > latest_end(today):
        return "effective_to", latest_end(today)
    return None


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
        life_events=tuple(plain.get("life_events", [])),
        keywords=tuple(plain.get("keywords", [])),
        retention=plain["retention"],
        legal_basis=tuple(plain["legal_basis"]),
        instructions=text(plain["instructions"]) if plain.get("instructions") else None,
        sample=plain["sample"],
        withdrawn=plain.get("withdrawn", False),
        definition=plain,
    )


def version_in_force(versions: Iterable[ProcedureVersion], on: date) -> ProcedureVersion:
    """The version that applications received `on` this day come under; of several the newest."""
    fitting = [v for v in versions if v.effective_from <= on <= (v.effective_to or date.max)]
    if not fitting:
        raise NotFound("procedure_not_in_force", on=on.isoformat())
    return max(fitting, key=lambda version: (version.effective_from, version.version))


def close_version(version: ProcedureVersion, effective_to: date) -> ProcedureVersion:
    """The same version with its last day; what was received until then keeps it."""
    if effective_to < version.effective_from:
        raise Invalid("period_reversed", effective_from=version.effective_from.isoformat())
    definition = {**version.definition, "effective_to": effective_to.isoformat()}
    return replace(version, effective_to=effective_to, definition=definition)


def withdraw_version(version: ProcedureVersion) -> ProcedureVersion:
    """The same version as one that never holds; for one that has not begun."""
    last_day = version.effective_from - timedelta(days=1)
    definition = {**version.definition, "effective_to": last_day.isoformat(), "withdrawn": True}
    return replace(version, effective_to=last_day, withdrawn=True, definition=definition)


def case_of(version: ProcedureVersion, key: str | None) -> Case:
    """The case of this key; the first listed, or the only one, when none is named."""
    for case in version.cases:
        if key in (None, case.key):
            return case
    known = [case.key for case in version.cases]
    wrong = field_error("case", "case_unknown", case=key, known=known)
    raise Invalid("case_unknown", fields=[wrong], case=key, known=known)


def compute_fee(
    version: ProcedureVersion, situation: Situation, quantities: Mapping[str, int], on: date, *, relieved: bool = True
) -> tuple[FeeLine, ...]:
    """What is due in this situation on this day, fee by fee."""
    case = case_of(version, situation.case)
    return reckon(case.fees, replace(situation, case=case.key).facts(), quantities, on, relieved=relieved)


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
