"""Meetings that give way to a higher rank, and meetings whose endpoints or ports are lost."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.principal import Principal
from shared.errors import Conflict, Forbidden, NotFound, Stale
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, OPERATOR, STRANGER, TECHNICIAN, ConferenceWorld

HIGH: dict[str, Any] = {"rank": "government", "preempt": True, "title": "Hội nghị trực tuyến của Chính phủ"}


def test_a_higher_rank_takes_what_others_hold(world: ConferenceWorld) -> None:
    low = world.approved()
    receipt = world.ask("request_meeting", APPROVER, **_wish(), **HIGH)
    assert receipt["preempted"] == [low]
    assert world.meeting(low)["state"] == "preempted"
    told = world.meeting(low)["history"][-1]
    assert (told["type"], told["data"]["by"]) == ("conference_preempted.v1", receipt["id"])
    assert told["data"]["alternatives"][0] == "2026-12-07T11:15"
    world.request(starts=told["data"]["alternatives"][0])
    assert world.ask("verify_meeting_history", CLERK, meeting=low)["intact"]


def _wish(**other: Any) -> dict[str, Any]:
    return {
        "network": "thanh-hoa",
        "contact": {"name": "Phạm Thị Khoa", "phone": "02373000001"},
        "chair": "th-01",
        "endpoints": ["th-05"],
        "starts": "2026-12-07T08:00",
        "minutes": 120,
        **other,
    }


def test_only_the_sessions_in_the_way_give_way(world: ConferenceWorld) -> None:
    series = world.approved(rule="FREQ=DAILY;COUNT=3")
    world.ask("request_meeting", APPROVER, **_wish(starts="2026-12-08T08:00"), **HIGH)
    stored = world.meeting(series)
    assert (stored["state"], [one["state"] for one in stored["sessions"]]) == (
        "approved",
        ["planned", "preempted", "planned"],
    )
    assert stored["history"][-1]["data"]["session"] == 2


def test_who_gives_way_is_judged_anew_when_somebody_changes_them_meanwhile(world: ConferenceWorld) -> None:
    high = world.approved(APPROVER, rank="party", starts="2026-12-08T08:00")
    low = world.approved()
    save, overtaken = world.meetings.save, []

    def save_late(identifier: str, *rest: Any) -> bool:
        if identifier == low and not overtaken:
            overtaken.append(identifier)
            return False
        return save(identifier, *rest)

    world.meetings.save = save_late  # type: ignore[method-assign]  # for this once
    version = world.meeting(high)["version"]
    receipt = world.ask(
        "change_meeting", APPROVER, meeting=high, starts="2026-12-07T08:00", preempt=True, _version=version
    )
    assert (overtaken, receipt["preempted"], world.meeting(low)["state"]) == ([low], [low], "preempted")


def test_days_and_meetings_that_do_not_fit_together_are_read_again_and_not_for_ever(world: ConferenceWorld) -> None:
    """A meeting may be moved after its day was read; here it stays so."""
    (session,) = world.meeting(world.approved())["sessions"]
    session |= {name: session[name] + timedelta(days=1) for name in ("from", "until")}
    with pytest.raises(Stale):
        world.ask("request_meeting", APPROVER, **_wish(), **HIGH)
    assert len(world.meetings.documents) == 1


@pytest.mark.parametrize("rank", ["government", "party"])
def test_the_same_rank_and_higher_ones_stay(world: ConferenceWorld, rank: str) -> None:
    first = world.approved(rank="government")
    with pytest.raises(Conflict, match="resources_taken"):
        world.ask("request_meeting", APPROVER, **_wish(), **{**HIGH, "rank": rank})
    assert world.meeting(first)["state"] == "approved"


def test_what_is_live_stays(world: ConferenceWorld) -> None:
    live = world.approved()
    world.at("2026-12-07T08:00")
    world.ask("start_session", TECHNICIAN, meeting=live, session="1")
    with pytest.raises(Conflict, match="resources_taken"):
        world.ask("request_meeting", APPROVER, **_wish(starts="2026-12-07T09:00", set_up=0), **HIGH)
    assert world.meeting(live)["sessions"][0]["state"] == "live"


@pytest.mark.parametrize(
    ("who", "rank", "error", "code"),
    [
        (CLERK, "government", Forbidden, "preemption_not_allowed"),
        (TECHNICIAN, "government", Forbidden, "preemption_not_allowed"),
        (APPROVER, "department", Conflict, "rank_does_not_preempt"),
    ],
)
def test_who_may_not_take_others_places(
    world: ConferenceWorld, who: Principal, rank: str, error: type[Exception], code: str
) -> None:
    low = world.approved(STRANGER, rank="training")
    with pytest.raises(error, match=code):
        world.ask("request_meeting", who, **_wish(), **{**HIGH, "rank": rank})
    assert world.meeting(low)["state"] == "approved"


def test_of_those_on_the_bridge_the_lowest_and_newest_give_way(world: ConferenceWorld) -> None:
    def full(chair: int, **more: Any) -> str:
        endpoints = [f"th-{number:02d}" for number in range(chair + 1, chair + 7)]
        return world.approved(chair=f"th-{chair:02d}", endpoints=endpoints, resolution="1080p", **more)

    older = full(2, rank="training")
    world.now += timedelta(minutes=1)
    newer = full(9, rank="training")
    better = full(16)
    world.ask("change_bridge", TECHNICIAN, network="thanh-hoa", ports=100, reason="Hỏng")  # 90, of which 84 are taken
    receipt = world.ask("request_meeting", APPROVER, **_wish(endpoints=["th-31"], resolution="1080p"), **HIGH)
    assert receipt["preempted"] == [newer]
    assert [world.meeting(one)["state"] for one in (older, better)] == ["approved", "approved"]


def test_a_change_takes_others_places_too(world: ConferenceWorld) -> None:
    high = world.approved(APPROVER, rank="party", starts="2026-12-08T08:00")
    low = world.approved()
    with pytest.raises(Conflict, match="resources_taken"):
        world.ask("change_meeting", APPROVER, meeting=high, starts="2026-12-07T08:00")
    receipt = world.ask("change_meeting", APPROVER, meeting=high, starts="2026-12-07T08:00", preempt=True)
    assert (receipt["preempted"], world.meeting(low)["state"]) == ([low], "preempted")


def test_a_lost_endpoint_marks_what_counts_on_it_and_deletes_nothing(world: ConferenceWorld) -> None:
    near, far = world.approved(), world.approved(starts="2026-12-21T08:00")
    other = world.approved(NEIGHBOUR, chair="th-09", endpoints=[])
    world.ask(
        "report_endpoint",
        TECHNICIAN,
        endpoint="th-05",
        state="down",
        reason="Cháy nguồn",
        until="2026-12-10T17:00:00+07:00",
    )
    world.fire()
    view = world.ask("read_meeting", CLERK, meeting=near)
    assert view["risks"] == [{"kind": "endpoint", "endpoint": "th-05", "sessions": [1], "reason": "Cháy nguồn"}]
    assert (view["state"], world.events(near)[-1]) == ("approved", "conference_at_risk")
    assert not world.meeting(far)["at_risk"]
    assert not world.meeting(other)["at_risk"]
    assert [row["id"] for row in world.ask("list_meetings", CLERK, at_risk=True)["items"]] == [near]
    late = world.request(starts="2026-12-09T08:00")
    assert world.meeting(late)["at_risk"], "at risk from its first moment"
    world.ask("report_endpoint", TECHNICIAN, endpoint="th-05", state="ready", reason="Đã thay nguồn")
    world.fire()
    assert not world.meeting(near)["at_risk"]
    assert world.events(near)[-1] == "conference_safe_again"
    assert world.ask("verify_meeting_history", CLERK, meeting=near)["intact"]


def test_the_endpoint_is_looked_at_twice(world: ConferenceWorld) -> None:
    """A meeting that was asked for before the loss may be stored after the first look."""
    world.ask("report_endpoint", TECHNICIAN, endpoint="th-05", state="down", reason="Mất điện")
    world.fire()
    late = world.request()
    world.meeting(late)["at_risk"] = []
    world.now += timedelta(seconds=60)
    world.fire()
    assert world.meeting(late)["at_risk"]
    assert world.endpoints.documents["th-05"]["next_due_at"] is None


def test_a_smaller_bridge_marks_what_no_longer_fits(world: ConferenceWorld) -> None:
    everything = [f"th-{number:02d}" for number in range(2, 31)]
    large = world.approved(endpoints=everything[:24], resolution="1080p")
    world.ask("change_bridge", TECHNICIAN, network="thanh-hoa", ports=60, reason="Hỏng thẻ")
    world.fire()
    assert [risk["kind"] for risk in world.meeting(large)["at_risk"]] == ["bridge"]
    assert world.bridges.documents["thanh-hoa"]["next_due_at"] is not None, "it looks again while it has too little"
    world.ask("change_meeting", APPROVER, meeting=large, resolution="480p")
    world.now += timedelta(seconds=60)
    world.fire()
    assert world.meeting(large)["at_risk"] == []
    world.now += timedelta(seconds=60)
    world.fire()
    assert world.bridges.documents["thanh-hoa"]["next_due_at"] is None


def test_maintenance_is_held_like_a_meeting(world: ConferenceWorld) -> None:
    plan = {"starts": "2026-12-07T06:00", "minutes": 240, "reason": "Thay thiết bị"}
    world.ask("plan_maintenance", TECHNICIAN, endpoint="th-05", **plan)
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.request()
    (clash,) = refusal.value.params["clashes"]
    assert (clash["held_by"], clash["endpoints"], clash["convener"]) == ("maintenance", ["th-05"], None)
    (row,) = [
        row
        for row in world.ask("read_network_day", CLERK, network="thanh-hoa", day="2026-12-07")["endpoints"]
        if row["busy"]
    ]
    assert (row["endpoint"], row["busy"][0]["held_by"]) == ("th-05", "maintenance")
    world.at("2026-12-07T06:30")
    assert world.ask("read_endpoint", CLERK, endpoint="th-05")["state"] == "maintenance"
    world.ask("cancel_maintenance", TECHNICIAN, endpoint="th-05", number=1)
    assert world.ask("read_endpoint", CLERK, endpoint="th-05")["state"] == "ready"
    with pytest.raises(NotFound, match="maintenance_unknown"):
        world.ask("cancel_maintenance", TECHNICIAN, endpoint="th-05", number=1)
    world.request(APPROVER, starts="2026-12-07T08:00")
    with pytest.raises(Conflict, match="resources_taken"):
        world.ask("plan_maintenance", TECHNICIAN, endpoint="th-05", **{**plan, "starts": "2026-12-07T09:00"})
    assert world.endpoints.documents["th-05"]["maintenance"] == []


def test_the_house_looks_after_endpoints(world: ConferenceWorld) -> None:
    with pytest.raises(Forbidden):
        world.ask("report_endpoint", CLERK, endpoint="th-05", state="down", reason="Mất điện")
    with pytest.raises(NotFound, match="endpoint_unknown"):
        world.ask("report_endpoint", OPERATOR, endpoint="th-99", state="down", reason="Mất điện")
    with pytest.raises(Conflict, match="state_over_already"):
        world.ask(
            "report_endpoint", OPERATOR, endpoint="th-05", state="down", reason="x1", until="2026-11-01T00:00:00Z"
        )
    row = world.ask("read_endpoint", CLERK, endpoint="th-05")
    new = {name: row[name] for name in ("network", "agency", "name", "level", "seats", "codec", "lines", "contact")}
    receipt = world.ask("register_endpoint", TECHNICIAN, key="th-32", **new, key_="k")
    assert world.ask("register_endpoint", TECHNICIAN, key="th-32", **new, key_="k") == receipt
    with pytest.raises(Conflict, match="endpoint_known"):
        world.ask("register_endpoint", TECHNICIAN, key="th-32", **new)
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-32", seats=99)
    with pytest.raises(Conflict, match="endpoint_unchanged"):
        world.ask("change_endpoint", TECHNICIAN, endpoint="th-32", seats=99)
    assert [one["key"] for one in world.ask("list_endpoints", CLERK, network="thanh-hoa", limit=2)["items"]] == [
        "th-01",
        "th-02",
    ]
    assert world.ask("verify_endpoint_history", CLERK, endpoint="th-32") == {
        "intact": True,
        "entries": 2,
        "first_altered": None,
    }
    assert len(world.ask("read_endpoint_history", CLERK, endpoint="th-32")["items"]) == 2


def test_the_bridge_and_the_rules_are_open_to_agencies(world: ConferenceWorld) -> None:
    assert world.ask("read_bridge", CLERK, network="thanh-hoa")["usable"] == 144
    with pytest.raises(NotFound):
        world.ask("read_bridge", CLERK, network="ha-noi")
    with pytest.raises(Conflict, match="bridge_unchanged"):
        world.ask("change_bridge", TECHNICIAN, network="thanh-hoa", ports=160, reason="Không đổi")
    names = [network["key"] for network in world.ask("list_networks", CLERK)["items"]]
    assert names == ["can-tho", "thanh-hoa"]


def test_a_day_shows_who_is_busy_and_strangers_no_titles(world: ConferenceWorld) -> None:
    world.approved()
    for who, title in ((CLERK, True), (STRANGER, False)):
        grid = world.ask("read_network_day", who, network="thanh-hoa", day="2026-12-07")
        busy = [one for row in grid["endpoints"] for one in row["busy"]]
        assert [bool(one["title"]) for one in busy] == [title] * 4
        assert {one["convener"] for one in busy} == {"H56.30.01"}
        (ports,) = grid["ports"]
        assert (ports["ports"], ports["held_until"] - ports["held_from"]) == (8, timedelta(hours=3, minutes=15))
    for day in ("2026-13-01", "hôm-nay", "0001-01-01"):
        with pytest.raises(NotFound):
            world.ask("read_network_day", CLERK, network="thanh-hoa", day=day)
