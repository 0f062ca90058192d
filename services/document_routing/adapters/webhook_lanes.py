"""The rows of webhooks as the sender works on them: lanes are claimed for a while, outcomes are written together."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from services.document_routing.domain.subscription import ACTIVE, EPOCH
from shared.history import Entry
from shared.persistence import Document

LEASE = timedelta(seconds=90)
"""How long a claimed lane is left alone; after a crash it is claimed again."""

_GATHER_SECONDS = 0.01


def now() -> datetime:
    """This moment as MongoDB keeps it, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Writer:
    """Gathers single updates of many lanes for some milliseconds and writes them in one go."""

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection
        self._waiting: list[tuple[UpdateOne, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, update: UpdateOne) -> None:
        """Write an update; when this returns it is stored."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        while self._waiting:
            await asyncio.sleep(_GATHER_SECONDS)
            batch, self._waiting = self._waiting, []
            try:
                await self._collection.bulk_write([update for update, _ in batch], ordered=False)
            except Exception as error:
                for _, done in batch:
                    done.set_exception(error)
            else:
                for _, done in batch:
                    done.set_result(None)


class Lanes:
    """Claims subscriptions that have something to be told, and notes what became of it."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._subscriptions = database["subscriptions"]
        self._deliveries = database["webhook_deliveries"]
        self._subscription_writer = Writer(self._subscriptions)
        self._delivery_writer = Writer(self._deliveries)

    async def claim(self, *, patient: bool, limit: int, token: str) -> list[Document]:
        """Some lanes that are due and nobody else works on; until the lease ends they are the caller's."""
        moment = now()
        free = {"leased_until": {"$lte": moment}, "not_before": {"$lte": moment}}
        due = {"status": ACTIVE, "patient": patient, "next_at": {"$lte": moment}, **free}
        found = self._subscriptions.find(due, {"_id": 1}).sort("next_at", ASCENDING).limit(limit).hint("lanes")
        wanted = [row["_id"] async for row in found]
        if not wanted:
            return []
        until = moment + LEASE
        taken = {"leased_until": until, "next_at": until, "lease": token}
        await self._subscriptions.update_many({"_id": {"$in": wanted}, **due}, {"$set": taken})
        mine = {"_id": {"$in": wanted}, "lease": token, "leased_until": until}
        return [row async for row in self._subscriptions.find(mine, {"history": 0, "outbox": 0})]

    async def due(self, subscription: str, limit: int) -> list[Document]:
        """What is to be told there now, in order."""
        wanted = {"subscription": subscription, "state": "waiting", "next_at": {"$lte": now()}}
        found = self._deliveries.find(wanted).sort("next_at", ASCENDING).limit(limit).hint("waiting")
        return [row async for row in found]

    async def note(self, delivery: str, outcome: Mapping[str, Any]) -> None:
        """Keep what became of one notification."""
        await self._delivery_writer.write(
            UpdateOne({"_id": delivery}, {"$set": dict(outcome), "$inc": {"attempts": 1}})
        )

    async def give_back(self, lane: Document, health: Mapping[str, Any]) -> None:
        """End the claim: keep the health, and when something is next to be told there."""
        waiting = {"subscription": lane["_id"], "state": "waiting"}
        first = await self._deliveries.find_one(waiting, {"next_at": 1}, sort=[("next_at", ASCENDING)], hint="waiting")
        kept = {**health, "leased_until": EPOCH, "lease": ""}
        if first is not None:
            update = UpdateOne({"_id": lane["_id"]}, {"$set": kept, "$min": {"next_at": first["next_at"]}})
            await self._subscription_writer.write(update)
            return
        # Whoever brought something new meanwhile has moved `next_at`; then it stays.
        idle = {"_id": lane["_id"], "next_at": lane["next_at"]}
        await self._subscription_writer.write(UpdateOne(idle, {"$unset": {"next_at": ""}}))
        await self._subscription_writer.write(UpdateOne({"_id": lane["_id"]}, {"$set": kept}))

    async def change(self, lane: Document, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Append an entry to the subscription's history with what it changes; False when somebody was faster."""
        update = {
            "$set": {**changes, "version": entry["seq"], "head": entry["hash"]},
            "$push": {"history": entry, "outbox": entry["seq"]},
        }
        written = await self._subscriptions.update_one({"_id": lane["_id"], "version": lane["version"]}, update)
        return bool(written.matched_count)

    async def count_paused(self) -> int:
        """How many subscriptions stand still."""
        return await self._subscriptions.count_documents({"status": "paused"}, hint="paused")


def text_of(error: Exception) -> str:
    """What an operator reads of an error that has no words of its own."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
