"""Starts the jobs of every night where no cluster does: `python -m ops.clock`, one process beside Docker Compose.

What it starts and when stands in TURNS; a test holds the CronJobs of k8s/ to it. A job that was missed by less than an
hour, as by a restart, is started late, and one whose turn came while another ran, however long that took; one that
never ran is started at once, so that a new platform is complete. One that failed is tried again as often as there.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from pymongo.errors import PyMongoError

from shared.health_pages import Judgement, serve_health
from shared.job_runs import runs
from shared.observability import configure_logging, logger
from shared.persistence import connect
from shared.settings import Settings, load

log = logger(__name__)

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
LATE = timedelta(hours=1)
LOOK_SECONDS = 15.0
PAUSE_SECONDS = 10.0
"""Before a job is tried again; twice as long each time, as Kubernetes does."""
LAST_WORDS_SECONDS = 30.0
"""What a job has to end after it was told to, as long as a pod has."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A job under the name that it leaves in the database, when it is its turn, how long it may take, what is run.

    `tries` counts the first; those jobs have one that fail where they found something, which a second run finds again.
    """

    job: str
    at: time
    within: timedelta
    command: tuple[str, ...]
    tries: int = 1

    def last_before(self, now: datetime) -> datetime:
        """The moment of its latest turn."""
        today = datetime.combine(now.astimezone(HERE), self.at, HERE)
        return today if today <= now else today - timedelta(days=1)


TURNS = (
    Turn("migrations", time(0, 10), timedelta(hours=4), ("shared.migrations",), 3),
    Turn("reconcile", time(0, 30), timedelta(hours=2), ("ops.reconcile",)),
    Turn("backup", time(1, 30), timedelta(hours=2), ("shared.backup", "write", "/backups", "--keep", "3"), 3),
    Turn("clear_away", time(2, 10), timedelta(hours=1), ("shared.file_bucket",), 3),
    Turn("retention", time(2, 40), timedelta(hours=2), ("ops.retention",)),
    Turn("chains", time(3, 0), timedelta(hours=4), ("ops.chains",)),
)


class Clock:
    """Knows what was started, and what ran before it was."""

    def __init__(self) -> None:
        self._started: dict[str, datetime] = {}
        self._looked: datetime | None = None
        self.complete = False

    def due(self, now: datetime, ran: Mapping[str, datetime]) -> list[Turn]:
        """What is to be started now, given when each job last ran; each turn is told once."""
        found = [turn for turn in TURNS if self._is_due(turn, now, ran)]
        self._looked = now
        self._started |= {turn.job: now for turn in found}
        self.complete = self.complete or all(turn.job in ran for turn in TURNS)
        return found

    def _is_due(self, turn: Turn, now: datetime, ran: Mapping[str, datetime]) -> bool:
        moment = turn.last_before(now)
        before = max((at for at in (ran.get(turn.job), self._started.get(turn.job)) if at), default=None)
        met = now - moment < LATE or (self._looked is not None and self._looked < moment)
        return before is None or (before < moment and met)


def last_runs(settings: Settings) -> dict[str, datetime]:
    """When each job last ended.

    Raises:
        PyMongoError: the database is away.
    """
    with connect(settings, "clock") as client:
        return {row["_id"]: row["at"] for row in runs(client, settings).find({}, {"at": 1})}


async def run(settings: Settings) -> None:
    """Start what is due, one job after the other, until SIGTERM."""
    clock, ended, loop = Clock(), asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    health = await _serve_health(settings, clock)
    log.info("clock_started", jobs=[turn.job for turn in TURNS])
    while not ended.is_set():
        try:
            for turn in clock.due(datetime.now(HERE), await asyncio.to_thread(last_runs, settings)):
                if not ended.is_set():
                    await run_job(turn, ended)
        except PyMongoError as error:
            log.warning("clock_waits_for_database", error=repr(error))
        await _is_told_to_end(LOOK_SECONDS, ended)
    await health.cleanup()


async def run_job(turn: Turn, ended: asyncio.Event) -> int:
    """Its exit code, of the last try: one that failed is tried again within its time, as long as this process stays."""
    loop = asyncio.get_running_loop()
    until = loop.time() + turn.within.total_seconds()
    code = await _try_job(turn, ended, until)
    for number in range(turn.tries - 1):
        if code == 0 or await _is_told_to_end(min(PAUSE_SECONDS * 2**number, until - loop.time()), ended):
            break
        if loop.time() < until:
            code = await _try_job(turn, ended, until)
    return code


async def _is_told_to_end(seconds: float, ended: asyncio.Event) -> bool:
    """Whether this process was told to end while it waited."""
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _try_job(turn: Turn, ended: asyncio.Event, until: float) -> int:
    """It runs in a process of its own, which is told to end when this one is, or when its time is up."""
    job = await asyncio.create_subprocess_exec(sys.executable, "-m", *turn.command)
    waits, stops = asyncio.create_task(job.wait()), asyncio.create_task(ended.wait())
    seconds = max(0.0, until - asyncio.get_running_loop().time())
    await asyncio.wait({waits, stops}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    if not waits.done():
        job.terminate()
        await asyncio.wait({waits}, timeout=LAST_WORDS_SECONDS)
    if not waits.done():
        job.kill()
    code = await waits
    stops.cancel()
    log.info("job_ended", job=turn.job, code=code)
    return code


async def _serve_health(settings: Settings, clock: Clock) -> web.AppRunner:
    async def live() -> Judgement:
        return Judgement(True, {"clock": True})

    async def ready() -> Judgement:
        return Judgement(clock.complete, {"every job has run": clock.complete})

    return await serve_health(settings, live, ready)


def main() -> int:
    """Run the clock; the jobs read the same settings."""
    settings = load()
    configure_logging("clock", settings.log_level)
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
    asyncio.run(run(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
