import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.one_stop_shop.domain.clock import ClockPolicy
from services.one_stop_shop.domain.procedure import InTime, case_of
from services.one_stop_shop.domain.procedure_check import check
from services.one_stop_shop.domain.procedure_reading import build
from services.one_stop_shop.domain.procedure_versions import close_version, version_in_force
from shared.contracts.one_stop_shop.procedure import ProcedureDefinition
from shared.errors import Invalid, NotFound
from shared.working_time import Duration, WorkingTime
from tests.unit.one_stop_shop.catalogue.samples import SMALL, changed, small, words


def test_the_small_procedure_has_the_shape_of_the_contract() -> None:
    assert ProcedureDefinition().validate(SMALL) == {}
    assert ProcedureDefinition().load(SMALL) == SMALL


def test_the_page_on_adding_a_procedure_names_what_the_contract_takes() -> None:
    page = (Path(__file__).parents[4] / "docs/how-to/add-a-procedure.md").read_text(encoding="utf-8")
    table = page.partition("| Name | Meaning |")[2].partition("\n\n")[0]
    cells = "".join(re.findall(r"^ *\|([^|]*)\|", table, re.MULTILINE))
    told = {name: not optional for name, optional in re.findall(r"`(\w+)`(°?)", cells)}
    assert told == {name: field.required for name, field in ProcedureDefinition().fields.items()}


def test_a_version_keeps_the_definition_that_it_was_built_from() -> None:
    version = small()
    assert version.definition == SMALL
    assert build(version.definition) == version
    assert version.clock_policy is ClockPolicy.PAUSE_REMAINING
    assert version.effective_to is None


def test_a_case_inherits_what_it_does_not_say() -> None:
    standard, verified = case_of(small(), "standard"), case_of(small(), "verified")
    assert (str(standard.time), len(standard.steps), len(standard.fees)) == ("2 working days", 3, 1)
    assert (str(verified.time), len(verified.steps), len(verified.fees)) == ("10 days", 1, 0)


def test_the_first_case_is_the_one_that_is_meant_when_none_is_named() -> None:
    assert case_of(small(), None).key == "standard"
    without = small("cases", [])
    assert case_of(without, None).key == "standard"
    assert case_of(without, None).name == without.name


@pytest.mark.parametrize(
    ("on", "earliest"),
    [
        (date(2026, 10, 6), date(2026, 9, 26)),  # a Tuesday after a Monday that was worked
        (date(2026, 10, 5), date(2026, 9, 23)),  # a Monday: who should have come on Saturday or Sunday comes today
        (date(2026, 10, 4), date(2026, 9, 23)),
    ],
)
def test_a_case_is_in_time_until_its_last_day_or_the_working_day_after_it(on: date, earliest: date) -> None:
    assert InTime("since", 10, "verified").earliest(on, WorkingTime()) == earliest


def test_an_unknown_case_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        case_of(small(), "other")
    assert refused.value.code == "case_unknown"
    assert refused.value.params["known"] == ["standard", "verified"]


def test_a_procedure_may_have_no_due_moment() -> None:
    assert case_of(small("processing_time", "none"), None).time is None


def test_a_step_has_its_own_due_moment() -> None:
    step = case_of(small(), None).steps[0]
    assert step.due_at(WorkingTime(), datetime(2026, 10, 5, 1, tzinfo=UTC)) == datetime(2026, 10, 5, 7, tzinfo=UTC)


def test_the_version_in_force_is_the_one_of_the_day() -> None:
    old = small("effective_to", "2026-06-30")
    new = build({**SMALL, "version": 2, "effective_from": "2026-07-01"})
    assert version_in_force([new, old], date(2026, 6, 30)).version == 1
    assert version_in_force([old, new], date(2026, 7, 1)).version == 2
    with pytest.raises(NotFound, match="procedure_not_in_force"):
        version_in_force([old, new], date(2025, 6, 30))
    with pytest.raises(NotFound, match="procedure_not_in_force"):
        version_in_force([], date(2026, 7, 1))


def test_of_two_versions_in_force_the_newer_one_counts() -> None:
    newer = build({**SMALL, "version": 2, "effective_from": "2026-07-01"})
    assert version_in_force([newer, small()], date(2026, 8, 1)).version == 2
    assert version_in_force([newer, small()], date(2026, 6, 1)).version == 1


