"""Document routing's ports, kept in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from services.document_routing.adapters.offices import read_document_types
from services.document_routing.domain.agencies import Agency, Connection, Directory
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.domain.numbering import Series
from services.document_routing.ports import Extract, Signature
from shared.commands import Loaded
from shared.errors import NotFound
from shared.files import StoredFile
from shared.history import Entry
from shared.working_time import WorkingTime
from tests.support.memory_bucket import memory_store
from tests.support.shop_in_memory import loaded, stored

T = TypeVar("T")

WARD, DEPARTMENT, OTHER_WARD, DISTRICT = "H13.30.01", "H13.17", "H56.30.01", "H13.30"

FILE, SECOND_FILE = "ab" * 32, "cd" * 32
"""Files that everybody has uploaded."""


def agency(code: str, name: str, **rest: Any) -> dict[str, Any]:
    """An agency in the form of the directory's events."""
    plain = {"code": code, "name": {"vi": name, "en": name}, "level": "commune", "kind": "people_committee"}
    return plain | {"legacy_codes": [], "opened_on": None, "closed_on": None, "successors": []} | rest


AGENCIES = (
    agency("H13", "Ủy ban nhân dân thành phố Cần Thơ"),
    agency(WARD, "Ủy ban nhân dân phường Ninh Kiều", parent="H13"),
    agency(
        DEPARTMENT,
        "Sở Xây dựng thành phố Cần Thơ",
        level="province",
        kind="department",
        parent="H13",
        legacy_codes=["000.00.17.H13"],
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
        return loaded(self.documents.get(aggregate), command)

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
