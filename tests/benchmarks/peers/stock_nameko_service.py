"""Peer: Nameko as its documentation shows it, stock classes, one insert, one dispatched event."""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
from typing import Any  # noqa: E402

from nameko.containers import ServiceContainer  # noqa: E402
from nameko.events import EventDispatcher  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.rpc import rpc  # noqa: E402
from pymongo import MongoClient, ReturnDocument  # noqa: E402
from pymongo.errors import DuplicateKeyError  # noqa: E402

from tests.benchmarks import work  # noqa: E402


class Database(DependencyProvider):
    """The service's database."""

    def setup(self) -> None:
        client: MongoClient[dict[str, Any]] = MongoClient(os.environ["MONGO_URI"], w="majority", journal=True)
        self.database = client[os.environ["PEER_DATABASE"]]

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.database


class StockService:
    """Stores and dispatches, in this order."""

    name = "stock"
    database = Database()
    dispatch = EventDispatcher()

    @rpc
    def submit(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        """Submit as the platform's service does."""
        row = self.database["counters"].find_one_and_update(
            {"_id": work.counter_of(body["agency"], work.now())},
            {"$inc": {"n": 1}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        document = work.build(body, key, row["n"])
        try:
            self.database["applications"].insert_one(document)
        except DuplicateKeyError:
            document = self.database["applications"].find_one({"_id": document["_id"]})
        self.dispatch("application_submitted", work.event_of(document).decode())
        return work.receipt_of(document)


if __name__ == "__main__":
    container = ServiceContainer(StockService, config={"AMQP_URI": os.environ["AMQP_URI"], "max_workers": 10})
    container.start()
    container.wait()
