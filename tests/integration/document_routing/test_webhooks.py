"""Webhooks on a real database and real sockets: signed, retried, isolated, paused with an alert, told again."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymongo import AsyncMongoClient, MongoClient
from standardwebhooks import Webhook, WebhookVerificationError

from local.state import ROOT
from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.adapters.webhook_lanes import Lanes
from services.document_routing.adapters.webhook_sender import WebhookSender
from services.document_routing.domain.subscription import RETRY_AFTER
from services.document_routing.usecases.exchange_pause import pause_by_itself
from shared.errors import Conflict, Invalid, NotFound
from shared.history import verify
from tests.integration.document_routing.test_exchange import issue
from tests.support.certificates import seal_of
from tests.support.document_world import DEPARTMENT, OPERATOR, OTHER_WARD
from tests.support.exchange_house import OTHER_SYSTEM, THEIR_SYSTEM, ExchangeHouse
from tests.support.receiver import HANG, OK, Receiver, listening

PATIENCE_SECONDS = 30.0
LONG_AGO = datetime.now(UTC) - timedelta(hours=25)


@pytest.fixture
def house(client: MongoClient[dict[str, Any]], tmp_path: Path) -> Iterator[ExchangeHouse]:
    name = f"webhooks_{tmp_path.name}_{id(tmp_path):x}"[-50:]
    made = ExchangeHouse(database=client[name], client=client, folder=tmp_path, seal=seal_of("Trục Chung"))
    made.connect(DEPARTMENT, "system")
    yield made
    client.drop_database(name)
    client.drop_database(f"{name}_files")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as opened:
        yield opened


def subscribe(house: ExchangeHouse, receiver: Receiver, path: str = "/hook", **rest: Any) -> dict[str, Any]:
    answer: dict[str, Any] = house.ask("create_subscription", THEIR_SYSTEM, url=receiver.url(path), **rest)
    house.settle()
    return answer


def tell(house: ExchangeHouse, uri: str, until: Callable[[], bool], **rest: Any) -> None:
    """Let the sender work until something is so."""
    assert house.database is not None
    name = house.database.name

    async def work() -> None:
        async with AsyncMongoClient[dict[str, Any]](uri, tz_aware=True, w="majority") as client:
            targets = rest.get("targets") or PublicTargets(anything=True)
            sender = WebhookSender(Lanes(client[name]), targets, pause_by_itself, rest.get("seconds", 1.0))
            running = asyncio.create_task(sender.run())
            end = time.monotonic() + PATIENCE_SECONDS
            while not until() and time.monotonic() < end and not running.done():
                await asyncio.sleep(0.02)
            sender.stop()
            await running

    asyncio.run(work())
    assert until(), "it did not become so"


def state(house: ExchangeHouse, subscription: dict[str, Any]) -> dict[str, Any]:
    return house.row("subscriptions", _id=subscription["id"])


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


def test_names_that_nobody_answers_for_delay_only_themselves(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, over, resolve = [], threading.Event(), socket.getaddrinfo

    def hanging(host: str, *rest: Any, **more: Any) -> Any:
        if host.startswith("hangs"):
            asked.append(host)
            over.wait(20)
            raise socket.gaierror("nobody answered")
        return resolve("127.0.0.1" if host == "well.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    many = 40
    for number in range(many):
        url = f"http://hangs{number}.example:{receiver.port}/dead"
        house.ask("create_subscription", THEIR_SYSTEM, url=url)
    issue(house)
    began: list[float] = []

    def they_hang() -> bool:
        if len(asked) < 6:
            return False
        if not began:
            began.append(time.monotonic())
            url = f"http://well.example:{receiver.port}/well"
            house.ask("create_subscription", THEIR_SYSTEM, url=url)
            issue(house)
        if "/well" in receiver.paths():
            began.append(time.monotonic())
        return "/well" in receiver.paths()

    try:
        tell(house, mongo_uri, they_hang, seconds=10.0)
        assert began[1] - began[0] < 4.5, "before the first of them has run into its time limit"
    finally:
        over.set()


def test_sixty_are_told_though_the_sender_is_killed_twice(
    client: MongoClient[dict[str, Any]], mongo_uri: str, receiver: Receiver, tmp_path: Path
) -> None:
    prefix = f"killed_{id(tmp_path):x}_"
    house = ExchangeHouse(database=client[f"{prefix}document_routing"], client=client, folder=tmp_path)
    house.connect(DEPARTMENT, "system")
    receiver.answer = lambda path: time.sleep(0.02) or OK  # type: ignore[func-returns-value]
    subscriptions = [subscribe(house, receiver, f"/{number}") for number in range(6)]
    for _ in range(10):
        issue(house)
    assert house.database is not None
    told = house.database["webhook_deliveries"]
    wanted = {row["_id"] for row in told.find({}, {"_id": 1})}
    assert len(wanted) == 60
    environment = process_environment(mongo_uri, prefix)
    try:
        for kill_after in (15, 35, None):
            command = [sys.executable, "-m", "services.document_routing.webhooks"]
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
            try:
                enough = kill_after or len(wanted)
                end = time.monotonic() + PATIENCE_SECONDS
                while told.count_documents({"state": "delivered"}) < enough and time.monotonic() < end:
                    time.sleep(0.005)
            finally:
                process.send_signal(signal.SIGKILL if kill_after else signal.SIGTERM)
                process.wait(PATIENCE_SECONDS)
            over = datetime.now(UTC) - timedelta(seconds=1)  # as if the leases had run out
            leases = {"leased_until": over, "next_at": over}
            house.database["subscriptions"].update_many({"leased_until": {"$gt": over}}, {"$set": leases})
        assert told.count_documents({"state": "delivered"}) == 60
        came = Counter(one.headers["webhook-id"] for one in receiver.received)
        assert set(came) == wanted, "all were told, under the ids that they were given"
        doubled = sum(times - 1 for times in came.values())
        assert doubled <= 2 * len(subscriptions), "at most what was in flight on each lane when the sender was killed"
    finally:
        for name in (f"{prefix}document_routing", f"{prefix}document_routing_files"):
            client.drop_database(name)


def process_environment(mongo_uri: str, prefix: str) -> dict[str, str]:
    """What the sender is started with."""
    return {
        "PYTHONPATH": str(ROOT),
        "AMQP_URI": "not asked",
        "MONGO_URI": mongo_uri,
        "MONGO_DATABASE_PREFIX": prefix,
        "WEBHOOK_TARGETS": "any",
        "HEALTH_ADDRESS": "127.0.0.1",
    }


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


def test_a_dead_and_a_slow_subscriber_delay_nobody(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    receiver.answer = lambda path: OK if path.startswith("/well") else HANG
    for number in range(5):
        subscribe(house, receiver, f"/dead/{number}")
        subscribe(house, receiver, f"/well/{number}")
    for _ in range(3):
        issue(house)

    def all_well_are_told() -> bool:
        return sum(path.startswith("/well") for path in receiver.paths()) == 15

    began = time.monotonic()
    tell(house, mongo_uri, all_well_are_told, seconds=20.0)
    answered = [one for one in receiver.received if one.path.startswith("/dead")]
    assert len(answered) <= 5, "a dead one is asked once, not once per notification"
    assert time.monotonic() - began < PATIENCE_SECONDS + 25


def test_what_a_crashed_sender_held_is_told_by_another(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    assert house.database is not None
    name = house.database.name

    async def claim_and_die() -> int:
        async with AsyncMongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
            lanes = Lanes(client[name])
            held = await lanes.claim(patient=False, limit=10, token="died")
            return len(held) - len(await lanes.claim(patient=False, limit=10, token="second"))

    assert asyncio.run(claim_and_die()) == 1, "nobody else gets it while the lease lasts"
    over = datetime.now(UTC) - timedelta(seconds=1)
    house.alter("subscriptions", {"_id": subscription["id"]}, leased_until=over, next_at=over)
    tell(house, mongo_uri, lambda: receiver.paths() == ["/hook"])


def test_two_senders_tell_nothing_twice(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    for number in range(10):
        subscribe(house, receiver, f"/{number}")
    issue(house)
    assert house.database is not None
    name = house.database.name

    async def work() -> None:
        async with AsyncMongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority") as client:
            senders = [
                WebhookSender(Lanes(client[name]), PublicTargets(anything=True), pause_by_itself, 5.0) for _ in "ab"
            ]
            running = [asyncio.create_task(sender.run()) for sender in senders]
            end = time.monotonic() + PATIENCE_SECONDS
            while len(receiver.received) < 10 and time.monotonic() < end:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
            for sender in senders:
                sender.stop()
            await asyncio.gather(*running)

    asyncio.run(work())
    assert sorted(receiver.paths()) == sorted(f"/{number}" for number in range(10))


def test_inner_addresses_are_called_only_where_a_setting_allows_it(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["failures"] == 1, targets=PublicTargets())
    assert receiver.received == []
    assert "UnsafeTarget" in state(house, subscription)["last_error"]


def test_a_name_that_means_this_machine_is_not_called(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    class BelievesNames(PublicTargets):
        """Judges only addresses, as if the name had looked harmless."""

        def check(self, url: str) -> None:
            """Everything looks harmless."""

    subscription: dict[str, Any] = house.ask(
        "create_subscription", THEIR_SYSTEM, url=f"http://localhost:{receiver.port}/hook"
    )
    issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["failures"] == 1, targets=BelievesNames())
    assert receiver.received == []


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
