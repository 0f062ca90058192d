"""Agencies in MongoDB, found by any of their identifiers, by words, and below one another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from services.email_provisioning.adapters.aggregates import MongoAggregates
from services.email_provisioning.domain.access import is_open
from services.email_provisioning.domain.finding import word_key
from services.email_provisioning.ports import AgencyFilter, Page, Position
from shared.aggregates import WITHOUT_HISTORY, Announce
from shared.history import Entry
from shared.indexes import OUTBOX_INDEX
from shared.persistence import Document, in_transaction, session, unavailable_when_away
from shared.words import keys_for

INDEXES = [
    IndexModel([("known_as", ASCENDING)], name="known_as", unique=True),
    IndexModel([("search", ASCENDING), ("_id", ASCENDING)], name="search"),
    IndexModel([("parent", ASCENDING), ("_id", ASCENDING)], name="parent"),
    IndexModel([("within", ASCENDING)], name="within"),
    OUTBOX_INDEX,
]

Derive = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class MongoAgencies(MongoAggregates):
    """Implements `ports.Agencies`; `derive` sets the keys of those that move with the one above them."""

    def __init__(self, database: Database[Document], announce: Announce, derive: Derive) -> None:
        super().__init__(database["agencies"], announce, INDEXES)
        self._client = database.client
        self._derive = derive

    @unavailable_when_away()
    def known(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """The agencies of these identifiers of either generation, each under all that were asked for."""
        wanted = set(identifiers)
        if not wanted:
            return {}
        found = self._collection.find({"known_as": {"$in": sorted(wanted)}}, WITHOUT_HISTORY, session=session())
        agencies = list(found.hint("known_as"))
        return {name: agency for agency in agencies for name in agency["known_as"] if name in wanted}

    @unavailable_when_away()
    def parts(self, code: str, after: str) -> list[str]:
        """The agencies right below one that are open on some day after this one, in order."""
        still_open = {"$or": [{"closed_on": None}, {"closed_on": {"$gt": after}}]}
        found = self._collection.find({"parent": code, **still_open}, {"_id": 1}, session=session())
        return [agency["_id"] for agency in found.sort("_id", ASCENDING).hint("parent")]

    @unavailable_when_away()
    def page(self, wanted: AgencyFilter, *, after: Position | None, limit: int) -> Page:
        """Agencies in order of their codes."""
        keys, _ = keys_for(wanted.words)
        match: Document = {"search": {"$in": [word_key(wanted.scope, key) for key in keys]}}

        def keep(agency: Document) -> bool:
            fits = wanted.level in (None, agency["level"]) and wanted.kind in (None, agency["kind"])
            return fits and (wanted.closed or is_open(agency, wanted.day) or (agency["opened_on"] or "") > wanted.day)

        return self._sift(
            match,
            wanted.words,
            order="_id",
            index="search",
            after=after,
            limit=limit,
            keep=keep,
            sifting=bool(wanted.level or wanted.kind or not wanted.closed),
        )

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry; everything below an agency that moves goes with it in a transaction."""
        write = partial(super().save, identifier, version, changes, entry)
        if "within" not in changes:
            return write()

        def work() -> bool:
            written = write()
            if written:
                self._take_along(identifier, changes["within"])
            return written

        return in_transaction(self._client, work)

    @unavailable_when_away()
    def _take_along(self, code: str, within: Sequence[str]) -> None:
        below = self._collection.find({"within": code, "_id": {"$ne": code}}, WITHOUT_HISTORY, session=session())
        for agency in list(below.hint("within")):
            own = agency["within"][: agency["within"].index(code)]
            moved = {**agency, "within": [*own, *within]}
            derived = {"within": moved["within"], **self._derive(moved)}
            self._collection.update_one({"_id": agency["_id"]}, {"$set": derived}, session=session())

    @unavailable_when_away()
    def seeds(self) -> dict[str, tuple[int, str]]:
        """Version and mark of every agency by its code."""
        found = self._collection.find({}, {"version": 1, "seed": 1}, session=session()).hint("_id_")
        return {agency["_id"]: (agency["version"], agency.get("seed", "")) for agency in found}
