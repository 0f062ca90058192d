"""How mailboxes are used, in MongoDB: one small row each, with the days of each month on which somebody signed in.

Every write sets what follows from a row with it, so that the lists stand on indexes: since when a mailbox is unused,
and how many thousandths of its quota are used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.database import Database

from services.email_provisioning.domain.mail.guards import PERSONAL
from services.email_provisioning.ports import Page, Position
from services.email_provisioning.ports_mail import Place
from shared.persistence import Document, ensure_indexes, unavailable_when_away
from shared.working_time import VIETNAM

INDEXES = [
    IndexModel([("within", ASCENDING), ("kind", ASCENDING), ("there_from", ASCENDING)], name="within"),
    IndexModel([("owner", ASCENDING)], name="owner"),
    IndexModel(
        [("within", ASCENDING), ("unused_since", ASCENDING), ("_id", ASCENDING)],
        name="unused",
        partialFilterExpression={"open": True},
    ),
    IndexModel(
        [("within", ASCENDING), ("filled", DESCENDING), ("_id", ASCENDING)],
        name="filled",
        partialFilterExpression={"there": True},
    ),
]
_BYTES = 1024 * 1024
_FILLED = {
    "$cond": [
        {"$gt": ["$quota", 0]},
        {"$floor": {"$divide": [{"$multiply": [{"$ifNull": ["$bytes", 0]}, 1000]}, {"$multiply": ["$quota", _BYTES]}]}},
        0,
    ]
}
_OWNERS_AT_ONCE = 1000


class MongoMailUse:
    """Implements `ports_mail.MailUse`."""

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["mail_usage"]

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._rows, INDEXES)

    @unavailable_when_away()
    def note(self, host: str, rows: Sequence[Document], at: datetime) -> None:
        """How full mailboxes are and when they were last used."""
        updates = [UpdateOne({"_id": row["mailbox"]}, _noted(host, row, at), upsert=True) for row in rows]
        if updates:
            self._rows.bulk_write(updates, ordered=False)

    @unavailable_when_away()
    def place(self, place: Place, at: datetime) -> None:
        """Where the use of a mailbox is counted from now on; when it was first there stays as it was."""
        said: Document = {
            "kind": place.kind,
            "owner": place.owner,
            "agency": place.agency,
            "within": list(place.within),
            "quota": place.quota,
            "there": place.there,
            "open": place.open,
            "there_until": place.until,
        }
        if place.there:
            said["there_from"] = {"$ifNull": ["$there_from", at.astimezone(VIETNAM).date().isoformat()]}
            said["unused_since"] = {"$ifNull": ["$unused_since", at]}
        self._rows.update_one({"_id": place.mailbox}, [{"$set": said}, {"$set": {"filled": _FILLED}}], upsert=True)

    @unavailable_when_away()
    def read(self, mailbox: str) -> Document | None:
        """How full a mailbox is and when it was last used; None as long as no host told."""
        row = self._rows.find_one({"_id": mailbox})
        return row if row and "at" in row else None

    @unavailable_when_away()
    def personal(self, scope: str, last_day: str) -> list[Document]:
        """The use of all personal mailboxes of a scope that were there on that day or an earlier one."""
        match = {"within": scope, "kind": PERSONAL, "there_from": {"$lte": last_day}}
        return list(self._rows.find(match).hint("within"))

    @unavailable_when_away()
    def of_owners(self, officers: Iterable[str]) -> list[Document]:
        """The use of the mailboxes of some officers."""
        wanted, found = sorted(set(officers)), []
        for first in range(0, len(wanted), _OWNERS_AT_ONCE):
            some = wanted[first : first + _OWNERS_AT_ONCE]
            found += list(self._rows.find({"owner": {"$in": some}}).hint("owner"))
        return found

    @unavailable_when_away()
    def unused(self, scope: str, since: datetime, *, after: Position | None, limit: int) -> Page:
        """Those that may be used and were not since a moment, the longest unused first."""
        match: Document = {"open": True, "within": scope, "unused_since": {"$lte": since}}
        if after is not None:
            at = datetime.fromisoformat(after[0])
            match["$or"] = [{"unused_since": {"$gt": at}}, {"unused_since": at, "_id": {"$gt": after[1]}}]
            match["unused_since"]["$gte"] = at
        rows = list(
            self._rows.find(match).sort([("unused_since", ASCENDING), ("_id", ASCENDING)]).hint("unused").limit(limit)
        )
        last = rows[-1] if len(rows) == limit else None
        return Page(rows, [last["unused_since"].isoformat(), last["_id"]] if last else None)

    @unavailable_when_away()
    def full(self, scope: str, least: int, *, after: Position | None, limit: int) -> Page:
        """Those whose quota is used up to so many thousandths at least, the fullest first."""
        match: Document = {"there": True, "within": scope, "filled": {"$gte": least}}
        if after is not None:
            match["$or"] = [{"filled": {"$lt": after[0]}}, {"filled": after[0], "_id": {"$gt": after[1]}}]
            match["filled"]["$lte"] = after[0]
        rows = list(
            self._rows.find(match).sort([("filled", DESCENDING), ("_id", ASCENDING)]).hint("filled").limit(limit)
        )
        last = rows[-1] if len(rows) == limit else None
        return Page(rows, [last["filled"], last["_id"]] if last else None)


def _noted(host: str, row: Mapping[str, Any], at: datetime) -> list[Document]:
    moments = [row[name] for name in ("last_login", "last_sent") if row.get(name) is not None]
    said: Document = {"host": host, "at": at}
    said |= {name: row[name] for name in ("bytes", "messages") if row.get(name) is not None}
    said |= {name: {"$max": [f"${name}", row.get(name)]} for name in ("last_login", "last_sent")}
    if moments:
        said["unused_since"] = {"$max": ["$unused_since", *moments]}
    said |= dict(_days(moments))
    return [{"$set": said}, {"$set": {"filled": _FILLED}}]


def _days(moments: Iterable[datetime]) -> Iterator[tuple[str, Document]]:
    """The days in Viet Nam, as numbers below their month."""
    days = sorted({moment.astimezone(VIETNAM).date() for moment in moments})
    for month in sorted({f"{day:%Y-%m}" for day in days}):
        numbers = [day.day for day in days if f"{day:%Y-%m}" == month]
        yield f"days.{month}", {"$setUnion": [{"$ifNull": [f"$days.{month}", []]}, numbers]}
