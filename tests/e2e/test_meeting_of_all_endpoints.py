"""A meeting of all 31 endpoints from the wish to the report: mail and lines are real, and a line fails meanwhile."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local.demo.caller import Refused
from local.demo.papers import make_paper
from local.mail import MailHost, WithoutMail
from shared.working_time import VIETNAM
from tests.e2e.all_endpoints import (
    ALERTED,
    CHAIR,
    CLOSED,
    DELEGATE,
    GOOD,
    ITEMS,
    MEASURED,
    PERSON,
    PLACES,
    SIGNER,
    STANDBY,
    WISH,
    Journey,
    mailbox,
    wall,
)
from tests.support import stack
from tests.support.mail_client import Mailer
from tests.support.measured_line import PORT, measured_lines, probe_of, probes_known
from tests.support.meeting_people import house_of
from tests.support.pictures import pictures_of
from tests.support.running import eventually


@pytest.fixture(scope="module")
def journey(servers: stack.Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    probes = tmp_path_factory.mktemp("probes")
    with stack.fresh_state() as state, probes_known(probes, PLACES):
        try:
            host = MailHost(state)
        except WithoutMail as reason:
            pytest.fail(str(reason))
        with (
            stack.started_stack(state, servers, host) as platform,
            house_of(platform, Mailer(host.ports)) as house,
            measured_lines(platform, probes, MEASURED, [place for place in PLACES if place != MEASURED]) as cable,
        ):
            house.open_mailboxes([*map(mailbox, PLACES), DELEGATE, ALERTED])
            yield Journey(house, cable)


def test_it_is_booked_through_the_interface_and_holds_everything(journey: Journey) -> None:
    technician = journey["technician"]
    technician.post("/conferences/technicians", PERSON)
    for place in PLACES:
        version = technician.get(f"/conferences/endpoints/{place}")["version"]
        body = {"mailbox": mailbox(place), "probe": probe_of(place)}
        body = {"mailbox": mailbox(place)} if place == MEASURED else body
        technician.post(f"/conferences/endpoints/{place}/changes", body, version=version)
    journey.starts = datetime.now(VIETNAM).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=21)
    journey.asked = journey["clerk"].post("/conferences/meetings", WISH | {"starts": wall(journey.starts)})
    other = {**WISH, "endpoints": [STANDBY], "standby": [], "technicians": [], "standby_lines": [], "delegates": []}
    with pytest.raises(Refused) as refusal:
        journey["approver"].post("/conferences/meetings", other | {"starts": wall(journey.starts)})
    assert {tuple(clash["endpoints"]) for clash in refusal.value.problem["clashes"]} == {(CHAIR, STANDBY)}
    grid = journey["clerk"].get(f"/conferences/networks/thanh-hoa/days/{journey.starts:%Y-%m-%d}")
    assert sum(bool(row["busy"]) for row in grid["endpoints"]) == 31


def test_it_is_approved_and_all_are_invited_by_mail(journey: Journey) -> None:
    assert journey.house.mails(mailbox(CHAIR)) == [], "nobody is told before it is approved"
    journey.act("approver", "/approval", note="Đồng ý")
    told = journey.all_are_told(sequence=0)
    for one in told:
        assert one.event.decoded("DTSTART") == journey.starts
        assert one.event.decoded("DURATION") == timedelta(hours=1)
    rooms = {str(attendee) for attendee in told[0].event["ATTENDEE"]}
    assert rooms == {f"mailto:{mailbox(place)}" for place in PLACES}, "the delegate is named to the delegate alone"
    assert "Mời họp" in str(told[0].mail["Subject"])
    shown = journey["clerk"].get(journey.path("/invitations"))
    assert (len(shown["guests"]), shown["without_mailbox"]) == (32, [])


def test_the_invitation_document_is_issued_with_a_number(journey: Journey) -> None:
    journey.act("clerk", "/letter")

    def letter(status: str) -> dict[str, Any]:
        def there(view: dict[str, Any]) -> bool:
            return [row["status"] for row in view["letters"]] == [status]

        found: dict[str, Any] = journey["clerk"].wait_for(journey.path(), there, seconds=60)["letters"][0]
        return found

    document = journey["specialist"].get(f"/documents/{letter('draft')['document']}")
    assert f"{journey.starts:%H:%M ngày %d/%m/%Y}" in document["summary"]
    lines = (document["subject"], document["summary"], "Kính gửi: Ủy ban nhân dân các xã, phường")
    paper = make_paper("Giấy mời", *lines)
    pictures_of("giay-moi", paper)
    content = {name: document[name] for name in ("kind", "subject", "summary", "places")}
    content |= {"receivers": [{"agency": "H56.31.01"}]}
    content["main"] = journey["specialist"].upload("giay-moi.pdf", "application/pdf", paper)
    for part, action, body in (
        ("specialist", "revise", content),
        ("specialist", "submit", {}),
        ("head", "sign", {"signer": SIGNER}),
        ("clerk", "issue", {}),
    ):
        document = journey[part].post(f"/documents/{document['id']}/{action}", body, version=document["version"])
    assert document["code"]
    assert letter("issued")["code"] == document["code"]


def test_the_storm_comes_early_and_it_is_moved_to_now(journey: Journey) -> None:
    soon = datetime.now(VIETNAM).replace(second=0, microsecond=0) + timedelta(minutes=15)
    journey.starts = soon - timedelta(minutes=soon.minute % 5)
    journey.act("approver", "/changes", starts=wall(journey.starts), reason="Bão đổ bộ sớm")
    told = journey.all_are_told(sequence=1)
    assert {one.event.decoded("DTSTART") for one in told} == {journey.starts}
    assert "Thay đổi lời mời họp" in str(told[0].mail["Subject"])
    statuses = [row["status"] for row in journey["clerk"].get(journey.path())["letters"]]
    assert statuses[0] == "issued"
    journey["clerk"].wait_for(journey.path(), lambda view: len(view["letters"]) == 2)


def test_it_is_prepared_by_a_run_of_show(journey: Journey) -> None:
    written = journey["clerk"].post(journey.path("/script"), {"items": ITEMS}, version=0)
    journey["technician"].post(journey.path("/script/releases"), {}, version=written["version"])
    words = journey.picture("clerk", journey.path("/script/print"), "kich-ban")
    for said in (
        "KỊCH BẢN ĐIỀU HÀNH",
        "Bản chốt số 1",
        f"{journey.starts:%H:%M}",
        "Lê Văn Kỹ",
        *ITEMS[1]["what"].split(),
    ):
        assert said in words, said


def test_all_endpoints_are_rehearsed_with_what_their_probes_measure(journey: Journey) -> None:
    journey.lines_become("green", *PLACES)
    for place in PLACES:
        who = "specialist" if place == MEASURED else "technician"
        journey[who].post(journey.path(f"/sessions/1/endpoints/{place}/rehearsal"), GOOD)
    journey["technician"].post(journey.path("/sessions/1/rehearsal"), {"verdict": "passed"})
    board = journey["clerk"].get(journey.path("/sessions/1/readiness"))
    assert (board["connected"], board["not_passed"], board["result"]["verdict"]) == (31, [], "passed")
    measured = {row["endpoint"]: row["rehearsal"]["measured"] for row in board["endpoints"]}
    assert len(measured) == 31
    assert min(line["rtt_ms"] for line in measured.values()) > 0, "of real lines"
    assert len({tuple(line.values()) for line in measured.values()}) > 20, "each of its own"
    assert 0 <= measured[MEASURED]["loss_percent"] < 1


def test_it_runs_and_a_line_fails_and_it_goes_on(journey: Journey) -> None:
    technician, pointer = journey["technician"], journey.path("/sessions/1/pointer")
    journey.act("technician", "/sessions/1/start")
    begun = technician.post(pointer, {"action": "start"}, version=0)
    technician.post(pointer, {"action": "next"}, version=begun["version"])
    told = journey["clerk"].get(pointer)
    assert (told["state"], told["current"]["on_screen"]) == ("running", MEASURED)

    def incidents() -> list[dict[str, Any]]:
        found = technician.get("/conferences/incidents", network="thanh-hoa", state="unclosed")["items"]
        return [one for one in found if one["meeting"] == journey.asked["id"]]

    rule = journey.cable.lose(8, there=True, port=PORT)
    (incident,) = eventually(incidents, "an incident opens by itself", 180)
    assert (incident["endpoint"], incident["line"], incident["symptom"]) == (MEASURED, "primary", "poor_line")
    assert (incident["origin"], incident["session"], incident["severity"]) == ("probe", 1, 3)

    def alerted() -> bool:
        return any("Sự cố mức 3" in str(mail["Subject"]) for mail in journey.house.mails(ALERTED))

    assert eventually(alerted, "who looks after the network is written to", 120)
    place, version = f"/conferences/incidents/{incident['id']}", incident["version"]
    for action, body in (("acknowledgement", {}), ("standby", {"reason": "Đường chính mất gói"})):
        version = technician.post(f"{place}/{action}", body, version=version)["version"]
    assert journey["clerk"].get(journey.path())["on_backup"] == [MEASURED]
    passed, lost = rule.counted()
    assert 0.04 < lost / passed < 0.12, "the rule really lost some 8 %"
    rule.lift()
    journey.lines_become("green", MEASURED)
    for action, body in (("restoration", {}), ("closure", CLOSED)):
        version = technician.post(f"{place}/{action}", body, version=version)["version"]
    assert incidents() == [], "one, however long it was bad"
    words = journey.picture("technician", f"{place}/print", "bao-cao-su-co")
    for said in ("BÁO CÁO SỰ CỐ", "đường truyền xấu", "Thiết bị đo đường truyền", "Suy hao", "Hàn lại cáp"):
        assert said in words, said


def test_it_takes_longer_and_all_calendars_hear_of_it(journey: Journey) -> None:
    journey.act("technician", "/sessions/1/extension", minutes=20, reason="Bàn thêm phương án sơ tán")
    told = journey.all_are_told(sequence=2)
    assert {(one.event.decoded("DTSTART"), one.event.decoded("DURATION")) for one in told} == {
        (journey.starts, timedelta(minutes=80))
    }
    assert "Kéo dài buổi họp" in str(told[0].mail["Subject"])


def test_it_ends_and_is_reported(journey: Journey) -> None:
    journey.act("technician", "/sessions/1/end")
    session = journey["clerk"].get(journey.path("/sessions/1/lines"))
    (spread,) = [one for one in session["lines"] if one["endpoint"] == MEASURED]
    assert spread["red"] >= 3
    assert spread["loss_percent"]["max"] > 4
    last = journey.starts.date()  # which may have begun meanwhile
    period = {"first_day": f"{last - timedelta(days=1)}", "last_day": f"{last}"}
    place = "/conferences/networks/thanh-hoa/figures"
    found = journey["approver"].get(place, **period)
    assert (found["meetings"], found["sessions"], found["peak_ports"]) == (1, 1, 31 * 4)
    assert 0 < found["endpoint_hours"] <= 31 * 80 / 60
    assert found["without_severe"] == {"meetings": 1, "without": 1}, "the line was poor, and not lost"
    poor = found["incidents"][-1]
    assert (poor["severity"], poor["incidents"], poor["restored"]) == (3, 1, 1)
    assert poor["mean_minutes"] == poor["longest_minutes"] >= 1
    words = journey.picture("approver", f"{place}/report", "bao-cao", **period)
    for said in ("BÁO CÁO HỘI NGHỊ TRUYỀN HÌNH", "1 cuộc, 1 buổi", "1/1 cuộc họp", "124/144"):
        assert said in words, said
    verified = journey["clerk"].get(journey.path("/history/verification"))
    assert verified["intact"]
    steps = [entry["type"].partition(".")[0] for entry in journey["clerk"].get(journey.path("/history"))["items"]]
    assert [step for step in steps if step.startswith("session_")] == [
        "session_started",
        "session_extended",
        "session_ended",
    ]


def test_a_year_of_weeks_is_booked_in_one_call_or_all_its_clashes_are_named(journey: Journey) -> None:
    """In Santiago, whose clocks are turned meanwhile: each session begins at eight there."""
    start = datetime.now(VIETNAM).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=30)
    plain = {name: WISH[name] for name in ("network", "title", "contact", "chair", "minutes")}
    weekly = plain | {"endpoints": PLACES[1:], "starts": wall(start), "rule": "FREQ=WEEKLY;COUNT=52"}
    weekly |= {"zone": "America/Santiago"}
    booked = journey["clerk"].post("/conferences/meetings", weekly)
    sessions = journey["clerk"].get(f"/conferences/meetings/{booked['id']}")["all_sessions"]
    begin = [datetime.fromisoformat(one["start"]) for one in sessions]
    assert len(begin) == 52
    santiago = [moment.astimezone(ZoneInfo("America/Santiago")) for moment in begin]
    assert {f"{moment:%H:%M}" for moment in santiago} == {"08:00"}
    assert len({moment.utcoffset() for moment in santiago}) == 2, "summer and winter"
    with pytest.raises(Refused) as refusal:
        journey["approver"].post("/conferences/meetings", weekly | {"title": "Chuỗi khác"})
    named = [clash for clash in refusal.value.problem["clashes"] if clash["endpoints"]]
    assert [clash["session"] for clash in named] == list(range(1, 53))
    assert {tuple(clash["endpoints"]) for clash in named} == {tuple(PLACES)}
