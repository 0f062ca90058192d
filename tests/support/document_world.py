"""Document routing over ports in memory: three agencies, a clock that is set, events applied in their order."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from services.document_routing.adapters.offices import read_document_types
from services.document_routing.domain.agencies import Agency, Connection, Directory
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.domain.numbering import Series
from services.document_routing.ports import Extract, Signature
from services.document_routing.usecases import arrivals, documents
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.fall_due import fire_arrival, fire_document
from services.document_routing.usecases.reactions import HEARD, react
from shared.commands import Loaded
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing.events import OWNER
from shared.contracts.principal import Principal, Role
from shared.errors import NotFound
from shared.files import StoredFile
from shared.history import Entry
from shared.working_time import WorkingTime
from tests.support.memory_bucket import memory_store
from tests.support.officers import MemoryOfficers
from tests.support.world import stored

T = TypeVar("T")

WARD, DEPARTMENT, OTHER_WARD, DISTRICT = "H13.30.01", "H13.17", "H56.30.01", "H13.30"
MONDAY = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
"""Monday 5 October 2026, 08:00 in Vietnam."""

FILE, SECOND_FILE = "ab" * 32, "cd" * 32
"""Files that everybody has uploaded."""


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


def agency(code: str, name: str, **rest: Any) -> dict[str, Any]:
    """An agency in the form of the directory's events."""
    plain = {"code": code, "name": {"vi": name, "en": name}, "kind": "people_committee", "legacy_codes": []}
    return plain | {"opened_on": None, "closed_on": None, "successors": []} | rest


AGENCIES = (
    agency("H13", "Ủy ban nhân dân thành phố Cần Thơ"),
    agency(WARD, "Ủy ban nhân dân phường Ninh Kiều", parent="H13"),
    agency(
        DEPARTMENT, "Sở Xây dựng thành phố Cần Thơ", kind="department", parent="H13", legacy_codes=["000.00.17.H13"]
    ),
    agency(DISTRICT, "Ủy ban nhân dân quận Ninh Kiều", closed_on="2025-06-30", successors=[WARD]),
    agency("H13.19", "Sở Xây dựng cũ", kind="department", closed_on="2025-06-30", successors=[DEPARTMENT]),
    agency("H13.99", "Cơ quan đã giải thể", closed_on="2025-06-30"),
    agency(OTHER_WARD, "Ủy ban nhân dân phường Hạc Thành"),
)


class MemoryAggregates:
    """Aggregates in memory, with the same promises as the real ones; declared in `ports`."""

    def __init__(self, told: Callable[[str, Entry], None]) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self._told = told

    def add(self, document: dict[str, Any]) -> bool:
        if document["_id"] in self.documents:
            return False
        self.documents[document["_id"]] = stored(document)
        self._told(document["_id"], document["history"][0])
        return True

    def find(self, aggregate: str, command: str = "") -> Loaded | None:
        found = self.documents.get(aggregate)
        if found is None:
            return None
        document = stored(found)
        history = document.pop("history")
        same = [entry for entry in history if command and entry.get("command", {}).get("key") == command]
        return Loaded(document, cast(Entry, same[0]) if same else None)

    def find_all(self, aggregates: Iterable[str]) -> dict[str, dict[str, Any]]:
        return {one: loaded.document for one in aggregates if (loaded := self.find(one))}

    def save(self, aggregate: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        found = self.documents[aggregate]
        if found["version"] != version:
            return False
        found.update(stored({**changes, "version": entry["seq"], "head": entry["hash"]}))
        found["history"].append(stored(entry))
        found["outbox"].append(entry["seq"])
        self._told(aggregate, entry)
        return True

    def handled_by(self, officer: str, *, after: str, limit: int) -> list[str]:
        found = ((key, one) for key, one in self.documents.items() if one["open"] and key > after)
        return sorted(key for key, one in found if officer in one.get("handlers", ()))[:limit]

    def derive(self, aggregate: str, version: int, changes: Mapping[str, Any]) -> bool:
        found = self.documents[aggregate]
        if found["version"] == version:
            found.update(stored(changes))
        return bool(found["version"] == version)


class MemorySeries:
    """Numbers in memory; declared in `ports`."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    @contextmanager
    def turn(self, series: Series) -> Iterator[None]:
        self.last.setdefault(series.key, 0)
        yield

    def take(self, series: Series, on: date) -> tuple[int, date]:
        self.last[series.key] += 1
        return self.last[series.key], series.day(on)


class EverybodysFiles:
    """Two files that everybody has uploaded; declared in `ports.Files`."""

    def __init__(self) -> None:
        self.claimed: list[str] = []
        self.store = memory_store("pdf", "xlsx")
        self.put, self.exists = self.store.put, self.store.exists

    def claim(self, file_id: str, owner: str) -> StoredFile:
        if file_id not in (FILE, SECOND_FILE):
            raise NotFound("file_not_found")
        self.claimed.append(file_id)
        name = "cong-van.pdf" if file_id == FILE else "ho-so.pdf"
        return StoredFile(file_id, 1000, "application/pdf", name)

    def open(self, file_id: str) -> Any:
        return type("Open", (), {"chunks": iter((file_id.encode(),))})()


SIGNATURES = (
    Signature("KySo", "Nguyễn Văn An", "2026-11-20T02:00:00+00:00", "unaltered"),
    Signature("ConDau", "Ủy ban nhân dân", "2026-11-20T02:05:00+00:00", "unaltered"),
)


class Reader:
    """Reads what a test says that stands in the files; declared in `ports.TextReader`."""

    text = "Kính gửi Sở Xây dựng: đề nghị góp ý quy hoạch phân khu đô thị"

    def read(self, chunks: Iterator[bytes], media_type: str) -> Extract:
        return Extract(self.text if b"".join(chunks) == FILE.encode() else "", True, SIGNATURES)


class MemoryLog:
    """The rows of the message log without their chain; declared in `ports_exchange.MessageLog`."""

    def __init__(self) -> None:
        self.logged: dict[str, list[dict[str, Any]]] = {}

    def append(self, document: str, hop: Mapping[str, Any]) -> None:
        self.logged.setdefault(document, []).append(dict(hop))

    def rows(self, document: str) -> list[dict[str, Any]]:
        return self.logged.get(document, [])


class FixedOffices:
    """The agencies above; declared in `ports.Offices`."""

    def __init__(self) -> None:
        self.connections: dict[str, Connection] = {}
        self._working_time = WorkingTime()

    def directory(self) -> Directory:
        return Directory((Agency.from_dict(plain) for plain in AGENCIES), self.connections.values())

    def types(self) -> DocumentTypes:
        return read_document_types()

    def working_time(self, agency: str) -> WorkingTime:
        return self._working_time

    def connect(self, connection: Connection) -> None:
        self.connections[connection.agency] = connection


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
