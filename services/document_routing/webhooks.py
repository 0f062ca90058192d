"""The sender of webhooks, a process of its own: `python -m services.document_routing.webhooks`.

Liveness, readiness and metrics stand on the health port. After SIGTERM nothing new is begun and what runs is finished.
"""

import asyncio
import logging
import signal
import sys
from datetime import datetime
from typing import Any

from aiohttp import web
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.adapters.webhook_lanes import Lanes
from services.document_routing.adapters.webhook_sender import WebhookSender
from services.document_routing.usecases.exchange_pause import pause_by_itself
from shared.contracts.document_routing.operations import SERVICE
from shared.health_pages import Judgement, serve_health
from shared.history import Entry
from shared.migrations import wait_until_understood
from shared.observability import configure_logging, logger
from shared.persistence import Document, application_name, connect
from shared.settings import Settings, load

log = logger(__name__)

LIVE_SILENCE_SECONDS = 60.0


async def run(settings: Settings) -> None:
    """Tell subscribers until SIGTERM."""
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        settings.mongo_uri,
        appname=application_name(settings, f"{SERVICE} webhooks"),
        w="majority",
        journal=True,
        tz_aware=True,
        timeoutMS=settings.mongo_timeout_ms,
    )
    try:
        lanes = Lanes(client[settings.mongo_database_prefix + SERVICE])
        targets = PublicTargets(anything=settings.webhook_targets == "any")
        sender = WebhookSender(lanes, targets, _pause, settings.webhook_seconds)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, sender.stop)
        health = await _serve_health(settings, client, sender)
        log.info("webhooks_started")
        await sender.run()
        await health.cleanup()
        log.info("webhooks_stopped")
    finally:
        await client.close()


def _pause(subscription: Document, reason: str, moment: datetime) -> tuple[dict[str, Any], Entry] | None:
    return pause_by_itself(subscription, reason, moment)


async def _serve_health(settings: Settings, client: AsyncMongoClient[Document], sender: WebhookSender) -> web.AppRunner:
    async def live() -> Judgement:
        turns = asyncio.get_running_loop().time() - sender.turned_at < LIVE_SILENCE_SECONDS
        return Judgement(turns, {"sender": turns})

    async def ready() -> Judgement:
        try:
            await client.admin.command("ping")
        except PyMongoError as error:
            log.warning("database_not_ready", error=repr(error))
            return Judgement(False, {"database": False})
        return Judgement(True, {"database": True})

    return await serve_health(settings, live, ready)


def main() -> int:
    """Run the sender; the process that speaks to strangers knows no password of the bus."""
    settings = load(without=("amqp_uri",))
    configure_logging(f"{SERVICE}-webhooks", settings.log_level)
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    with connect(settings, f"{SERVICE} webhooks") as client:
        wait_until_understood(client, settings, SERVICE)
    asyncio.run(run(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
