"""The registers and the counts of a period, each on an index of its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from services.document_routing.domain.figures import Facts
from services.document_routing.domain.numbering import OUTGOING, Series
from services.document_routing.domain.search import position
from services.document_routing.ports_read import Page, Position, Row, Span
from shared.persistence import Document, session, unavailable_when_away
from shared.working_time import VIETNAM

OUTGOING_REGISTER = IndexModel(
    [("agency", ASCENDING), ("issued_on", ASCENDING), ("number", ASCENDING), ("position", ASCENDING)],
    name="issued_by_day",
    partialFilterExpression={"issued_on": {"$type": "string"}},
)
"""What an agency's own system numbered has no number here; it stands in the order in which it came."""

INCOMING_REGISTER = IndexModel(
    [("agency", ASCENDING), ("registered_at", ASCENDING), ("arrival_number", ASCENDING)],
    name="incoming_by_day",
    partialFilterExpression={"arrival_number": {"$type": "number"}},
)

_NUMBERED = {"$type": "number"}
_WITHOUT = {"history": 0, "search": 0, "outbox": 0, "text_words": 0, "versions": 0}


class MongoRegisters:
    """Reads lines and counts; declared in `ports_read.Registers`."""

    def __init__(self, database: Database[Document]) -> None:
        self._documents = database["documents"]
        self._arrivals = database["arrivals"]
        self._series = database["number_series"]

    @unavailable_when_away()
    def outgoing(self, agency: str, first: date, last: date, *, after: Position | None, limit: int) -> Page:
        """In order of the numbers, which is that of the days."""
        match: Document = {"agency": agency, "issued_on": {"$gte": first.isoformat(), "$lte": last.isoformat()}}
        return _page(self._documents, match, ("issued_on", "number", "position"), after, limit, "issued_by_day")

    @unavailable_when_away()
    def incoming(self, agency: str, span: Span, *, after: Position | None, limit: int) -> Page:
        """In order of registration."""
        match: Document = {"agency": agency, "arrival_number": _NUMBERED}
        match["registered_at"] = {"$gte": span.first, "$lt": span.end}
        if after:
            after = [datetime.fromisoformat(after[0]), after[1]]
        page = _page(self._arrivals, match, ("registered_at", "arrival_number"), after, limit, "incoming_by_day")
        return Page(page.rows, [page.next[0].isoformat(), page.next[1]] if page.next else None)

    @unavailable_when_away()
    def last_number(self, series: Series) -> int:
        """The last number that a series gave; 0 before its first."""
        found = self._series.find_one({"_id": series.key}, {"last": 1}, session=session())
        return int(found["last"]) if found else 0

    @unavailable_when_away()
    def skipped(self, series: Series) -> list[Row]:
        """As those who operate moved it on after a restore (`python -m ops series advance`)."""
        found = self._series.find_one({"_id": series.key}, {"skipped": 1}, session=session()) or {}
        return list(found.get("skipped", ()))

    @unavailable_when_away()
    def numbers(self, series: Series) -> list[int]:
        """All numbers of a series under which a line stands in the register, in order; read from indexes alone.

        What the register itself does not find, because a day is stored as no day, does not stand there.
        """
        if series.kind == OUTGOING:
            days = {"$gte": f"{series.year}-01-01", "$lte": f"{series.year}-12-31"}
            given = self._numbers(self._documents, "number", series, {"year": series.year}, "outgoing_numbers")
            lines = self._numbers(self._documents, "number", series, {"issued_on": days}, "issued_by_day")
        else:
            moments = {"$gte": _new_year(series.year), "$lt": _new_year(series.year + 1) + _AROUND_MIDNIGHT}
            year = {"arrival_year": series.year}
            given = self._numbers(self._arrivals, "arrival_number", series, year, "incoming_numbers")
            lines = self._numbers(
                self._arrivals, "arrival_number", series, {"registered_at": moments}, "incoming_by_day"
            )
        listed = set(lines)
        return sorted(number for number in given if number in listed)

    def _numbers(
        self, collection: Collection[Document], number: str, series: Series, match: Document, index: str
    ) -> list[int]:
        wanted = {"agency": series.agency, number: _NUMBERED, **match}
        found = collection.find(wanted, {number: 1, "_id": 0}, session=session())
        return [row[number] for row in found.hint(index)]

    @unavailable_when_away()
    def facts(self, agencies: Sequence[str], first: date, last: date, span: Span) -> Facts:
        """What is counted of some agencies and a period."""
        issued = self._sums(
            self._documents,
            {
                "agency": {"$in": list(agencies)},
                "source": {"$ne": "one_stop_shop"},  # results are registered, not exchanged
                "issued_on": {"$gte": first.isoformat(), "$lte": last.isoformat()},
            },
            _ISSUED,
        )
        lowest, highest = position(span.first, ""), position(span.end, "")
        arrived = self._sums(
            self._arrivals,
            {"agency": {"$in": list(agencies)}, "position": {"$gte": lowest, "$lt": highest}},
            _arrived(span.judged_at),
        )
        due = self._sums(
            self._arrivals,
            {"agency": {"$in": list(agencies)}, "due_at": {"$gte": span.first, "$lt": span.end}},
            _due(span.judged_at),
        )
        return Facts(**issued, **arrived, **due, waiting_minutes=self._median_wait(agencies, lowest, highest))

    def _sums(self, collection: Collection[Document], match: Document, sums: Mapping[str, Any]) -> dict[str, int]:
        group: Document = {"_id": None, **{name: {"$sum": condition} for name, condition in sums.items()}}
        found = list(collection.aggregate([{"$match": match}, {"$group": group}], session=session()))
        return {name: found[0][name] if found else 0 for name in sums}

    def _median_wait(self, agencies: Sequence[str], lowest: str, highest: str) -> float | None:
        """The median in minutes, from how many waited how many minutes."""
        match = {
            "agency": {"$in": list(agencies)},
            "position": {"$gte": lowest, "$lt": highest},
            "medium": "electronic",
            "registered_at": {"$ne": None},
        }
        minutes = {"$dateDiff": {"startDate": "$arrived_at", "endDate": "$registered_at", "unit": "second"}}
        group = {"_id": minutes, "count": {"$sum": 1}}
        rows = self._arrivals.aggregate([{"$match": match}, {"$group": group}], session=session())
        counted = sorted((row["_id"], row["count"]) for row in rows)
        return median([(seconds / 60, count) for seconds, count in counted])


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=VIETNAM)


