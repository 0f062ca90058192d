"""Meetings, endpoints and technicians in MongoDB: one document each, with its history and its outbox."""

from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.conference_booking.ports import Page
from shared.aggregates import WITHOUT_HISTORY, Aggregates
from shared.persistence import Document, session, unavailable_when_away

CANDIDATES = 1000
"""How many meetings a page looks at, when the index cannot bound all conditions."""

MEETING_INDEX = IndexModel([("search", ASCENDING), ("position", ASCENDING)], name="search")
FEED_INDEX = IndexModel([("agency", ASCENDING), ("open", ASCENDING), ("_id", ASCENDING)], name="agency")
NETWORK_INDEX = IndexModel([("network", ASCENDING), ("_id", ASCENDING)], name="network")


class MongoMeetings(Aggregates):
    """Implements `ports.Meetings`."""

    @unavailable_when_away()
    def page(
        self,
        key: str,
        *,
        since: str,
        before: datetime | None,
        after: str | None,
        limit: int,
        newest: bool = False,
        backwards: bool = False,
    ) -> Page:
        """The next meetings under a key; what begins too late is left out of a limited number of them."""
        behind, order = ("$lt", DESCENDING) if backwards else ("$gt", ASCENDING)
        beyond = {"$gte": since} | ({behind: after} if after else {})
        shown = WITHOUT_HISTORY | ({"history": {"$slice": -1}} if newest else {})
        found = self._collection.find({"search": key, "position": beyond}, shown, session=session())
        rows: list[Document] = []
        looked_at, position = 0, None
        for meeting in found.sort("position", order).hint("search").limit(CANDIDATES).batch_size(limit + 1):
            if len(rows) == limit:
                return Page(rows, position)
            looked_at, position = looked_at + 1, meeting["position"]
            if before is None or meeting["begins"] < before:
                rows.append(meeting)
        return Page(rows, position if looked_at == CANDIDATES else None)


class MongoFeeds(Aggregates):
    """Implements `ports.Feeds`."""

    @unavailable_when_away()
    def of_agency(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The open ones of an agency behind an identifier, in order of their identifiers."""
        match = {"agency": agency, "open": True, "_id": {"$gt": after}}
        found = self._collection.find(match, WITHOUT_HISTORY, session=session())
        return list(found.sort("_id", ASCENDING).hint("agency").limit(limit))


class MongoOfNetworks(Aggregates):
    """Implements `ports.OfNetworks`."""

    @unavailable_when_away()
    def of_network(self, network: str | None) -> dict[str, Document]:
        """All of a network, or of all networks, in order of their keys."""
        match, index = ({"network": network}, "network") if network else ({}, "_id_")
        found = self._collection.find(match, WITHOUT_HISTORY, session=session())
        return {one["_id"]: one for one in found.sort("_id", ASCENDING).hint(index)}
