"""Peer: FastAPI on uvloop, PyMongo's async client, aio-pika; dual write, as such services are usually written.

`GROUP_COMMIT=1` gives it the same group commit as the platform has, so that nobody is flattered.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import aio_pika
from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel, ConfigDict, EmailStr, Field
from pymongo import AsyncMongoClient, ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError

from tests.benchmarks import work

GROUP_COMMIT = os.environ.get("GROUP_COMMIT") == "1"


class Strict(BaseModel):
    """Refuses unknown fields, as the contract does."""

    model_config = ConfigDict(extra="forbid")


class Address(Strict):
    line: str = Field(min_length=1, max_length=200)
    commune: str = Field(min_length=1, max_length=100)
    province: str = Field(min_length=1, max_length=100)


class Person(Strict):
    applicant_class: str = Field("citizen", pattern="^(citizen|organisation|household_business)$")
    name: str = Field(min_length=1, max_length=200)
    identity_kind: str = "cccd"
    identity_number: str = Field(pattern=r"^\d{12}$")
    phone: str | None = Field(None, pattern=r"^\+?\d{8,15}$")
    email: EmailStr | None = None
    address: Address


class Component(Strict):
    component: str = Field(pattern="^[a-z][a-z0-9_]{0,63}$")
    file: str | None = None
    originals: int = Field(0, ge=0, le=99)
    certified_copies: int = Field(0, ge=0, le=99)
    photocopies: int = Field(0, ge=0, le=99)


class Delivery(Strict):
    method: str = Field(pattern="^(counter|post|online)$")


class Submission(Strict):
    procedure: str = Field(pattern=r"^\d\.\d{6}$")
    case: str | None = None
    agency: str = Field(pattern=r"^[A-Z]\d{2}(\.\d{2,3}){0,3}$")
    channel: int = Field(2, ge=1, le=3)
    content: str = Field("", max_length=500)
    owner: Person
    answers: dict[str, Any] = {}
    quantities: dict[str, int] = {}
    components: list[Component] = []
    delivery: Delivery


class GroupCommit:
    """Callers that arrive while a batch is under way go together in the next one."""

    def __init__(self, commit: Callable[[list[Any]], Awaitable[list[Any]]]) -> None:
        self.commit, self.waiting, self.running = commit, [], 0
        self.tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, item: Any) -> Any:
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append((item, answer))
        if self.running < 2:
            self.running += 1
            task = asyncio.create_task(self._run())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return await answer

    async def _run(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting[:100], self.waiting[100:]
            try:
                results = await self.commit([item for item, _ in batch])
            except Exception as error:
                results = [error] * len(batch)
            for (_, answer), result in zip(batch, results, strict=True):
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)
        self.running -= 1


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    client = AsyncMongoClient(os.environ["MONGO_URI"], w="majority", journal=True, maxPoolSize=100)
    database = client[os.environ["PEER_DATABASE"]]
    connection = await aio_pika.connect_robust(os.environ["AMQP_URI"].replace("pyamqp://", "amqp://"))
    channel = await connection.channel(publisher_confirms=True)
    app.state.applications, app.state.counters = database["applications"], database["counters"]
    app.state.exchange = await channel.get_exchange(work.EXCHANGE)
    app.state.group = GroupCommit(lambda batch: store_together(app, batch))
    yield
    await connection.close()
    await client.close()


app = FastAPI(lifespan=lifespan, default_response_class=ORJSONResponse)


async def take_numbers(app: FastAPI, agency: str, count: int) -> int:
    """The first of `count` numbers of today."""
    row = await app.state.counters.find_one_and_update(
        {"_id": work.counter_of(agency, work.now())},
        {"$inc": {"n": count}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return int(row["n"]) - count + 1


async def publish(app: FastAPI, document: dict[str, Any]) -> None:
    """The event, persistent, with its confirm."""
    message = aio_pika.Message(work.event_of(document), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await app.state.exchange.publish(message, routing_key="application_submitted.v1")


async def store_together(app: FastAPI, batch: list[tuple[dict[str, Any], str]]) -> list[Any]:
    """One counter update, one insert_many, and the events with all confirms awaited together."""
    first = await take_numbers(app, batch[0][0]["agency"], len(batch))
    documents = [work.build(body, key, first + index) for index, (body, key) in enumerate(batch)]
    results: list[Any] = list(documents)
    try:
        await app.state.applications.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        for failure in error.details["writeErrors"]:
            results[failure["index"]] = DuplicateKeyError("duplicate")
    await asyncio.gather(*(publish(app, row) for row in results if isinstance(row, dict)))
    return results


@app.post("/api/v1/applications", status_code=201)
async def submit(
    body: Submission, authorization: Annotated[str, Header()], idempotency_key: Annotated[str, Header()]
) -> dict[str, Any]:
    """Submit as the platform's route does."""
    if authorization != f"Bearer {work.TOKEN}":
        raise HTTPException(401)
    data = body.model_dump()
    if GROUP_COMMIT:
        return work.receipt_of(await app.state.group((data, idempotency_key)))
    document = work.build(data, idempotency_key, await take_numbers(app, body.agency, 1))
    try:
        await app.state.applications.insert_one(document)
    except DuplicateKeyError:
        document = await app.state.applications.find_one({"_id": document["_id"]})
    await publish(app, document)
    return work.receipt_of(document)
