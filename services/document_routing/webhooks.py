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
from shared.history import Entry
from shared.observability import configure_logging, logger, metrics_page
from shared.persistence import Document
from shared.settings import Settings, load

log = logger(__name__)

LIVE_SILENCE_SECONDS = 60.0


async def run(settings: Settings) -> None:
    """Tell subscribers until SIGTERM."""
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        settings.mongo_uri,
        appname=f"{SERVICE} webhooks",
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
    async def live(_: web.Request) -> web.Response:
        silence = asyncio.get_running_loop().time() - sender.turned_at
        return web.json_response(
            {"sender": silence < LIVE_SILENCE_SECONDS}, status=200 if silence < LIVE_SILENCE_SECONDS else 503
        )

    async def ready(_: web.Request) -> web.Response:
        try:
            await client.admin.command("ping")
        except PyMongoError as error:
            log.warning("database_not_ready", error=repr(error))
            return web.json_response({"database": False}, status=503)
        return web.json_response({"database": True})

    async def metrics(_: web.Request) -> web.Response:
        body, content_type = metrics_page()
        return web.Response(body=body, headers={"Content-Type": content_type})

    application = web.Application()
    application.add_routes([web.get("/live", live), web.get("/ready", ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.health_address, settings.health_port).start()
    return runner


def main() -> int:
    """Run the sender; the process that speaks to strangers knows no password of the bus."""
    settings = load(without=("amqp_uri",))
    configure_logging(f"{SERVICE}-webhooks", settings.log_level)
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    asyncio.run(run(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
