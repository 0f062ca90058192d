"""A procedure as one version of it stands in the catalogue: what it asks, takes, costs and gives.

The plain form (`definition`) is the same in a data file, in the database and over the API; an application keeps
the version that it was received under.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.one_stop_shop.domain.clock import ClockPolicy
from services.one_stop_shop.domain.fees import Fee, FeeLine, reckon
from services.one_stop_shop.domain.rules import AnswerKind, Rule, Vocabulary
from services.one_stop_shop.domain.situation import Situation
from services.one_stop_shop.domain.texts import Text
from shared.errors import Invalid, field_error
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
    """A question of the electronic form; answers that `identify` tell one matter from another.

    What has happened is asked with a day that is `not_after_today`, the day on which it is answered.
    """

    key: str
    name: Text
    kind: AnswerKind
    required: bool
    identifies: bool
    not_after_today: bool
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
class InTime:
    """A case is for who comes within so many `days` of the day that a question asks for; then `otherwise` is theirs."""

    question: str
    days: int
    otherwise: str

    def earliest(self, on: date, working_time: WorkingTime) -> date:
        """The earliest day asked for with which one is in time `on` a day.

        The day itself is not counted, and who should have come on a day off comes on the next working day (Civil Code,
        Articles 147 and 148).
        """
        last = on
        while not working_time.is_working_day(last - timedelta(days=1)):
            last -= timedelta(days=1)
        return last - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Case:
    """A case (trường hợp) with its own time, steps and fees; without `time` there is no due moment."""

    key: str
    name: Text
    time: Duration | None
    steps: tuple[Step, ...]
    fees: tuple[Fee, ...]
    in_time: InTime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What nobody is asked for one procedure of a bundle: its case, and answers that follow from being in it."""

    procedure: str
    case: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


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

    `children` are the procedures of a bundle (liên thông) that is handed in once, `parts` what it settles for them.
    One that was `withdrawn` before its first day ends before it begins.
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
    parts: tuple[Part, ...]
    life_events: tuple[str, ...]
    keywords: tuple[str, ...]
    retention: str
    legal_basis: tuple[str, ...]
    instructions: Text | None
    sample: bool
    withdrawn: bool
    definition: Mapping[str, Any] = field(repr=False, compare=False)


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
