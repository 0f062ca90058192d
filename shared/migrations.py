"""What is stored takes a new form: numbered, forward only, each once, and recorded beside the data.

    python -m shared.migrations [--service NAME] [--dry-run]

The set-up of each service applies its own before anything else. docs/how-to/change-what-is-stored.md says how one is
written, and how two versions of the code live on the same data while pods are replaced.
"""

import argparse
import importlib
import pkgutil
import re
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared.observability import logger
from shared.persistence import Document, connect, database, is_away
from shared.restore_mark import refuse_half_restored
from shared.set_up import NotSetUp, say
from shared.settings import Settings, load

log = logger(__name__)

SERVICES = Path(__file__).resolve().parent.parent / "services"
FOLDER = "migrations"
RECORDS, LEASES = "migrations", "migration_lease"
LEASE_SECONDS = 60.0
"""How long a killed job keeps the others waiting; a batch has to be much shorter."""

_FREE = datetime.fromtimestamp(0, UTC)
LOOK_EVERY = 0.5
"""Seconds, while somebody else holds the lease or the database is away."""


class MigrationsWrong(NotSetUp):
    """They are not numbered without holes, or not what the database has recorded; the message says which."""


class TooOld(NotSetUp):
    """The data have taken a form that this version of the code does not know."""


class _LeaseLost(Exception):
    """Somebody else went on, because a batch took longer than the lease."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of form.

    `step` changes one batch of what still has the old form, and answers how many that were; 0 says that all is done.
    `left` answers about how many there are, and changes nothing. `needs` is the number of the migration that code has
    to know at least to work on what this one leaves.
    """

    number: int
    name: str
    needs: int
    step: Callable[[Database[Document]], int]
    left: Callable[[Database[Document]], int]


def known(service: str) -> list[Migration]:
    """Those that come with this version of a service's code.

    Raises:
        MigrationsWrong: their numbers have holes, or one shuts out the version before it.
    """
    there = (SERVICES / service / FOLDER).is_dir()
    return read(f"services.{service}.{FOLDER}") if there else []


def read(package: str) -> list[Migration]:
    """The migrations of a package: its modules `m0001_what_it_does`, with `NEEDS`, `step` and `left`.

    Raises:
        MigrationsWrong: as `known`.
    """
    names = [found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__)]
    return in_order([_read_one(f"{package}.{name}", name) for name in sorted(names)])


def _read_one(module: str, name: str) -> Migration:
    if not (match := re.fullmatch(r"m(\d{4})_[a-z0-9_]+", name)):
        raise MigrationsWrong(f"{module}: is to be called m0001_what_it_does")
    told = importlib.import_module(module)
    return Migration(int(match[1]), name, told.NEEDS, told.step, told.left)


def in_order(migrations: Sequence[Migration]) -> list[Migration]:
    """The same, if they may follow each other.

    Raises:
        MigrationsWrong: as `known`.
    """
    for place, migration in enumerate(migrations, 1):
        if migration.number != place:
            raise MigrationsWrong(f"{migration.name}: number {place} is the next")
        if not 0 <= migration.needs < place:
            raise MigrationsWrong(f"{migration.name}: NEEDS lies before its own number: the version before still runs")
    return list(migrations)


def migrate(client: MongoClient[Document], settings: Settings, service: str) -> list[str]:
    """Apply what is not applied yet; a sentence for each.

    Raises:
        MigrationsWrong: as `known`, or what is recorded has another name.
        RestoreUnfinished: what is stored is not all there.
        TooOld: as `refuse_older`.
    """
    refuse_half_restored(client, settings)
    return apply(database(client, settings, service), known(service))


def apply(
    store: Database[Document], migrations: Sequence[Migration], *, lease_seconds: float = LEASE_SECONDS
) -> list[str]:
    """Apply in order what is not applied yet, alone: whoever comes meanwhile waits, and finds it done.

    Raises:
        MigrationsWrong: what is recorded has another name.
        TooOld: as `refuse_older`.
    """
    said = []
    while waiting := pending(store, migrations):
        lease = _Lease(store, lease_seconds)
        if not lease.taken():
            time.sleep(LOOK_EVERY)
            continue
        try:
            said += _apply_next(store, waiting[0], lease)
        except _LeaseLost:
            log.warning("migration_lease_lost", migration=waiting[0].name)
        finally:
            lease.give_back()
    return said


