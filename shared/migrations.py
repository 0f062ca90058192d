"""What is stored takes a new form: numbered, forward only, and recorded beside the data.

    python -m shared.migrations [--service NAME] [--dry-run]

The set-up of each service applies its own before anything else. The version before goes on writing its form while pods
are replaced; so what is applied is gone through again, at each set-up and every night, until such code is shut out.
docs/how-to/change-what-is-stored.md says how one is written.
"""

import argparse
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared.job_runs import noted_run
from shared.migration_lease import LEASE_SECONDS, Lease, LeaseLost
from shared.observability import logger
from shared.persistence import Document, connect, database, is_away
from shared.restore_mark import refuse_half_restored
from shared.set_up import NotSetUp, say
from shared.settings import Settings, load

log = logger(__name__)

SERVICES = Path(__file__).resolve().parent.parent / "services"
FOLDER = "migrations"
RECORDS = "migrations"
LOOK_EVERY = 0.5
"""Seconds, while somebody else holds the lease or the database is away."""


class MigrationsWrong(NotSetUp):
    """They are not numbered without holes, or not what the database has recorded; the message says which."""


class TooOld(NotSetUp):
    """The data have taken a form that this version of the code does not know."""


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
    """Apply what is not applied yet, and go through what is open again; a sentence for each that changed something.

    Raises:
        MigrationsWrong: as `known`, or what is recorded has another name.
        RestoreUnfinished: what is stored is not all there.
        TooOld: as `refuse_older`.
    """
    refuse_half_restored(client, settings)
    store, migrations = database(client, settings, service), known(service)
    return repeat(store, migrations) + apply(store, migrations)


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
        lease = Lease(store, lease_seconds)
        if not lease.taken():
            time.sleep(LOOK_EVERY)
            continue
        try:
            said += _apply_next(store, waiting[0], lease)
        except LeaseLost:
            log.warning("migration_lease_lost", migration=waiting[0].name)
        finally:
            lease.give_back()
    return said


def _apply_next(store: Database[Document], migration: Migration, lease: Lease) -> list[str]:
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


def repeat(store: Database[Document], migrations: Sequence[Migration]) -> list[str]:
    """Give the new form to what the version before has stored since a migration was applied; a sentence for each.

    Without a lease: batches that ask for the old form in each write do no harm beside each other.
    """
    said = []
    for migration in open_ones(store, migrations):
        if changed := sum(iter(lambda of=migration: of.step(store), 0)):  # type: ignore[misc]
            store[RECORDS].update_one({"_id": migration.number}, {"$inc": {"changed_later": changed}})
            said.append(f"{store.name}: {migration.name}, {changed} bản ghi của bản trước · of the version before")
    return said


def open_ones(store: Database[Document], migrations: Sequence[Migration]) -> Iterator[Migration]:
    """Those that are applied while code may run that does not know them, and writes the form before them.

    Such code is shut out by the first later migration that needs them.
    """
    records = {row["_id"]: row["needs"] for row in store[RECORDS].find({}, {"needs": 1})}
    known_by_all = max(records.values(), default=0)
    return (one for one in migrations if one.number in records and one.number > known_by_all)


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Apply and repeat, or tell what would be changed; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description="Chuyển đổi dữ liệu · Migrate data")
    parser.add_argument("--service", choices=services(), help="only this one")
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be changed")
    asked = parser.parse_args(arguments)
    settings = load(without=("amqp_uri",))
    try:
        with connect(settings, "migrations") as client:
            if asked.dry_run or asked.service:
                act = foresee if asked.dry_run else migrate
                for service in [asked.service] if asked.service else services():
                    say(act(client, settings, service))
            else:
                _migrate_all(client, settings)
    except NotSetUp as refused:
        say(refused.problems)
        return 1
    return 0


def _migrate_all(client: MongoClient[Document], settings: Settings) -> None:
    """The job of every night."""
    with noted_run(settings, "migrations") as run:
        for service in services():
            said = migrate(client, settings, service)
            say(said)
            run.done += len(said)


def foresee(client: MongoClient[Document], settings: Settings, service: str) -> list[str]:
    """A sentence for each that would change something, with about how many documents; nothing changes."""
    refuse_half_restored(client, settings)
    store, migrations = database(client, settings, service), known(service)
    waiting = [(one, one.left(store)) for one in pending(store, migrations)]
    again = [(one, left) for one in open_ones(store, migrations) if (left := one.left(store))]
    return [
        f"{store.name}: {migration.name}, khoảng {left} bản ghi · documents, about"
        for migration, left in waiting + again
    ]


def services() -> list[str]:
    """All services of this image."""
    return sorted(path.parent.name for path in SERVICES.glob("*/service.py"))


if __name__ == "__main__":
    sys.exit(main())
