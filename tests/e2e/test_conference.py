"""A conference through the real gateway: asked for, in the way of another, approved, changed, run, lost and found."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest

from local.demo.bus_tap import BusTap, tapped
from local.demo.caller import Caller, Refused
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.working_time import VIETNAM
from tests.support.stack import Stack, secret_of

CLERK, STRANGER = "clerk-hac-thanh", "clerk-ninh-kieu"
APPROVER, TECHNICIAN, OPERATOR = "head-van-phong-thanh-hoa", "technician-thanh-hoa", "operator"
ROOT = "/conferences"
FIRST = datetime.now(VIETNAM).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=21)

People = dict[str, Caller]
Receipt = dict[str, Any]


def wall(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def act(who: Caller, meeting: Receipt, action: str, **body: Any) -> Receipt:
    receipt: Receipt = who.post(f"{ROOT}/meetings/{meeting['id']}/{action}", body, version=meeting["version"])
    return receipt


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[People]:
    with ExitStack() as stack:
        yield {
            login: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for login in (CLERK, STRANGER, APPROVER, TECHNICIAN, OPERATOR)
        }


@pytest.fixture(scope="module")
def tap(platform: Stack) -> Iterator[BusTap]:
    with tapped(platform.amqp_uri, "conference_booking.meeting") as tap:
        yield tap


@pytest.fixture(scope="module")
def meeting(people: People, tap: BusTap) -> Receipt:
    """A meeting in three weeks, asked for by a ward; its newest receipt, as the tests go on."""
    receipt: Receipt = people[CLERK].post(f"{ROOT}/meetings", {**MEETING_EXAMPLE, "starts": wall(FIRST)})
    assert receipt["state"] == "submitted"
    return receipt


def test_another_is_refused_with_every_clash_and_takes_a_free_time(people: People, meeting: Receipt) -> None:
    wish = {**MEETING_EXAMPLE, "title": "Tập huấn", "starts": wall(FIRST + timedelta(hours=1))}
    with pytest.raises(Refused) as refusal:
        people[STRANGER].post(f"{ROOT}/meetings", wish)
    problem = refusal.value.problem
    assert (refusal.value.status, refusal.value.code) == (409, "resources_taken_free_then"), problem
    (clash,) = problem["clashes"]
    assert (clash["endpoints"], clash["title"]) == (["th-01", "th-05", "th-06", "th-07"], None)
    assert clash["convener_name"]["vi"] == "Ủy ban nhân dân phường Hạc Thành"
    assert problem["alternatives"][0]["starts"].replace("T", " ") in problem["detail"]
    taken = people[STRANGER].post(f"{ROOT}/meetings", {**wish, "starts": problem["alternatives"][0]["starts"]})
    act(people[STRANGER], taken, "cancellation", reason="Chỉ thử")


def test_it_is_questioned_approved_changed_and_approved_again(people: People, meeting: Receipt) -> None:
    asked = act(people[CLERK], meeting, "changes", note="Có trình chiếu")
    questioned = act(people[APPROVER], asked, "questions", reason="Ai chủ trì?")
    answered = act(people[CLERK], questioned, "answers", answer="Chủ tịch Ủy ban nhân dân phường")
    approved = act(people[APPROVER], answered, "approval", note="Đồng ý")
    assert approved["state"] == "approved"
    changed = act(people[CLERK], approved, "changes", minutes=60, starts=wall(FIRST + timedelta(hours=2)))
    assert (changed["state"], changed["sequence"]) == ("approved", 0), "it stays what it is until the change is decided"
    meeting |= act(people[APPROVER], changed, "changes/approval", note="Đồng ý đổi giờ")
    view = people[CLERK].get(f"{ROOT}/meetings/{meeting['id']}")
    assert (view["state"], view["version"]) == ("approved", meeting["version"])
    assert (meeting["sequence"], view["starts"], view["minutes"]) == (1, wall(FIRST + timedelta(hours=2)), 60)
    with pytest.raises(Refused, match="Không có cuộc họp này"):
        people[STRANGER].get(f"{ROOT}/meetings/{meeting['id']}")
    listed = people[APPROVER].get(f"{ROOT}/meetings", network="thanh-hoa", state="approved")
    assert meeting["id"] in [row["id"] for row in listed["items"]]


def test_mailboxes_are_invited_once_it_is_approved(people: People, meeting: Receipt) -> None:
    """The sender of mail asks for each message; without a mail server it is kept as failed, and operators see it."""
    endpoint = people[TECHNICIAN].get(f"{ROOT}/endpoints/th-05")
    path = f"{ROOT}/endpoints/th-05/changes"
    people[TECHNICIAN].post(path, {"mailbox": "diem-cau-05@thanhhoa.gov.vn"}, version=endpoint["version"])
    delegate = {"name": "Trần Văn Bình", "address": "binh@thanhhoa.gov.vn"}
    meeting |= act(people[APPROVER], meeting, "changes", delegates=[delegate])
    path = f"{ROOT}/meetings/{meeting['id']}/invitations"
    shown = people[CLERK].wait_for(path, lambda found: len(found["guests"]) == 2)
    assert [(guest["endpoint"], guest["answer"]) for guest in shown["guests"]] == [
        ("th-05", "needs_action"),
        (None, "needs_action"),
    ]
    assert shown["without_mailbox"] == ["th-01", "th-06", "th-07"]

    def asked(page: Any) -> list[Any]:
        return [row for row in page["items"] if row["about"] == meeting["id"]]

    rows = asked(people[OPERATOR].wait_for("/mail/messages", lambda page: len(asked(page)) == 2))
    assert {(row["kind"], row["recipient"]) for row in rows} == {
        ("conference_invitation", "d***@thanhhoa.gov.vn"),
        ("conference_invitation", "b***@thanhhoa.gov.vn"),
    }


def test_programs_read_a_calendar_at_a_secret_address_until_it_is_closed(
    platform: Stack, people: People, meeting: Receipt
) -> None:
    feed = people[CLERK].post(f"{ROOT}/feeds", {"network": "thanh-hoa", "endpoint": "th-05"})
    with platform.client() as program:
        found = program.get(feed["calendar"])
        assert (found.status_code, found.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert f"UID:{meeting['id']}@" in found.text.replace("\r\n ", "")
        same = program.get(feed["calendar"], headers={"If-None-Match": found.headers["ETag"]})
        assert (same.status_code, same.text) == (304, "")
        assert "BEGIN:VFREEBUSY" in program.get(feed["free_busy"]).text
        people[CLERK].post(f"{ROOT}/feeds/{feed['id']}/closing", {})
        assert [program.get(feed[name]).status_code for name in ("calendar", "free_busy")] == [404, 404]


def test_a_screen_shows_its_room_without_anybody_signed_in_until_it_is_closed(platform: Stack, people: People) -> None:
    wish = {"network": "thanh-hoa", "endpoint": "th-05", "detail": "screen"}
    opened = people[CLERK].post(f"{ROOT}/feeds", wish)
    with platform.client() as screen:
        page = screen.get(opened["screen"])
        assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert 'id="room"' in page.text
        assert "<form" not in page.text
        told = screen.get(f"/api/v1{ROOT}/screens/{opened['screen'].rpartition('/')[2]}")
        assert (told.status_code, told.json()["endpoint"], told.headers["Cache-Control"]) == (200, "th-05", "no-store")
        people[CLERK].post(f"{ROOT}/feeds/{opened['id']}/closing", {})
        assert screen.get(opened["screen"]).status_code == 404


def test_a_session_that_begins_now_is_run_extended_and_ended(people: People) -> None:
    """Entered by the approver, who is bound to no lead time; its set-up has begun."""
    soon = datetime.now(VIETNAM).replace(second=0, microsecond=0) + timedelta(minutes=10)
    soon -= timedelta(minutes=soon.minute % 5)
    wish = {**MEETING_EXAMPLE, "endpoints": ["th-20"], "chair": "th-21", "starts": wall(soon), "minutes": 30}
    asked = people[APPROVER].post(f"{ROOT}/meetings", wish)
    approved = act(people[APPROVER], asked, "approval")
    live = act(people[TECHNICIAN], approved, "sessions/1/start")
    longer = act(people[TECHNICIAN], live, "sessions/1/extension", minutes=15)
    (session,) = people[TECHNICIAN].get(f"{ROOT}/meetings/{longer['id']}")["all_sessions"]
    assert datetime.fromisoformat(session["end"]) == soon + timedelta(minutes=45)
    ended = act(people[TECHNICIAN], longer, "sessions/1/end")
    (session,) = people[TECHNICIAN].get(f"{ROOT}/meetings/{ended['id']}")["all_sessions"]
    assert session["state"] == "ended"


def test_a_lost_endpoint_marks_it_until_its_return(people: People, meeting: Receipt) -> None:
    endpoint = people[TECHNICIAN].get(f"{ROOT}/endpoints/th-06")
    path, state = f"{ROOT}/meetings/{meeting['id']}", f"{ROOT}/endpoints/th-06/state"
    down = people[TECHNICIAN].post(state, {"state": "down", "reason": "Mất điện"}, version=endpoint["version"])
    view = people[CLERK].wait_for(path, lambda view: view["at_risk"])
    assert [(risk["endpoint"], risk["reason"]) for risk in view["risks"]] == [("th-06", "Mất điện")]
    people[TECHNICIAN].post(state, {"state": "ready", "reason": "Có điện"}, version=down["version"])
    meeting["version"] = people[CLERK].wait_for(path, lambda view: not view["at_risk"])["version"]


def test_it_is_cancelled_and_its_time_is_free(people: People, meeting: Receipt) -> None:
    cancelled = act(people[CLERK], meeting, "cancellation", reason="Hoãn sang tháng sau")
    assert cancelled["state"] == "cancelled"
    grid = people[CLERK].get(f"{ROOT}/networks/thanh-hoa/days/{FIRST:%Y-%m-%d}")
    assert [row["busy"] for row in grid["endpoints"] if row["busy"]] == []
    history = people[CLERK].get(f"{ROOT}/meetings/{meeting['id']}/history")["items"]
    verified = people[CLERK].get(f"{ROOT}/meetings/{meeting['id']}/history/verification")
    assert (verified["intact"], verified["entries"]) == (True, len(history))


def test_every_step_was_announced_in_its_order(meeting: Receipt, tap: BusTap) -> None:
    def mine(events: list[Any]) -> list[str]:
        return [event["type"].partition(".")[0] for event in events if event["subject"] == meeting["id"]]

    heard = mine(tap.wait(lambda events: "conference_cancelled" in mine(events)))
    steps = ["requested", "changed", "questioned", "answered", "scheduled", "change_proposed", "changed", "changed"]
    assert heard == [f"conference_{step}" for step in (*steps, "at_risk", "safe_again", "cancelled")]
