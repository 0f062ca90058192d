"""Questions to the collection of applications, with the indexes that serve them.

Two indexes answer everything that people list: `queue` an agency's work in the order of its deadlines, `search`
whatever is found by a token (a word, a citizen, a matter), newest first. Conditions that an index cannot bound
are tried on a limited number of candidates, so no question takes longer as the collection grows.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from services.one_stop_shop.adapters.application_fields import REGISTER, ROW, WITH_MOMENTS, WITHOUT_HISTORY
from services.one_stop_shop.domain.access import IDENTITY_KINDS, identity_key
from services.one_stop_shop.domain.read_model import CLOSED_FROM, matter_token, party_token, sort_key, word_token
from services.one_stop_shop.domain.statuses import RUNNING, WAITING, Status
from services.one_stop_shop.ports_read import ApplicationFilter, OpenCount, Page, Position, Row
from shared.aggregates import Histories
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away
from shared.words import keys_for

FIRST_CANDIDATES, MOST_CANDIDATES = 200, 1000
"""How many entries of an index a page looks at, and at most once more, when the index cannot bound all conditions."""

INDEXES = [
    IndexModel(
        [
            ("visible_to", ASCENDING),
            ("status", ASCENDING),
            ("position", ASCENDING),
            ("step", ASCENDING),
            ("assignee", ASCENDING),
            ("procedure.code", ASCENDING),
        ],
        name="queue",
    ),
    IndexModel([("search", ASCENDING), ("arrival", DESCENDING)], name="search"),
    IndexModel([("received_agency", ASCENDING), ("received_at", ASCENDING), ("_id", ASCENDING)], name="register"),
    IndexModel(
        [("visible_to", ASCENDING), ("arrival", ASCENDING)],
        name="synchronisation",
        partialFilterExpression={"synchronisation.state": {"$in": ["pending", "failed"]}},
    ),
]


class Way(NamedTuple):
    """How the index `name` is gone through: the field of its order, the bounds behind and until which a page lies.

    A position lies behind the row that it names, in the order of the list. So a page back begins with that row, and the
    position that it ends at is named by the row `beyond` its last one.
    """

    name: str
    key: str
    order: int
    behind: str
    until: str
    beyond: int


_QUEUE = (Way("queue", "position", ASCENDING, "$gt", "$lte", 0), Way("queue", "position", DESCENDING, "$lte", "$gt", 1))
_SEARCH = (
    Way("search", "arrival", DESCENDING, "$lt", "$gte", 0),
    Way("search", "arrival", ASCENDING, "$gte", "$lt", 1),
)
"""On, and back."""


class ApplicationQueries(Histories):
    """Reads applications; declared in `ports_read`."""

    def __init__(self, database: Database[Document]) -> None:
        super().__init__(database["applications"])

    def ensure_indexes(self) -> None:
        """Create what the questions stand on."""
        ensure_indexes(self._collection, INDEXES)

    @unavailable_when_away()
    def find(self, application: str) -> Row | None:
        """One application without its history."""
        return self._collection.find_one({"_id": application}, WITHOUT_HISTORY, session=session())

    @unavailable_when_away()
    def find_by_code(self, code: str) -> Row | None:
        """One application by either code, with type, moment and data of each entry of its history."""
        for name in ("code", "national_code"):
            found = self._collection.find_one({name: code}, WITH_MOMENTS, session=session())
            if found is not None:
                return found
        return None

    @unavailable_when_away()
    def page(self, wanted: ApplicationFilter, *, after: Position | None, limit: int, back: bool = False) -> Page:
        """By deadline for officers; newest first for citizens and for a search."""
        if wanted.code:
            return self._page_of_one(wanted, wanted.code)
        if wanted.agency and not wanted.words and not wanted.identity:
            page = self._queue_page(wanted, _QUEUE[back], after, limit)
        else:
            page = self._search_page(wanted, _SEARCH[back], after, limit)
        return Page(page.rows[::-1], page.next) if back else page

    def _page_of_one(self, wanted: ApplicationFilter, code: str) -> Page:
        for name in ("code", "national_code"):
            match = {name: code, **_scope(wanted), **_rest(wanted)}
            rows = list(self._collection.find(match, ROW, session=session()))
            if rows:
                return Page(rows, None)
        return Page([], None)

    def _queue_page(self, wanted: ApplicationFilter, way: Way, after: Position | None, limit: int) -> Page:
        match, bounds, rest = _queue(wanted)
        return self._indexed_page(way, match, bounds | ({way.behind: after} if after else {}), rest, limit)

    def _search_page(self, wanted: ApplicationFilter, way: Way, after: Position | None, limit: int) -> Page:
        if wanted.identity:
            people = [identity_key(kind, wanted.identity) for kind in IDENTITY_KINDS]
            keys = [word_token(wanted.agency, wanted.identity), *map(party_token, people)]
            exact = False
        elif wanted.parties:
            keys, exact = [party_token(party) for party in wanted.parties], not wanted.words
        else:
            found, exact = keys_for(wanted.words)
            keys = [word_token(wanted.agency, key) for key in found]
        rest = _rest(wanted)
        said: list[Document] = [] if exact else [{"words": {"$regex": _pattern(word)}} for word in wanted.words]
        if wanted.code_end:
            ends = {"$regex": f"-{re.escape(wanted.code_end)}$"}
            said.append({"$or": [{"code": ends}, {"national_code": ends}]})
        if said:
            rest["$and"] = said
        if wanted.identity:
            rest |= _scope(wanted)
        return self._indexed_page(way, {"search": {"$in": keys}}, {way.behind: after} if after else {}, rest, limit)

    def _indexed_page(self, way: Way, match: Document, bounds: Document, rest: Document, limit: int) -> Page:
        """The next rows in the order of the index; `rest` is tried on a few entries, then on as many as seem needed."""
        if not rest:
            return self._rows(way, _with(match, way.key, bounds), limit)
        rows: list[Row] = []
        candidates = FIRST_CANDIDATES
        for _ in range(2):
            end = self._last_candidate(way, match, bounds, candidates)
            window = bounds | ({way.until: end} if end else {})
            page = self._rows(way, {**_with(match, way.key, window), **rest}, limit - len(rows))
            rows += page.rows
            if page.next or end is None or len(rows) == limit:
                return Page(rows, page.next or end)
            bounds = bounds | {way.behind: end}
            candidates = min(MOST_CANDIDATES, 2 * candidates * limit // max(len(rows), 1))
        return Page(rows, end)

    def _rows(self, way: Way, match: Document, limit: int) -> Page:
        found = self._collection.find(match, ROW, session=session()).sort(way.key, way.order)
        return _cut(list(found.limit(limit + 1).hint(way.name)), limit, way.key, way.beyond)

    def _last_candidate(self, way: Way, match: Document, bounds: Document, number: int) -> Position | None:
        found = self._collection.find(_with(match, way.key, bounds), {way.key: 1, "_id": 0}, session=session())
        last = list(found.sort(way.key, way.order).skip(number - 1 + way.beyond).limit(1).hint(way.name))
        return last[0][way.key] if last else None

    @unavailable_when_away()
    def count(self, wanted: ApplicationFilter, *, officer: str, now: datetime) -> list[OpenCount]:
        """One pass over the index entries of the agency's open applications."""
        open_now: Document = {"status": {"$in": [int(status) for status in WAITING]}, "position": {"$lt": CLOSED_FROM}}
        running = {"$in": ["$status", [int(status) for status in RUNNING]]}
        sums = {
            "all": True,
            "mine": {"$eq": ["$assignee", officer]},
            "unclaimed": {"$eq": [{"$ifNull": ["$assignee", None]}, None]},
            "overdue": {"$and": [running, {"$lt": ["$position", sort_key(now, "")]}]},
        }
        scope: Document = (
            {"visible_to": wanted.agency}
            if wanted.agency
            else {"search": {"$in": [party_token(party) for party in wanted.parties]}}
        )
        group = {name: {"$sum": {"$cond": [condition, 1, 0]}} for name, condition in sums.items()}
        rows = self._collection.aggregate(
            [{"$match": {**scope, **open_now}}, {"$group": {"_id": "$status", **group}}],
            hint="queue" if wanted.agency else "search",
            session=session(),
        )
        return [OpenCount(status=row.pop("_id"), **row) for row in rows]

    @unavailable_when_away()
    def count_queue(self, wanted: ApplicationFilter) -> int:
        """Reads the applications between the bounds of the deadline."""
        match, bounds, rest = _queue(wanted)
        return self._collection.count_documents(
            {**_with(match, "position", bounds), **rest}, hint="queue", session=session()
        )

    @unavailable_when_away()
    def same_matter(self, application: Mapping[str, Any], *, agency: str, since: datetime, limit: int) -> list[Row]:
        """Only what the asking agency may see; what was refused or withdrawn is no duplicate."""
        rows = self._collection.find(
            {
                "search": matter_token(application["matter"]),
                "arrival": {"$gte": sort_key(since, "")},
                "_id": {"$ne": application["_id"]},
                "visible_to": agency,
                "status": {"$nin": [int(Status.REFUSED), int(Status.WITHDRAWN)]},
            },
            {"code": 1, "status": 1, "submitted_at": 1, "competent_agency": 1},
            session=session(),
        )
        return list(rows.sort("arrival", DESCENDING).limit(limit).hint("search"))

    @unavailable_when_away()
    def to_synchronise(self, agency: str, *, after: Position | None, limit: int) -> Page:
        """In order of arrival; what was confirmed in the meantime is no longer there."""
        match: Document = {"visible_to": agency, "synchronisation.state": {"$in": ["pending", "failed"]}}
        if after:
            match["arrival"] = {"$gt": after}
        rows = self._collection.find(match, WITH_MOMENTS, session=session())
        return _cut(list(rows.sort("arrival", ASCENDING).limit(limit + 1).hint("synchronisation")), limit, "arrival")

    @unavailable_when_away()
    def register(self, agency: str, first: datetime, end: datetime, *, after: Position | None, limit: int) -> Page:
        """In order of reception; of the same moment in order of the ids."""
        match: Document = {"received_agency": agency, "received_at": {"$gte": first, "$lt": end}}
        if after:
            moment = datetime.fromisoformat(after[0])
            match["received_at"]["$gte"] = moment
            match["$or"] = [{"received_at": {"$gt": moment}}, {"_id": {"$gt": after[1]}}]
        order = [("received_at", ASCENDING), ("_id", ASCENDING)]
        found = self._collection.find(match, REGISTER, session=session()).sort(order).limit(limit + 1)
        rows = list(found.hint("register"))
        page = _cut(rows, limit, "received_at")
        return Page(page.rows, [page.next.isoformat(), page.rows[-1]["_id"]] if page.next else None)


