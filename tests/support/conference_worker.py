"""Clients that ask, change and cancel until they are killed: `python -m ... URI NAME SEED`, eight in a process."""

import os
import random
import sys
import threading
import uuid
from datetime import timedelta
from typing import Any

from pymongo import MongoClient

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


def act(house: ConferenceHouse, chance: random.Random) -> str:
    """One thing that people do; what became of it: `booked`, `refused`, `changed`, `off` or `overtaken`."""
    dice = chance.random()
    try:
        if dice < 0.6:
            house.request(CLERK, **wish(chance), key_=uuid.uuid4().hex)
            return "booked"
        meeting = _any(house, chance)
        if meeting is None:
            return "overtaken"
        if dice < 0.75:
            other = {name: value for name, value in wish(chance).items() if name in ("starts", "minutes", "resolution")}
            house.ask("change_meeting", APPROVER, meeting=meeting, key_=uuid.uuid4().hex, **other)
            return "changed"
        if dice < 0.85:
            house.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn", key_=uuid.uuid4().hex)
            return "off"
        high = {**wish(chance), "rank": "government", "preempt": True, "rule": ""}
        house.request(APPROVER, **high, key_=uuid.uuid4().hex)
    except Error as error:
        return "refused" if error.code.startswith("resources_taken") else "overtaken"
    return "booked"


def _any(house: ConferenceHouse, chance: random.Random) -> str | None:
    found = house.store["meetings"].find_one({"_id": {"$gte": f"{chance.getrandbits(128):032x}"}}, {"_id": 1})
    return found["_id"] if found else None


def go_on(house: ConferenceHouse, chance: random.Random) -> None:
    """Act for ever."""
    while True:
        act(house, chance)


if __name__ == "__main__":
    with MongoClient[Document](sys.argv[1], tz_aware=True, w="majority") as client:
        house = ConferenceHouse(database=client[sys.argv[2]], client=client)
        clients = [random.Random(int(sys.argv[3]) * CLIENTS + number) for number in range(CLIENTS)]
        threading.excepthook = lambda _: os._exit(1)  # what should not happen ends the process, which the test sees
        threads = [threading.Thread(target=go_on, args=(house, chance)) for chance in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
