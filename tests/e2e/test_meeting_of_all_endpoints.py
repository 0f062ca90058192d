"""A meeting of all 31 endpoints from the wish to the report: mail and lines are real, and a line fails meanwhile."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from local.demo.caller import Caller, Refused
from local.demo.papers import make_paper
from local.mail import MailHost, WithoutMail
from shared.working_time import VIETNAM
from tests.support import stack
from tests.support.calendar_judge import judge
from tests.support.mail_client import Mailer
from tests.support.measured_line import PORT, measured_lines, probe_of, probes_known
from tests.support.meeting_people import CalendarMail, House, house_of
from tests.support.namespaces import Cable
from tests.support.pictures import pictures_of
from tests.support.running import eventually

PLACES = [f"th-{number:02}" for number in range(1, 32)]
CHAIR, STANDBY, MEASURED = "th-01", "th-31", "th-05"
"""The line of th-05 fails; it is also whose agency convenes."""

DELEGATE, ALERTED = "dai-bieu@thanhhoa.gov.vn", "truc-van-hanh@thanhhoa.gov.vn"
PERSON = {
    "network": "thanh-hoa",
    "agency": "H56.30.01",
    "key": "kt-hac-thanh",
    "name": "Lê Văn Kỹ",
    "phone": "0912000005",
    "endpoints": [MEASURED],
}
WISH: dict[str, Any] = {
    "network": "thanh-hoa",
    "title": "Hội nghị trực tuyến toàn tỉnh về phòng, chống bão số 9",
    "note": "Thành phần: lãnh đạo xã, phường; mang theo phương án “4 tại chỗ”",
    "contact": {"name": "Lê Thị Nga", "phone": "02373000005"},
    "chair": CHAIR,
    "endpoints": [place for place in PLACES if place not in (CHAIR, STANDBY)],
    "standby": [STANDBY],
    "standby_lines": [MEASURED],
    "technicians": [{"endpoint": MEASURED, "technician": "kt-hac-thanh"}],
    "delegates": [{"name": "Trần Văn Bình", "address": DELEGATE, "endpoint": MEASURED}],
    "resolution": "1080p",
    "minutes": 60,
}
ITEMS: list[dict[str, Any]] = [
    {"minutes": 5, "what": "Ổn định tổ chức, điểm danh 31 điểm cầu", "speaker": "Văn phòng", "on_screen": CHAIR},
    {
        "minutes": 35,
        "what": "Báo cáo tình hình bão và phương án sơ tán dân ven biển",
        "speaker": "Chủ tịch Ủy ban nhân dân phường Hạc Thành",
        "on_screen": MEASURED,
        "layout": "speaker_and_content",
        "content": "Phương án sơ tán.pptx",
        "note": "Nếu mất hình, chuyển điểm cầu kế tiếp",
    },
    {"minutes": 20, "what": "Thảo luận và kết luận", "layout": "gallery", "audio": "all"},
]
SIGNER = {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Lê Thị Lan"}
GOOD = {"present": True, "connected": True, "picture": "good", "sound_in": "good", "sound_out": "good"}
GOOD |= {"backup_line": "good", "verdict": "passed"}
CLOSED = {
    "cause": "Suy hao trên tuyến cáp quang tới phường",
    "action": "Chuyển đường dự phòng, báo nhà mạng",
    "report": "Cuộc họp không gián đoạn",
    "follow_ups": [{"what": "Hàn lại cáp", "who": "Nhà mạng", "due": "2026-12-14"}],
}


def mailbox(place: str) -> str:
    return f"diem-cau-{place}@thanhhoa.gov.vn"


def wall(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


@dataclass
class Journey:
    """The meeting as it goes on, and how many calendar messages each mailbox has had of it."""

    house: House
    cable: Cable
    asked: dict[str, Any] = field(default_factory=dict)
    starts: datetime = field(default_factory=lambda: datetime.now(VIETNAM))
    told: int = 0

    def __getitem__(self, part: str) -> Caller:
        return self.house.people[part]

    def path(self, rest: str = "") -> str:
        return f"/conferences/meetings/{self.asked['id']}{rest}"

    def act(self, part: str, rest: str, **body: Any) -> Any:
        """Something that wants the meeting's version."""
        return self[part].post(self.path(rest), body, version=self[part].get(self.path())["version"])

    def all_are_told(self, sequence: int) -> list[CalendarMail]:
        """The next message to each endpoint and to the delegate: the same, newer, judged by libical."""
        self.told += 1
        newest = [self.house.calendars(address, self.told)[-1] for address in [*map(mailbox, PLACES), DELEGATE]]
        assert {(one.method, int(one.event["SEQUENCE"])) for one in newest} == {("REQUEST", sequence)}
        assert {str(one.event["UID"]).partition("@")[0] for one in newest} == {self.asked["id"]}
        texts = sorted({one.text for one in newest})
        assert [judged.complaints for judged in judge(texts)] == [[]] * len(texts)
        return newest

    def lines_become(self, band: str, *places: str) -> None:
        def are_so() -> bool:
            rows = self["technician"].get("/conferences/lines", network="thanh-hoa", limit="100")["items"]
            return {one["endpoint"] for one in rows if one["band"] == band}.issuperset(places)

        eventually(are_so, f"the lines of {', '.join(places)} are {band}", 120)

    def picture(self, part: str, path: str, name: str, **query: Any) -> str:
        """The words of a PDF whose pages are kept as pictures too."""
        kind, content = self[part].download(path, **query)
        assert kind == "application/pdf"
        assert pictures_of(name, content) != []
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


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
