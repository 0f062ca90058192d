"""The figures of an agency and period, from a real exchange of documents."""

from datetime import timedelta
from typing import Any

import pytest

from services.document_routing.adapters.registers import median
from services.document_routing.usecases import registers
from tests.integration.document_routing.month import NOVEMBER, PERIOD, a_month
from tests.support.document_house import DocumentHouse
from tests.support.document_world import CLERK, MONDAY, OPERATOR, THEIR_CLERK
from tests.support.documents_in_memory import DEPARTMENT


@pytest.fixture(scope="module")
def month(house: DocumentHouse) -> dict[str, str]:
    return a_month(house)


def figures(house: DocumentHouse, agency: str, **period: str) -> dict[str, tuple[Any, Any, Any]]:
    report = registers.report_documents(house.context, {**PERIOD, **period, "agency": agency}, OPERATOR)
    return {row["key"]: (row["numerator"], row["denominator"], row["value"]) for row in report["figures"]}


def test_figures_have_their_parts(house: DocumentHouse, month: dict[str, str]) -> None:
    sender, receiver = figures(house, CLERK.agency), figures(house, DEPARTMENT)
    assert sender["exchanged_electronically"] == (3, 4, 75.0)
    assert sender["digitally_signed"] == (2, 3, 66.67)  # the text of the third was not read yet
    assert sender["recalled"] == (0, 4, 0.0), "it was asked for, and nobody has answered"
    assert sender["failed_packages"] == (0, 3, 0.0)
    assert receiver["confirmed_within_day"] == (1, 2, 50.0)
    assert receiver["handled_on_time"] == (1, 1, 100.0)
    assert receiver["arrived"] == (None, None, 4.0)
    assert receiver["median_wait"][2] == pytest.approx((30 + 24 * 60) / 2)


def test_nothing_to_count_is_not_zero(house: DocumentHouse, month: dict[str, str]) -> None:
    empty = figures(house, DEPARTMENT, first_day="2026-01-01", last_day="2026-01-31")
    assert empty["handled_on_time"] == (0, 0, None)
    assert empty["median_wait"] == (None, None, None)


def test_the_city_counts_with_all_below_it(house: DocumentHouse, month: dict[str, str]) -> None:
    assert figures(house, "H13")["exchanged_electronically"] == (3, 4, 75.0)


@pytest.mark.parametrize(
    ("counted", "middle"),
    [
        ([], None),
        ([(5.0, 1)], 5.0),
        ([(1.0, 1), (3.0, 1)], 2.0),
        ([(1.0, 3), (9.0, 1)], 1.0),
        ([(1.0, 1), (9.0, 3)], 9.0),
    ],
)
def test_the_median_of_counted_values(counted: list[tuple[float, int]], middle: float | None) -> None:
    assert median(counted) == middle


@pytest.fixture
def later(house: DocumentHouse, month: dict[str, str]) -> DocumentHouse:
    """The house in November, when nothing has been issued yet."""
    house.now = MONDAY + timedelta(days=35)
    return house


def notes(house: DocumentHouse) -> dict[str, str]:
    rows = registers.list_outgoing_register(house.context, NOVEMBER, CLERK)["items"]
    return {row["id"]: row["note"] for row in rows}


def test_a_recall_counts_once_a_receiver_has_agreed(later: DocumentHouse) -> None:
    house = later
    refused, agreed = house.issued(), house.issued()
    for document, accept in ((refused, False), (agreed, True)):
        house.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
        house.settle()
        assert notes(house)[document] == "Đã đề nghị thu hồi"
        house.on_arrival("answer_request", house.arrival_of(document), THEIR_CLERK, accept=accept, note="đã xem")
        house.settle()
    assert (notes(house)[refused], notes(house)[agreed]) == ("Bị từ chối thu hồi", "Thu hồi")
    numerator, denominator, _ = figures(house, CLERK.agency, **NOVEMBER)["recalled"]
    assert (numerator, denominator) == (1, len(notes(house)))