def _queue(wanted: ApplicationFilter) -> tuple[Document, Document, Document]:
    """What the index of queues finds, within which bounds, and what must be tried on each entry."""
    match: Document = {"visible_to": wanted.agency, "status": {"$in": list(wanted.statuses)}}
    return match, _due_bounds(wanted), _rest(wanted, but=("status", "position"))


def _scope(wanted: ApplicationFilter) -> Document:
    if wanted.agency:
        return {"visible_to": wanted.agency}
    return {"parties": {"$in": list(wanted.parties)}}


def _rest(wanted: ApplicationFilter, but: Sequence[str] = ()) -> Document:
    """Every condition that is not the scope or a word."""
    conditions: Document = {}
    if len(wanted.statuses) < len(Status):
        conditions["status"] = {"$in": list(wanted.statuses)}
    if _due_bounds(wanted):
        conditions["position"] = _due_bounds(wanted)
    if wanted.near_at:
        # What was stored before this was known has no such moment, and is near as far as the bounds say.
        conditions["near_due_at"] = {"$not": {"$gt": wanted.near_at}}
    if wanted.step:
        conditions["step"] = wanted.step
    if wanted.assignee or wanted.unassigned:
        conditions["assignee"] = wanted.assignee
    if wanted.collected:
        conditions["$or"] = [{"status": {"$ne": int(Status.FINISHED)}}, {"delivery.method": "counter"}]
    if wanted.procedure:
        conditions["procedure.code"] = wanted.procedure
    return {name: condition for name, condition in conditions.items() if name not in but}


def _due_bounds(wanted: ApplicationFilter) -> Document:
    bounds = {"$gte": wanted.due_from, "$lt": wanted.due_before}
    standing: Document = {"$lt": CLOSED_FROM} if wanted.waiting else {"$gte": CLOSED_FROM} if wanted.closed else {}
    return standing | {name: sort_key(moment, "") for name, moment in bounds.items() if moment}


def _with(match: Document, key: str, bounds: Document) -> Document:
    return {**match, key: bounds} if bounds else match


def _pattern(word: str) -> str:
    return f" {re.escape(word)}( |$)" if word.isdigit() else f" {re.escape(word)}"


def _cut(rows: list[Row], limit: int, key: str, beyond: int = 0) -> Page:
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], rows[limit - 1 + beyond][key])
