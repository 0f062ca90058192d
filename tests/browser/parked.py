"""An event that a listener cannot apply, as it comes about: it breaks its contract, so it is parked at once."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import amqp
import orjson
from pymongo import MongoClient

from shared.amqp import connect
from shared.contracts.document_routing.events import DocumentIssued
from shared.messaging.envelope import CONTENT_TYPE, source
from tests.support.running import eventually
from tests.support.stack import Stack

LISTENERS = ("document_routing", "one_stop_shop", "conference_booking")


@contextmanager
def parked_event(platform: Stack) -> Iterator[str]:
    """Which event is parked, as addresses name it; it is taken away at the end."""
    subject = uuid.uuid4().hex
    key = f"{DocumentIssued.exchange()}/{subject}/0000000001"
    with MongoClient[dict[str, object]](platform.mongo_uri, tz_aware=True) as client:
        inboxes = [client[f"{platform.prefix}{name}"]["inbox_waiting"] for name in LISTENERS]
        _announce(platform.amqp_uri, subject)
        for inbox in inboxes:
            eventually(lambda inbox=inbox: inbox.find_one({"_id": key, "state": "parked"}), "it is parked")  # type: ignore[misc]  # bound at once
        yield urlencode({"service": LISTENERS[0], "key": key})
        for inbox in inboxes:
            inbox.delete_one({"_id": key})


def _announce(amqp_uri: str, subject: str) -> None:
    body = {
        "specversion": "1.0",
        "id": f"{subject}:1",
        "source": source(DocumentIssued.exchange()),
        "type": DocumentIssued.type(),
        "subject": subject,
        "time": datetime.now(UTC).isoformat(),
        "sequence": "0000000001",
        "data": {"number": "of nothing"},
    }
    connection = connect(amqp_uri, name="test")
    try:
        message = amqp.Message(orjson.dumps(body), content_type=CONTENT_TYPE, delivery_mode=2)
        connection.channel().basic_publish(message, DocumentIssued.exchange(), DocumentIssued.type())
    finally:
        connection.close()
