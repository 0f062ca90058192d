"""Documents that are issued, sent and fetched between agency systems."""

import hashlib
from datetime import date
from typing import Any

import pytest

from services.document_routing.adapters.edxml_writer import Enclosure, write_message
from services.document_routing.adapters.exchange_settings import Seal
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Manifest,
    Message,
    Organ,
    Promulgation,
    Reference,
    Trace,
)
from shared.contracts.principal import Principal
from shared.errors import Error
from tests.support.certificates import seal_of
from tests.support.document_world import SPECIALIST
from tests.support.documents_in_memory import DEPARTMENT, WARD
from tests.support.exchange_house import ANNEX, PDF, THEIR_SYSTEM, ExchangeHouse

OURS, THEIRS = seal_of("Trục Chung"), seal_of("Sở Xây dựng")
SYMBOLS = iter(range(1, 1000))


def issue(house: ExchangeHouse, *receivers: str) -> str:
    """A document of the ward, with an annex, on its way."""
    main = house.upload(PDF, "cong-van.pdf", SPECIALIST)
    annex = house.upload(ANNEX, "phu-luc.pdf", SPECIALIST)
    addressed = [{"agency": receiver} for receiver in receivers or (DEPARTMENT,)]
    return house.issued(main=main, attachments=[annex], receivers=addressed)


def message_of(*receivers: str, number: int = 0, business: int = 0, **rest: Any) -> DocumentMessage:
    """A document of the department as its own system writes it."""
    number = number or next(SYMBOLS)
    identifier = f"{DEPARTMENT},2026/10/05,{number}/SXD-QH"
    header = Header(
        sender=Organ(DEPARTMENT, "", "Sở Xây dựng"),
        receivers=tuple(Organ(receiver) for receiver in receivers or (WARD,)),
        document=identifier,
        code=Code(str(number), "SXD-QH"),
        promulgation=Promulgation("Cần Thơ", date(2026, 10, 5)),
        type=DocumentType(name="Công văn"),
        subject="V/v góp ý quy hoạch phân khu",
    )
    about = identifier if business in (1, 2) else ""
    told = Business(business, "nhầm nội dung", about, **rest)
    reference = Reference(sha256(PDF), "application/pdf", "", "cong-van-so.pdf")
    return DocumentMessage(header, Trace((), told), Manifest(() if business == 1 else (reference,)))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(message: Message, seal: Seal | None = None) -> bytes:
    enclosed = message.manifest.references if isinstance(message, DocumentMessage) else ()
    return b"".join(write_message(message, [Enclosure(one, [PDF]) for one in enclosed], seal))


def send(house: ExchangeHouse, message: Message | bytes, sender: Principal = THEIR_SYSTEM, key: str = "") -> Any:
    house.connect(sender.agency, "system")
    content = message if isinstance(message, bytes) else written(message)
    answer = house.ask("send_message", sender, file=house.upload(content, "thong-diep.xml", sender), key=key)
    house.settle()
    return answer


def packages(house: ExchangeHouse, system: Principal, **query: Any) -> list[dict[str, Any]]:
    return list(house.ask("list_received_packages", system, **query)["items"])


def content_of(house: ExchangeHouse, package: str, system: Principal = THEIR_SYSTEM) -> bytes:
    ticket = house.ask("fetch_package", system, package=package)
    house.settle()
    return b"".join(house.store.open(ticket["file"]).chunks)


def acknowledge(house: ExchangeHouse, package: str, outcome: str, system: Principal = THEIR_SYSTEM, **rest: Any) -> Any:
    answer = house.ask("acknowledge_package", system, package=package, outcome=outcome, **rest)
    house.settle()
    return answer


def refusal(house: ExchangeHouse, content: bytes, sender: Principal = THEIR_SYSTEM) -> Error:
    assert house.database is not None
    before = house.database["refused_messages"].count_documents({})
    with pytest.raises(Error) as refused:
        send(house, content, sender)
    assert house.database["refused_messages"].count_documents({}) == before + 1, "every refusal is kept"
    return refused.value
