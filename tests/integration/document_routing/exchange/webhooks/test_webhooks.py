"""Webhooks on a real database and real sockets: signed, retried, isolated, paused with an alert, told again."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymongo import MongoClient
from standardwebhooks import Webhook, WebhookVerificationError

from local.state import ROOT
from services.document_routing.domain.subscription import RETRY_AFTER
from shared.errors import Conflict, Invalid, NotFound
from shared.history import verify
from tests.integration.document_routing.exchange.exchanging import issue
from tests.integration.document_routing.exchange.webhooks.telling import (
    PATIENCE_SECONDS,
    process_environment,
    state,
    subscribe,
    tell,
)
from tests.support.document_world import OPERATOR
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD
from tests.support.exchange_house import OTHER_SYSTEM, THEIR_SYSTEM, ExchangeHouse
from tests.support.receiver import HANG, OK, Receiver

LONG_AGO = datetime.now(UTC) - timedelta(hours=25)


def hurry(house: ExchangeHouse) -> None:
    """Let all pauses be over."""
    assert house.database is not None
    now = datetime.now(UTC)
    house.database["subscriptions"].update_many({}, {"$set": {"not_before": now}})
    house.database["webhook_deliveries"].update_many({"state": "waiting"}, {"$set": {"next_at": now}})
    house.database["subscriptions"].update_many({"next_at": {"$exists": True}}, {"$set": {"next_at": now}})


def deliveries(house: ExchangeHouse, subscription: dict[str, Any]) -> list[dict[str, Any]]:
    rows = house.ask("list_webhook_deliveries", OPERATOR, subscription=subscription["id"], limit=100)["items"]
    return list(rows)


def test_a_subscriber_is_told_in_a_signed_cloudevent(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    subscription = subscribe(house, receiver)
    document = issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription).get("last_success_at") is not None)

    (came,) = receiver.received
    told = Webhook(subscription["secret"]).verify(came.body, came.headers)
    assert (told["specversion"], told["type"], told["id"]) == ("1.0", "package_ready.v1", came.headers["webhook-id"])
    assert told["data"]["document"] == document
    assert told["data"]["package"] == told["subject"] == house.row("packages", document=document)["_id"]
    assert came.headers["Content-Type"] == "application/cloudevents+json"
    with pytest.raises(WebhookVerificationError):
        Webhook(subscription["secret"]).verify(came.body.replace("package_ready", "package_steady"), came.headers)

    (row,) = deliveries(house, subscription)
    assert (row["state"], row["attempts"], row["last_status"]) == ("delivered", 1, OK)
    health = house.ask("get_subscription", THEIR_SYSTEM, subscription=subscription["id"])
    assert (health["state"], health["failures"], health["waiting"]) == ("active", 0, 0)
    assert "secret" not in health
    assert "next_at" not in state(house, subscription), "nothing more is to be told"


def test_only_wanted_kinds_are_told(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    subscribe(house, receiver, "/statuses", kinds=["status"])
    both = subscribe(house, receiver, "/both")
    issue(house)
    tell(house, mongo_uri, lambda: state(house, both).get("last_success_at") is not None)
    assert receiver.paths() == ["/both"]


@pytest.mark.parametrize("status", [500, 404, 302, HANG])
def test_a_failure_is_tried_again_and_seen(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str, status: int
) -> None:
    receiver.answer = lambda path: status
    subscription = subscribe(house, receiver)
    issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["failures"] == 1)

    health = house.ask("list_subscriptions", THEIR_SYSTEM)["items"][0]
    assert (health["state"], health["failures"], health["waiting"]) == ("active", 1, 1)
    assert health["failing_since"] is not None
    assert ("no answer" if status == HANG else str(status)) in health["last_error"]
    stored = state(house, subscription)
    assert stored["not_before"] > stored["last_failure_at"]
    assert receiver.paths() == ["/hook"], "nobody is followed elsewhere"

    receiver.answer = lambda path: OK
    receiver.released.set()
    hurry(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["last_success_at"] is not None)
    (row,) = deliveries(house, subscription)
    assert (row["state"], row["attempts"]) == ("delivered", 2)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1, "the same id again"
    assert state(house, subscription)["failing_since"] is None


def test_one_poisonous_notification_does_not_stop_the_others(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    subscription = subscribe(house, receiver)
    first, second = issue(house), issue(house)
    poison = house.row("packages", document=first)["_id"]
    receiver.answer = lambda path: 400 if receiver.received[-1].body.count(poison) else OK
    tell(house, mongo_uri, lambda: state(house, subscription)["failures"] == 1)
    assert house.database is not None
    house.database["subscriptions"].update_one({"_id": subscription["id"]}, {"$set": {"not_before": datetime.now(UTC)}})
    tell(house, mongo_uri, lambda: state(house, subscription)["last_success_at"] is not None)
    states = {row["package"]: row["state"] for row in deliveries(house, subscription)}
    assert states == {poison: "waiting", house.row("packages", document=second)["_id"]: "delivered"}


def test_who_does_not_answer_for_a_day_is_paused_with_an_alert(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    receiver.answer = lambda path: 503
    subscription = subscribe(house, receiver)
    issue(house)
    house.alter("subscriptions", {"_id": subscription["id"]}, failing_since=LONG_AGO, failures=9)
    tell(house, mongo_uri, lambda: state(house, subscription)["status"] == "paused")

    stored = state(house, subscription)
    alert = stored["history"][-1]
    assert (alert["type"], alert["data"]["automatic"]) == ("subscription_paused.v1", True)
    assert alert["seq"] in stored["outbox"], "the service announces it"
    assert verify(stored["_id"], stored["history"], version=stored["version"], head=stored["head"]) is None
    assert "503" in stored["paused_reason"]
    issue(house)
    health = house.ask("get_subscription", OPERATOR, subscription=subscription["id"])
    assert (health["state"], health["waiting"]) == ("paused", 2), "what comes waits"

    receiver.answer = lambda path: OK
    resumed = house.ask("resume_subscription", OPERATOR, subscription=subscription["id"], reason="đã sửa")
    assert (resumed["state"], resumed["secret"]) == ("active", None)
    tell(house, mongo_uri, lambda: {row["state"] for row in deliveries(house, subscription)} == {"delivered"})


def test_the_process_pauses_what_is_hopeless_and_stops_in_order(
    client: MongoClient[dict[str, Any]], mongo_uri: str, receiver: Receiver, tmp_path: Path
) -> None:
    prefix = f"process_{id(tmp_path):x}_"
    house = ExchangeHouse(database=client[f"{prefix}document_routing"], client=client, folder=tmp_path)
    house.connect(DEPARTMENT, "system")
    receiver.answer = lambda path: 503
    subscription = subscribe(house, receiver)
    issue(house)
    house.alter("subscriptions", {"_id": subscription["id"]}, failing_since=LONG_AGO)
    environment = process_environment(mongo_uri, prefix)
    command = [sys.executable, "-m", "services.document_routing.webhooks"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while state(house, subscription)["status"] != "paused" and time.monotonic() < end and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert state(house, subscription)["status"] == "paused", said
    assert process.returncode == 0, said
    for name in (f"{prefix}document_routing", f"{prefix}document_routing_files"):
        client.drop_database(name)


def test_a_lone_notification_that_fails_for_a_day_pauses_its_subscription_and_is_told_after_all(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    receiver.answer = lambda path: 503
    subscription = subscribe(house, receiver)
    issue(house)
    failing_since = datetime.now(UTC) - sum(RETRY_AFTER, timedelta())
    health = {"failing_since": failing_since, "failures": 10, "patient": True}
    house.alter("subscriptions", {"_id": subscription["id"]}, **health)
    house.alter("webhook_deliveries", {"subscription": subscription["id"]}, attempts=10)
    tell(house, mongo_uri, lambda: state(house, subscription)["status"] == "paused")
    (row,) = deliveries(house, subscription)
    assert (row["state"], row["attempts"]) == ("waiting", 11)
    receiver.answer = lambda path: OK
    house.ask("resume_subscription", OPERATOR, subscription=subscription["id"], reason="đã sửa")
    tell(house, mongo_uri, lambda: deliveries(house, subscription)[0]["state"] == "delivered")


def test_nothing_is_told_again_by_hand_where_nobody_listens_any_more(house: ExchangeHouse, receiver: Receiver) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    (row,) = deliveries(house, subscription)
    house.ask("close_subscription", THEIR_SYSTEM, subscription=subscription["id"])
    with pytest.raises(Conflict, match="subscription_closed"):
        house.ask("resend_webhook_delivery", THEIR_SYSTEM, subscription=subscription["id"], delivery=row["id"])


def test_gone_means_gone(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    receiver.answer = lambda path: 410
    subscription = subscribe(house, receiver)
    issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["status"] == "paused")


def test_a_notification_is_told_again_by_hand(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    tell(house, mongo_uri, lambda: len(receiver.received) == 1)
    (row,) = deliveries(house, subscription)
    again = house.ask("resend_webhook_delivery", THEIR_SYSTEM, subscription=subscription["id"], delivery=row["id"])
    assert again["state"] == "waiting"
    tell(house, mongo_uri, lambda: len(receiver.received) == 2)
    assert receiver.received[0].headers["webhook-id"] == receiver.received[1].headers["webhook-id"] == row["id"]
    with pytest.raises(NotFound, match="webhook_delivery_unknown"):
        house.ask("resend_webhook_delivery", OPERATOR, subscription=subscription["id"], delivery="0" * 32)


def test_subscriptions_are_their_agencys(house: ExchangeHouse, receiver: Receiver) -> None:
    house.connect(OTHER_WARD, "system")
    subscription = subscribe(house, receiver)
    assert house.ask("list_subscriptions", OTHER_SYSTEM)["items"] == []
    assert [one["id"] for one in house.ask("list_subscriptions", OPERATOR)["items"]] == [subscription["id"]]
    for operation in ("get_subscription", "list_webhook_deliveries", "pause_subscription", "resume_subscription"):
        with pytest.raises(NotFound, match="subscription_unknown"):
            house.ask(operation, OTHER_SYSTEM, subscription=subscription["id"])


def test_a_subscription_is_paused_and_closed_by_its_agency(house: ExchangeHouse, receiver: Receiver) -> None:
    subscription = subscribe(house, receiver, key="subscribe-1")
    assert subscribe(house, receiver, key="subscribe-1") == subscription, "the same key, the same secret"
    paused = house.ask("pause_subscription", THEIR_SYSTEM, subscription=subscription["id"], reason="bảo trì")
    assert paused["state"] == "paused"
    closed = house.ask("close_subscription", THEIR_SYSTEM, subscription=subscription["id"])
    assert closed["state"] == "closed"
    with pytest.raises(Conflict, match="subscription_closed"):
        house.ask("resume_subscription", THEIR_SYSTEM, subscription=subscription["id"])
    issue(house)
    assert deliveries(house, subscription) == []


def test_an_unsafe_address_is_refused_at_once(house: ExchangeHouse) -> None:
    with pytest.raises(Invalid) as refused:
        house.ask("create_subscription", THEIR_SYSTEM, url="https://user:secret@qlvb.example.vn/")
    assert refused.value.fields[0]["code"] == "webhook_target_with_password"


def test_the_body_is_json(house: ExchangeHouse, receiver: Receiver) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    body = orjson.loads(house.row("webhook_deliveries", subscription=subscription["id"])["body"])
    assert body["datacontenttype"] == "application/json"
