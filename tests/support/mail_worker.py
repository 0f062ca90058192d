"""A process that changes mailboxes until it is killed: `python -m tests.support.mail_worker URI NAME SEED OFFICER…`."""

import random
import sys
from typing import Any

from pymongo import MongoClient

from shared.errors import Error
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld, mongo_world

AGENCIES = ("H13.30.01", "H13.30.02")


def work(uri: str, name: str, seed: int, officers: list[str]) -> None:
    """Ask for mailboxes, approve, resize, transfer and rename them until killed."""
    chance = random.Random(seed)
    with MongoClient[dict[str, Any]](uri, tz_aware=True, w="majority") as client:
        world = mongo_world(client[name])
        while True:
            try:
                one_step(world, chance, officers)
            except Error:
                continue  # somebody else was faster, or there is no room


def one_step(world: DirectoryWorld, chance: random.Random, officers: list[str]) -> None:
    owner = chance.choice(officers)
    found = world.mail.mailboxes.of_owners([owner])
    if not found:
        world.tell("request_mailbox", ADMIN, key=f"first-{owner}", owner=owner)
        return
    mailbox, key = found[0]["_id"], f"{chance.random()}"
    if found[0]["state"] == "requested":
        world.tell("approve_mailbox", OPERATOR, key=key, mailbox=mailbox)
    elif chance.random() < 0.5:
        world.tell("change_quota", ADMIN, key=key, mailbox=mailbox, quota=chance.randrange(1000, 9000))
    else:
        world.tell("transfer_mailbox", ADMIN, key=key, mailbox=mailbox, agency=chance.choice(AGENCIES))


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
