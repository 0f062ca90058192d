"""Document routing over ports in memory: three agencies, a clock that is set, events applied in their order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

from services.document_routing.usecases import arrivals, documents
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.fall_due import fire_arrival, fire_document
from services.document_routing.usecases.reactions import HEARD, react
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing.events import OWNER
from shared.contracts.principal import Principal, Role
from shared.history import Entry
from tests.support.documents_in_memory import (
    DEPARTMENT,
    FILE,
    OTHER_WARD,
    SECOND_FILE,
    WARD,
    EverybodysFiles,
    FixedOffices,
    MemoryAggregates,
    MemoryLog,
    MemorySeries,
    Reader,
    T,
)
from tests.support.officers import MemoryOfficers

MONDAY = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
"""Monday 5 October 2026, 08:00 in Vietnam."""


def person(subject: str, role: Role, agency: str, name: str = "") -> Principal:
    """Somebody of an agency."""
    return Principal(subject, name or subject, frozenset({role}), agency=agency)


CLERK = person("van-thu", Role.CLERK, WARD, "Trần Thị Thu")
LEADER = person("lanh-dao", Role.HEAD_OF_UNIT, WARD, "Phạm Thị Dung")
SPECIALIST = person("chuyen-vien", Role.SPECIALIST, WARD, "Lê Văn Cường")
SYSTEM = person("he-thong", Role.AGENCY_SYSTEM, WARD)
THEIR_CLERK = person("van-thu-so", Role.CLERK, DEPARTMENT, "Nguyễn Thị Hạnh")
THEIR_LEADER = person("lanh-dao-so", Role.HEAD_OF_UNIT, DEPARTMENT, "Đặng Quốc Việt")
THEIR_SPECIALIST = person("chuyen-vien-so", Role.SPECIALIST, DEPARTMENT, "Trương Văn Nam")
STRANGER = person("van-thu-la", Role.CLERK, OTHER_WARD)
OPERATOR = Principal("van-hanh", "Vận hành", frozenset({Role.OPERATOR}))
STAFF_OF_BOTH = (CLERK, LEADER, SPECIALIST, THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST, STRANGER)
"""Whom the directory knows."""

SIGNER = {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Phạm Thị Dung"}
DRAFT: dict[str, Any] = {
    "kind": "cong_van",
    "subject": "V/v lấy ý kiến về hồ sơ cấp phép xây dựng",
    "unit": {"code": "VP", "name": "Văn phòng"},
    "receivers": [{"agency": DEPARTMENT}],
    "main": FILE,
    "attachments": [SECOND_FILE],
}


@dataclass
class DocumentWorld:
    """The use cases over ports in memory; `now` moves when a test says so, events wait until `settle`."""

    now: datetime = MONDAY
    pending: list[ReceivedEvent] = field(default_factory=list)
    _keys: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.documents, self.arrivals = MemoryAggregates(self._hear), MemoryAggregates(self._hear)
        self.offices, self.files, self.reader = FixedOffices(), EverybodysFiles(), Reader()
        self.officers = MemoryOfficers(*STAFF_OF_BOTH)
        unused: Any = None
        self.context = Context(
            now=lambda: self.now,
            documents=self.documents,
            arrivals=self.arrivals,
            series=MemorySeries(),
            together=self._together,
            at_one_moment=self._together,
            files=cast(Any, self.files),
            offices=self.offices,
            copies=unused,
            reader=self.reader,
            outgoing=unused,
            incoming=cast(Any, self.arrivals),
            registers=unused,
            printer=unused,
            exchange=cast(Any, SimpleNamespace(log=MemoryLog())),
            officers=self.officers,
        )

    def _together(self, work: Callable[[], T]) -> T:
        return work()

    def _hear(self, subject: str, entry: Entry) -> None:
        event = Event.registry[f"{OWNER}.{entry['type']}"]
        data = event.load(entry["data"])
        self.pending.append(ReceivedEvent(event, entry["id"], subject, entry["seq"], entry["at"], data))

    def settle(self) -> None:
        """Let everything follow that follows."""
        while self.pending:
            event = self.pending.pop(0)
            if event.event in HEARD:
                react(self.context, event)

    def command(self, key: str = "", digest: str = "d") -> dict[str, str]:
        """An idempotency key, a new one unless one is given."""
        return {"key": key or f"key-{next(self._keys)}", "digest": digest}

    def draft(self, principal: Principal = SPECIALIST, key: str = "", **changes: Any) -> str:
        """Begin a document and answer with its id."""
        request = {**DRAFT, **changes, "_command": self.command(key)}
        return str(documents.create_document(self.context, request, principal)["id"])

    def on_document(self, action: str, document: str, principal: Principal, **body: Any) -> dict[str, Any]:
        """Carry out one command on the version that stands."""
        request = {"document": document, "_version": self.documents.documents[document]["version"], **body}
        return cast(
            dict[str, Any],
            getattr(documents, action)(self.context, request | {"_command": self.command()}, principal),
        )

    def on_arrival(self, action: str, arrival: str, principal: Principal, **body: Any) -> dict[str, Any]:
        """Carry out one command on the version that stands."""
        request = {"arrival": arrival, "_version": self.arrivals.documents[arrival]["version"], **body}
        return cast(
            dict[str, Any],
            getattr(arrivals, action)(self.context, request | {"_command": self.command()}, principal),
        )

    def signed(self, leader: Principal = LEADER, drafter: Principal = SPECIALIST, **changes: Any) -> str:
        """A document that waits for its number."""
        document = self.draft(drafter, **changes)
        self.on_document("submit_document", document, drafter)
        self.on_document("sign_document", document, leader, signer=SIGNER)
        return document

    def issued(self, clerk: Principal = CLERK, **changes: Any) -> str:
        """A document that has arrived at its receivers."""
        document = self.signed(**changes)
        self.on_document("issue_document", document, clerk)
        self.settle()
        return document

    def arrival_of(self, document: str, receiver: str = DEPARTMENT) -> str:
        """The id of a document at one receiver."""
        return arrivals.arrival_id(document, receiver)

    def fire(self) -> None:
        """Do all due work."""
        for document in list(self.documents.documents):
            fire_document(self.context, document)
        for arrival in list(self.arrivals.documents):
            fire_arrival(self.context, arrival)
        self.settle()

    def events(self, aggregate: str) -> list[str]:
        """The names of what was announced."""
        kept = self.documents.documents.get(aggregate) or self.arrivals.documents[aggregate]
        return [entry["type"].removesuffix(".v1") for entry in kept["history"]]

    def delivery(self, document: str, receiver: str = DEPARTMENT) -> dict[str, Any]:
        """What the sender knows of one receiver, by the last sending."""
        found = self.documents.documents[document]["deliveries"]
        return next(delivery for delivery in reversed(found) if delivery["receiver"] == receiver)
