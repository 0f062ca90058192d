"""Samples and lines in MongoDB: samples go by themselves when their time is over, a line is one small document."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.conference_booking.ports_lines import Asked, Measured
from shared.contracts.conference_booking.values import LINES
from shared.errors import Stale
from shared.indexes import DUE_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

_SAMPLE_INDEXES = (
    IndexModel([("endpoint", ASCENDING), ("line", ASCENDING), ("at", ASCENDING), ("_id", ASCENDING)], name="line"),
    IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0),
)
_LINE_INDEXES = (
    IndexModel([("network", ASCENDING), ("_id", ASCENDING)], name="network"),
    IndexModel([("network", ASCENDING), ("band", ASCENDING), ("_id", ASCENDING)], name="band"),
    DUE_INDEX,
)


class MongoLines:
    """Implements `ports_lines.Lines`."""

    def __init__(self, store: Database[Document]) -> None:
        self._samples, self._lines, self._sessions = store["samples"], store["lines"], store["session_lines"]

    def ensure_indexes(self) -> None:
        """Create what reading stands on, and what lets samples go."""
        ensure_indexes(self._samples, _SAMPLE_INDEXES)
        ensure_indexes(self._lines, _LINE_INDEXES)

    @unavailable_when_away()
    def known(self, samples: Collection[str]) -> set[str]:
        """Which of these samples are kept already."""
        found = self._samples.find({"_id": {"$in": list(samples)}}, {"_id": 1}, session=session()).hint("_id_")
        return {row["_id"] for row in found}

    @unavailable_when_away()
    def add(self, samples: Sequence[Document]) -> None:
        """Keep samples until each one's `expires_at`.

        Raises:
            Stale: somebody brought one of them in meanwhile; nothing of the transaction stays.
        """
        try:
            self._samples.insert_many(samples, session=session())
        except DuplicateKeyError as error:
            raise Stale("version_stale") from error

    @unavailable_when_away()
    def standing(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """Where lines stand."""
        found = self._lines.find({"_id": {"$in": list(identifiers)}}, session=session()).hint("_id_")
        return {row["_id"]: row for row in found}

    @unavailable_when_away()
    def keep(self, identifier: str, version: int, line: Mapping[str, Any]) -> bool:
        """Note where a line stands, if it still has this version; a field of null is left out."""
        kept = {name: value for name, value in line.items() if value is not None}
        gone = {name: "" for name, value in line.items() if value is None}
        update = {"$set": {**kept, "version": version + 1}} | ({"$unset": gone} if gone else {})
        match = {"_id": identifier, "version": version}
        try:
            done = self._lines.update_one(match, update, upsert=version == 0, session=session())
        except DuplicateKeyError as error:
            raise Stale("version_stale") from error
        return bool(done.matched_count or done.upserted_id)

    @unavailable_when_away()
    def of_network(self, network: str, band: str | None, *, after: str, limit: int) -> list[Document]:
        """The lines of a network in order of their identifiers."""
        match = {"network": network, "_id": {"$gt": after}} | ({"band": band} if band else {})
        found = self._lines.find(match, session=session()).sort("_id", ASCENDING)
        return list(found.hint("band" if band else "network").limit(limit))

    @unavailable_when_away()
    def page(self, asked: Asked, *, newest_first: bool, after: Any, limit: int) -> tuple[list[Document], Any]:
        """Samples in order of time; the position names the last one."""
        behind, order = ("$lt", DESCENDING) if newest_first else ("$gt", ASCENDING)
        bounds = {name: at for name, at in (("$gte", asked.since), ("$lt", asked.until)) if at}
        match: dict[str, Any] = {"endpoint": asked.endpoint, "line": asked.line}
        if after:
            moment = datetime.fromisoformat(after[0])
            match["$or"] = [{"at": {behind: moment}}, {"at": moment, "_id": {behind: after[1]}}]
            bounds |= {"$lte": moment} if newest_first else {"$gte": moment}
        if bounds:
            match["at"] = bounds
        sort = [("at", order), ("_id", order)]
        rows = list(self._samples.find(match, session=session()).sort(sort).hint("line").limit(limit + 1))
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], [last["at"].isoformat(), last["_id"]] if last else None

    @unavailable_when_away()
    def keep_session(self, identifier: str, lines: Mapping[str, Any]) -> None:
        """Keep what the lines of a session were like, once."""
        self._sessions.update_one({"_id": identifier}, {"$setOnInsert": dict(lines)}, upsert=True, session=session())

    @unavailable_when_away()
    def kept_session(self, identifier: str) -> Document | None:
        """What is kept of a session."""
        return self._sessions.find_one({"_id": identifier}, {"_id": 0}, session=session(), hint="_id_")

    @unavailable_when_away()
    def within(self, endpoints: Collection[str], first: datetime, last: datetime) -> list[Measured]:
        """What was measured, a list of each figure for each line."""
        match = {"endpoint": {"$in": list(endpoints)}, "line": {"$in": LINES}, "at": {"$gte": first, "$lt": last}}
        lists = {name: {"$push": f"${field}"} for name, field in _FIGURES.items()}
        steps: list[Document] = [
            {"$match": match},
            {"$group": {"_id": {"endpoint": "$endpoint", "line": "$line"}, **lists}},
            {"$sort": {"_id.endpoint": 1, "_id.line": -1}},
        ]
        found = self._samples.aggregate(steps, session=session(), hint="line")
        return [Measured(**row["_id"], **{name: row[name] for name in _FIGURES}) for row in found]


_FIGURES = {"bands": "band", "loss": "loss", "rtt": "rtt_p50_ms", "longest": "rtt_max_ms", "jitter": "jitter"}
