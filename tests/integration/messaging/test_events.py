"""Events from one service process to another: announced after the write, applied once and in order."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import amqp
import orjson
import pytest

from local.state import ROOT
from shared.history import verify
from tests.integration.messaging.heard import INBOX, Ask, Databases, heard, is_announced, published, redeliver, told
from tests.support.running import RunningService, eventually, running


def test_an_event_is_heard_with_its_correlation(teller: RunningService, bus: Ask, mongo: Databases) -> None:
    bus("teller", "tell", {"story": "one", "text": "Ngày xửa ngày xưa"}, correlation_id="who-asked")
    bus("teller", "pause", {"story": "one"})
    bus("teller", "tell", {"story": "one", "text": "hết"})
    parts = heard(mongo, "one", 2)
    assert [(part["seq"], part["text"]) for part in parts] == [(1, "Ngày xửa ngày xưa"), (3, "hết")]
    assert parts[0]["correlation"] == "who-asked"
    is_announced(mongo, "one")
    kept = told(mongo, "one")
    assert verify("one", kept["history"], version=3, head=kept["head"]) is None


def test_the_message_is_a_cloud_event(
    teller: RunningService, bus: Ask, mongo: Databases, channel: amqp.Channel
) -> None:
    channel.queue_declare("spy", exclusive=True)
    channel.queue_bind("spy", "teller.story", "#")
    bus("teller", "tell", {"story": "envelope", "text": "x"}, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")
    is_announced(mongo, "envelope")
    (message,) = published(channel, "spy")
    event = orjson.loads(message.body)
    entry = told(mongo, "envelope")["history"][0]
    assert message.properties["content_type"] == "application/cloudevents+json"
    assert message.properties["delivery_mode"] == 2
    assert event.pop("traceparent").startswith("00-" + "a" * 32)
    assert event.pop("correlationid")
    assert event == {
        "specversion": "1.0",
        "id": "envelope:1",
        "source": "/teller/story",
        "type": "story_told.v1",
        "subject": "envelope",
        "time": entry["at"].isoformat(),
        "datacontenttype": "application/json",
        "sequence": "0000000001",
        "historyhash": entry["hash"],
        "data": {"text": "x"},
    }


def test_copies_and_disorder_change_nothing(
    teller: RunningService, hearer: RunningService, bus: Ask, mongo: Databases, channel: amqp.Channel
) -> None:
    channel.queue_declare("spy", exclusive=True)
    channel.queue_bind("spy", "teller.story", "#")
    for text in "abcde":
        bus("teller", "tell", {"story": "copies", "text": text})
    heard(mongo, "copies", 5)
    is_announced(mongo, "copies")
    events = [orjson.loads(message.body) for message in published(channel, "spy")]
    for number in (5, 3, 1, 2, 4, 5, 1):
        redeliver(channel, events[number - 1] | {"subject": "mixed", "id": f"mixed:{number}"})
        redeliver(channel, events[number - 1])
    assert [part["text"] for part in heard(mongo, "mixed", 5)] == list("abcde")
    eventually(lambda: hearer.metric("messages_in_progress") == 0, "all copies are dealt with")
    assert [part["text"] for part in heard(mongo, "copies", 5)] == list("abcde")
    assert mongo("hearer")["inbox_waiting"].count_documents({"subject": "mixed"}) == 0


def test_what_a_crash_left_is_published_by_the_next_process(
    surroundings: dict[str, str],
    hearer: RunningService,
    bus: Ask,
    mongo: Databases,
    tmp_path: Path,
    teller: RunningService,
) -> None:
    with pytest.raises(Exception, match="service_timed_out"):
        bus("teller", "tell_and_die", {"story": "crash", "text": "kept"}, timeout=2)
    teller.wait_ended()
    assert told(mongo, "crash")["outbox"] == [1]
    teller.start_ready()
    assert [part["text"] for part in heard(mongo, "crash", 1)] == ["kept"]
    is_announced(mongo, "crash")


def test_a_failing_aggregate_holds_up_no_other_and_catches_up(
    teller: RunningService, hearer: RunningService, bus: Ask, mongo: Databases, mood: Path
) -> None:
    waiting = mongo("hearer")["inbox_waiting"]
    for text in ("bad", "after"):
        bus("teller", "tell", {"story": "trouble", "text": text})
    bus("teller", "tell", {"story": "calm", "text": "fine"})
    heard(mongo, "calm", 1)
    eventually(lambda: waiting.count_documents({"subject": "trouble"}) == 2, "both are kept back")
    failing = waiting.find_one({"subject": "trouble", "seq": 1})
    assert failing is not None
    assert (failing["state"], failing["error"]) == ("failing", "ValueError: cannot hear this")
    assert mongo("hearer")["heard"].find_one({"_id": "trouble"}) is None  # the effect was taken back
    eventually(lambda: hearer.metric('inbox_held{state="failing"}') == 1, "the metrics show it")
    mood.touch()
    try:
        assert [part["text"] for part in heard(mongo, "trouble", 2)] == ["bad", "after"]
    finally:
        mood.unlink()
    assert waiting.count_documents({"subject": "trouble"}) == 0


def decide(surroundings: dict[str, str], action: str, *arguments: str) -> list[dict[str, Any]]:
    """What an operator types, and the rows that it prints; that something is parked is a problem."""
    done = subprocess.run(
        [sys.executable, "-m", "ops", "parked", action, "hearer", *arguments, "--json"],
        cwd=ROOT,
        env=os.environ | surroundings,
        check=False,
        capture_output=True,
    )
    answer = orjson.loads(done.stdout)
    assert done.returncode == bool(answer["problems"]), done.stderr
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def test_a_broken_contract_is_parked_and_an_operator_decides(
    surroundings: dict[str, str],
    teller: RunningService,
    hearer: RunningService,
    bus: Ask,
    mongo: Databases,
    channel: amqp.Channel,
) -> None:
    database = mongo("hearer")
    for story in ("left out", "tried again"):
        bus("teller", "tell", {"story": story, "text": "start"})
        heard(mongo, story, 1)
        event = {
            "specversion": "1.0",
            "id": f"{story}:2",
            "source": "/teller/story",
            "type": "story_told.v1",
            "subject": story,
            "time": "2026-01-01T00:00:00+00:00",
            "sequence": "0000000002",
            "data": {},
        }
        redeliver(channel, event)
    eventually(lambda: len(decide(surroundings, "list")) == 2, "both are parked")
    rows = {row["subject"]: row for row in decide(surroundings, "list")}
    assert "start" not in str(rows)  # what may be personal
    assert "event_malformed" in rows["left out"]["error"]

    redeliver(
        channel, event | {"id": "left out:3", "subject": "left out", "sequence": "0000000003", "data": {"text": "end"}}
    )
    why = ["--by", "operator", "--reason", "sent by mistake"]
    decide(surroundings, "discard", rows["left out"]["key"], *why)
    assert [part["text"] for part in heard(mongo, "left out", 2)] == ["start", "end"]
    discarded = database["inbox_discarded"].find_one({"subject": "left out"})
    assert discarded is not None
    assert discarded["decisions"][0]["reason"] == "sent by mistake"

    database["inbox_waiting"].update_one({"subject": "tried again"}, {"$set": {"body.data": {"text": "repaired"}}})
    decide(surroundings, "replay", rows["tried again"]["key"], "--by", "operator", "--reason", "repaired")
    assert [part["text"] for part in heard(mongo, "tried again", 2)] == ["start", "repaired"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"not json", "application/cloudevents+json"),
        (b'{"specversion": "1.0"}', "application/cloudevents+json"),
        (b"\x80\x04.", "application/x-python-serialize"),
        (b"1", "application/json"),
    ],
)
def test_trap_03_an_unreadable_message_is_kept_in_the_dead_letter_queue(
    hearer: RunningService, channel: amqp.Channel, depth: Callable[[str], int], body: bytes, content_type: str
) -> None:
    channel.basic_publish(amqp.Message(body, content_type=content_type, delivery_mode=2), routing_key=INBOX)
    eventually(lambda: depth(f"dlq.{INBOX}") == 1, "it is in the dead-letter queue")
    (dead,) = published(channel, f"dlq.{INBOX}")
    assert dead.body == body
    assert dead.properties["application_headers"]["x-death"][0]["reason"] == "rejected"
    assert hearer.alive


def test_a_message_that_kills_its_reader_is_put_aside(channel: amqp.Channel, hearer: RunningService) -> None:
    """The limit is the broker's; this shows that the queue was declared with it."""
    hearer.kill()
    eventually(lambda: channel.queue_declare(INBOX, passive=True).consumer_count == 0, "nobody reads")
    redeliver(channel, {"deadly": True})
    eventually(lambda: channel.queue_declare(INBOX, passive=True).message_count == 1, "the message is there")
    attempts = 0
    while (message := channel.basic_get(INBOX)) is not None:
        attempts += 1
        channel.basic_reject(message.delivery_tag, requeue=True)
    assert attempts == 21  # the first delivery and twenty more
    hearer.start_ready()
    (dead,) = eventually(lambda: published(channel, f"dlq.{INBOX}"), "it is in the dead-letter queue")
    assert dead.properties["application_headers"]["x-death"][0]["reason"] == "delivery_limit"


