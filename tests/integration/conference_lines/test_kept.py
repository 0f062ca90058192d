"""Samples and lines in MongoDB: each sample once however often and by however many it is brought, and not for ever."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from tests.support.conference_house import ConferenceHouse
from tests.support.conference_world import CLERK, PROBE
from tests.support.line_samples import SOURCE, sample

FIVE = timedelta(seconds=5)
Document = dict[str, Any]


def report(house: ConferenceHouse, samples: list[Document]) -> Document:
    told: Document = house.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=samples)
    return told


def test_many_who_bring_the_same_at_once_make_one_of_it(house: ConferenceHouse) -> None:
    samples = [sample(number, house.now - (100 - number) * FIVE, lost=8 * (number > 50)) for number in range(1, 101)]
    kept, failed = [], []

    def bring(start: int) -> None:
        try:
            for first in range(start, 100, 20):
                kept.append(report(house, samples[first : first + 20])["kept"])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=bring, args=(0,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(kept) == 100
    assert house.store["samples"].count_documents({}) == 100
    (line,) = house.store["lines"].find()
    assert (line["_id"], line["band"], line["since"]) == ("th-05:primary", "red", house.now - (100 - 53) * FIVE)


def test_a_sample_goes_by_itself_when_its_time_is_over(house: ConferenceHouse) -> None:
    report(house, [sample(1, house.now)])
    (kept,) = house.store["samples"].find()
    assert kept["expires_at"] == house.now + timedelta(days=30)
    (expiry,) = [one for one in house.store["samples"].list_indexes() if "expireAfterSeconds" in one]
    assert (dict(expiry["key"]), expiry["expireAfterSeconds"]) == ({"expires_at": 1}, 0)


def test_pages_and_sessions_say_the_same_as_in_memory(house: ConferenceHouse) -> None:
    meeting = house.approved()
    house.at("2026-12-07T07:00")
    report(house, [sample(number, house.now + number * FIVE, lost=number) for number in range(1, 8)])
    house.now += timedelta(hours=1)
    for newest in (False, True):
        seen, cursor = [], None
        while True:
            asked = {"endpoint": "th-05", "line": "primary", "newest_first": newest}
            page = house.ask("list_measurements", CLERK, **asked, limit=3, cursor=cursor)
            seen += [row["loss_percent"] for row in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == sorted((0.0 + number for number in range(1, 8)), reverse=newest)
    told = house.ask("read_session_lines", CLERK, meeting=meeting, session="1")
    (line,) = told["lines"]
    assert (line["samples"], line["amber"], line["red"]) == (7, 2, 5)
    assert line["loss_percent"] == {"p50": 4.0, "p95": 7.0, "max": 7.0}
    for brought in (told, told | {"lines": []}):  # the second changes nothing
        house.context.lines.keep_session(f"{meeting}-1", brought)
        assert house.ask("read_session_lines", CLERK, meeting=meeting, session="1") == told
    assert [one["line"] for one in house.ask("list_lines", CLERK, network="thanh-hoa", band="red")["items"]] == [
        "primary"
    ]
    assert house.ask("list_lines", CLERK, network="thanh-hoa", band="green")["items"] == []


def test_a_silent_line_is_found_by_its_index(house: ConferenceHouse) -> None:
    report(house, [sample(1, house.now)])
    (due,) = house.store["lines"].find({"next_due_at": {"$lte": house.now + timedelta(seconds=60), "$type": "date"}})
    assert due["_id"] == "th-05:primary"


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("list_lines", {"network": "thanh-hoa"}),
        ("list_lines", {"network": "thanh-hoa", "band": "red"}),
        ("list_measurements", {"endpoint": "th-05", "line": "primary", "limit": 20}),
        ("list_measurements", {"endpoint": "th-05", "line": "primary", "limit": 20, "newest_first": True}),
        (
            "list_measurements",
            {"endpoint": "th-05", "line": "primary", "limit": 20, "since": "2026-11-30T08:00:00+07:00"},
        ),
    ],
)
def test_every_question_stands_on_an_index(house: ConferenceHouse, operation: str, asked: Document) -> None:
    rows = [
        {"_id": f"th-{n % 99}:x:{n}", "endpoint": f"th-{n % 99}", "line": "primary", "at": house.now}
        for n in range(2000)
    ]
    house.store["samples"].insert_many(rows)
    house.store.command("profile", 2)
    try:
        house.ask(operation, CLERK, **asked)
    finally:
        house.store.command("profile", 0)
    names = {f"{house.store.name}.{kind}" for kind in ("samples", "lines")}
    asked_of = [one for one in house.store["system.profile"].find({"op": "query"}) if one["ns"] in names]
    assert asked_of
    for one in asked_of:
        assert "COLLSCAN" not in one["planSummary"]
        assert not one.get("hasSortStage")
        assert one["docsExamined"] <= 60
