"""Every question of the exchange stands on an index and reads no more as packages, messages and webhooks pile up."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient, MongoClient, monitoring

from services.document_routing.adapters.webhook_lanes import Lanes
from services.document_routing.adapters.webhook_store import delivery_row
from services.document_routing.domain.subscription import healthy
from services.document_routing.ports_exchange import Notification
from tests.integration.document_routing.exchange.exchanging import issue
from tests.support.document_world import CLERK, OPERATOR
from tests.support.documents_in_memory import DEPARTMENT
from tests.support.exchange_house import THEIR_SYSTEM, ExchangeHouse

Document = dict[str, Any]
MANY, LIMIT = 3000, 20
NOW = datetime.now(UTC).replace(microsecond=0)
_ASKED = ("find", "filter", "projection", "sort", "limit", "skip", "hint", "aggregate", "pipeline")


class Overheard(monitoring.CommandListener):
    """The questions put to the database."""

    def __init__(self) -> None:
        self.commands: list[Document] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in ("find", "aggregate") and "$db" in event.command:
            self.commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


@pytest.fixture(scope="module")
def overheard() -> Overheard:
    return Overheard()


@pytest.fixture(scope="module")
def full(mongo_uri: str, mongo_prefix: str, overheard: Overheard, tmp_path_factory: Any) -> Iterator[ExchangeHouse]:
    """A house with one document that is known through and through, among thousands of other agencies' and its own."""
    name = f"{mongo_prefix}exchange_plans"
    with MongoClient[Document](mongo_uri, tz_aware=True, w="majority", event_listeners=[overheard]) as client:
        folder = tmp_path_factory.mktemp("plans")
        house = ExchangeHouse(database=client[name], client=client, folder=folder)
        house.connect(DEPARTMENT, "system")
        house.ask("create_subscription", THEIR_SYSTEM, url="http://127.0.0.1:9/hook")
        house.document = issue(house)  # type: ignore[attr-defined]
        _fill(house)
        yield house
        client.drop_database(name)
        client.drop_database(f"{name}_files")


def _fill(house: ExchangeHouse) -> None:
    """Thousands of everything, half of them the agency's own."""
    assert house.database is not None
    store = house.database
    package = store["packages"].find_one({})
    subscription = store["subscriptions"].find_one({})
    assert package is not None
    assert subscription is not None
    agencies = (DEPARTMENT, "H99.01")
    numbers = range(10, MANY)
    own = [{"agency": agencies[n % 2], "document": f"d{n}", "history": [], "outbox": []} for n in numbers]
    gone = {"due_work": [], "offered": False, "status": "done"}
    store["packages"].insert_many(
        {**package, **own[n - 10], **gone, "_id": f"p{n}", "position": n, "offered": n % 50 == 0} for n in numbers
    )
    store["messages"].insert_many(
        {"_id": f"m{n}", "newest": f"{n:06d}", "signature": None, **own[n - 10], **_message()} for n in numbers
    )
    store["subscriptions"].insert_many(
        {**subscription, **own[n - 10], **healthy(), "_id": f"s{n}", "next_at": NOW + timedelta(days=1)}
        for n in numbers
    )
    notices = (
        Notification(f"n{n}", subscription["_id"], DEPARTMENT, "t", "p", "{}", NOW - timedelta(seconds=n))
        for n in numbers
    )
    store["webhook_deliveries"].insert_many({"_id": one.id, **delivery_row(one)} for one in notices)
    store["message_log"].insert_many(
        {"_id": f"l{n}", "document": f"d{n % 7}", "seq": n, "entry": f"e{n}"} for n in numbers
    )


def _message() -> Document:
    plain = dict.fromkeys(("kind", "status_code", "exchange_id", "digest", "subject"), "")
    return {**plain, "business": 0, "receivers": [], "accepted_at": NOW, "files": [], "file": None}


QUESTIONS: list[tuple[str, Any, Document]] = [
    ("list_received_packages", THEIR_SYSTEM, {}),
    ("list_received_packages", THEIR_SYSTEM, {"kind": "document"}),
    ("list_received_packages", THEIR_SYSTEM, {"state": "all", "cursor": 1500}),
    ("list_sent_messages", THEIR_SYSTEM, {"cursor": "002000"}),
    ("list_partners", OPERATOR, {}),
    ("list_subscriptions", THEIR_SYSTEM, {}),
    ("list_subscriptions", OPERATOR, {"cursor": "s2"}),
]


@pytest.mark.parametrize(("operation", "principal", "asked"), QUESTIONS, ids=lambda one: str(one)[:40])
def test_lists_stand_on_an_index(
    full: ExchangeHouse, overheard: Overheard, client: MongoClient[Document], operation: str, principal: Any, asked: Any
) -> None:
    overheard.commands.clear()
    assert full.ask(operation, principal, limit=LIMIT, **asked)["items"] or operation == "list_partners"
    check(full, overheard, client, LIMIT + 1)


def test_what_is_known_of_one_document_is_found_by_it(
    full: ExchangeHouse, overheard: Overheard, client: MongoClient[Document]
) -> None:
    overheard.commands.clear()
    document = full.document  # type: ignore[attr-defined]
    assert full.ask("verify_evidence", CLERK, document=document)["intact"]
    assert full.ask("list_receipts", CLERK, document=document)["items"]
    check(full, overheard, client, 100)


def test_the_deliveries_of_a_subscription_stand_on_an_index(
    full: ExchangeHouse, overheard: Overheard, client: MongoClient[Document]
) -> None:
    (mine,) = full.ask("list_subscriptions", THEIR_SYSTEM, limit=1)["items"]
    overheard.commands.clear()
    full.ask("list_webhook_deliveries", THEIR_SYSTEM, subscription=mine["id"], limit=LIMIT)
    check(full, overheard, client, LIMIT + 1)


def test_the_sender_of_webhooks_reads_only_what_is_due(
    full: ExchangeHouse, overheard: Overheard, client: MongoClient[Document], mongo_uri: str
) -> None:
    assert full.database is not None
    name = full.database.name
    overheard.commands.clear()

    async def work() -> None:
        async with AsyncMongoClient[Document](mongo_uri, tz_aware=True, event_listeners=[overheard]) as opened:
            lanes = Lanes(opened[name])
            (lane,) = await lanes.claim(patient=False, limit=10, token="t")
            assert len(await lanes.due(lane["_id"], LIMIT)) == LIMIT
            await lanes.give_back(lane, {})

    asyncio.run(work())
    check(full, overheard, client, LIMIT + 1)


def check(full: ExchangeHouse, overheard: Overheard, judge: MongoClient[Document], most: int) -> None:
    """No question that was heard reads a collection through, sorts in memory, or reads more than it answers."""
    assert full.database is not None
    ours = [one for one in overheard.commands if one["$db"] == full.database.name]
    assert ours
    for command in ours:
        kept = {name: value for name, value in command.items() if name in _ASKED}
        if "aggregate" in kept:
            kept["cursor"] = {}
        answer = judge[full.database.name].command("explain", kept, verbosity="executionStats")
        inner = answer["stages"][0]["$cursor"] if "stages" in answer else answer
        plan = str(inner["queryPlanner"]["winningPlan"])
        if (command.get("find") or command.get("aggregate")) in ("agencies", "connections"):
            continue  # read whole every few seconds: a few hundred rows
        assert "COLLSCAN" not in plan, command
        assert "'SORT'" not in plan, command
        if "aggregate" not in kept:
            assert inner["executionStats"]["totalDocsExamined"] <= most, command
