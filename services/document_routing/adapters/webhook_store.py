"""Subscriptions' health and what they have to be told, in MongoDB; the sender of webhooks works on the same rows.

A subscription is a lane: `next_at` says when something is to be told there, and is absent when nothing is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.database import Database

from services.document_routing.ports_exchange import Notification, Row
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

SUBSCRIPTION_INDEXES = [
    IndexModel([("agency", ASCENDING), ("_id", ASCENDING)], name="of_agency"),
    IndexModel([("status", ASCENDING)], name="paused", partialFilterExpression={"status": "paused"}),
    IndexModel(
        [("status", ASCENDING), ("patient", ASCENDING), ("next_at", ASCENDING)],
        name="lanes",
        partialFilterExpression={"next_at": {"$exists": True}},
    ),
]
DELIVERY_INDEXES = [
    IndexModel(
        [("subscription", ASCENDING), ("next_at", ASCENDING)],
        name="waiting",
        partialFilterExpression={"state": "waiting"},
    ),
    IndexModel([("subscription", ASCENDING), ("order", DESCENDING)], name="newest"),
]
KEPT_DAYS = 90

_WITHOUT = {"history": 0, "outbox": 0}


class MongoWebhooks:
    """Keeps webhooks; declared in `ports_exchange.Webhooks`."""

    def __init__(self, database: Database[Document]) -> None:
        self._subscriptions = database["subscriptions"]
        self._deliveries = database["webhook_deliveries"]

    def ensure_indexes(self) -> None:
        """Indexes of the notifications; each is forgotten after three months, told or not."""
        expiry = IndexModel([("created_at", ASCENDING)], name="forgotten", expireAfterSeconds=KEPT_DAYS * 86_400)
        ensure_indexes(self._deliveries, [*DELIVERY_INDEXES, expiry])

    @unavailable_when_away()
    def subscribers(self, agency: str, kind: str) -> list[str]:
        """Subscriptions of an agency that want to hear of this kind; a paused one hears of it later."""
        wanted = {"agency": agency, "kinds": kind, "status": {"$ne": "closed"}}
        return [row["_id"] for row in self._subscriptions.find(wanted, {"_id": 1}, session=session())]

    @unavailable_when_away()
    def subscription(self, subscription: str) -> Row | None:
        """One subscription with its health."""
        return self._subscriptions.find_one({"_id": subscription}, _WITHOUT, session=session())

    @unavailable_when_away()
    def subscriptions(self, agency: str | None, *, after: str | None, limit: int) -> list[Row]:
        """Subscriptions of one agency or of all, in order of their ids."""
        wanted: Document = ({"agency": agency} if agency else {}) | ({"_id": {"$gt": after}} if after else {})
        found = self._subscriptions.find(wanted, _WITHOUT, session=session()).sort("_id", ASCENDING)
        return list(found.limit(limit).hint("of_agency" if agency else "_id_"))

    @unavailable_when_away()
    def count_waiting(self, subscriptions: Iterable[str]) -> dict[str, int]:
        """How much waits at each."""
        grouped = self._deliveries.aggregate(
            [
                {"$match": {"subscription": {"$in": list(subscriptions)}, "state": "waiting"}},
                {"$group": {"_id": "$subscription", "count": {"$sum": 1}}},
            ],
            session=session(),
        )
        return {group["_id"]: group["count"] for group in grouped}

    @unavailable_when_away()
    def notify(self, notifications: Sequence[Notification]) -> None:
        """Keep what is to be told, and wake the lanes."""
        if not notifications:
            return
        rows = [UpdateOne({"_id": one.id}, {"$setOnInsert": delivery_row(one)}, upsert=True) for one in notifications]
        self._deliveries.bulk_write(rows, ordered=False, session=session())
        wake = [UpdateOne({"_id": one.subscription}, {"$min": {"next_at": one.created_at}}) for one in notifications]
        self._subscriptions.bulk_write(wake, ordered=False, session=session())

    @unavailable_when_away()
    def deliveries(self, subscription: str, *, after: str | None, limit: int) -> list[Row]:
        """What was told and what waits, newest first."""
        wanted: Document = {"subscription": subscription} | ({"order": {"$lt": after}} if after else {})
        found = self._deliveries.find(wanted, session=session()).sort("order", DESCENDING)
        return list(found.limit(limit).hint("newest"))

    @unavailable_when_away()
    def delivery(self, subscription: str, delivery: str) -> Row | None:
        """One notification."""
        return self._deliveries.find_one({"_id": delivery, "subscription": subscription}, session=session())

    @unavailable_when_away()
    def tell_again(self, subscription: str, delivery: str | None, now: datetime) -> None:
        """Let one notification, or all that wait, be told at once."""
        wanted: dict[str, Any] = {"subscription": subscription}
        wanted |= {"_id": delivery} if delivery else {"state": "waiting"}
        again = {"state": "waiting", "next_at": now, "delivered_at": None}
        self._deliveries.update_many(wanted, {"$set": again if delivery else {"next_at": now}})
        self._subscriptions.update_one({"_id": subscription}, {"$min": {"next_at": now, "not_before": now}})


def delivery_row(notification: Notification) -> Document:
    """A notification that waits to be told, as it is stored."""
    at = notification.created_at
    return {
        "subscription": notification.subscription,
        "agency": notification.agency,
        "type": notification.type,
        "package": notification.package,
        "body": notification.body,
        "state": "waiting",
        "attempts": 0,
        "created_at": at,
        "order": f"{at:%Y%m%d%H%M%S%f}:{notification.id}",
        "next_at": at,
        "delivered_at": None,
        "last_status": None,
        "last_error": None,
    }
