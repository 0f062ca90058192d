"""Messages that nobody could read: what is known of them without their data, and the decision to remove them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import amqp
import orjson

from ops.queues import DEAD_LETTERS, declared_queues
from ops.report import Row
from shared.amqp import connect
from shared.persistence import connect as connect_database
from shared.persistence import database
from shared.restore_mark import DATABASE
from shared.settings import Settings

COLUMNS = ("queue", "id", "type", "subject", "died", "reason", "times", "bytes", "problem")
MOST = 100
"""How many of each queue are shown."""


class NoSuchQueue(Exception):
    """The broker has no queue of this name."""


def declared() -> list[str]:
    """All queues of dead letters that this version needs."""
    return [name for name in declared_queues() if name.startswith(DEAD_LETTERS)]


def look(uri: str, queues: Iterable[str]) -> Iterator[Row]:
    """The oldest messages of some queues; they stay there, because none is acknowledged.

    Raises:
        OSError, amqp.AMQPError: the broker does not answer.
    """
    connection = connect(uri, name="operator")
    try:
        for queue in queues:
            channel = connection.channel()
            try:
                for _ in range(MOST):
                    if (message := channel.basic_get(queue)) is None:
                        break
                    yield _row(queue, message)
                channel.close()  # which gives all of them back
            except amqp.NotFound:
                yield {"queue": queue, "problem": "is not there: run set-up"}
    finally:
        connection.collect()


def _row(queue: str, message: amqp.Message) -> Row:
    headers = message.properties.get("application_headers") or {}
    death: dict[str, Any] = next(iter(headers.get("x-death") or ()), {})
    told = _event(message.body)
    return {
        "queue": queue,
        "id": message.properties.get("message_id"),
        "type": told.get("type"),
        "subject": told.get("subject"),
        "died": death.get("time"),
        "reason": death.get("reason"),
        "times": death.get("count"),
        "bytes": len(message.body),
        "problem": "nobody could read it",
    }


def _event(body: str | bytes) -> dict[str, Any]:
    """What a message says it is, if it can be read that far."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def count(uri: str, queue: str) -> int:
    """How many messages a queue has.

    Raises:
        NoSuchQueue: it is not there.
    """
    connection = connect(uri, name="operator")
    try:
        return int(connection.channel().queue_declare(queue, passive=True).message_count)
    except amqp.NotFound as error:
        raise NoSuchQueue(queue) from error
    finally:
        connection.collect()


def purge(settings: Settings, queue: str, *, by: str, reason: str) -> int:
    """Remove all messages of a queue, and keep in `operations` who decided it; how many went.

    The decision is kept first, so that nothing goes of which nobody knows why.

    Raises:
        NoSuchQueue: it is not there.
    """
    waiting = count(settings.amqp_uri, queue)
    decision = {"queue": queue, "messages": waiting, "by": by, "reason": reason, "at": datetime.now(UTC)}
    with connect_database(settings, "operator") as client:
        database(client, settings, DATABASE)["purged"].insert_one(decision)
    connection = connect(settings.amqp_uri, name="operator")
    try:
        return int(connection.channel().queue_purge(queue))
    finally:
        connection.collect()
