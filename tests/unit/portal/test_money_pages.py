"""Money on the pages: an order that is open is gone on with, and what was paid too much is told and given back."""

from typing import Any

import pytest

from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import ANSWERS, APPLICATION, CASE, ID, asked

OWN = f"/ho-so/{ID}"
AT, EVER = "2026-10-05T02:00:00+00:00", "2999-10-15T02:00:00+00:00"


def attempt(number: int, state: str, amount: int = 100_000, **more: Any) -> dict[str, Any]:
    begun = {"payment": f"{ID}-{number}", "amount": 100_000, "state": state, "started_at": AT, "expires_at": EVER}
    told = {"transaction": f"VNP{number}", "told_at": AT, "told_amount": amount}
    return {**begun, **(told if state != "started" else {}), **more}


def money(gateway: GatewayInHand, state: str, *attempts: dict[str, Any], actions: Any = (), **more: Any) -> None:
    payment = {"amount": 100_000, "state": state, "lines": [], "ground": "", "attempts": list(attempts)}
    own = APPLICATION | {"payment": payment, "allowed_actions": list(actions), **more}
    gateway.bus.answers |= ANSWERS | {
        "get_application": own,
        "list_documents": {"items": [], "next": None},
        "follow_application": {"agency_name": "Phường", "whose_turn": "agency"},
        "get_history": {"items": [], "next": None},
        "get_procedure": {"definition": DEFINITION_EXAMPLE},
    }


@pytest.fixture
def citizen(gateway: GatewayInHand, reader: Reader) -> Reader:
    return reader.sign_in("citizen-an")


@pytest.mark.parametrize(
    ("begun", "press"),
    [
        ([], "Thanh toán trực tuyến"),
        ([attempt(1, "started")], "Tiếp tục thanh toán"),
        ([attempt(1, "started"), attempt(2, "declined")], "Tiếp tục thanh toán"),
        ([attempt(1, "declined")], "Thanh toán trực tuyến"),
        ([attempt(1, "started", expires_at=AT)], "Thanh toán trực tuyến"),
        ([attempt(1, "started") | {"amount": 8000}], "Thanh toán trực tuyến"),
    ],
)
def test_who_opened_the_payment_page_before_goes_on_there(
    gateway: GatewayInHand, citizen: Reader, begun: list[dict[str, Any]], press: str
) -> None:
    money(gateway, "started", *begun, actions=["start_payment"])
    citizen.open(f"{OWN}/nop-phi")
    assert [one.text_content().strip() for one in citizen.page.xpath("//main//form//button")] == [press]
    told = "Trang thanh toán đã được mở lúc 09:00 ngày 05/10/2026" in citizen.words
    assert told == press.startswith("Tiếp")


@pytest.mark.parametrize(
    ("state", "held", "told"),
    [
        ("paid", attempt(2, "not_owed"), "Đã nộp thừa 100.000 đồng."),
        ("due", attempt(2, "wrong_amount", 90_000), "Đã nhận 90.000 đồng, không đúng số tiền phải nộp."),
    ],
)
def test_money_that_meets_nothing_is_told_at_the_fee_and_in_the_course(
    gateway: GatewayInHand, citizen: Reader, state: str, held: dict[str, Any], told: str
) -> None:
    money(gateway, state, attempt(1, "paid"), held)
    data = {"amount": held["told_amount"], "cause": held["state"], "payment": held["payment"]}
    entry = {"seq": 2, "type": "payment_unmatched.v1", "at": AT, "actor": {}, "reason": "", "data": data}
    gateway.bus.answers["get_history"] = {"items": [entry], "next": None}
    told += " Khoản này sẽ được hoàn lại cho người nộp."
    officer = Reader(gateway.app).sign_in("reception-ninh-kieu")
    for reader, address in ((citizen, OWN), (officer, CASE)):
        shown = reader.open(address).page
        (fee,) = shown.xpath("//dt[. = 'Phí, lệ phí']/following-sibling::dd")
        (moment,) = shown.xpath("//*[contains(@class, 'tc-timeline__more')]")
        assert told in fee.text_content()
        assert moment.text_content().strip() == told
    assert "Lãnh đạo đơn vị hoàn khoản này." in officer.words
    assert told in citizen.open(f"{OWN}/nop-phi").words


def test_what_went_back_is_held_no_longer_and_its_amount_is_told(gateway: GatewayInHand, citizen: Reader) -> None:
    money(gateway, "paid", attempt(1, "paid"), attempt(2, "refunded"))
    back = {"type": "payment_refunded.v1", "at": AT, "actor": {}, "reason": "Nộp hai lần", "data": {"amount": 100_000}}
    gateway.bus.answers["get_history"] = {"items": [{"seq": 3, **back}], "next": None}
    citizen.open(OWN)
    assert "nộp thừa" not in citizen.words
    (moment,) = citizen.page.xpath("//*[contains(@class, 'tc-timeline__more')]")
    assert moment.text_content() == "Nộp hai lần100.000 đồng"


@pytest.mark.parametrize(
    ("attempts", "now", "offered"),
    [
        ([attempt(1, "paid"), attempt(2, "not_owed")], {"status": 4}, [f"{ID}-2"]),
        ([attempt(1, "paid"), attempt(2, "not_owed")], {"status": 8}, [f"{ID}-2", "fee"]),
        ([attempt(1, "paid"), attempt(2, "not_owed")], {"status": 7, "withdrawal": {"requested_at": AT}}, [f"{ID}-2"]),
        ([attempt(1, "paid"), attempt(2, "not_owed")], {"status": 7, "withdrawn": True}, [f"{ID}-2", "fee"]),
        ([attempt(1, "wrong_amount", 90_000), attempt(2, "paid")], {"status": 10}, [f"{ID}-1", "fee"]),
        ([attempt(1, "paid")], {"status": 8}, ["fee"]),
    ],
)
def test_who_gives_back_chooses_which_money_by_its_amount(
    gateway: GatewayInHand, officer: Reader, attempts: list[Any], now: dict[str, Any], offered: list[str]
) -> None:
    money(gateway, "paid", *attempts, actions=["refund_payment"], **now)
    gateway.bus.answers["refund_payment"] = {}
    officer.sign_in("head-ninh-kieu").open(CASE)
    assert "Lãnh đạo đơn vị hoàn khoản này." not in officer.words
    assert officer.page.xpath("//a[contains(., 'Hoàn tiền')]/@href") == [f"{CASE}/refund_payment"]
    radios = officer.open(f"{CASE}/refund_payment").page.xpath("//input[@name='payment']")
    assert [one.get("value") for one in radios] == offered
    assert ["checked" in one.attrib for one in radios] == [len(offered) == 1] * len(offered)
    amount = "90.000 đồng" if attempts[0]["state"] == "wrong_amount" else "100.000 đồng"
    assert amount in officer.words
    for choice in offered:
        officer.open(f"{CASE}/refund_payment").send(payment=choice, reason="Nộp hai lần", follow=False)
        assert officer.answer.status_code == 303
        sent = asked(gateway, "refund_payment")[-1]
        assert (sent.get("payment"), sent["reason"]) == (None if choice == "fee" else choice, "Nộp hai lần")
