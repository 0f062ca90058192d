"""The whole booking over a real database: many at once, killed in the middle; afterwards nothing is held twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.conference_booking.usecases.due import fire_meeting
from shared.errors import Conflict, Stale
from tests.architecture.sources import REPO
from tests.support.conference_house import ConferenceHouse, sweep
from tests.support.conference_worker import ENDPOINTS, act, lost
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, TECHNICIAN

EVERYWHERE: dict[str, Any] = {"chair": ENDPOINTS[0], "endpoints": ENDPOINTS[1:], "resolution": "720p"}


def test_a_life_leaves_holds_and_counters_even(house: ConferenceHouse) -> None:
    meeting = house.approved(rule="FREQ=DAILY;COUNT=3", recording=True)
    house.ask("cancel_session", CLERK, meeting=meeting, session="3", reason="Nghỉ")
    assert sweep(house.store) == 2
    house.at("2026-12-07T07:30")
    house.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    house.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=35)
    sweep(house.store)
    house.at("2026-12-07T10:18")
    house.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    sweep(house.store)
    house.ask("change_meeting", APPROVER, meeting=meeting, endpoints=["th-09"], resolution="1080p")
    sweep(house.store)
    plan = {"starts": "2026-12-07T22:00", "minutes": 600, "reason": "Thay thiết bị"}
    house.ask("plan_maintenance", TECHNICIAN, endpoint="th-05", **plan)
    assert sweep(house.store) == 3
    house.ask("plan_absence", TECHNICIAN, technician="kt-1", **plan)
    assert sweep(house.store) == 4
    house.ask("cancel_absence", TECHNICIAN, technician="kt-1", number=1)
    house.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    assert sweep(house.store) == 2
    assert house.ask("verify_meeting_history", CLERK, meeting=meeting) == {
        "intact": True,
        "entries": 8,
        "first_altered": None,
    }


def test_a_session_is_over_by_the_clock_and_a_change_that_waits_is_held_on(house: ConferenceHouse) -> None:
    meeting = house.approved(rule="FREQ=WEEKLY;COUNT=3")
    house.ask("change_meeting", CLERK, meeting=meeting, endpoints=["th-06", "th-20"])
    assert sweep(house.store) == 6
    house.store["bridges"].update_one({"_id": "thanh-hoa"}, {"$set": {"ports": 1}})  # what is held is held on
    house.store["meetings"].update_one({"_id": meeting}, {"$set": {"proposed.hold_until": house.now + timedelta(99)}})
    house.at("2026-12-07T10:15")
    while house.meeting(meeting)["sessions"][0]["state"] != "ended":
        fire_meeting(house.context, meeting)
    held = [hold for day in house.store["days"].find() for hold in day["holds"].get("th-20", ())]
    assert len(held) == 2, "for the sessions that are ahead"
    found = house.meeting(meeting)
    assert ([one["state"] for one in found["sessions"]], bool(found["proposed"])) == (
        ["ended", "planned", "planned"],
        True,
    )


def test_a_year_of_weeks_over_all_endpoints_is_one_call(house: ConferenceHouse) -> None:
    weekly = {**EVERYWHERE, "rule": "FREQ=WEEKLY;COUNT=52"}
    meeting = house.request(**weekly)
    assert len(house.meeting(meeting)["sessions"]) == 52
    assert sweep(house.store) == 52
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        house.request(NEIGHBOUR, **weekly, title="Chuỗi khác")
    clashes = refusal.value.params["clashes"]
    named = [clash for clash in clashes if clash["kind"] == "endpoint"]
    assert [clash["session"] for clash in named] == list(range(1, 53))
    assert {tuple(clash["endpoints"]) for clash in named} == {tuple(ENDPOINTS)}
    instead = refusal.value.params["alternatives"]
    assert len(instead) == 3
    assert house.store["meetings"].count_documents({}) == 1, "nothing is left behind"
    house.request(NEIGHBOUR, **{**weekly, "starts": instead[0]["starts"]})
    assert sweep(house.store) == 104


def test_thirty_two_callers_at_once(house: ConferenceHouse) -> None:
    outcomes: Counter[str] = Counter()

    def run(seed: int) -> None:
        chance = random.Random(seed)
        outcomes.update(act(house, chance) for _ in range(10))

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sweep(house.store) > 0
    assert outcomes.total() == 320
    assert min(outcomes[one] for one in ("booked", "refused", "changed", "off")) > 0, outcomes
    preempted = house.store["meetings"].count_documents({"sessions.state": "preempted"})
    assert preempted > 0, "some had to give way"


def test_one_place_and_many_who_want_it(house: ConferenceHouse) -> None:
    """The same command twice at the same time is one of them."""
    answers: list[str] = []
    refused: list[Conflict] = []

    def run(key: str) -> None:
        try:
            answers.append(house.request(key_=key))
        except Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(f"key {number // 2}",)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    assert len(set(answers)) == 1
    assert len(refused) == 14
    assert sweep(house.store) == 1


def test_thirty_two_clients_whose_processes_are_killed_in_the_middle(
    house: ConferenceHouse, mongo_uri: str, tmp_path: Path
) -> None:
    meetings = house.store["meetings"]
    acknowledged: list[str] = []
    patience = house.store.client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=2)["was"]
    try:
        for round_number in range(3):
            command = [sys.executable, "-m", "tests.support.conference_worker", mongo_uri, house.store.name]
            seeds = range(round_number * 4, round_number * 4 + 4)  # processes of eight clients each
            notes = [tmp_path / f"{seed}.txt" for seed in seeds]
            workers = [
                subprocess.Popen([*command, str(seed), str(note)], cwd=REPO)
                for seed, note in zip(seeds, notes, strict=True)
            ]
            before = meetings.count_documents({})
            while meetings.count_documents({}) < before + 12 and all(one.poll() is None for one in workers):
                time.sleep(0.05)
            for worker in workers:
                assert worker.poll() is None, "it worked until it was killed"
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
            until_given_up(house)
            assert sweep(house.store) > 0, "after every run"
            acknowledged += [line for note in notes for line in note.read_text().split("\n")[:-1]]
            assert lost(house, acknowledged) == []
        assert len(acknowledged) >= 36
        assert meetings.count_documents({}) >= 36
    finally:
        house.store.client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=patience)


def test_what_was_acknowledged_and_is_gone_is_missed(house: ConferenceHouse) -> None:
    first, second, third = (house.request(starts=f"2026-12-0{day}T08:00", key_=f"k{day}") for day in (7, 8, 9))
    notes = [f"{first} k7", f"{second} k8", f"{third} k9"]
    assert lost(house, notes) == []
    assert lost(house, [f"{first} k8"]) == [f"{first} k8"], "the command left no entry"
    house.store["meetings"].delete_one({"_id": first})
    house.store["days"].update_one({"_id": "thanh-hoa:2026-12-08"}, {"$set": {"holds.th-05": []}})
    assert lost(house, notes) == notes[:2]


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ({"$set": {"endpoints": ["th-05"]}}, "th-05 twice at a time"),
        ({"$set": {"resolution": "1080p", "endpoints": ENDPOINTS[7:]}}, "over the ports of the bridge"),
        ({"$set": {"sessions.0.state": "cancelled"}}, "counters are not those of the claims"),
    ],
)
def test_the_oracle_sees_what_must_not_be(house: ConferenceHouse, planted: dict[str, Any], seen: str) -> None:
    other = {"chair": "th-07", "endpoints": ["th-08"], "resolution": "1080p"}
    house.request(**{**EVERYWHERE, "endpoints": ENDPOINTS[1:6], "resolution": "1080p"})
    meeting = house.request(NEIGHBOUR, **other)
    house.store["bridges"].update_one({"_id": "thanh-hoa"}, {"$set": {"ports": 120}})
    assert sweep(house.store) == 2
    house.store["meetings"].update_one({"_id": meeting}, planted)
    with pytest.raises(AssertionError, match=seen):
        sweep(house.store)


def test_the_oracle_counts_what_days_say(house: ConferenceHouse) -> None:
    house.request()
    for change in ({"$inc": {"used.ports.40": 1}}, {"$push": {"holds.th-31": {"s": 0, "e": 5, "b": "x", "n": 1}}}):
        house.store["days"].update_one({"_id": "thanh-hoa:2026-12-07"}, change)
        with pytest.raises(AssertionError, match="are not those of the claims"):
            sweep(house.store)
        undo = {"$inc": {"used.ports.40": -1}} if "$inc" in change else {"$pull": {"holds.th-31": {"b": "x"}}}
        house.store["days"].update_one({"_id": "thanh-hoa:2026-12-07"}, undo)
        assert sweep(house.store) == 1


def until_given_up(house: ConferenceHouse) -> None:
    """Book on each day on which the dead may still have a hand: it waits until their transactions are given up."""
    start = datetime(2026, 12, 6, 5, 0)
    for day in range(7):
        moment = f"{start + timedelta(days=day):%Y-%m-%dT%H:%M}"
        wish = {"chair": "th-31", "endpoints": [], "starts": moment, "minutes": 5, "set_up": 0, "tear_down": 0}
        with suppress(Conflict):  # it is somebody's, so it was judged
            house.request(**wish, key_=uuid.uuid4().hex)


def test_everybody_reports_at_once_and_each_mark_is_judged_once(house: ConferenceHouse) -> None:
    """Thirty-one endpoints become ready within a moment, while the mark is looked at by three replicas."""
    meeting = house.approved(**EVERYWHERE)
    fire_meeting(house.context, meeting)  # tells the mailboxes
    house.at("2026-12-07T07:30")
    stale: list[Stale] = []

    def report(endpoint: str) -> None:
        path = {"meeting": meeting, "session": "1", "endpoint": endpoint}
        while True:
            with suppress(Stale):
                house.ask("report_readiness", TECHNICIAN, **path, technician=True, connected=True)
                return

    def judge() -> None:
        for _ in range(10):
            try:
                fire_meeting(house.context, meeting)
            except Stale as error:
                stale.append(error)

    threads = [threading.Thread(target=report, args=(endpoint,)) for endpoint in ENDPOINTS]
    threads += [threading.Thread(target=judge) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fire_meeting(house.context, meeting)
    (found,) = house.store["readiness"].find({})
    assert [check["endpoint"] for check in found["checks"]] == ENDPOINTS
    assert [mark["before"] for mark in found["marks"]] == [60, 30]
    types = [entry["type"] for entry in found["history"]]
    assert types.count("readiness_reported.v1") == 31
    assert types.count("conference_not_ready.v1") + types.count("conference_ready.v1") == 2
    told = house.store["messages"].count_documents({"kind": "conference_not_ready", "address": {"$regex": "^truc-hop"}})
    assert told == types.count("conference_not_ready.v1"), "the operator, once for each"
    board = house.ask("read_readiness", CLERK, meeting=meeting, session="1")
    assert board["connected"] == 31
    assert house.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]
