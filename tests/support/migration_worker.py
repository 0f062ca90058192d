"""A job that migrates: `python -m tests.support.migration_worker URI DATABASE BATCHES`; killed after so many, 0 never.

Documents of the old form say `name`; the new form says `full_name`, and counts how often it was changed.
"""

import os
import signal
import sys
import time
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from shared.migrations import Migration, apply

BATCH = 10
OLD = {"name": {"$exists": True}}

Store = Database[dict[str, Any]]


def step(store: Store) -> int:
    """Change ten."""
    rows = list(store["people"].find(OLD).limit(BATCH))
    for row in rows:
        change(store, row)
    return len(rows)


def change(store: Store, row: dict[str, Any]) -> None:
    """Give one the new form, if it still has the old one: another may have been quicker."""
    new = {"$set": {"full_name": row["name"]}, "$unset": {"name": ""}, "$inc": {"changed": 1}}
    store["people"].update_one({"_id": row["_id"]} | OLD, new)


def left(store: Store) -> int:
    """How many have the old form."""
    return store["people"].count_documents(OLD)


RENAME = Migration(1, "m0001_full_names", 0, step, left)


def dying_after(batches: int) -> Migration:
    """The same, but the process is killed in the middle of a batch."""
    done = 0

    def die(store: Store) -> int:
        nonlocal done
        done += 1
        time.sleep(0.02)
        if done == batches:
            change(store, store["people"].find_one(OLD))
            os.kill(os.getpid(), signal.SIGKILL)
        return step(store)

    return Migration(RENAME.number, RENAME.name, RENAME.needs, die, left)


if __name__ == "__main__":
    uri, name, batches = sys.argv[1:]
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        sys.stdout.writelines(f"{line}\n" for line in apply(client[name], [dying_after(int(batches))], lease_seconds=2))
