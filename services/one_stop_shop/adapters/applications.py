"""Applications in MongoDB: one document each, with its history, and the events not yet announced in it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.one_stop_shop.adapters.dossier_codes import DossierCodes
from services.one_stop_shop.ports import AlreadyThere, Arrival
from shared.commands import Loaded
from shared.history import Entry
from shared.messaging.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

Announce = Callable[[str, Sequence[Entry]], None]
Commit = Callable[[Sequence[Arrival]], Sequence["Document | Exception"]]
Group = Callable[[Commit], Callable[[Arrival], Document]]

INDEXES = [
    IndexModel([("code", ASCENDING)], name="code", unique=True),
    IndexModel([("national_code", ASCENDING)], name="national_code", unique=True, sparse=True),
    IndexModel(
        [("links.application", ASCENDING)],
        name="links",
        partialFilterExpression={"links.application": {"$exists": True}},
    ),
    OUTBOX_INDEX,
    DUE_INDEX,
]

_WITHOUT_HISTORY = {"history": 0, "search": 0, "outbox": 0}
_UNSET = ("next_due_at",)
"""Fields that are absent instead of null: an index over them holds only what has them."""


def one_by_one(commit: Commit) -> Callable[[Arrival], Document]:
    """No group commit: every arrival is written alone, as in tests and jobs."""

    def add(arrival: Arrival) -> Document:
        (outcome,) = commit([arrival])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return add


class Applications:
    """Writes applications; declared in `ports`."""

    def __init__(self, database: Database[Document], announce: Announce, group: Group = one_by_one) -> None:
        self._applications = database["applications"]
        self._codes = DossierCodes(database)
        self._announce = announce
        self.add = group(self.add_all)

    def ensure_indexes(self) -> None:
        """Create the indexes for writing; those for reading stand with the questions."""
        ensure_indexes(self._applications, INDEXES)

    def add_all(self, arrivals: Sequence[Arrival]) -> list[Document | Exception]:
        """Store what concurrent callers bring: one counter write per agency and day, one insert for all."""
        outcomes = self._written(arrivals)
        fresh = {number: document for number, document in enumerate(outcomes) if isinstance(document, dict)}
        for number, error in self._insert([*fresh.values()], [*fresh]).items():
            outcomes[number] = error
        for document in outcomes:
            if isinstance(document, dict):
                self._announce(document["_id"], document["history"])
        return outcomes

    def _written(self, arrivals: Sequence[Arrival]) -> list[Document | Exception]:
        codes = self._take_codes(arrivals)
        outcomes: list[Document | Exception] = []
        for arrival in arrivals:
            try:
                document = arrival.write(codes[arrival.agency, arrival.day].pop(0))
                outcomes.append({name: value for name, value in document.items() if name not in _UNSET or value})
            except Exception as error:
                outcomes.append(error)
        return outcomes

    def _take_codes(self, arrivals: Sequence[Arrival]) -> dict[tuple[str, date], list[str]]:
        wanted: dict[tuple[str, date], int] = defaultdict(int)
        for arrival in arrivals:
            wanted[arrival.agency, arrival.day] += 1
        return {(agency, day): self._codes.take(agency, day, count) for (agency, day), count in wanted.items()}

    @unavailable_when_away()
    def _insert(self, documents: list[Document], numbers: list[int]) -> dict[int, Exception]:
        """Insert all; the outcome of each that was not stored, by its number."""
        if not documents:
            return {}
        try:
            self._applications.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise
            return {numbers[wrong["index"]]: _refusal(wrong) for wrong in error.details["writeErrors"]}
        return {}

    @unavailable_when_away()
    def find(self, application: str, command: str = "") -> Loaded | None:
        """One application, with the entry that the command of this key left."""
        history = {"$elemMatch": {"command.key": command}} if command else 0
        document = self._applications.find_one(
            {"_id": application}, {**_WITHOUT_HISTORY, "history": history}, session=session()
        )
        if document is None:
            return None
        entries: list[Entry] = document.pop("history", [])
        return Loaded(document, entries[0] if entries else None)

    @unavailable_when_away()
    def find_all(self, applications: Iterable[str], *, only: Iterable[str] = ()) -> dict[str, Document]:
        """Several applications by their ids, if wished with certain fields only."""
        wanted = {"_id": {"$in": list(applications)}}
        found = self._applications.find(wanted, dict.fromkeys(only, 1) or _WITHOUT_HISTORY, session=session())
        return {document["_id"]: document for document in found}

    @unavailable_when_away()
    def save(self, application: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry in one write, if the application still has this version."""
        gone = {name: "" for name in _UNSET if name in changes and changes[name] is None}
        kept = {name: value for name, value in changes.items() if name not in gone}
        update = {
            "$set": {**kept, "version": entry["seq"], "head": entry["hash"]},
            "$push": {"history": entry, "outbox": entry["seq"]},
        }
        if gone:
            update["$unset"] = gone
        written = self._applications.update_one({"_id": application, "version": version}, update, session=session())
        if not written.matched_count:
            return False
        self._announce(application, [entry])
        return True

    @unavailable_when_away()
    def bundles_of(self, part: str) -> list[str]:
        """The applications that count this one as their part."""
        tie = {"$elemMatch": {"application": part, "kind": "part"}}
        found = self._applications.find({"links.application": part, "links": tie}, {"_id": 1}, session=session())
        return [document["_id"] for document in found]


def _refusal(wrong: Mapping[str, Any]) -> Exception:
    field = next(iter(wrong.get("keyPattern", {})), "")
    if field in ("_id", "national_code"):
        return AlreadyThere(field)
    return DuplicateKeyError(wrong.get("errmsg", ""), wrong.get("code"), dict(wrong))
