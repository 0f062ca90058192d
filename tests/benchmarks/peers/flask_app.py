"""Peer: Flask under gunicorn's thread workers, PyMongo, a kombu connection per thread; dual write."""

import os
import threading
from typing import Any

import kombu
import orjson
from flask import Flask, Response, request
from marshmallow import ValidationError
from pymongo import MongoClient, ReturnDocument
from pymongo.errors import DuplicateKeyError

from shared.contracts.one_stop_shop.application_requests import SubmitApplication
from tests.benchmarks import work

app = Flask(__name__)
schema = SubmitApplication()
local = threading.local()
client: MongoClient[dict[str, Any]] = MongoClient(
    os.environ["MONGO_URI"], w="majority", journal=True, maxPoolSize=100, connect=False
)
database = client[os.environ["PEER_DATABASE"]]


def producer() -> kombu.Producer:
    """This thread's confirming producer."""
    if not hasattr(local, "producer"):
        connection = kombu.Connection(os.environ["AMQP_URI"], transport_options={"confirm_publish": True})
        local.producer = connection.Producer()
    return local.producer


def answer(status: int, body: Any) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, mimetype="application/json")


@app.post("/api/v1/applications")
def submit() -> Response:
    """Submit as the platform's route does."""
    if request.headers.get("Authorization") != f"Bearer {work.TOKEN}":
        return answer(401, {})
    body = orjson.loads(request.data)
    try:
        schema.load(body)
    except ValidationError as error:
        return answer(422, error.normalized_messages())
    row = database["counters"].find_one_and_update(
        {"_id": work.counter_of(body["agency"], work.now())},
        {"$inc": {"n": 1}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    document = work.build(body, request.headers["Idempotency-Key"], row["n"])
    try:
        database["applications"].insert_one(document)
    except DuplicateKeyError:
        document = database["applications"].find_one({"_id": document["_id"]}) or document
    producer().publish(
        work.event_of(document),
        exchange=work.EXCHANGE,
        routing_key="application_submitted.v1",
        delivery_mode=2,
        content_type="application/json",
        content_encoding="utf-8",
    )
    return answer(201, work.receipt_of(document))
