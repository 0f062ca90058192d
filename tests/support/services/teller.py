"""Owns stories: an aggregate with history and outbox, as small as one can be."""

import os
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.collection import Collection

from shared.contracts.principal import Principal
from shared.errors import Stale
from shared.history import Entry, next_entry
from shared.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.messaging.composition import Composition, Platform
from shared.messaging.rpc import rpc
from shared.observability import correlation_id, traceparent
from shared.persistence import Document, ensure_indexes
from tests.support.services.stories import StoryPaused, StoryTold

Announce = Callable[[str, Sequence[Entry]], None]


class Stories:
    """Tells, pauses and reminds."""

    def __init__(self, stories: Collection[Document], announce: Announce) -> None:
        self.stories = stories
        self._announce = announce

    def tell(self, story: str, text: str, *, due_in: float | None = None, silent: bool = False) -> int:
        """Append one part; `silent` leaves it to the sweep, as a crash before publishing would."""
        due = {} if due_in is None else {"next_due_at": datetime.now(UTC) + timedelta(seconds=due_in)}
        entry = self._append(story, StoryTold.type(), StoryTold.dump(text=text), due)
        if not silent:
            self._announce(story, [entry])
        return entry["seq"]

    def pause(self, story: str) -> int:
        """Append a part that nobody listens to."""
        entry = self._append(story, StoryPaused.type(), {}, {})
        self._announce(story, [entry])
        return entry["seq"]

    def remind(self, story: str) -> None:
        """Due work: tell that the time has come, once."""
        found = self.stories.find_one({"_id": story})
        if found is None or "fail" in story:
            raise ValueError(f"cannot remind of {story}")
        entry = self._entry(found, StoryTold.type(), StoryTold.dump(text="reminder"))
        self._write(found, entry, {"$unset": {"next_due_at": 1}})
        self._announce(story, [entry])

    def _append(self, story: str, kind: str, data: dict[str, Any], change: dict[str, Any]) -> Entry:
        found = self.stories.find_one({"_id": story})
        if found is None:
            found = {"_id": story, "version": 0, "head": "", "history": [], "outbox": []}
            self.stories.insert_one(found)
        entry = self._entry(found, kind, data)
        self._write(found, entry, {"$set": change} if change else {})
        return entry

    def _entry(self, found: Document, kind: str, data: dict[str, Any]) -> Entry:
        return next_entry(
            found["_id"],
            found["version"],
            found["head"],
            type=kind,
            at=datetime.now(UTC),
            data=data,
            actor={"sub": "test", "role": "operator", "agency": ""},
            correlation=correlation_id(),
            traceparent=traceparent(),
        )

    def _write(self, found: Document, entry: Entry, change: dict[str, Any]) -> None:
        updated = self.stories.update_one(
            {"_id": found["_id"], "version": found["version"]},
            {
                **change,
                "$inc": {"version": 1},
                "$push": {"history": entry, "outbox": entry["seq"]},
                "$set": {"head": entry["hash"], **change.get("$set", {})},
            },
        )
        if not updated.matched_count:
            raise Stale("stale")


class Wiring(Composition):
    """Builds the stories."""

    def build(self, platform: Platform) -> Stories:
        """Indexes too: a test has no set-up job."""
        collection = platform.database["stories"]
        ensure_indexes(collection, [OUTBOX_INDEX, DUE_INDEX])
        stories = Stories(collection, platform.announces("story", collection))
        platform.fires_due_work(collection, stories.remind)
        return stories


class Teller:
    """Tells stories."""

    name = "teller"
    stories = Wiring()

    @rpc
    def tell(self, request: dict[str, Any], principal: Principal | None) -> int:
        """Tell one part."""
        return self.stories.tell(**request)

    @rpc
    def pause(self, request: dict[str, Any], principal: Principal | None) -> int:
        """Tell nothing."""
        return self.stories.pause(**request)

    @rpc
    def tell_and_die(self, request: dict[str, Any], principal: Principal | None) -> None:
        """Write, and be killed before anything is published."""
        self.stories.tell(**request, silent=True)
        os.kill(os.getpid(), signal.SIGKILL)
