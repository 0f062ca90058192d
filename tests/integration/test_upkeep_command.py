"""`python -m ops` sets up, catches up and clears dead letters on servers that hold nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import amqp
import orjson
import pytest
from pymongo import MongoClient

from local.state import ROOT
from shared.amqp import connect

Rows = list[dict[str, Any]]
QUEUE = "inbox.one_stop_shop.email_provisioning.agency"
pytestmark = pytest.mark.timeout(300)


class Operator:
    """Types commands on servers of its own."""

    def __init__(self, amqp_uri: str, mongo_uri: str, prefix: str) -> None:
        self.amqp_uri, self.mongo_uri, self.prefix = amqp_uri, mongo_uri, prefix

    def __call__(self, *arguments: str) -> tuple[int, Rows, str]:
        settings = {"AMQP_URI": self.amqp_uri, "MONGO_URI": self.mongo_uri, "MONGO_DATABASE_PREFIX": self.prefix}
        command = [sys.executable, "-m", "ops", *arguments, "--json"]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, check=False)
        rows: Rows = orjson.loads(done.stdout)["rows"] if done.stdout else []
        return done.returncode, rows, done.stderr.decode()


@pytest.fixture(scope="module")
def operator(module_broker_uri: str, mongo_uri: str, mongo_prefix: str) -> Iterator[Operator]:
    typed = Operator(module_broker_uri, mongo_uri, mongo_prefix)
    code, rows, said = typed("set-up", "--dry-run")
    assert code == 0, said
    planned = [row["part"] for row in rows]
    assert {row["result"] for row in rows} == {"would be run"}
    code, rows, said = typed("set-up")
    assert (code, [row["part"] for row in rows]) == (0, planned), said
    assert "shared.messaging.topology" in said, "what the parts say is shown while they work"
    yield typed
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        for name in client.list_database_names():
            if name.startswith(mongo_prefix):
                client.drop_database(name)


@pytest.fixture
def channel(operator: Operator) -> Iterator[amqp.Channel]:
    connection = connect(operator.amqp_uri, name="test")
    yield connection.channel()
    connection.collect()


def waiting(operator: Operator, queue: str) -> int:
    return next(row["waiting"] for row in operator("queues")[1] if row["queue"] == queue)


def test_nothing_is_left_to_migrate_after_set_up(operator: Operator) -> None:
    assert operator("migrations", "--dry-run")[:2] == (0, [])
    assert operator("migrations")[:2] == (0, [])
    assert operator("reconcile", "--dry-run")[0] == 0
    assert operator("failing")[:2] == (0, [])


def test_dead_letters_are_told_apart_without_their_data_and_removed_by_name(
    operator: Operator, channel: amqp.Channel
) -> None:
    body = orjson.dumps({"type": "agency_changed.v1", "subject": "H13.30", "data": {"name": "secret"}})
    channel.confirm_select()
    for text in (body, b"\x00 not even text"):
        channel.basic_publish_confirm(amqp.Message(text, delivery_mode=2, message_id="m"), routing_key=f"dlq.{QUEUE}")
    for _ in range(2):  # looking removes nothing
        code, rows, said = operator("dead-letters", "list", QUEUE)
        assert code == 1, said
        assert [(row["type"], row["subject"], row["id"]) for row in rows] == [
            ("agency_changed.v1", "H13.30", "m"),
            (None, None, "m"),
        ]
        assert "secret" not in str(rows)
    who = ("--by", "An", "--reason", "mended")
    assert operator("dead-letters", "purge", f"dlq.{QUEUE}", *who, "--dry-run")[1][0]["action"] == "would be purged"
    assert waiting(operator, f"dlq.{QUEUE}") == 2
    code, (row,), said = operator("dead-letters", "purge", f"dlq.{QUEUE}", *who)
    assert (code, row["messages"], row["action"]) == (0, 2, "purged"), said
    assert operator("dead-letters", "list")[:2] == (0, [])
    with MongoClient[dict[str, Any]](operator.mongo_uri) as client:
        (kept,) = client[f"{operator.prefix}operations"]["purged"].find()
    assert (kept["queue"], kept["messages"], kept["by"], kept["reason"]) == (f"dlq.{QUEUE}", 2, "An", "mended")


def test_only_queues_of_dead_letters_are_purged(operator: Operator) -> None:
    code, _, said = operator("dead-letters", "purge", "rpc-one_stop_shop", "--by", "An", "--reason", "x")
    assert code == 1
    assert "no service declares dlq.rpc-one_stop_shop" in said


def test_a_listener_is_sent_only_what_it_listens_to(operator: Operator) -> None:
    before = waiting(operator, "replay.email_provisioning")
    again = ("catch-up", "one_stop_shop", "email_provisioning.agency")
    assert operator(*again, "--dry-run")[1][0]["result"] == "would be asked for"
    assert waiting(operator, "replay.email_provisioning") == before
    code, (row,), said = operator(*again)
    assert (code, row["result"]) == (0, "asked for"), said
    assert waiting(operator, "replay.email_provisioning") == before + 1
    code, _, said = operator("catch-up", "one_stop_shop", "no.such")
    assert code == 1
    assert "email_provisioning.agency" in said
