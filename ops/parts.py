"""How each part of the platform is: servers, services, processes that tell of their health, mail hosts, jobs."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import amqp
import orjson
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from ops import mail_hosts, queues
from ops.databases import service_names
from ops.report import Report, Row
from shared.amqp import connect as connect_bus
from shared.errors import Unavailable
from shared.job_runs import EXPECTED_WITHIN, runs
from shared.messaging.topology import rpc_queue
from shared.persistence import Document, connect
from shared.settings import Settings

COLUMNS = ("part", "kind", "state", "problem")
TIMEOUT = 3.0
"""Seconds for one part; the console waits longer, so that one that hangs is a row of it and hides no other."""


def report(settings: Settings) -> Report:
    """Every part; a server that is away is a row with a problem, and so is what could not be asked without it."""
    rows = [*_broker(settings), *_database(settings), *_processes(settings)]
    return Report("Các bộ phận · Parts", COLUMNS, rows)


def _row(part: str, kind: str, standing: str, state: str, problem: str = "", **about: Any) -> Row:
    """`standing` and `about` say for pages what `state` and `problem` say in words."""
    return {"part": part, "kind": kind, "state": state, "problem": problem, "standing": standing, "about": about}


def _broker(settings: Settings) -> Iterator[Row]:
    try:
        connection = connect_bus(settings.amqp_uri, name="operator", timeout=TIMEOUT)
        told = connection.server_properties
        connection.collect()
        software = f"{told.get('product')} {told.get('version')}"
        yield _row("broker", "server", "answers", software, software=software)
        seen = {one.queue: one for one in queues.look(settings.amqp_uri)}
    except (OSError, amqp.AMQPError) as error:
        yield _row("broker", "server", "away", "away", f"does not answer: {error}")
        return
    for name in service_names():
        queue = seen[rpc_queue(name).name]
        waiting = max(queue.waiting, 0)
        state, figures = f"{queue.readers} running, {waiting} requests wait", {"readers": queue.readers}
        yield _row(name, "service", queue.standing, state, queue.problem, **figures, waiting=waiting)


def _database(settings: Settings) -> Iterator[Row]:
    try:
        with connect(settings, "operator") as client:
            yield _replica_set(client)
            yield from _mail_hosts(client, settings)
            yield from _jobs(client, settings)
    except (PyMongoError, Unavailable) as error:
        yield _row("database", "server", "away", "away", f"does not answer: {error}"[:200])


def _replica_set(client: MongoClient[Document]) -> Row:
    version = client.server_info()["version"]
    try:
        members = client.admin.command("replSetGetStatus")["members"]
    except OperationFailure:  # without the role clusterMonitor
        hosts = client.admin.command("hello").get("hosts", [])
        state = f"MongoDB {version}, {len(hosts)} members"
        return _row("database", "server", "answers", state, software=f"MongoDB {version}", members=len(hosts))
    states = [f"{member['name']} {member['stateStr']}" for member in members]
    away = [member["name"] for member in members if member["stateStr"] not in ("PRIMARY", "SECONDARY", "ARBITER")]
    return _row(
        "database",
        "server",
        "members_away" if away else "answers",
        f"MongoDB {version}: {', '.join(states)}",
        f"{', '.join(away)} away" if away else "",
        software=f"MongoDB {version}",
        members=len(members),
        away=away,
    )


def _mail_hosts(client: MongoClient[Document], settings: Settings) -> Iterator[Row]:
    """Those of the rules."""
    for host in mail_hosts.look(client, settings):
        yield _row(
            host.host,
            "mail host",
            *judge_mail_host(host, datetime.now(UTC), settings.mail_silent_seconds),
            contact=host.contact,
            waiting=host.waiting,
            waiting_since=host.waiting_since,
            differing=sum(host.differences.values()),
        )


def judge_mail_host(host: mail_hosts.Seen, now: datetime, silent_after: float) -> tuple[str, str, str]:
    """Standing, state and problem, as the alerts judge; one that never came is not late, for not everybody runs one."""
    if host.contact is None:
        return "never_came", f"never came, {host.waiting} changes wait", ""
    state = f"came at {host.contact:%Y-%m-%d %H:%M} UTC, {host.waiting} changes wait"
    if (now - host.contact).total_seconds() > silent_after:
        return "silent", state, "silent: see whether its agent runs"
    since = host.waiting_since
    if since and (now - since).total_seconds() > mail_hosts.LAG_SECONDS:
        return "lags", state, f"changes wait since {since:%Y-%m-%d %H:%M} UTC"
    return "well", state, ""


def _jobs(client: MongoClient[Document], settings: Settings) -> Iterator[Row]:
    now = datetime.now(UTC)
    noted = {row["_id"]: row for row in runs(client, settings).find()}
    for job in sorted(EXPECTED_WITHIN | noted):
        by_clock, run = settings.jobs_run_by == "clock", noted.get(job)
        judged = judge_job(run, EXPECTED_WITHIN.get(job), now, by_clock=by_clock)
        yield _row(job, "job", *judged, **{name: run[name] for name in ("at", "seconds", "problems")} if run else {})


def judge_job(
    noted: dict[str, Any] | None, within: float | None, now: datetime, *, by_clock: bool
) -> tuple[str, str, str]:
    """Standing, state and problem; a job that never ran is one only where a clock should have started it."""
    if noted is None:
        return ("missing", "never ran", "never ran: see whether anything starts it") if by_clock else _NEVER_RAN
    state = f"ran at {noted['at']:%Y-%m-%d %H:%M} UTC for {noted['seconds']:.0f} s"
    if not noted["well"]:
        return "failed", state, f"failed: {noted.get('failure') or 'see its log'}"
    if noted["problems"]:
        return "found_problems", state, f"found {noted['problems']} problems: see its log"
    late = within is not None and (now - noted["succeeded_at"]).total_seconds() > within
    return ("late", state, "not since") if late else ("ran", state, "")


_NEVER_RAN = ("never_ran", "never ran", "")


def _processes(settings: Settings) -> Iterator[Row]:
    """Those whose addresses are known (HEALTH_URLS)."""
    named = [entry.partition("=")[::2] for entry in settings.health_urls]
    if not named:
        return
    with ThreadPoolExecutor(len(named)) as pool:  # one that hangs holds no other up
        answers = pool.map(lambda url: _ask(f"{url}/ready"), [url for _, url in named])
        for (name, _), (standing, state) in zip(named, answers, strict=True):
            yield _row(name, "process", standing, state, "" if standing == "ready" else "not ready")


def _ask(url: str) -> tuple[str, str]:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
            return "ready", _words(answer.read())
    except urllib.error.HTTPError as error:
        return "not_ready", _words(error.read())
    except OSError as error:
        return "silent", f"does not answer: {error}"


def _words(body: bytes) -> str:
    """`ready`, or what of it is not."""
    try:
        checks = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace").strip()[:100]
    missing = [name for name, well in checks.items() if not well] if isinstance(checks, dict) else []
    return f"without {', '.join(missing)}" if missing else "ready"
