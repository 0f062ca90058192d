"""Listens to stories and writes down what it hears, in the order in which it hears it."""

import os
from pathlib import Path

from pymongo.collection import Collection

from shared.contracts.base import ReceivedEvent
from shared.messaging.composition import Composition, Platform
from shared.messaging.handles import handles
from shared.observability import correlation_id
from shared.persistence import Document, session
from tests.support.services.stories import StoryTold


class Wiring(Composition):
    """Builds nothing but the collection."""

    def build(self, platform: Platform) -> Collection[Document]:
        """Where the heard stories are."""
        return platform.database["heard"]


class Hearer:
    """Hears stories."""

    name = "hearer"
    heard = Wiring()

    @handles(StoryTold)
    def on_story_told(self, event: ReceivedEvent) -> None:
        """Write it down; the text `bad` fails after that as long as the file `HEARER_MOOD` does not say otherwise."""
        part = {"seq": event.sequence, "text": event.data["text"], "correlation": correlation_id()}
        self.heard.update_one({"_id": event.subject}, {"$push": {"parts": part}}, upsert=True, session=session())
        if event.data["text"] == "bad" and not Path(os.environ["HEARER_MOOD"]).exists():
            raise ValueError("cannot hear this")
