"""Whether anything that is kept was altered: every history, message log and series of numbers of every service.

    python -m ops.chains [--service NAME]

reads all aggregates and answers 1 when one is not what its history says was written. It needs the database alone.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from ops.databases import having_index, stores
from ops.report import Report, Row, show
from services.conference_booking.usecases import changes as conference_changes
from services.document_routing.adapters.message_log import MongoMessageLog
from services.document_routing.adapters.registers import MongoRegisters
from services.document_routing.domain.numbering import INCOMING, OUTGOING, Series, faults
from services.document_routing.usecases import changes as document_changes
from services.document_routing.usecases.chain import breaks, link
from services.email_provisioning.usecases import changes as directory_changes
from shared.as_found import as_found, raw
from shared.history import verify_stored
from shared.indexes import OUTBOX_INDEX
from shared.job_runs import noted_run
from shared.persistence import Document, at_one_moment, connect
from shared.settings import Settings, load

COLUMNS = ("service", "what", "checked", "altered", "first", "problem")
ASIDE = {
    "conference_booking": conference_changes.DERIVED,
    "document_routing": document_changes.DERIVED,
    "email_provisioning": directory_changes.DERIVED,
}
"""The fields of each service that change without an entry."""

BATCH = 50
Tell = Callable[[int], object]
"""Hears how many more were read."""


@dataclass(slots=True)
class Judged:
    """What was found of one collection."""

    service: str
    what: str
    checked: int = 0
    altered: int = 0
    first: str = ""
    problem: str = ""

    def add(self, name: str, problem: str) -> None:
        """Count one more, with its problem if it has one; the first is shown."""
        self.checked += 1
        if problem:
            self.altered += 1
            self.first, self.problem = self.first or name, self.problem or problem


def judge(
    client: MongoClient[Document], settings: Settings, only: str = "", tell: Tell = lambda _: None
) -> Iterator[Judged]:
    """Each collection of aggregates, then what else is chained."""
    for name, store in stores(client, settings):
        if only in ("", name):
            for collection in having_index(store, OUTBOX_INDEX.document["name"]):
                yield _histories(name, collection, tell)
            if name == "document_routing":
                yield _message_logs(client, store, tell)
                yield _registers(client, store, tell)


def count(client: MongoClient[Document], settings: Settings, only: str = "") -> int:
    """About how many there are to be read."""
    return sum(
        collection.estimated_document_count()
        for name, store in stores(client, settings)
        if only in ("", name)
        for collection in having_index(store, OUTBOX_INDEX.document["name"])
    )


def _histories(service: str, collection: Collection[Document], tell: Tell) -> Judged:
    """Each document as it was found, whatever byte was altered; one that changes meanwhile is read whole anyway."""
    judged = Judged(service, collection.name)
    aside = ASIDE.get(service, frozenset())
    for stored in raw(collection).find({}, {"outbox": 0, "search": 0}, batch_size=BATCH):
        found = as_found(stored)
        broken = verify_stored(found, aside)
        judged.add(str(found.get("_id")), f"entry {broken.seq}: {broken.problem}" if broken else "")
        tell(1)
    return judged


def _message_logs(client: MongoClient[Document], store: Database[Document], tell: Tell) -> Judged:
    judged, log = Judged("document_routing", "message logs"), MongoMessageLog(store, link)
    for head in store["message_log_heads"].find({}, {"_id": 1}, batch_size=BATCH):
        document = str(head["_id"])
        rows, last = at_one_moment(client, partial(_log_and_head, log, document))
        found = next(breaks(document, rows, last.get("seq", 0), last.get("hash", "")), None)
        judged.add(document, f"row {found[0]}: {found[1]}" if found else "")
        tell(0)
    return judged


def _registers(client: MongoClient[Document], store: Database[Document], tell: Tell) -> Judged:
    judged, registers = Judged("document_routing", "series of numbers"), MongoRegisters(store)
    yearly = {"kind": {"$in": [OUTGOING, INCOMING]}}  # what counts for cursors stands in no register
    for row in store["number_series"].find(yearly, {"agency": 1, "kind": 1, "year": 1}):
        series = Series(row["agency"], row["kind"], row["year"])
        found = next(faults(*at_one_moment(client, partial(_of_series, registers, series))), None)
        judged.add(series.key, f"number {found[0]}: {found[2]}" if found else "")
        tell(0)
    return judged


def _log_and_head(log: MongoMessageLog, document: str) -> tuple[list[Row], Row]:
    return log.rows(document), log.head(document) or {}


def _of_series(registers: MongoRegisters, series: Series) -> tuple[list[int], int, list[dict[str, Any]]]:
    return registers.numbers(series), registers.last_number(series), registers.skipped(series)


def report(client: MongoClient[Document], settings: Settings, only: str = "", tell: Tell = lambda _: None) -> Report:
    """What was found of all."""
    rows = [{name: getattr(judged, name) for name in COLUMNS} for judged in judge(client, settings, only, tell)]
    return Report("Chuỗi lịch sử · Chains", COLUMNS, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """The job that runs every night: judge everything, and note that it ran and what it found."""
    parser = argparse.ArgumentParser(description="Kiểm tra chuỗi lịch sử · Verify chains")
    parser.add_argument("--service", default="", help="only this one")
    asked = parser.parse_args(arguments)
    settings = load(without=("amqp_uri",))
    with noted_run(settings, "chains") as run, connect(settings, "chains") as client:
        found = report(client, settings, asked.service)
        run.problems, run.found = found.problems, found.rows
        run.done = sum(row["checked"] for row in found.rows)
    show(found, as_json=True)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
