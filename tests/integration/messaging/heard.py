"""What services of tests tell and hear."""

from collections.abc import Callable
from typing import Any

import amqp
import orjson
from pymongo.database import Database

from tests.support.running import eventually

Ask = Callable[..., Any]
Databases = Callable[[str], Database[dict[str, Any]]]

INBOX = "inbox.hearer.teller.story"


def heard(mongo: Databases, story: str, count: int) -> list[dict[str, Any]]:
    """The parts of a story that were heard, once there are so many."""

    def look() -> list[dict[str, Any]] | None:
        found = mongo("hearer")["heard"].find_one({"_id": story}) or {"parts": []}
        return found["parts"] if len(found["parts"]) >= count else None

    return eventually(look, f"{count} parts of {story!r} are heard")


def told(mongo: Databases, story: str) -> dict[str, Any]:
    """The story as its owner keeps it."""
    found = mongo("teller")["stories"].find_one({"_id": story})
    assert found is not None
    return found


def is_announced(mongo: Databases, story: str) -> None:
    eventually(lambda: told(mongo, story)["outbox"] == [], f"nothing of {story!r} is left in the outbox")


def published(channel: amqp.Channel, queue: str) -> list[amqp.Message]:
    """Take all messages out of a queue."""
    messages = []
    while (message := channel.basic_get(queue, no_ack=True)) is not None:
        messages.append(message)
    return messages


def redeliver(channel: amqp.Channel, body: dict[str, Any], **properties: Any) -> None:
    """Put a message into the hearer's inbox."""
    kind = {"content_type": "application/cloudevents+json", "delivery_mode": 2}
    channel.basic_publish(amqp.Message(orjson.dumps(body), **kind | properties), routing_key=INBOX)
