"""What an operator can do about events that no retry could apply: see them, try again, or leave one out.

The command for it is `python -m ops parked`; operators' pages ask the watch, whose commands carry a key.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, MongoClient
from pymongo.database import Database

from shared.errors import Invalid, NotFound
from shared.persistence import Document, in_transaction, session

Waiting = dict[str, Any]


def list_parked(store: Database[Document], limit: int = 100) -> list[Waiting]:
    """The parked events, oldest first, without their data, which may be personal."""
    found = store["inbox_waiting"].find({"state": "parked"}, {"body.data": 0})
    return list(found.sort([("since", ASCENDING)]).limit(limit))


def read_parked(store: Database[Document], key: str) -> Waiting:
    """One parked event without its data, and under `held_behind` how many wait for it.

    Raises:
        NotFound: no such event is parked.
    """
    found = store["inbox_waiting"].find_one({"_id": key, "state": "parked"}, {"body.data": 0})
    if found is None:
        raise NotFound("parked_event_unknown", key=key)
    behind = {"subject": found["subject"], "exchange": found["exchange"], "seq": {"$gt": found["seq"]}}
    return found | {"held_behind": store["inbox_waiting"].count_documents(behind)}


def decided_before(store: Database[Document], key: str, command: Mapping[str, Any]) -> bool:
    """Whether a decision about an event was taken by this very command, which must not take it again.

    Raises:
        Invalid: the command's key was used for something else.
    """
    for collection in ("inbox_waiting", "inbox_discarded"):
        found = store[collection].find_one({"_id": key, "decisions.command.key": command["key"]}, {"decisions": 1})
        for decision in found["decisions"] if found else ():
            taken_by = decision.get("command") or {}
            if taken_by.get("key") == command["key"]:
                if taken_by["digest"] != command["digest"]:
                    raise Invalid("idempotency_key_reused")
                return True
    return False


def check_parked(store: Database[Document], key: str) -> None:
    """Find out, without changing anything, whether an event is parked.

    Raises:
        NotFound: no such event is.
    """
    if store["inbox_waiting"].find_one({"_id": key, "state": "parked"}, {"_id": 1}) is None:
        raise NotFound("parked_event_unknown", key=key)


def replay_parked(
    store: Database[Document], key: str, *, by: str, reason: str, command: Mapping[str, Any] | None = None
) -> None:
    """Have a parked event tried again now, with all attempts anew; for when the cause is repaired.

    Raises:
        NotFound: no such event is parked.
    """
    now = datetime.now(UTC)
    decision = _decision("replayed", now, by, reason, command)
    changed = store["inbox_waiting"].update_one(
        {"_id": key, "state": "parked"},
        {"$set": {"state": "failing", "attempts": 0, "next_at": now}, "$push": {"decisions": decision}},
    )
    if not changed.matched_count:
        raise NotFound("parked_event_unknown", key=key)


def discard_parked(
    client: MongoClient[Document],
    store: Database[Document],
    key: str,
    *,
    by: str,
    reason: str,
    command: Mapping[str, Any] | None = None,
) -> None:
    """Leave a parked event out for good and let its successors go on; it is kept in `inbox_discarded`.

    Raises:
        NotFound: no such event is parked.
    """

    def work() -> None:
        parked = store["inbox_waiting"].find_one_and_delete({"_id": key, "state": "parked"}, session=session())
        if parked is None:
            raise NotFound("parked_event_unknown", key=key)
        now = datetime.now(UTC)
        decision = _decision("discarded", now, by, reason, command)
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


def _decision(action: str, at: datetime, by: str, reason: str, command: Mapping[str, Any] | None) -> Document:
    """`command` is the key and digest of the request that brought it, where it came with one."""
    decided: Document = {"by": by, "at": at, "reason": reason, "action": action}
    return decided if command is None else decided | {"command": {name: command[name] for name in ("key", "digest")}}
