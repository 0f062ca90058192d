"""Incidents in MongoDB: one for a line and a session however many say so at once, with its notice, by an index."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from tests.support.conference_house import ConferenceHouse
from tests.support.conference_world import CLERK, PROBE, TECHNICIAN
from tests.support.line_samples import SOURCE, sample

FIVE = timedelta(seconds=5)
Document = dict[str, Any]


def report(house: ConferenceHouse, first: int, count: int, lost: int = 8) -> None:
    samples = [sample(first + n, house.now - (count - n) * FIVE, lost=lost) for n in range(count)]
    house.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=samples)


def test_a_bad_line_opens_one_incident_with_one_notice_however_many_say_so_at_once(house: ConferenceHouse) -> None:
    house.approved()
    house.at("2026-12-07T07:30")
    report(house, 1, 2)
    failed: list[Exception] = []

    def bring(number: int) -> None:
        try:
            report(house, 100 * number, 3)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    (incident,) = house.store["incidents"].find()
    assert (incident["state"], incident["origin"], len(incident["history"])) == ("open", "probe", 1)
    assert house.store["messages"].count_documents({"incident": incident["_id"]}) == 1


def test_the_switch_and_what_it_changes_in_the_meeting_are_one(house: ConferenceHouse) -> None:
    meeting = house.approved(standby=["th-04"])
    house.at("2026-12-07T07:30")
    asked = {"network": "thanh-hoa", "endpoint": "th-05", "symptom": "power", "meeting": meeting}
    incident = house.ask("open_incident", TECHNICIAN, **asked)["id"]
    for _ in range(2):  # the second is the same command again
        told = house.ask("switch_to_standby", TECHNICIAN, incident=incident, endpoint="th-04", key_="switch")
        assert (told["state"], told["version"]) == ("on_standby", 2)
    after = house.meeting(meeting)
    instead = after["sessions"][0]["instead"]
    assert "th-05" not in instead["endpoints"]
    assert instead["standby"] == ["th-05"]
    assert [one["type"] for one in after["history"]].count("conference_changed.v1") == 1
    for operation, about in (
        ("verify_incident_history", {"incident": incident}),
        ("verify_meeting_history", {"meeting": meeting}),
    ):
        assert house.ask(operation, TECHNICIAN, **about)["intact"]


@pytest.mark.parametrize("state", [None, "open", "unclosed", "follow_up", "closed"])
@pytest.mark.parametrize("who", [CLERK, TECHNICIAN])
def test_incidents_are_found_by_an_index(house: ConferenceHouse, who: Any, state: str | None) -> None:
    asked = {"network": "thanh-hoa", "endpoint": "th-05", "symptom": "echo"}
    house.ask("open_incident", TECHNICIAN, **asked)
    house.store["incidents"].insert_many(
        {"_id": f"{n:032x}", "search": ["other/thanh-hoa/"], "position": f"{n}", "begins": house.now}
        for n in range(2000)
    )
    house.store.command("profile", 2)
    try:
        house.ask("list_incidents", who, network="thanh-hoa", **({"state": state} if state else {}))
    finally:
        house.store.command("profile", 0)
    (one,) = house.store["system.profile"].find({"op": "query", "ns": f"{house.store.name}.incidents"})
    assert "IXSCAN" in one["planSummary"]
    assert not one.get("hasSortStage")
    assert one["docsExamined"] <= 60
