"""Subscribers, and what they are told."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pymongo import AsyncMongoClient

from local.state import ROOT
from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.adapters.webhook_lanes import Lanes
from services.document_routing.adapters.webhook_sender import WebhookSender
from services.document_routing.usecases.exchange_pause import pause_by_itself
from tests.support.exchange_house import THEIR_SYSTEM, ExchangeHouse
from tests.support.receiver import Receiver

PATIENCE_SECONDS = 30.0


def subscribe(house: ExchangeHouse, receiver: Receiver, path: str = "/hook", **rest: Any) -> dict[str, Any]:
    answer: dict[str, Any] = house.ask("create_subscription", THEIR_SYSTEM, url=receiver.url(path), **rest)
    house.settle()
    return answer


def tell(house: ExchangeHouse, uri: str, until: Callable[[], bool], **rest: Any) -> None:
    """Let the sender work until something is so."""
    assert house.database is not None
    name = house.database.name

    async def work() -> None:
        async with AsyncMongoClient[dict[str, Any]](uri, tz_aware=True, w="majority") as client:
            targets = rest.get("targets") or PublicTargets(anything=True)
            sender = WebhookSender(Lanes(client[name]), targets, pause_by_itself, rest.get("seconds", 1.0))
            running = asyncio.create_task(sender.run())
            end = time.monotonic() + PATIENCE_SECONDS
            while not until() and time.monotonic() < end and not running.done():
                await asyncio.sleep(0.02)
            sender.stop()
            await running

    asyncio.run(work())
    assert until(), "it did not become so"


def state(house: ExchangeHouse, subscription: dict[str, Any]) -> dict[str, Any]:
    return house.row("subscriptions", _id=subscription["id"])


def process_environment(mongo_uri: str, prefix: str) -> dict[str, str]:
    """What the sender is started with."""
    return {
        "PYTHONPATH": str(ROOT),
        "AMQP_URI": "not asked",
        "MONGO_URI": mongo_uri,
        "MONGO_DATABASE_PREFIX": prefix,
        "WEBHOOK_TARGETS": "any",
        "HEALTH_ADDRESS": "127.0.0.1",
    }
