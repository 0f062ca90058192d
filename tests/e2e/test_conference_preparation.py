"""A conference is prepared through the real gateway: who is on duty, run-of-show, rehearsal, invitation document."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from local.demo.caller import Caller, Refused
from local.demo.conference import PEOPLE, Conference
from local.demo.papers import make_paper
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.working_time import VIETNAM
from tests.support.stack import Stack, secret_of

CLERK, SPECIALIST, HEAD = "clerk-hac-thanh", "specialist-hac-thanh", "head-hac-thanh"
APPROVER, TECHNICIAN = "head-van-phong-thanh-hoa", "technician-thanh-hoa"
PLACES = ("th-05", "th-24", "th-25")
ITEMS = [
    {"minutes": 5, "what": "Khai mạc", "speaker": "Chánh Văn phòng", "on_screen": "th-24"},
    {"minutes": 25, "what": "Báo cáo", "on_screen": "th-05", "layout": "speaker_and_content"},
]
SIGNER = {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Lê Thị Lan"}
WHOLE = {"technician": True, "connected": True, "picture": True, "sound": True}
GOOD = {"present": True, "connected": True, "picture": "good", "sound_in": "good", "sound_out": "good"}

People = dict[str, Caller]
Receipt = dict[str, Any]


def wall(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


@pytest.fixture(scope="module")
def people(own_platform: Stack) -> Iterator[People]:
    with ExitStack() as stack:
        yield {
            login: stack.enter_context(Caller(own_platform.base_url, login, secret_of(login)))
            for login in (CLERK, SPECIALIST, HEAD, APPROVER, TECHNICIAN)
        }


def path(meeting: Receipt, rest: str = "") -> str:
    return f"/conferences/meetings/{meeting['id']}{rest}"


@pytest.fixture(scope="module")
def meeting(people: People) -> Receipt:
    """A meeting within the hour, whose set-up has begun, with somebody on duty at one endpoint."""
    person = {"network": "thanh-hoa", "agency": "H56.30.01", "name": "Lê Văn Kỹ", "phone": "0912000005"}
    person |= {"key": "kt-hac-thanh", "endpoints": ["th-05"], "mailbox": "lvky@thanhhoa.gov.vn"}
    people[TECHNICIAN].post("/conferences/technicians", person)
    soon = datetime.now(VIETNAM).replace(second=0, microsecond=0) + timedelta(minutes=25)
    soon -= timedelta(minutes=soon.minute % 5)
    wish = {
        **MEETING_EXAMPLE,
        "chair": "th-24",
        "endpoints": ["th-05"],
        "standby": ["th-25"],
        "standby_lines": ["th-05"],
        "technicians": [{"endpoint": "th-05", "technician": "kt-hac-thanh"}],
        "starts": wall(soon),
        "minutes": 30,
    }
    asked = people[APPROVER].post("/conferences/meetings", wish)
    approved: Receipt = people[APPROVER].post(path(asked, "/approval"), {}, version=asked["version"])
    return approved


def test_who_is_on_duty_is_held_and_named_in_a_clash(people: People, meeting: Receipt) -> None:
    view = people[CLERK].get(path(meeting))
    other = {
        **MEETING_EXAMPLE,
        "chair": "th-26",
        "endpoints": ["th-27"],
        "technicians": [{"endpoint": "th-26", "technician": "kt-hac-thanh"}],
        "starts": view["starts"],
        "minutes": 30,
    }
    with pytest.raises(Refused) as refusal:
        people[APPROVER].post("/conferences/meetings", other)
    (clash,) = refusal.value.problem["clashes"]
    assert (clash["kind"], clash["technicians"]) == ("technician", ["kt-hac-thanh"])
    roster = people[CLERK].get(f"/conferences/networks/thanh-hoa/days/{view['starts'][:10]}/roster")
    rows = [row for row in roster["duties"] if row["meeting"] == meeting["id"]]
    assert [(row["endpoint"], [one["key"] for one in row["technicians"]]) for row in rows] == [
        ("th-05", ["kt-hac-thanh"]),
        ("th-24", []),
        ("th-25", []),
    ]


def test_the_run_of_show_is_written_released_and_printed(people: People, meeting: Receipt) -> None:
    empty = people[APPROVER].get(path(meeting, "/script"))
    assert (empty["version"], empty["items"]) == (0, [])
    written = people[APPROVER].post(path(meeting, "/script"), {"items": ITEMS}, version=0)
    with pytest.raises(Refused) as refusal:
        people[TECHNICIAN].post(path(meeting, "/script"), {"items": ITEMS[:1]}, version=0)
    assert refusal.value.status == 412
    released = people[TECHNICIAN].post(path(meeting, "/script/releases"), {}, version=written["version"])
    assert (released["state"], released["release"]) == ("released", 1)
    kind, content = people[CLERK].download(path(meeting, "/script/print"))
    text = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert kind == "application/pdf"
    assert "KỊCH BẢN ĐIỀU HÀNH" in text
    assert "Lê Văn Kỹ" in text


def test_the_board_shows_who_came(people: People, meeting: Receipt) -> None:
    board = path(meeting, "/sessions/1/readiness")
    missing = [{"before": 10, "state": "open"}]
    found = people[CLERK].get(board)
    assert [row["marks"][-1:] for row in found["endpoints"]] == [missing] * 3
    for place in PLACES:
        who = people[SPECIALIST] if place == "th-05" else people[TECHNICIAN]
        who.post(path(meeting, f"/sessions/1/endpoints/{place}/readiness"), WHOLE)
    with pytest.raises(Refused) as refusal:
        people[SPECIALIST].post(path(meeting, "/sessions/1/endpoints/th-24/readiness"), {"sound": False})
    assert refusal.value.status == 403
    found = people[CLERK].get(board)
    assert (found["connected"], [row["marks"][-1]["state"] for row in found["endpoints"]]) == (3, ["ready"] * 3)


def test_a_rehearsal_is_recorded_and_concluded(people: People, meeting: Receipt) -> None:
    record = {**GOOD, "backup_line": "good", "verdict": "passed"}
    record["measured"] = {"loss_percent": 0.2, "rtt_ms": 18.5, "jitter_ms": 2.4, "mbps": 7.6}
    people[SPECIALIST].post(path(meeting, "/sessions/1/endpoints/th-05/rehearsal"), record)
    with pytest.raises(Refused) as refusal:
        people[TECHNICIAN].post(path(meeting, "/sessions/1/rehearsal"), {"verdict": "passed"})
    assert "th-24, th-25" in str(refusal.value.problem)
    people[TECHNICIAN].post(
        path(meeting, "/sessions/1/rehearsal"), {"verdict": "passed", "remark": "Hai điểm cầu thử hôm qua"}
    )
    found = people[CLERK].get(path(meeting, "/sessions/1/readiness"))
    assert found["result"]["verdict"] == "passed"
    assert found["endpoints"][0]["rehearsal"]["technician"] == "kt-hac-thanh"


def test_the_session_is_run_by_its_run_of_show(people: People, meeting: Receipt) -> None:
    version = people[TECHNICIAN].get(path(meeting))["version"]
    people[TECHNICIAN].post(path(meeting, "/sessions/1/start"), {}, version=version)
    pointer = path(meeting, "/sessions/1/pointer")
    begun = people[TECHNICIAN].post(pointer, {"action": "start"}, version=0)
    people[TECHNICIAN].post(pointer, {"action": "next"}, version=begun["version"])
    told = people[CLERK].get(pointer)
    assert (told["state"], told["current"]["what"], told["next"]) == ("running", "Báo cáo", None)
    assert told["late_seconds"] < 0, "before the session's own time"
    assert [(move["action"], move["by"]) for move in told["moves"]] == [("start", TECHNICIAN), ("next", TECHNICIAN)]
    version = people[TECHNICIAN].get(path(meeting))["version"]
    people[TECHNICIAN].post(path(meeting, "/sessions/1/end"), {}, version=version)


def test_the_invitation_document_is_numbered_in_document_routing_and_follows(people: People) -> None:
    first = datetime.now(VIETNAM).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=28)
    wish = {**MEETING_EXAMPLE, "chair": "th-05", "endpoints": ["th-06"], "starts": wall(first)}
    asked = people[CLERK].post("/conferences/meetings", wish)
    approved = people[APPROVER].post(path(asked, "/approval"), {}, version=asked["version"])
    people[CLERK].post(path(approved, "/letter"), {}, version=approved["version"])

    def letter(number: int, status: str) -> Receipt:
        def there(view: Receipt) -> bool:
            return [row["status"] for row in view["letters"][number - 1 : number]] == [status]

        found: Receipt = people[CLERK].wait_for(path(asked), there)["letters"][number - 1]
        return found

    document = people[SPECIALIST].get(f"/documents/{letter(1, 'draft')['document']}")
    assert (document["kind"], document["status"]) == ("giay_moi", "draft")
    paper = people[SPECIALIST].upload("giay-moi.pdf", "application/pdf", make_paper("Giấy mời", "Họp trực tuyến"))
    content = {name: document[name] for name in ("kind", "subject", "summary", "places")}
    content |= {"receivers": [{"agency": "H56.31.01"}], "main": paper}
    for who, action, body in (
        (SPECIALIST, "revise", content),
        (SPECIALIST, "submit", {}),
        (HEAD, "sign", {"signer": SIGNER}),
        (CLERK, "issue", {}),
    ):
        document = people[who].post(f"/documents/{document['id']}/{action}", body, version=document["version"])
    assert letter(1, "issued")["code"] == document["code"]
    version = people[APPROVER].get(path(asked))["version"]
    people[APPROVER].post(path(asked, "/changes"), {"minutes": 60}, version=version)
    replacement = people[SPECIALIST].get(f"/documents/{letter(2, 'draft')['document']}")
    assert replacement["replaces"] == document["id"]
    assert not letter(1, "issued")["outdated"]
    version = people[CLERK].get(path(asked))["version"]
    people[CLERK].post(path(asked, "/cancellation"), {"reason": "Hoãn"}, version=version)
    letter(2, "withdrawn")
    letter(1, "recalled")


def test_the_conference_of_the_demonstration_can_be_played_again(own_platform: Stack) -> None:
    with ExitStack() as stack:
        players = {
            part: stack.enter_context(Caller(own_platform.base_url, login, secret_of(login)))
            for part, login in PEOPLE.items()
        }
        starts = []
        for _ in range(2):
            played = Conference(players)
            starts.append(played.ask(datetime.now(VIETNAM))["starts"])
            script, content = played.plan()
            assert (script["state"], script["minutes_over"], content[:4]) == ("released", 0, b"%PDF")
            assert played.rehearse()["not_passed"] == []
            assert played.invite()["kind"] == "giay_moi"
        assert len(set(starts)) == 2, "the second takes the nearest free time"


def test_the_months_are_counted_drawn_and_reported(own_platform: Stack, people: People, meeting: Receipt) -> None:
    today = datetime.now(VIETNAM).date()
    place = "/conferences/networks/thanh-hoa/figures"
    period = {"first_day": f"{today}", "last_day": f"{today + timedelta(days=1)}"}
    found = people[APPROVER].get(place, **period)
    assert found["sessions"] >= 1, "the one that was run"
    assert found["lead"]["late"] >= 1, "entered by the approver at the last moment"
    kind, picture = people[APPROVER].download(f"{place}/chart", **period)
    assert (kind, picture[:4]) == ("image/svg+xml; charset=utf-8", b"<svg")
    kind, report = people[APPROVER].download(f"{place}/report", **period)
    assert (kind, report[:4]) == ("application/pdf", b"%PDF")
    with pytest.raises(Refused) as refusal:
        people[CLERK].get(place, **period)
    assert refusal.value.status == 403
