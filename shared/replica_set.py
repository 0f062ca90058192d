"""Founds a replica set of one member: `python -m shared.replica_set HOST:PORT`, for a database server in a container.

Transactions need a replica set, and a server does not become one by itself. Running it again only waits until writes
are accepted.
"""

import sys
import time
from collections.abc import Sequence
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

NAME = "rs0"
PATIENCE_SECONDS = 120.0
_NOT_YET_INITIALISED = 94


def accepts_writes(place: str) -> bool:
    """Whether the server at `place` (HOST:PORT) accepts writes; if not, it is founded, or follows to a new place."""
    try:
        with MongoClient[dict[str, Any]](
            place, directConnection=True, serverSelectionTimeoutMS=200, timeoutMS=2000
        ) as client:
            hello = client.admin.command("hello")
            if not hello["isWritablePrimary"]:
                _found(client, {"_id": 0, "host": place})
            return bool(hello["isWritablePrimary"])
    except PyMongoError:
        return False


def _found(client: "MongoClient[dict[str, Any]]", member: dict[str, Any]) -> None:
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code == _NOT_YET_INITIALISED:
            client.admin.command("replSetInitiate", {"_id": NAME, "members": [member]})
        return
    if config["members"][0]["host"] != member["host"]:
        config["members"][0]["host"] = member["host"]
        client.admin.command("replSetReconfig", config, force=True)


def main(arguments: Sequence[str]) -> int:
    """Found it and wait; the exit code says whether it accepts writes."""
    (place,) = arguments
    until = time.monotonic() + PATIENCE_SECONDS
    while not accepts_writes(place):
        if time.monotonic() > until:
            sys.stdout.write(f"{place} accepts no writes after {PATIENCE_SECONDS:.0f} seconds\n")
            return 1
        time.sleep(0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