def _apply_next(store: Database[Document], migration: Migration, lease: "_Lease") -> list[str]:
    if store[RECORDS].find_one({"_id": migration.number}):
        return []  # by whoever held the lease before
    changed = 0
    while more := migration.step(store):
        changed += more
        lease.renew()
    lease.renew()
    record = {"name": migration.name, "needs": migration.needs, "changed": changed}
    store[RECORDS].update_one({"_id": migration.number}, [{"$set": record | {"applied_at": "$$NOW"}}], upsert=True)
    return [f"{store.name}: {migration.name}, {changed} bản ghi đã đổi · documents changed"]


def pending(store: Database[Document], migrations: Sequence[Migration]) -> list[Migration]:
    """Those that are not applied yet.

    Raises:
        MigrationsWrong: what is recorded has another name.
        TooOld: as `refuse_older`.
    """
    refuse_older(store, migrations)
    applied = {row["_id"]: row["name"] for row in store[RECORDS].find({}, {"name": 1})}
    for migration in migrations:
        if (name := applied.get(migration.number, migration.name)) != migration.name:
            raise MigrationsWrong(
                f"{store.name}: number {migration.number} was applied as {name}, not {migration.name}"
            )
    return [migration for migration in migrations if migration.number not in applied]


def refuse_older(store: Database[Document], migrations: Sequence[Migration]) -> None:
    """Do nothing if this code understands what is stored, be it of a later version.

    Raises:
        TooOld: an applied migration needs code that knows more.
    """
    asking = store[RECORDS].find_one({"needs": {"$gt": len(migrations)}}, sort=[("_id", -1)])
    if asking:
        raise TooOld(f"{store.name}: {asking['name']} needs a version that knows number {asking['needs']}")


def wait_until_understood(client: MongoClient[Document], settings: Settings, service: str) -> None:
    """Wait for the database, then do nothing if what is stored there is whole, and this code understands it.

    Raises:
        RestoreUnfinished: what is stored is not all there.
        TooOld: as `refuse_older`.
    """
    migrations = known(service)
    while True:
        try:
            refuse_half_restored(client, settings)
            refuse_older(database(client, settings, service), migrations)
        except PyMongoError as error:
            if not is_away(error):
                raise
            log.warning("start_waits_for_database", error=repr(error))
            time.sleep(LOOK_EVERY)
        else:
            return


class _Lease:
    """Who holds it is the only one that migrates, as long as it renews in time; the database's clock counts."""

    def __init__(self, store: Database[Document], seconds: float) -> None:
        self._leases, self._holder = store[LEASES], uuid.uuid4().hex
        until = {"$add": ["$$NOW", int(seconds * 1000)]}
        self._mine: list[Document] = [{"$set": {"holder": self._holder, "until": until}}]

    def taken(self) -> bool:
        """Whether it is ours now."""
        self._leases.update_one({"_id": "migrate"}, {"$setOnInsert": {"holder": "", "until": _FREE}}, upsert=True)
        free = {"_id": "migrate", "$expr": {"$lte": ["$until", "$$NOW"]}}
        return self._leases.update_one(free, self._mine).matched_count == 1

    def renew(self) -> None:
        """Keep it for another while.

        Raises:
            _LeaseLost: somebody else has it.
        """
        if not self._leases.update_one({"_id": "migrate", "holder": self._holder}, self._mine).matched_count:
            raise _LeaseLost

    def give_back(self) -> None:
        """Let the next one begin at once."""
        self._leases.update_one({"_id": "migrate", "holder": self._holder}, {"$set": {"holder": "", "until": _FREE}})


def main(arguments: Sequence[str] | None = None) -> int:
    """Apply, or tell what would be applied; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description="Chuyển đổi dữ liệu · Migrate data")
    parser.add_argument("--service", choices=services(), help="only this one")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be applied")
    asked = parser.parse_args(arguments)
    settings = load(without=("amqp_uri",))
    with connect(settings, "migrations") as client:
        for service in [asked.service] if asked.service else services():
            try:
                say(foresee(client, settings, service) if asked.dry_run else migrate(client, settings, service))
            except NotSetUp as refused:
                say(refused.problems)
                return 1
    return 0


def foresee(client: MongoClient[Document], settings: Settings, service: str) -> list[str]:
    """A sentence for each that would be applied, with about how many documents have the old form; nothing changes."""
    refuse_half_restored(client, settings)
    store = database(client, settings, service)
    return [
        f"{store.name}: {migration.name}, khoảng {migration.left(store)} bản ghi · documents, about"
        for migration in pending(store, known(service))
    ]


def services() -> list[str]:
    """All services of this image."""
    return sorted(path.parent.name for path in SERVICES.glob("*/service.py"))


if __name__ == "__main__":
    sys.exit(main())
