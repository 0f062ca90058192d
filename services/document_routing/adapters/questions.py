"""Questions to the collections of documents and arrivals, with the indexes that serve them.

Everything is asked within one agency and answered newest first. One index serves whatever is found by a key (a word,
a number, the other side), another the statuses, a third what an officer has to do. Conditions that an index cannot
bound are tried on a limited number of candidates, so no question takes longer as the collections grow.
"""

from collections.abc import Mapping
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.document_routing.adapters.registers import INCOMING_REGISTER, OUTGOING_REGISTER
from services.document_routing.domain.statuses import OPEN
from services.document_routing.ports_read import Filter, Page, Position, Row
from shared.aggregates import Histories
from shared.persistence import Document, session, unavailable_when_away

CANDIDATES = 1000
"""How many entries of an index a page looks at when the index cannot bound all conditions."""

READ_INDEXES = [
    IndexModel([("agency", ASCENDING), ("position", DESCENDING)], name="newest"),
    IndexModel([("agency", ASCENDING), ("status", ASCENDING), ("position", DESCENDING)], name="by_status"),
    IndexModel([("agency", ASCENDING), ("search", ASCENDING), ("position", DESCENDING)], name="search"),
]
DOCUMENT_INDEXES = [
    *READ_INDEXES,
    IndexModel(
        [("agency", ASCENDING), ("year", ASCENDING), ("number", ASCENDING)],
        name="outgoing_numbers",
        unique=True,
        partialFilterExpression={"number": {"$type": "number"}},
    ),
    OUTGOING_REGISTER,
]
ARRIVAL_INDEXES = [
    *READ_INDEXES,
    IndexModel(
        [("agency", ASCENDING), ("arrival_year", ASCENDING), ("arrival_number", ASCENDING)],
        name="incoming_numbers",
        unique=True,
        partialFilterExpression={"arrival_number": {"$type": "number"}},
    ),
    INCOMING_REGISTER,
    IndexModel(
        [("agency", ASCENDING), ("due_at", ASCENDING)],
        name="deadlines",
        partialFilterExpression={"due_at": {"$type": "date"}},
    ),
    IndexModel(
        [("agency", ASCENDING), ("due_at", ASCENDING), ("handlers", ASCENDING)],
        name="open_jobs",
        partialFilterExpression={"open": True},
    ),
    IndexModel(
        [("agency", ASCENDING), ("handlers", ASCENDING), ("position", DESCENDING)],
        name="jobs_of",
        partialFilterExpression={"open": True},
    ),
    IndexModel(
        [("handlers", ASCENDING), ("_id", ASCENDING)], name="handled_by", partialFilterExpression={"open": True}
    ),
    IndexModel([("agency", ASCENDING)], name="asked", partialFilterExpression={"asked": True}),
]

_WITHOUT = {"history": 0, "search": 0, "outbox": 0, "text_words": 0}
_ROW = {**_WITHOUT, "versions": 0, "deliveries.rows": 0, "deliveries.requests": 0}


class MongoQuestions(Histories):
    """Reads one of the two collections; declared in `ports_read.Questions`."""

    @unavailable_when_away()
    def find(self, aggregate: str) -> Row | None:
        """One aggregate without its history."""
        return self._collection.find_one({"_id": aggregate}, _WITHOUT, session=session())

    @unavailable_when_away()
    def page(self, wanted: Filter, *, after: Position | None, limit: int) -> Page:
        """The next rows, newest first."""
        index, match = _scope(wanted)
        rest = _rest(wanted)
        bounds: Document = {"$lt": after} if after else {}
        end = self._last_candidate(index, match, bounds) if rest else None
        window = bounds | ({"$gte": end} if end else {})
        conditions = {**match, **rest, **({"position": window} if window else {})}
        found = self._collection.find(conditions, _ROW, session=session()).sort("position", DESCENDING)
        rows = list(found.limit(limit + 1).hint(index))
        if len(rows) > limit:
            return Page(rows[:limit], rows[limit - 1]["position"])
        return Page(rows, end)

    def _last_candidate(self, index: str, match: Document, bounds: Document) -> Position | None:
        conditions = {**match, **({"position": bounds} if bounds else {})}
        found = self._collection.find(conditions, {"position": 1, "_id": 0}, session=session())
        last = list(found.sort("position", DESCENDING).skip(CANDIDATES - 1).limit(1).hint(index))
        return last[0]["position"] if last else None

    @unavailable_when_away()
    def handled_by(self, officer: str, *, after: str, limit: int) -> list[str]:
        """The open arrivals that an officer handles, in order of their ids, behind one of them."""
        match = {"open": True, "handlers": officer, "_id": {"$gt": after}}
        found = self._collection.find(match, {"_id": 1}, session=session()).sort("_id", ASCENDING).limit(limit)
        return [arrival["_id"] for arrival in found.hint("handled_by")]

    @unavailable_when_away()
    def count(self, agency: str, conditions: dict[str, Any]) -> dict[str, int]:
        """One bounded count for each of the named conditions."""
        return {
            name: self._collection.count_documents({"agency": agency, **condition}, session=session())
            for name, condition in conditions.items()
        }


def _scope(wanted: Filter) -> tuple[str, Document]:
    """The index that serves a question, and what it bounds; the first key is the one that means the fewest."""
    if wanted.handler:
        return "jobs_of", {"agency": wanted.agency, "handlers": wanted.handler, "open": True}
    if wanted.keys:
        return "search", {"agency": wanted.agency, "search": wanted.keys[0]}
    if wanted.statuses:
        return "by_status", {"agency": wanted.agency, "status": {"$in": list(wanted.statuses)}}
    if wanted.due_before:
        return "by_status", {"agency": wanted.agency, "status": {"$in": sorted(OPEN)}}
    return "newest", {"agency": wanted.agency}


def _rest(wanted: Filter) -> Document:
    """Every condition that the index does not bound."""
    rest: Document = {}
    if further := wanted.keys[0 if wanted.handler else 1 :]:
        rest["$and"] = [{"search": key} for key in further]
    if wanted.keys and wanted.statuses:
        rest["status"] = {"$in": list(wanted.statuses)}
    bounds: Mapping[str, Document] = {
        "issued_on": {"$gte": wanted.issued_from, "$lte": wanted.issued_to},
        "arrived_at": {"$gte": wanted.arrived_from, "$lt": wanted.arrived_before},
        "due_at": {"$gte": wanted.due_from, "$lt": wanted.due_before},
    }
    for name, limits in bounds.items():
        given = {operator: value for operator, value in limits.items() if value is not None}
        if given:
            rest[name] = given
    if wanted.due_before:
        rest["open"] = True
    return rest
