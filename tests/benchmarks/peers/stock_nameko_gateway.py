"""Peer: the usual gateway before a stock Nameko service, threads and a pool of cluster proxies."""

import os
import queue
from typing import Any

import orjson
from flask import Flask, Response, request
from marshmallow import ValidationError
from nameko.standalone.rpc import ClusterRpcProxy

from shared.contracts.one_stop_shop.application_requests import SubmitApplication
from tests.benchmarks import work

app = Flask(__name__)
schema = SubmitApplication()
pool: "queue.LifoQueue[Any]" = queue.LifoQueue()


def proxy() -> Any:
    """A free proxy of the pool, or a new one."""
    try:
        return pool.get_nowait()
    except queue.Empty:
        return ClusterRpcProxy({"AMQP_URI": os.environ["AMQP_URI"]}, timeout=10).start()


@app.post("/api/v1/applications")
def submit() -> Response:
    """Submit as the platform's route does."""
    if request.headers.get("Authorization") != f"Bearer {work.TOKEN}":
        return Response("{}", 401, mimetype="application/json")
    body = orjson.loads(request.data)
    try:
        schema.load(body)
    except ValidationError as error:
        return Response(orjson.dumps(error.normalized_messages()), 422, mimetype="application/json")
    cluster = proxy()
    receipt = cluster.stock.submit(body, request.headers["Idempotency-Key"])
    pool.put(cluster)
    return Response(orjson.dumps(receipt), 201, mimetype="application/json")
