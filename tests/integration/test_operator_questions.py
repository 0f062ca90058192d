"""What the watch answers operators over REST, on the running platform: questions, decisions once, and nobody else."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from tests.browser.parked import parked_event
from tests.support.running import eventually
from tests.support.stack import Stack

pytestmark = pytest.mark.timeout(300)


def ask(stack: Stack, path: str, login: str = "operator", **query: str) -> httpx.Response:
    """The answer to a question."""
    with stack.client(login) as client:
        return client.get(f"/api/v1/operations{path}", params=query)


def order(stack: Stack, path: str, body: dict[str, str], key: str = "") -> httpx.Response:
    """The answer to a command."""
    with stack.client("operator") as client:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return client.post(f"/api/v1/operations{path}", json=body, headers=headers)


def test_every_part_and_queue_is_told(own_platform: Stack) -> None:
    parts = ask(own_platform, "/parts").json()["parts"]
    assert [one["part"] for one in parts if not one["well"]] == []
    assert {one["part"] for one in parts if one["kind"] == "process"} == set(own_platform.platform.health) - {"watch"}
    queues = ask(own_platform, "/queues").json()["queues"]
    assert {one["standing"] for one in queues} == {"well"}
    assert any(one["queue"] == "rpc-one_stop_shop" and one["readers"] for one in queues)
    waiting = ask(own_platform, "/waiting").json()
    assert {one["service"] for one in waiting["waiting"]} >= {"one_stop_shop", "email_provisioning"}
    assert waiting["failed"] == []


def test_a_decision_is_taken_once_and_kept_with_its_reason(own_platform: Stack) -> None:
    with parked_event(own_platform) as which, MongoClient[dict[str, Any]](own_platform.mongo_uri) as client:
        event = dict(httpx.QueryParams(which).items())
        store = client[f"{own_platform.prefix}{event['service']}"]
        keys = [one["key"] for one in ask(own_platform, "/parked-events").json()["events"]]
        assert event["key"] in keys
        told = ask(own_platform, "/parked-events/one", **event).json()
        assert told["error"].startswith("Invalid: event_malformed")
        assert "of nothing" not in str(told)
        key, body = uuid.uuid4().hex, event | {"reason": "Đã mở rộng hợp đồng"}
        first = order(own_platform, "/parked-events/replay", body, key)
        assert first.status_code == 200, first.text
        eventually(_parked(store, event["key"]), "it breaks its contract still")
        assert order(own_platform, "/parked-events/replay", body, key).json() == first.json()
        other = order(own_platform, "/parked-events/replay", body | {"reason": "Khác"}, key)
        assert other.json()["code"] == "idempotency_key_reused"
        decisions = ask(own_platform, "/parked-events/one", **event).json()["decisions"]
        assert [(one["action"], one["by"], one["reason"]) for one in decisions] == [
            ("replayed", "operator", "Đã mở rộng hợp đồng")
        ]
        key = uuid.uuid4().hex
        answers = [order(own_platform, "/parked-events/discard", body, key) for _time in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        kept = store["inbox_discarded"].find_one({"_id": event["key"]}) or {}
        assert [one["action"] for one in kept["decisions"]] == ["replayed", "discarded"]
        assert order(own_platform, "/parked-events/discard", body).status_code == 404


def _parked(store: Any, key: str) -> Callable[[], Any]:
    return lambda: store["inbox_waiting"].find_one({"_id": key, "state": "parked"})


@pytest.mark.parametrize("service", ["nobody", "operations"])
def test_an_event_of_nobody_is_not_there(own_platform: Stack, service: str) -> None:
    answer = ask(own_platform, "/parked-events/one", service=service, key="a/b/0000000001")
    assert (answer.status_code, answer.json()["code"]) == (404, "parked_event_unknown")


def test_histories_are_found_by_the_names_of_things_and_judged(own_platform: Stack) -> None:
    (found,) = ask(own_platform, "/audit", q="H13.30.01").json()["found"]
    assert (found["service"], found["kind"], found["intact"]) == ("email_provisioning", "agencies", True)
    assert found["history"][-1]["type"] == "agency_registered.v1"
    assert "data" not in found["history"][-1]
    (nobodys,) = ask(own_platform, "/audit", q="H13.30.01", by="somebody").json()["found"]
    assert nobodys["history"] == []
    (kind,) = ask(own_platform, "/audit", q="H13.30.01", type="agency_registered.v1").json()["found"]
    assert [one["type"] for one in kind["history"]] == ["agency_registered.v1"]
    (none,) = ask(own_platform, "/audit", q="H13.30.01", type="agency_closed.v1").json()["found"]
    assert none["history"] == []
    assert ask(own_platform, "/audit", q="không có gì").json()["found"] == []
    assert (
        ask(own_platform, "/audit", q="h13.30.01").json()["found"]
        == ask(own_platform, "/audit", q="H13.30.01").json()["found"]
    )
    with MongoClient[dict[str, Any]](own_platform.mongo_uri) as client:
        agencies = client[f"{own_platform.prefix}email_provisioning"]["agencies"]
        victim = agencies.find_one({"_id": "H13.30.01"}, {"name": 1}) or {}
        agencies.update_one({"_id": "H13.30.01"}, {"$set": {"name": "Cơ quan khác"}})
        try:
            (altered,) = ask(own_platform, "/audit", q="H13.30.01").json()["found"]
            assert order(own_platform, "/chains/verification", {}).json()["running"]
            chains = eventually(lambda: _finished(own_platform), "all histories are read", seconds=120)
        finally:
            agencies.update_one({"_id": "H13.30.01"}, {"$set": {"name": victim["name"]}})
    assert (altered["intact"], altered["first_altered"]) == (False, 1)
    assert [(one["what"], one["first"]) for one in chains["found"] if one["altered"]] == [("agencies", "H13.30.01")]


def _finished(stack: Stack) -> dict[str, Any] | None:
    told: dict[str, Any] = ask(stack, "/chains").json()
    return told if told["at"] and not told["running"] else None


def test_only_operators_ask(own_platform: Stack) -> None:
    assert ask(own_platform, "/parts", login="clerk-xay-dung").status_code == 403
    assert ask(own_platform, "/parked-events", login="directory-can-tho").status_code == 403