_AROUND_MIDNIGHT = timedelta(hours=1)
"""How long after New Year a number of the old year may still be given (`Series.day`)."""


def median(counted: Sequence[tuple[float, int]]) -> float | None:
    """The median of values in their order, each with how often it occurs; None of nothing."""
    total = sum(count for _, count in counted)
    if not total:
        return None
    return (_at(counted, (total - 1) // 2) + _at(counted, total // 2)) / 2


def _at(counted: Sequence[tuple[float, int]], place: int) -> float:
    for value, count in counted:
        if place < count:
            return value
        place -= count
    raise IndexError(place)


def _page(
    collection: Collection[Document],
    match: Document,
    order: tuple[str, ...],
    after: Position | None,
    limit: int,
    index: str,
) -> Page:
    if after:
        match = {**match, order[0]: match[order[0]] | {"$gte": after[0]}}
        match["$or"] = [
            {**dict(zip(order[:place], after[:place], strict=True)), order[place]: _behind(after[place])}
            for place in range(len(order))
        ]
    found = collection.find(match, _WITHOUT, session=session()).sort([(name, ASCENDING) for name in order])
    rows: list[Row] = list(found.limit(limit + 1).hint(index))
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], [rows[limit - 1][name] for name in order])


def _behind(value: Any) -> Document:
    """What sorts behind a value; what has none comes first."""
    return {"$ne": None} if value is None else {"$gt": value}


def _if(condition: Any) -> Document:
    return {"$cond": [condition, 1, 0]}


_ELECTRONIC = {"$eq": ["$medium", "electronic"]}
# Of the competent person and of the agency (Decree 30/2020, articles 7 and 8), neither altered nor of a stranger.
_GOOD_SIGNATURES = {
    "$filter": {
        "input": {"$ifNull": ["$signatures", []]},
        "cond": {"$in": ["$$this.verdict", ["good", "unaltered"]]},
    }
}
# Given back by a receiver who agreed to the recall, or taken back before it had left.
_TAKEN_BACK = {
    "$or": [
        {"$eq": ["$$one.returned", True]},
        {"$ne": [{"$ifNull": ["$$one.cancelled", None]}, None]},
    ]
}
_RECALLS = {"$anyElementTrue": {"$map": {"input": "$deliveries", "as": "one", "in": _TAKEN_BACK}}}
_ISSUED: Mapping[str, Any] = {
    "issued": 1,
    "electronic": _if(_ELECTRONIC),
    "signed": _if({"$and": [_ELECTRONIC, {"$gte": [{"$size": _GOOD_SIGNATURES}, 2]}]}),
    "recalled": _if(_RECALLS),
    "packages": {"$size": {"$filter": {"input": "$deliveries", "cond": {"$ne": ["$$this.mode", "paper"]}}}},
    "failed": {"$size": {"$filter": {"input": "$deliveries", "cond": {"$eq": ["$$this.transport", "fail"]}}}},
}


def _arrived(judged_at: datetime) -> Mapping[str, Any]:
    """What came electronically is owed a confirmation; it is judged once it was given or the time for it is over."""
    owed = {"$ne": [{"$ifNull": ["$confirm_by", None]}, None]}
    given = {"$ne": [{"$ifNull": ["$confirmed_at", None]}, None]}
    over = {"$lt": ["$confirm_by", judged_at]}
    in_time = {"$and": [owed, given, {"$lte": ["$confirmed_at", "$confirm_by"]}]}
    return {"arrived": 1, "to_confirm": _if({"$and": [owed, {"$or": [given, over]}]}), "confirmed": _if(in_time)}


def _due(judged_at: datetime) -> Mapping[str, Any]:
    """A deadline is judged once the job was closed or the deadline is over; what was given back owes nothing."""
    kept = {"$ne": ["$status", "15"]}
    closed = {"$ne": [{"$ifNull": ["$completed_at", None]}, None]}
    over = {"$lt": ["$due_at", judged_at]}
    in_time = {"$and": [kept, closed, {"$lte": ["$completed_at", "$due_at"]}]}
    return {"due": _if({"$and": [kept, {"$or": [closed, over]}]}), "on_time": _if(in_time)}
