"""The floor: what the database and the broker give when nothing else is in the way.

Per item one insert of the same document (majority, journaled) and one persistent publish with its confirm, in one
process with one thread or sixteen: no HTTP, no RPC, no validation, no code, no idempotency.
"""

import os
import threading
import time
import uuid
from typing import Any

import kombu
from pymongo import MongoClient

from tests.benchmarks import work


def measure_floor(mongo_uri: str, amqp_uri: str, database: str, *, threads: int, seconds: float) -> float:
    """Items per second."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_uri, w="majority", journal=True, maxPoolSize=threads + 1)
    collection = client[database]["applications"]
    done, end = [0] * threads, time.perf_counter() + seconds

    def run(index: int) -> None:
        with kombu.Connection(amqp_uri, transport_options={"confirm_publish": True}) as connection:
            producer = connection.Producer()
            while time.perf_counter() < end:
                document = work.build(work.BODY, uuid.uuid4().hex, done[index] + 1)
                document["code"] = document["_id"]
                collection.insert_one(document)
                producer.publish(
                    work.event_of(document),
                    exchange=work.EXCHANGE,
                    routing_key="application_submitted.v1",
                    delivery_mode=2,
                    content_type="application/json",
                    content_encoding="utf-8",
                )
                done[index] += 1

    workers = [threading.Thread(target=run, args=(index,)) for index in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    client.close()
    return sum(done) / (time.perf_counter() - start)


if __name__ == "__main__":
    for count in (1, 16):
        rate = measure_floor(os.environ["MONGO_URI"], os.environ["AMQP_URI"], "bench_floor", threads=count, seconds=5)
        print(count, round(rate))  # noqa: T201
