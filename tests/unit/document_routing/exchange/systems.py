"""Messages of agency systems, for tests."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Manifest,
    Organ,
    Promulgation,
    Reference,
    Trace,
)
from shared.contracts.principal import Role
from shared.errors import Error
from tests.support.document_world import person
from tests.support.documents_in_memory import FILE, OTHER_WARD, WARD
from tests.support.exchange_world import ExchangeWorld

THEIRS = person("he-thong-la", Role.AGENCY_SYSTEM, OTHER_WARD)
DAY = date(2026, 10, 5)


def message(*receivers: str, number: str = "7", business: int = 0, **rest: Any) -> DocumentMessage:
    """A document of the other ward."""
    identifier = f"{OTHER_WARD},2026/10/05,{number}/UBND-HT"
    header = Header(
        sender=Organ(OTHER_WARD, "", "UBND phường Hạc Thành"),
        receivers=tuple(map(Organ, receivers or (WARD,))),
        document=identifier,
        code=Code(number, "UBND-HT"),
        promulgation=Promulgation("", DAY),
        type=DocumentType(name="Công văn"),
        subject="V/v phối hợp",
    )
    about = identifier if business in (1, 2) else ""
    manifest = Manifest(() if business == 1 else (Reference(FILE, "application/pdf", "", "cong-van.pdf"),))
    return DocumentMessage(header, Trace((), Business(business, "lý do", about, **rest)), manifest)


def headed(original: DocumentMessage, **changes: Any) -> DocumentMessage:
    return replace(original, header=replace(original.header, **changes))


def send(world: ExchangeWorld, sent: Any, principal: Any = THEIRS) -> dict[str, Any]:
    receipt = world.send(sent, principal)
    world.settle()
    return receipt


def issue(world: ExchangeWorld) -> str:
    return world.issued(receivers=[{"agency": OTHER_WARD}])


def document(world: ExchangeWorld, identifier: str) -> dict[str, Any]:
    return world.documents.documents[identifier]


def told(world: ExchangeWorld, letter: str, status: str, **rest: Any) -> None:
    world.tell(THEIRS, document(world, letter)["exchange_id"], status, **rest)
    world.settle()


def faults(refused: Error) -> list[str]:
    return [one["params"].get("exchange_code") or one["code"] for one in refused.fields]
