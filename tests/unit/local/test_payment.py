"""The payment page of the demonstration takes orders of the one-stop shop only, in time, and tells what was paid."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from local.demo.payment import create_payment_page
from services.one_stop_shop.adapters.payment_gateway import SignedPaymentPage

BACK = "http://127.0.0.1/ho-so/1"
SECRET = "what both know"
AMOUNT = "amount=100000"


class House:
    """A payment page, and what it told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.answer = "00"
        self.page = Client(create_payment_page(SECRET.encode(), self._tell))

    def _tell(self, notice: dict[str, Any]) -> str:
        self.told.append(notice)
        return self.answer

    def ask(self, method: str, minutes: int = 15, amount: str = AMOUNT) -> TestResponse:
        """The page of an order over 100,000 dong that runs out in so many minutes."""
        end = datetime.now(UTC) + timedelta(minutes=minutes)
        order = urlsplit(SignedPaymentPage("https://pay/", SECRET).pay_url("p-1", 100_000, "H13-0001", end, BACK))
        return self.page.open("/", method=method, query_string=order.query.replace(AMOUNT, amount))


@pytest.fixture
def house() -> House:
    return House()


def test_what_is_paid_is_told_and_leads_back(house: House) -> None:
    shown = house.ask("GET")
    assert "100.000 đồng" in shown.text
    assert house.told == []
    paid = house.ask("POST")
    assert (paid.status_code, paid.location) == (303, BACK)
    assert b'"amount": 100000' in house.told[0]["content"]


def test_an_order_that_was_changed_or_is_late_is_not_paid(house: House) -> None:
    assert house.ask("POST", amount="amount=1").status_code == 400
    assert "đã hết hạn" in house.ask("POST", minutes=-1).text
    assert house.told == []


def test_a_platform_that_does_not_take_the_word_is_told_of_again(house: House) -> None:
    house.answer = "503"
    assert "Hãy bấm lại" in house.ask("POST").text
    house.answer = "00"
    assert house.ask("POST").status_code == 303
    assert len(house.told) == 2
