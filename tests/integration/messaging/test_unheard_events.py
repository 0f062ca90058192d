"""Events that are not known here or have no queue, and services that were away."""

import amqp

from shared.contracts.base import Event
from tests.integration.messaging.heard import INBOX, Ask, Databases, heard, is_announced, redeliver, told
from tests.support.running import RunningService, eventually


def test_a_newer_event_that_is_not_known_here_is_passed_over(
    hearer: RunningService, mongo: Databases, channel: amqp.Channel
) -> None:
    base = {
        "specversion": "1.0",
        "source": "/teller/story",
        "subject": "new",
        "time": "2026-01-01T00:00:00+00:00",
    }
    redeliver(channel, base | {"id": "new:1", "type": "story_sung.v7", "sequence": "1", "data": {"notes": 3}})
    redeliver(channel, base | {"id": "new:2", "type": "story_told.v1", "sequence": "2", "data": {"text": "x"}})
    assert [part["seq"] for part in heard(mongo, "new", 1)] == [2]
    assert all(event.name != "story_sung" for event in Event.registry.values())


def test_a_service_that_was_away_catches_up(
    teller: RunningService, hearer: RunningService, bus: Ask, mongo: Databases
) -> None:
    hearer.terminate()
    for number in range(30):
        bus("teller", "tell", {"story": f"away {number % 3}", "text": str(number)})
    hearer.start_ready()
    for story in range(3):
        parts = heard(mongo, f"away {story}", 10)
        assert [part["text"] for part in parts] == [str(number) for number in range(story, 30, 3)]


def test_an_entry_that_is_no_event_holds_up_no_other(teller: RunningService, bus: Ask, mongo: Databases) -> None:
    bus("teller", "tell", {"story": "defect", "text": "x"})
    is_announced(mongo, "defect")
    mongo("teller")["stories"].update_one(
        {"_id": "defect"}, {"$set": {"outbox": [1], "history.0.data": {"text": b"not for JSON"}}}
    )
    eventually(lambda: teller.metric('events_publish_failed_total{reason="defect"}') > 0, "the sweep found it")
    bus("teller", "tell", {"story": "defect 2", "text": "x"})
    is_announced(mongo, "defect 2")
    mongo("teller")["stories"].delete_one({"_id": "defect"})


def test_an_event_without_a_queue_stays_in_the_outbox(
    teller: RunningService, hearer: RunningService, bus: Ask, mongo: Databases, channel: amqp.Channel
) -> None:
    hearer.terminate()
    channel.queue_delete(INBOX)
    bus("teller", "tell", {"story": "unheard", "text": "patience"})
    eventually(lambda: teller.metric('events_publish_failed_total{reason="returned"}') > 0, "it came back")
    assert told(mongo, "unheard")["outbox"] == [1]
    hearer.start_ready()
    assert [part["text"] for part in heard(mongo, "unheard", 1)] == ["patience"]
    is_announced(mongo, "unheard")
