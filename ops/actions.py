"""What each command does: it reads the settings that it needs, and answers with a report."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

from pymongo import MongoClient
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.auth.clients import ClientsFileError
from ops import chains, clients, demo, indexes, parts, queues, series, waiting
from ops.databases import stores
from ops.report import Report, Row
from shared.errors import NotFound
from shared.messaging import parked
from shared.persistence import Document, connect, database
from shared.settings import Settings, load

PARKED_COLUMNS = ("service", "key", "subject", "type", "since", "attempts", "error", "problem")
MOST_SKIPPED = 1000
"""By how many numbers a series is moved on at most, at a time: each is a hole in a register."""

DECISION_COLUMNS = ("service", "key", "action", "by", "reason")


class Refused(Exception):
    """It was not done; the message says why."""


@contextmanager
def _database() -> Iterator[tuple[Settings, MongoClient[Document]]]:
    """Everything that needs the database and nothing else."""
    settings = load(without=("amqp_uri",))
    with connect(settings, "operator") as client:
        yield settings, client


@contextmanager
def bar(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the error output while something lengthy runs; none where nobody watches."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(words, total=total)
        yield lambda more: progress.advance(task, more)


def status(_: Namespace) -> Report:
    """Every part."""
    return parts.report(load())


def queues_seen(_: Namespace) -> Report:
    """All queues."""
    return queues.report(load(without=("mongo_uri",)).amqp_uri)


def what_waits(_: Namespace) -> Report:
    """Outboxes, inboxes, due work."""
    with _database() as (settings, client):
        return waiting.report(client, settings)


def verify_chains(asked: Namespace) -> Report:
    """Every history, or those of one service."""
    with _database() as (settings, client):
        total = chains.count(client, settings, asked.service)
        with bar("Kiểm tra · Verifying", total) as tell:
            found = chains.report(client, settings, asked.service, tell)
    if not found.rows:
        raise Refused(f"{asked.service}: no such service, or nothing is stored yet")
    return found


def compare_indexes(_: Namespace) -> Report:
    """Declared against present."""
    with _database() as (settings, client):
        return indexes.report(client, settings)


def list_parked_events(asked: Namespace) -> Report:
    """Of one service or of all; that there are any is a problem."""
    with _database() as (settings, client):
        chosen = [(asked.service, database(client, settings, asked.service))] if asked.service else None
        rows = [
            _parked_row(name, row)
            for name, store in chosen or stores(client, settings)
            for row in parked.list_parked(store)
        ]
    return Report("Sự kiện bị giữ · Parked events", PARKED_COLUMNS, rows)


def _parked_row(service: str, row: Document) -> Row:
    told = {name: row.get(name) for name in ("subject", "since", "attempts", "error")}
    return {"service": service, "key": row["_id"], "type": row["body"].get("type"), **told, "problem": "parked"}


def replay_event(asked: Namespace) -> Report:
    """Try a parked event again."""

    def act(client: MongoClient[Document], settings: Settings) -> None:
        store = database(client, settings, asked.service)
        parked.replay_parked(store, asked.key, by=asked.by, reason=asked.reason)

    return _decide(asked, "replayed", act)


def discard_event(asked: Namespace) -> Report:
    """Leave a parked event out."""

    def act(client: MongoClient[Document], settings: Settings) -> None:
        store = database(client, settings, asked.service)
        parked.discard_parked(client, store, asked.key, by=asked.by, reason=asked.reason)

    return _decide(asked, "discarded", act)


def _decide(asked: Namespace, action: str, act: Callable[[MongoClient[Document], Settings], None]) -> Report:
    with _database() as (settings, client):
        try:
            if asked.dry_run:
                parked.check_parked(database(client, settings, asked.service), asked.key)
            else:
                act(client, settings)
        except NotFound:
            missing = f"{asked.service} has no parked event with the key {asked.key}"
            raise Refused(f"{missing}; `list` shows the keys") from None
    done = f"would be {action}" if asked.dry_run else action
    row = {"service": asked.service, "key": asked.key, "action": done, "by": asked.by, "reason": asked.reason}
    return Report("Quyết định · Decision", DECISION_COLUMNS, [row])


def list_series(asked: Namespace) -> Report:
    """How far each series of numbers is."""
    with _database() as (settings, client):
        return _series_report(one for one in series.look(client, settings) if _is_asked(one, asked))


def advance_series(asked: Namespace) -> Report:
    """Let series go on further than they are, so that what a restore has forgotten is not given again."""
    if not 1 <= asked.number <= MOST_SKIPPED:
        raise Refused(f"NUMBER is from 1 to {MOST_SKIPPED}")
    with _database() as (settings, client):
        found = [one for one in series.look(client, settings) if _is_asked(one, asked)]
        wanted = [replace(one, last=one.last + asked.number) for one in found]
        if not asked.dry_run:
            series.raise_to(client, settings, wanted, asked.by, asked.reason)
    return _series_report(found, asked.number)


def _is_asked(one: series.Given, asked: Namespace) -> bool:
    return asked.kind in ("", one.kind) and asked.agency in ("", one.agency)


def _series_report(found: Iterable[series.Given], more: int = 0) -> Report:
    rows = [asdict(one) | {"moved_to": one.last + more if more else None} for one in found]
    if not rows:
        raise Refused("no such series")
    return Report("Dãy số · Series", series.COLUMNS, rows)


def add_client(asked: Namespace) -> Report:
    """A secret and the entry with its hash, appended to a file or shown."""
    wanted = clients.Wanted(asked.id, asked.name, tuple(asked.role), asked.agency, asked.note)
    secret, entry = clients.entry_of(wanted)
    if asked.file:
        try:
            clients.add(asked.file, entry, dry_run=asked.dry_run)
        except (ClientsFileError, clients.NotAdded) as error:
            raise Refused(str(error)) from error
    if asked.dry_run:
        row = {"client": wanted.id, "result": f"would be added to {asked.file or 'no file'}"}
    elif asked.file:
        result = f"added to {asked.file}; the gateway reads it when it starts"
        row = {"client": wanted.id, "secret": secret, "result": result}
    else:
        row = {"client": wanted.id, "secret": secret, "entry": entry}
    return Report("Ứng dụng khách · Client", tuple(row), [row])


def bring_in_demo(asked: Namespace) -> Report:
    """Sample applications."""
    settings = load(without=("mongo_uri",))
    try:
        demo.check_is_demonstration(settings)
    except demo.NoDemonstration as error:
        raise Refused(str(error)) from error
    if asked.dry_run:
        row = {"applications": asked.number, "result": "would be handed in"}
        return Report("Dữ liệu mẫu · Samples", tuple(row), [row])
    with bar("Nộp hồ sơ mẫu · Handing in", asked.number) as tell:
        rows = list(_counted(demo.bring_in(settings, asked.number, asked.seed), tell))
    return Report("Dữ liệu mẫu · Samples", demo.COLUMNS, rows)


def _counted(rows: Iterable[Row], tell: Callable[[int], None]) -> Iterator[Row]:
    for row in rows:
        yield row
        tell(1)
