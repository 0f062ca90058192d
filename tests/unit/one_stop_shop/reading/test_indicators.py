"""The indicators show what was divided by what, with two decimals, and nothing where nothing was counted."""

import pytest

from services.one_stop_shop.domain.indicators import Facts, Indicator, indicators
from tests.support.shop_in_memory import catalogue


def found(facts: Facts) -> dict[str, Indicator]:
    return {indicator.id: indicator for indicator in indicators(facts, catalogue().procedures)}


def test_shares_have_two_decimals() -> None:
    on_time = found(Facts(handled=3, in_limit=2))["2.1"]
    assert (on_time.numerator, on_time.denominator, on_time.value, on_time.unit) == (2, 3, 66.67, "percent")


def test_without_applications_every_share_of_applications_is_missing() -> None:
    values = {number: indicator.value for number, indicator in found(Facts()).items()}
    assert {number for number, value in values.items() if value is not None} == {"3.1", "3.2", "3.5"}
    assert values["3.2"] == 0.0


def test_the_catalogue_answers_what_is_offered_online() -> None:
    offered = found(Facts(online_procedures=frozenset({"1.001193", "9.999999"})))
    assert offered["3.1"].denominator == len(catalogue().procedures)
    assert offered["3.2"].numerator == 1
    payable = offered["3.5"]
    assert 0 < (payable.numerator or 0) <= (payable.denominator or 0) < len(catalogue().procedures)


def test_the_mean_time_is_in_hours() -> None:
    mean = found(Facts(processed=4, hours=33.0))["2.2"]
    assert (mean.value, mean.unit) == (8.25, "hours")


@pytest.mark.parametrize(("late", "displeased", "value"), [(0, 0, 100.0), (10, 5, 85.0), (90, 30, 0.0)])
def test_satisfaction_loses_by_lateness_and_by_displeasure(late: int, displeased: int, value: float) -> None:
    facts = Facts(finished=100, finished_late=late, dissatisfied=displeased)
    assert found(facts)["5.4"].value == value
