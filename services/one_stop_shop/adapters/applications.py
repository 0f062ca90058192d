"""Applications in MongoDB, stored with the codes that they get, as many together as come together."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.one_stop_shop.adapters.dossier_codes import DossierCodes
from services.one_stop_shop.ports import AlreadyThere, Arrival
from shared.aggregates import Announce, StoredAggregates
from shared.errors import Conflict
from shared.history import Entry
from shared.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

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
    IndexModel(
        [("assignee", ASCENDING), ("_id", ASCENDING)],
        name="assigned_to",
        partialFilterExpression={"assignee": {"$gt": ""}},
    ),
    IndexModel(
        [("waybills", ASCENDING)],
        name="waybills",
        unique=True,
        partialFilterExpression={"waybills": {"$exists": True}},
    ),
    OUTBOX_INDEX,
    DUE_INDEX,
]


def one_by_one(commit: Commit) -> Callable[[Arrival], Document]:
    """No group commit: every arrival is written alone, as in tests and jobs."""

    def add(arrival: Arrival) -> Document:
        (outcome,) = commit([arrival])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return add


class Applications(StoredAggregates):
    """Writes applications; declared in `ports`."""

    def __init__(self, database: Database[Document], announce: Announce, group: Group = one_by_one) -> None:
        super().__init__(database["applications"], announce)
        self._codes = DossierCodes(database)
        self.add = group(self.add_all)

    def ensure_indexes(self) -> None:
        """Create the indexes for writing; those for reading stand with the questions."""
        ensure_indexes(self._collection, INDEXES)

    def add_all(self, arrivals: Sequence[Arrival]) -> list[Document | Exception]:
        """Store what concurrent callers bring: one counter write per agency and day, one insert for all."""
        outcomes = self._written(arrivals)
        fresh = {number: document for number, document in enumerate(outcomes) if isinstance(document, dict)}
        numbers = [*fresh]
        for place, wrong in self._insert_many([*fresh.values()]).items():
            outcomes[numbers[place]] = _refusal(wrong)
        for document in outcomes:
            if isinstance(document, dict):
                self._announce(document["_id"], document["history"])
        return outcomes

    def _written(self, arrivals: Sequence[Arrival]) -> list[Document | Exception]:
        known = {arrival.application for arrival in arrivals if self._is_known_elsewhere(arrival)}
        codes = self._take_codes([arrival for arrival in arrivals if arrival.application not in known])
        outcomes: list[Document | Exception] = []
        for arrival in arrivals:
            try:
                if arrival.application in known:
                    raise AlreadyThere("national_code")
                outcomes.append(self._present(arrival.write(codes[arrival.agency, arrival.day].pop(0))))
            except Exception as error:
                outcomes.append(error)
        return outcomes

    @unavailable_when_away()
    def _is_known_elsewhere(self, arrival: Arrival) -> bool:
        """Whether another application is found under this code already, of whichever kind the code is there."""
        if arrival.national_code is None:
            return False
        same = [{name: arrival.national_code} for name in ("code", "national_code")]
        other = {"$or": same, "_id": {"$ne": arrival.application}}
        return self._collection.find_one(other, {"_id": 1}, session=session()) is not None

    def _take_codes(self, arrivals: Sequence[Arrival]) -> dict[tuple[str, date], list[str]]:
        wanted: dict[tuple[str, date], int] = defaultdict(int)
        for arrival in arrivals:
            wanted[arrival.agency, arrival.day] += 1
        return {(agency, day): self._codes.take(agency, day, count) for (agency, day), count in wanted.items()}

    @unavailable_when_away()
    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry, if it still has this version."""
        try:
            return super().save(identifier, version, changes, entry)
        except DuplicateKeyError as error:
            key = (error.details or {}).get("keyValue", {})
            if "waybills" in key:
                raise Conflict("waybill_taken", waybill=key["waybills"]) from error
            raise

    @unavailable_when_away()
    def assigned_to(self, officer: str, *, after: str, limit: int) -> list[str]:
        """The applications that an officer has, in order of their ids, behind one of them."""
        match = {"assignee": officer, "_id": {"$gt": after}}
        found = self._collection.find(match, {"_id": 1}, session=session()).sort("_id", ASCENDING).limit(limit)
        return [document["_id"] for document in found.hint("assigned_to")]

    @unavailable_when_away()
    def bundles_of(self, part: str) -> list[str]:
        """The applications that count this one as their part."""
        tie = {"$elemMatch": {"application": part, "kind": "part"}}
        found = self._collection.find({"links.application": part, "links": tie}, {"_id": 1}, session=session())
        return [document["_id"] for document in found]


def _refusal(wrong: Mapping[str, Any]) -> Exception:
    field = next(iter(wrong.get("keyPattern", {})), "")
    if field in ("_id", "national_code"):
        return AlreadyThere(field)
    return DuplicateKeyError(wrong.get("errmsg", ""), wrong.get("code"), dict(wrong))
