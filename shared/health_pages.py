"""Liveness, readiness and metrics of a process that runs on asyncio."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web

from shared.observability import metrics_page
from shared.settings import Settings


class Judgement(NamedTuple):
    """Whether all is well, and what was looked at."""

    well: bool
    said: Mapping[str, Any]


async def serve_health(
    settings: Settings, live: Callable[[], Awaitable[Judgement]], ready: Callable[[], Awaitable[Judgement]]
) -> web.AppRunner:
    """Answer /live, /ready and /metrics on the health port until the runner is cleaned up."""

    async def metrics(_: web.Request) -> web.Response:
        body, content_type = metrics_page()
        return web.Response(body=body, headers={"Content-Type": content_type})

    application = web.Application()
    application.add_routes(
        [web.get("/live", _page(live)), web.get("/ready", _page(ready)), web.get("/metrics", metrics)]
    )
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.health_address, settings.health_port).start()
    return runner


def _page(judge: Callable[[], Awaitable[Judgement]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_: web.Request) -> web.Response:
        judgement = await judge()
        return web.json_response(dict(judgement.said), status=200 if judgement.well else 503)

    return answer
