"""The centre's end of the line probes: `python -m services.conference_booking.reflector`, a process of its own.

It knows one secret, out of which each endpoint's key follows; no database and no bus. Liveness, readiness and metrics
stand on the health port.
"""

import asyncio
import logging
import signal
import sys
import time
from typing import cast

from aiohttp import web

from services.conference_booking.probe.packets import LARGEST
from services.conference_booking.probe.reflecting import Reflector
from services.conference_booking.probe.room import give_room
from shared.health_pages import Judgement, serve_health
from shared.observability import configure_logging, logger
from shared.settings import Settings, load

log = logger(__name__)

_NAME = "conference_booking-reflector"


class Answering(asyncio.DatagramProtocol):
    """Gives each packet to the reflector, and its answer back."""

    def __init__(self, reflector: Reflector) -> None:
        self._reflector = reflector
        self.place: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The port is open."""
        self.place = cast(asyncio.DatagramTransport, transport)  # asyncio's own is no subclass of it
        give_room(transport.get_extra_info("socket"))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer what deserves it."""
        answer = self._reflector.answer(data) if len(data) <= LARGEST else None
        if answer is not None and self.place is not None:
            self.place.sendto(answer, addr)


async def run(settings: Settings) -> None:
    """Answer until SIGTERM."""
    secrets = [line.encode() for line in (settings.probe_secret or "").split() if line]
    if not secrets:
        raise SystemExit("PROBE_SECRET is missing: without it nobody can be told from a stranger")
    reflector = Reflector(secrets, lambda: time.time_ns() // 1000, settings.reflector_per_second)
    host, _, port = settings.reflector_bind.rpartition(":")
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    place, _ = await loop.create_datagram_endpoint(
        lambda: Answering(reflector), local_addr=(host.strip("[]"), int(port))
    )
    health = await _serve_health(settings, reflector)
    log.info("reflector_started", bind=settings.reflector_bind)
    await ended.wait()
    place.close()
    await health.cleanup()
    log.info("reflector_stopped")


async def _serve_health(settings: Settings, reflector: Reflector) -> web.AppRunner:
    async def live() -> Judgement:
        return Judgement(True, {"reflector": True})

    async def ready() -> Judgement:
        return Judgement(True, {"reflector": True, "answered": reflector.answered, "refused": reflector.refused})

    return await serve_health(settings, live, ready)


def main() -> int:
    """Run the reflector, which talks to neither bus nor database."""
    settings = load(without=("amqp_uri", "mongo_uri"))
    configure_logging(_NAME, settings.log_level)
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    asyncio.run(run(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