def test_closing_a_version_gives_it_a_last_day() -> None:
    closed = close_version(small(), date(2026, 12, 31))
    assert closed.effective_to == date(2026, 12, 31)
    assert build(closed.definition) == closed
    with pytest.raises(Invalid, match="period_reversed"):
        close_version(small(), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("path", "value", "wrong_path", "code"),
    [
        ("effective_from", "2025-02-30", "effective_from", "day_malformed"),
        ("effective_to", "2025-06-30", "effective_to", "period_reversed"),
        ("processing_time", "2 weeks", "processing_time", "duration_malformed"),
        ("reception_time", "soon", "reception_time", "duration_malformed"),
        ("supplement_within", "never", "supplement_within", "duration_malformed"),
        ("children", ["1.000001"], "children.0", "own_child"),
        ("results.0.code", "KQ", "results.0.code", "result_code_malformed"),
        ("questions.1.key", "subject", "questions.1.key", "duplicate"),
        ("questions.0.key", "channel", "questions.0.key", "reserved"),
        ("questions.0.kind", "choice", "questions.0.choices", "choices_do_not_fit_kind"),
        ("questions.0.choices", [{"value": "a", "name": words("a")}], "questions.0.choices", "choices_do_not_fit_kind"),
        ("questions.3.choices.1.value", "poor", "questions.3.choices.1.value", "duplicate"),
        ("components.1.key", "to_khai", "components.1.key", "duplicate"),
        ("steps.1.key", "reception", "steps.1.key", "duplicate"),
        ("steps.1.time", "2 working days", "steps", "times_do_not_add_up"),
        ("steps.1.time", "1 day", "steps", "times_do_not_add_up"),
        ("steps.1.time", "soon", "steps.1.time", "duration_malformed"),
        ("processing_time", "2 days", "steps", "times_do_not_add_up"),
        ("cases.1.key", "standard", "cases.1.key", "duplicate"),
        ("cases.0.processing_time", "3 working days", "cases.0.steps", "times_do_not_add_up"),
        ("cases.1.steps.0.time", "9 days", "cases.1.steps", "times_do_not_add_up"),
        (
            "fees.0.amounts.3.when",
            {"field": "channel", "equals": "post"},
            "fees.0.amounts.3",
            "last_amount_conditional",
        ),
        ("fees.0.amounts.3.valid_to", "2026-12-31", "fees.0.amounts.3", "last_amount_conditional"),
        ("fees.0.amounts.2.valid_to", "2025-12-31", "fees.0.amounts.2.valid_to", "period_reversed"),
        ("fees.0.amounts.2.amount", 0, "fees.0.amounts.2.ground", "ground_missing"),
        ("questions.1.not_after_today", True, "questions.1.not_after_today", "only_for_days"),
        (
            "cases.0.in_time",
            {"question": "no", "days": 9, "otherwise": "verified"},
            "cases.0.in_time.question",
            "unknown_field",
        ),
        (
            "cases.0.in_time",
            {"question": "storeys", "days": 9, "otherwise": "verified"},
            "cases.0.in_time.question",
            "only_for_days",
        ),
        (
            "cases.0.in_time",
            {"question": "since", "days": 9, "otherwise": "standard"},
            "cases.0.in_time.otherwise",
            "case_unknown",
        ),
        ("fees.0.amounts.3.at_most", 9000, "fees.0.amounts.3", "only_per_page"),
        ("cases.0.fees", SMALL["fees"] * 2, "cases.0.fees.1.key", "duplicate"),
        ("components.4.when", {"field": "floors", "at_least": 7}, "components.4.when.field", "unknown_field"),
        ("components.4.when", {"field": "case", "equals": "other"}, "components.4.when.equals", "unknown_choice"),
        ("questions.4.when", {}, "questions.4.when", "rule_malformed"),
        (
            "fees.0.amounts.0.when",
            {"field": "exemption", "equals": "rich"},
            "fees.0.amounts.0.when.equals",
            "unknown_choice",
        ),
    ],
)
def test_a_wrong_meaning_is_named_by_path_and_reason(path: str, value: Any, wrong_path: str, code: str) -> None:
    assert ProcedureDefinition().validate(changed(path, value)) == {}
    assert (wrong_path, code) in [(error["path"], error["code"]) for error in check(changed(path, value))]
    with pytest.raises(Invalid, match="procedure_invalid"):
        build(changed(path, value))


def test_all_mistakes_are_named_at_once() -> None:
    plain = {**SMALL, "effective_from": "x", "processing_time": "x", "reception_time": "x"}
    assert {error["path"] for error in check(plain)} == {"effective_from", "processing_time", "reception_time"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("titel", "x"),
        ("version", "1"),
        ("version", True),
        ("sample", "yes"),
        ("service_level", "toàn trình"),
        ("questions.0.kind", "email"),
        ("components", []),
        ("steps", []),
        ("retention", "5 năm"),
        ("code", "1.1"),
        ("effective_from", 2025),
        ("components.0.originals", -1),
        ("fees.0.amounts.0.amount", 1.5),
        ("competent.kind", "court"),
        ("name.fr", "x"),
    ],
)
def test_a_wrong_shape_is_refused_by_the_contract(path: str, value: Any) -> None:
    assert path.split(".")[0] in ProcedureDefinition().validate(changed(path, value))


def test_a_duration_is_the_same_in_steps_of_other_working_units() -> None:
    assert check(changed("processing_time", "16 working hours")) == []
    assert Duration.parse("same day").working_time == Duration.parse("1 working day").working_time
