"""The read copy of the directory, the connections, the kinds of document, and the working time of agencies.

Everything is kept in memory for some seconds: every command asks for it.
"""

import time
from functools import cache
from pathlib import Path

import yaml
from pymongo import ASCENDING
from pymongo.database import Database

from services.document_routing.domain.agencies import Agency, Connection, Directory
from services.document_routing.domain.document_types import DocumentType, DocumentTypes
from shared.agency_store import MongoAgencyRows
from shared.persistence import Document, session, unavailable_when_away
from shared.working_time import WorkingTime

KEEP_SECONDS = 5.0
TYPES_FILE = Path(__file__).parents[1] / "data" / "document_types.yaml"


@cache
def read_document_types() -> DocumentTypes:
    """The kinds of document of the data file."""
    plain = yaml.safe_load(TYPES_FILE.read_text(encoding="utf-8"))
    return DocumentTypes(DocumentType.from_dict(row) for row in plain)


class MongoAgencyCopies(MongoAgencyRows):
    """Keeps what the directory announces, and how agencies are connected; declared in `ports.AgencyCopies`."""

    def __init__(self, database: Database[Document]) -> None:
        super().__init__(database)
        self._connections = database["connections"]

    @unavailable_when_away()
    def connect(self, connection: Connection) -> None:
        """Keep how an agency gets its documents."""
        plain = {"mode": connection.mode, "symbol": connection.symbol, "name": connection.name}
        self._connections.replace_one({"_id": connection.agency}, plain, upsert=True, session=session())

    @unavailable_when_away()
    def connections(self) -> list[Connection]:
        """All connections, in order of the agencies."""
        found = self._connections.find({}, session=session()).sort("_id", ASCENDING).hint("_id_")
        return [Connection(row["_id"], row["mode"], row["symbol"], row["name"]) for row in found]

    @unavailable_when_away()
    def agencies(self) -> list[Agency]:
        """All agencies, in order of their codes."""
        found = self._agencies.find({}, session=session()).sort("_id", ASCENDING).hint("_id_")
        return [Agency.from_dict(row) for row in found]


class CachedOffices:
    """What the rules need of agencies; declared in `ports.Offices`."""

    def __init__(self, copies: MongoAgencyCopies, seconds: float = KEEP_SECONDS) -> None:
        self._copies = copies
        self._seconds = seconds
        self._read_at = float("-inf")
        self._directory = Directory(())
        self._working_time = WorkingTime()

    def directory(self) -> Directory:
        """All agencies with their connections."""
        now = time.monotonic()
        if now - self._read_at >= self._seconds:
            self._directory = Directory(self._copies.agencies(), self._copies.connections())
            self._read_at = now
        return self._directory

    def types(self) -> DocumentTypes:
        """The kinds of document."""
        return read_document_types()

    def working_time(self, agency: str) -> WorkingTime:
        """Office hours: duties of the record office are counted in days, on which timetables agree."""
        return self._working_time
