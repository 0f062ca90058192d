"""Finds listeners that lack events of which no gap tells, and has them sent again: `python -m ops.reconcile`.

A gap shows when a later event comes. The last event of an aggregate, lost with a broker's disk, leaves none: here the
version of every aggregate is compared with the cursor of everybody who listens to it. What is applied already has no
effect when it comes again.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from ops.databases import having_index, stores
from ops.queues import service_classes
from ops.report import Report, show
from shared.contracts.base import Event
from shared.indexes import OUTBOX_INDEX
from shared.job_runs import noted_run
from shared.messaging.catch_up import ask_again
from shared.messaging.topology import listened_exchanges
from shared.persistence import Document, connect, database
from shared.settings import Settings, load

COLUMNS = ("listener", "exchange", "checked", "behind", "first", "asked", "problem")
BATCH = 500
SETTLED_MINUTES = 10.0
"""What was written later may still be on its way."""


@dataclass(slots=True)
class Compared:
    """How far a listener has come with one kind of aggregate."""

    listener: str
    exchange: str
    checked: int = 0
    behind: int = 0
    first: str = ""
    asked: bool = False

    @property
    def problem(self) -> str:
        """What is not as it should be."""
        return "lacks events" if self.behind else ""


def compare(client: MongoClient[Document], settings: Settings, before: datetime) -> list[Compared]:
    """Every listener with everything that it listens to, as far as nothing has happened to it since a moment."""
    heard = {service.name: set(listened_exchanges(service)) for service in service_classes()}
    found = {(name, exchange): Compared(name, exchange) for name in heard for exchange in sorted(heard[name])}
    for owner, store in stores(client, settings):
        for collection in having_index(store, OUTBOX_INDEX.document["name"]):
            for rows in _in_batches(owner, collection, before):
                for exchange, versions in rows.items():
                    for name in heard:
                        if exchange in heard[name]:
                            _compare(found[name, exchange], database(client, settings, name), versions)
    return list(found.values())


def _in_batches(owner: str, collection: Collection[Document], before: datetime) -> Iterator[dict[str, dict[str, int]]]:
    """By exchange, the versions of some aggregates to which nothing has happened since."""
    first, last = {"$arrayElemAt": ["$history.type", 0]}, {"$arrayElemAt": ["$history.at", -1]}
    wanted = {"version": 1, "first": first, "last": last}
    rows = collection.aggregate([{"$match": {"outbox.0": {"$exists": False}}}, {"$project": wanted}], batchSize=BATCH)
    for some in _some(rows):
        found: dict[str, dict[str, int]] = {}
        for row in some:
            event = Event.registry.get(f"{owner}.{row.get('first')}")
            if event and row["last"] < before:
                found.setdefault(event.exchange(), {})[row["_id"]] = row["version"]
        yield found


def _some(rows: Any) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _compare(compared: Compared, store: Database[Document], versions: dict[str, int]) -> None:
    keys = {f"{compared.exchange}/{subject}": version for subject, version in versions.items()}
    found = store["inbox_cursors"].find({"_id": {"$in": list(keys)}}, {"seq": 1})
    reached = {row["_id"]: row["seq"] for row in found}
    held = set(store["inbox_waiting"].distinct("subject", {"exchange": compared.exchange}))
    for key, version in keys.items():
        subject = key.removeprefix(f"{compared.exchange}/")
        compared.checked += 1
        if reached.get(key, 0) < version and subject not in held:  # what is kept back is known, and looked after
            compared.behind += 1
            compared.first = compared.first or subject


def mend(settings: Settings, found: list[Compared]) -> None:
    """Have everything of what is behind sent again to whom it lacks."""
    for compared in found:
        if compared.behind:
            ask_again(settings.amqp_uri, compared.listener, compared.exchange)
            compared.asked = True


def report(settings: Settings, settled: float, *, dry_run: bool) -> Report:
    """Compare what has been at rest for so many minutes, and have sent again what is missing, or only say so."""
    before = datetime.now(UTC) - timedelta(minutes=settled)
    if dry_run:
        with connect(settings, "reconcile") as client:
            found = compare(client, settings, before)
    else:
        with noted_run(settings, "reconcile") as run, connect(settings, "reconcile") as client:
            found = compare(client, settings, before)
            mend(settings, found)
            run.done = sum(one.checked for one in found)
            run.problems = sum(one.behind for one in found)
    rows = [{name: getattr(one, name) for name in COLUMNS} for one in found]
    return Report("Đối soát · Reconciliation", COLUMNS, rows)


def add_settled(parser: argparse.ArgumentParser) -> None:
    """The option of the job and of the operator's command."""
    words = "how long an aggregate must have been at rest, in minutes (10)"
    parser.add_argument("--settled", type=float, default=SETTLED_MINUTES, help=words)


def main(arguments: Sequence[str] | None = None) -> int:
    """The job that runs every night."""
    parser = argparse.ArgumentParser(description="Đối soát · Reconcile listeners with owners")
    parser.add_argument("--dry-run", action="store_true", help="only compare")
    add_settled(parser)
    asked = parser.parse_args(arguments)
    found = report(load(), asked.settled, dry_run=asked.dry_run)
    show(found, as_json=True)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
