"""Packages for agency systems on a real database: offered, fetched, acknowledged."""

import pytest

from services.document_routing.adapters.edxml_reader import read_message
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.edxml.message import (
    DocumentMessage,
    DocumentType,
)
from shared.errors import Conflict
from tests.integration.document_routing.exchange.exchanging import OURS, acknowledge, content_of, issue, packages
from tests.support.document_world import SPECIALIST
from tests.support.documents_in_memory import DEPARTMENT, WARD
from tests.support.exchange_house import PDF, THEIR_SYSTEM, ExchangeHouse


def test_a_package_is_offered_until_it_is_acknowledged(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    assert house.delivery(document)["transport"] == "initial"

    (offered,) = packages(house, THEIR_SYSTEM)
    assert (offered["state"], offered["business"], offered["sender"]) == ("initial", 0, WARD)
    content = content_of(house, offered["id"])
    found = read_message(lambda: [content], limit=10**7, trust=Trust([OURS.certificate]))
    assert isinstance(found.message, DocumentMessage)
    assert found.message.header.document == offered["exchange_id"]
    assert [one.reference.name for one in found.attachments] == ["cong-van.pdf", "phu-luc.pdf"]
    assert found.signature is not None

    assert house.delivery(document)["transport"] == "processing"
    assert [one["state"] for one in packages(house, THEIR_SYSTEM)] == ["processing"], "offered again"
    receipt = acknowledge(house, offered["id"], "done", key="ack-1")
    assert acknowledge(house, offered["id"], "done", key="ack-1") == receipt
    assert acknowledge(house, offered["id"], "done")["state"] == "done", "said twice, by another key"
    assert packages(house, THEIR_SYSTEM) == []
    assert house.delivery(document)["transport"] == "done"
    with pytest.raises(Conflict, match="package_not_offered"):
        acknowledge(house, offered["id"], "fail")


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("quyet_dinh", DocumentType(2, None, "Quyết định")),
        ("cong_van", DocumentType(18, None, "Công văn")),
        ("phieu_bao", DocumentType(None, None, "Phiếu báo")),
    ],
)
def test_a_message_names_type_and_place_as_partners_expect_them(
    house: ExchangeHouse, kind: str, type_: DocumentType
) -> None:
    house.connect(DEPARTMENT, "system")
    main = house.upload(PDF, "van-ban.pdf", SPECIALIST)
    house.issued(kind=kind, main=main, attachments=[], receivers=[{"agency": DEPARTMENT}])
    (offered,) = packages(house, THEIR_SYSTEM)
    content = content_of(house, offered["id"])
    message = read_message(lambda: [content], limit=10**7, trust=Trust([OURS.certificate])).message
    assert isinstance(message, DocumentMessage)
    assert message.header.type == type_
    assert message.header.promulgation.place == "Ninh Kiều"


def test_a_failure_reaches_the_sender_and_may_still_be_made_good(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    (offered,) = packages(house, THEIR_SYSTEM)
    acknowledge(house, offered["id"], "fail", reason="hết dung lượng")
    assert house.delivery(document)["transport"] == "fail"
    acknowledge(house, offered["id"], "done")
    assert house.delivery(document)["transport"] == "done"


def test_what_the_standard_cannot_carry_fails_visibly(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    (offered,) = packages(house, THEIR_SYSTEM)
    unset = {"status": "preparing", "position": None, "offered": False, "next_due_at": house.now}
    house.alter("documents", {"_id": document}, **{"code": "123456789012/" + "Q" * 40, "versions.0.subject": ""})
    house.alter("packages", {"_id": offered["id"]}, **unset)
    house._fire_packages()
    house.settle()
    failed = house.row("packages", _id=offered["id"])
    assert (failed["status"], house.delivery(document)["transport"]) == ("fail", "fail")
    assert "MessageHeader.Subject" in failed["reason"]


def test_a_cursor_gives_what_came_since(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    first, second = issue(house), issue(house)
    page = house.ask("list_received_packages", THEIR_SYSTEM, state="all", limit=1)
    assert [house.row("packages", _id=one["id"])["document"] for one in page["items"]] == [first]
    page = house.ask("list_received_packages", THEIR_SYSTEM, state="all", cursor=page["next"])
    assert [house.row("packages", _id=one["id"])["document"] for one in page["items"]] == [second]
    assert house.ask("list_received_packages", THEIR_SYSTEM, state="all", cursor=page["next"])["items"] == []
    third = issue(house)
    page = house.ask("list_received_packages", THEIR_SYSTEM, state="all", cursor=page["next"], kind="document")
    assert [house.row("packages", _id=one["id"])["document"] for one in page["items"]] == [third]
