"""What an operator can do about events that no retry could apply: see them, try again, or leave one out.

python -m shared.messaging.parked one_stop_shop list
python -m shared.messaging.parked one_stop_shop replay KEY --by NAME --reason TEXT
python -m shared.messaging.parked one_stop_shop discard KEY --by NAME --reason TEXT
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from pymongo import ASCENDING, MongoClient
from pymongo.database import Database

from shared.errors import NotFound
from shared.persistence import Document, connect, database, in_transaction, session
from shared.settings import load

Waiting = dict[str, Any]


def list_parked(store: Database[Document], limit: int = 100) -> list[Waiting]:
    """The parked events, oldest first, without their data, which may be personal."""
    found = store["inbox_waiting"].find({"state": "parked"}, {"body.data": 0})
    return list(found.sort([("since", ASCENDING)]).limit(limit))


def replay_parked(store: Database[Document], key: str, *, by: str, reason: str) -> None:
    """Have a parked event tried again now, with all attempts anew; for when the cause is repaired.

    Raises:
        NotFound: no such event is parked.
    """
    now = datetime.now(UTC)
    decision = {"by": by, "at": now, "reason": reason, "action": "replayed"}
    changed = store["inbox_waiting"].update_one(
        {"_id": key, "state": "parked"},
        {"$set": {"state": "failing", "attempts": 0, "next_at": now}, "$push": {"decisions": decision}},
    )
    if not changed.matched_count:
        raise NotFound("parked_event_unknown", key=key)


def discard_parked(client: MongoClient[Document], store: Database[Document], key: str, *, by: str, reason: str) -> None:
    """Leave a parked event out for good and let its successors go on; it is kept in `inbox_discarded`.

    Raises:
        NotFound: no such event is parked.
    """

    def work() -> None:
        parked = store["inbox_waiting"].find_one_and_delete({"_id": key, "state": "parked"}, session=session())
        if parked is None:
            raise NotFound("parked_event_unknown", key=key)
        now = datetime.now(UTC)
        decision = {"by": by, "at": now, "reason": reason, "action": "discarded"}
        kept = parked | {"decisions": [*parked.get("decisions", []), decision]}
        store["inbox_discarded"].insert_one(kept, session=session())
        store["inbox_cursors"].update_one(
            {"_id": f"{parked['exchange']}/{parked['subject']}", "seq": parked["seq"] - 1},
            {"$set": {"seq": parked["seq"], "at": now}, "$inc": {"held": -1}},
            session=session(),
        )
        store["inbox_waiting"].update_many(
            {"subject": parked["subject"], "exchange": parked["exchange"], "state": "waiting"},
            {"$set": {"next_at": now}},
            session=session(),
        )

    in_transaction(client, work)


def main(arguments: Sequence[str]) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("service", help="the listening service")
    parser.add_argument("action", choices=["list", "replay", "discard"])
    parser.add_argument("key", nargs="?", help="the _id of the listed event")
    parser.add_argument("--by", help="who decides")
    parser.add_argument("--reason", help="why")
    asked = parser.parse_args(arguments)
    settings = load()
    with connect(settings, "operator") as client:
        store = database(client, settings, asked.service)
        if asked.action == "list":
            for row in list_parked(store):
                sys.stdout.write(orjson.dumps(row, default=str).decode() + "\n")
        elif not (asked.key and asked.by and asked.reason):
            parser.error("KEY, --by and --reason are needed")
        else:
            try:
                if asked.action == "replay":
                    replay_parked(store, asked.key, by=asked.by, reason=asked.reason)
                else:
                    discard_parked(client, store, asked.key, by=asked.by, reason=asked.reason)
            except NotFound:
                parser.error(f"{asked.service} has no parked event with the key {asked.key}; `list` shows the keys")


if __name__ == "__main__":
    main(sys.argv[1:])
