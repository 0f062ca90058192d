"""Clients that ask, change and cancel until they are killed: `python -m ... URI NAME SEED NOTES`, eight in a process.

Each command that was acknowledged is written out at once, one a line, so that it can be asked for after the killing.
"""

import os
import random
import sys
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, BinaryIO

from pymongo import MongoClient

from services.conference_booking.domain.holdings import claims_of
from shared.errors import Error
from tests.support.conference_house import ConferenceHouse
from tests.support.conference_world import APPROVER, CLERK, MONDAY

Document = dict[str, Any]
ENDPOINTS = [f"th-{number:02d}" for number in range(1, 32)]
TECHNICIANS = ["kt-1", "kt-2", "kt-3"]
DAYS = 3
CLIENTS = 8


def wish(chance: random.Random) -> Document:
    """Two to 31 endpoints for half an hour to two, on one of three days, over midnight too, sometimes three times."""
    start = MONDAY + timedelta(days=7 + chance.randrange(DAYS), minutes=5 * chance.randrange(288))
    chosen = chance.sample(ENDPOINTS, chance.randint(2, 12 if chance.random() < 0.9 else 31))
    return {
        "technicians": [{"endpoint": chosen[0], "technician": chance.choice(TECHNICIANS)}],
        "chair": chosen[0],
        "endpoints": chosen[1:],
        "starts": f"{start + timedelta(hours=7):%Y-%m-%dT%H:%M}",
        "minutes": chance.choice([30, 45, 60, 90, 120]),
        "set_up": chance.choice([0, 15, 30]),
        "tear_down": chance.choice([0, 15]),
        "resolution": chance.choice(["720p", "1080p"]),
        "recording": chance.random() < 0.1,
        "rule": "FREQ=DAILY;COUNT=3" if chance.random() < 0.1 else "",
        "rank": chance.choice(["department", "training"]),
    }


Acknowledged = Callable[[str, str], object]
"""Is told of a meeting and the key of the command on it that was answered."""


def _nobody(_meeting: str, _key: str) -> None:
    """Nobody notes it down."""


def act(house: ConferenceHouse, chance: random.Random, acknowledged: Acknowledged = _nobody) -> str:
    """One thing that people do; what became of it: `booked`, `refused`, `changed`, `off` or `overtaken`."""
    dice, key = chance.random(), uuid.uuid4().hex
    try:
        if dice < 0.6:
            acknowledged(house.request(CLERK, **wish(chance), key_=key), key)
            return "booked"
        meeting = _any(house, chance)
        if meeting is None:
            return "overtaken"
        if dice < 0.75:
            other = {name: value for name, value in wish(chance).items() if name in ("starts", "minutes", "resolution")}
            house.ask("change_meeting", APPROVER, meeting=meeting, key_=key, **other)
            acknowledged(meeting, key)
            return "changed"
        if dice < 0.85:
            house.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn", key_=key)
            acknowledged(meeting, key)
            return "off"
        high = {**wish(chance), "rank": "government", "preempt": True, "rule": ""}
        acknowledged(house.request(APPROVER, **high, key_=key), key)
    except Error as error:
        return "refused" if error.code.startswith("resources_taken") else "overtaken"
    return "booked"


def _any(house: ConferenceHouse, chance: random.Random) -> str | None:
    found = house.store["meetings"].find_one({"_id": {"$gte": f"{chance.getrandbits(128):032x}"}}, {"_id": 1})
    return found["_id"] if found else None


def go_on(house: ConferenceHouse, chance: random.Random, notes: BinaryIO) -> None:
    """Act for ever, and write down what was acknowledged."""
    while True:
        act(house, chance, lambda meeting, key: notes.write(f"{meeting} {key}\n".encode()))


def lost(house: ConferenceHouse, acknowledged: Iterable[str]) -> list[str]:
    """Of the lines written down, those of which the meeting, the command's entry, or a claim is not there."""
    held: dict[str, set[tuple[int, str]]] = {}
    for day in house.store["days"].find():
        for thing, holds in day["holds"].items():
            for hold in holds:
                held.setdefault(hold["b"], set()).add((hold["n"], thing))
    return [line for line in acknowledged if not _stands(house, *line.split(), held)]


def _stands(house: ConferenceHouse, identifier: str, key: str, held: dict[str, set[tuple[int, str]]]) -> bool:
    meeting = house.store["meetings"].find_one({"_id": identifier, "history.command.key": key})
    if meeting is None:
        return False
    claims = {(one.session, thing) for one in claims_of(meeting) for thing in one.want.things}
    return held.get(identifier, set()) == claims


if __name__ == "__main__":
    with (
        open(sys.argv[4], "ab", buffering=0) as notes,
        MongoClient[Document](sys.argv[1], tz_aware=True, w="majority") as client,
    ):
        house = ConferenceHouse(database=client[sys.argv[2]], client=client)
        clients = [random.Random(int(sys.argv[3]) * CLIENTS + number) for number in range(CLIENTS)]
        threading.excepthook = lambda _: os._exit(1)  # what should not happen ends the process, which the test sees
        threads = [threading.Thread(target=go_on, args=(house, chance, notes)) for chance in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
