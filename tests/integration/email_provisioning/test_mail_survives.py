"""Workers are killed in the midst of changing mailboxes: what is stored afterwards is right, and work goes on."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from services.email_provisioning.domain.mail.states import COUNTED
from shared.history import verify
from tests.architecture.sources import REPO
from tests.support.directory import ADMIN, DirectoryWorld
from tests.support.mail_worker import AGENCIES
from tests.support.mailboxes import RULES

Document = dict[str, Any]
SOON_GIVEN_UP = 3
"""Seconds after which the database gives up a transaction whose process is dead; until then others wait for it."""

PEOPLE, WORKERS, ROUNDS, SECONDS = 60, 3, 4, 1.5


@pytest.fixture
def dead_transactions_end_soon(client: MongoClient[Document]) -> Iterator[None]:
    """What a killed process had begun is given up within seconds."""
    before = client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=SOON_GIVEN_UP)["was"]
    yield
    time.sleep(2 * SOON_GIVEN_UP)
    client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=before)


@pytest.mark.usefixtures("dead_transactions_end_soon")
def test_no_kill_leaves_an_address_twice_or_a_pool_wrong(
    world: DirectoryWorld, client: MongoClient[Document], mongo_uri: str, mongo_prefix: str
) -> None:
    officers = [world.appoint(AGENCIES[0], name="Nguyễn Văn An") for _ in range(PEOPLE)]
    name = f"{mongo_prefix}directory"
    for round_ in range(ROUNDS):
        seeds = range(round_ * WORKERS, (round_ + 1) * WORKERS)
        command = [sys.executable, "-m", "tests.support.mail_worker", mongo_uri, name]
        workers = [subprocess.Popen([*command, str(seed), *officers], cwd=REPO) for seed in seeds]
        before = changes(client, name)
        while changes(client, name) < before + 40:
            assert any(worker.poll() is None for worker in workers), "a worker works until it is killed"
            time.sleep(0.1)
        time.sleep(SECONDS * random.random())
        for worker in workers:
            worker.kill()
            worker.wait()
    assert changes(client, name) >= 40 * ROUNDS
    assert_sound(world, client, name)
    for officer in officers:
        if not world.mail.mailboxes.of_owners([officer]):
            world.tell("request_mailbox", ADMIN, key=f"first-{officer}", owner=officer)
    assert_sound(world, client, name)
    assert client[name]["mailboxes"].count_documents({}) == PEOPLE, "the same command makes the same mailbox"


def changes(client: MongoClient[Document], name: str) -> int:
    """How many changes are stored."""
    return sum(box["version"] for box in client[name]["mailboxes"].find({}, {"version": 1}))


def assert_sound(world: DirectoryWorld, client: MongoClient[Document], name: str) -> None:
    boxes = list(client[name]["mailboxes"].find({}))
    addresses = [address for box in boxes for address in box["held"]]
    assert len(set(addresses)) == len(addresses) == len(boxes)
    for box in boxes:
        assert verify(box["_id"], box["history"], version=box["version"], head=box["head"]) is None
        assert box["outbox"] == [entry["seq"] for entry in box["history"]], "nothing that happened is untold"
    for agency in AGENCIES:
        counted = sum(box["quota"] for box in boxes if box["agency"] == agency and box["state"] in COUNTED)
        assert world.mail.mailboxes.used(agency) == counted <= (RULES.grant_of(agency) or counted)