def test_a_lost_event_is_asked_for_and_published_again(
    surroundings: dict[str, str],
    teller: RunningService,
    hearer: RunningService,
    bus: Ask,
    mongo: Databases,
    channel: amqp.Channel,
) -> None:
    hearer.terminate()
    for text in ("first", "second"):
        bus("teller", "tell", {"story": "gap", "text": text})
    is_announced(mongo, "gap")
    assert len(published(channel, INBOX)) == 2  # lost
    hearer.start_ready()
    bus("teller", "tell", {"story": "gap", "text": "third"})
    waiting = mongo("hearer")["inbox_waiting"]
    eventually(lambda: waiting.find_one({"subject": "gap"}), "the third waits")
    waiting.update_one({"subject": "gap"}, {"$set": {"next_at": told(mongo, "gap")["history"][0]["at"]}})
    assert [part["text"] for part in heard(mongo, "gap", 3)] == ["first", "second", "third"]


def test_due_work_is_done_once_also_after_downtime_and_beside_failures(
    surroundings: dict[str, str], teller: RunningService, bus: Ask, mongo: Databases, tmp_path: Path
) -> None:
    for number in range(5):
        bus("teller", "tell", {"story": f"due {number}", "text": "x", "due_in": 3})
    bus("teller", "tell", {"story": "due fail", "text": "x", "due_in": 1})
    teller.terminate()
    with running("teller", surroundings, tmp_path) as second:
        teller.start_ready()
        for number in range(5):
            assert [part["text"] for part in heard(mongo, f"due {number}", 2)] == ["x", "reminder"]
        failures = mongo("teller")["due_failures"]
        failure = eventually(lambda: failures.find_one({"_id": "stories/due fail"}), "the failure is noted")
        assert failure["error"] == "ValueError: cannot remind of due fail"
        assert second.alive
    assert all(told(mongo, f"due {number}")["version"] == 2 for number in range(5))
    assert told(mongo, "due fail")["next_due_at"] > failure["at"]
