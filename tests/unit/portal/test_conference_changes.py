"""One session is moved on a page, and a change that waits is seen, decided on and taken back."""

from typing import Any

import pytest

from shared.errors import Conflict
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.conference_answers import ENDPOINTS, ID, MEETING, NETWORK, SESSION, TAKEN, asked

CONVENER = "clerk-hac-thanh"
SERIES = MEETING | {
    "state": "approved",
    "convener": "H56.30.01",
    "rule": "FREQ=WEEKLY;COUNT=3",
    "rank": "department",
    "actions": ["change_meeting", "move_session"],
    "all_sessions": [
        SESSION | {"state": "ended"},
        SESSION | {"number": 2, "state": "planned", "start": "2026-12-14T01:00:00Z", "end": "2026-12-14T03:00:00Z"},
    ],
}
MOVED = SESSION | {"number": 2, "state": "planned", "start": "2026-12-15T07:00:00Z", "end": "2026-12-15T09:00:00Z"}
PROPOSAL = {
    "by": "clerk", "at": "2026-12-01T01:00:00Z", "reason": "Trùng họp Tỉnh ủy", "hold_until": "2026-12-02T01:00:00Z",
}  # fmt: skip
OF_ONE = PROPOSAL | {"session": 2, "changes": {"starts": "2026-12-15T14:00", "minutes": 120}, "sessions": [MOVED]}
OF_ALL = PROPOSAL | {"session": None, "changes": {"rank": "leader", "endpoints": ["th-05"]}, "sessions": []}


@pytest.fixture
def hall(gateway: GatewayInHand) -> GatewayInHand:
    leader = {"key": "leader", "name": {"vi": "Họp lãnh đạo", "en": "Leaders"}, "preempts": True}
    gateway.bus.answers |= {
        "list_networks": {"items": [NETWORK | {"ranks": [*NETWORK["ranks"], leader]}], "next": None},
        "list_endpoints": {"items": ENDPOINTS, "next": None},
        "list_meetings": {"items": [], "next": None},
        "read_invitations": {"guests": [], "without_mailbox": []},
        "read_meeting": SERIES,
        "move_session": {"id": ID, "version": 4},
        "change_meeting": {"id": ID, "version": 4},
    }
    return gateway


def waits(gateway: GatewayInHand, proposal: dict[str, Any], *actions: str) -> None:
    more = [*SERIES["actions"], *actions]
    gateway.bus.answers["read_meeting"] = SERIES | {"proposal": proposal, "actions": more}


def test_one_session_is_moved(hall: GatewayInHand, reader: Reader) -> None:
    reader.sign_in(CONVENER).open(f"/hop/cuoc/{ID}")
    (link,) = reader.page.xpath("//a[contains(@href,'/doi-gio')]/@href")
    assert str(link) == f"/hop/cuoc/{ID}/buoi/2/doi-gio", "one that is over cannot be moved"
    reader.open(str(link))
    assert dict(reader.forms[-1].form_values())["starts-hour"] == "08:00"
    reader.send(follow=False, **{"starts-day": "15", "starts-hour": "14:00", "reason": "Trùng họp"})
    sent = asked(hall, "move_session")
    assert (sent["starts"], sent["session"], sent["_version"]) == ("2026-12-15T14:00", "2", 3)
    assert sent["reason"] == "Trùng họp"
    assert "minutes" not in sent
    assert reader.answer.location == f"/hop/cuoc/{ID}"


@pytest.mark.parametrize("session", ["1", "9"])
def test_what_is_over_or_unknown_is_not_moved(hall: GatewayInHand, reader: Reader, session: str) -> None:
    assert reader.sign_in(CONVENER).client.get(f"/hop/cuoc/{ID}/buoi/{session}/doi-gio").status_code == 404


def test_who_has_the_time_already_is_named_and_what_was_typed_is_kept(hall: GatewayInHand, reader: Reader) -> None:
    hall.bus.answers["move_session"] = Conflict("resources_taken_free_then", count=1, starts=[], **TAKEN)
    reader.sign_in(CONVENER).open(f"/hop/cuoc/{ID}/buoi/2/doi-gio").send(**{"starts-hour": "14:15"})
    assert reader.answer.status_code == 409
    assert "Phường Sầm Sơn đang được giữ cho" in reader.words
    assert "Có 1 chỗ trùng lịch." in reader.words, "what a program would read of it is left out"
    assert dict(reader.forms[-1].form_values())["starts-hour"] == "14:15"
    assert [one.text for one in reader.page.xpath("//button[@name='lam']")] == ["Chuyển sang 15:00 ngày 07/12/2026"]
    hall.bus.answers["move_session"] = {"id": ID, "version": 4}
    reader.send(follow=False, lam="gio-2026-12-07T15:00")
    assert asked(hall, "move_session")["starts"] == "2026-12-07T15:00"


def test_a_change_that_waits_is_told_beside_what_is(hall: GatewayInHand, reader: Reader) -> None:
    waits(hall, OF_ONE)
    words = reader.sign_in(CONVENER).open(f"/hop/cuoc/{ID}").words
    assert "08:00 – 10:00, 14/12/2026 chuyển sang 14:00 – 16:00, 15/12/2026" in words
    assert "Lý do: Trùng họp Tỉnh ủy" in words
    waits(hall, OF_ALL)
    words = reader.open(f"/hop/cuoc/{ID}").words
    assert "Mức ưu tiên: Họp của sở → Họp lãnh đạo" in words
    assert "Điểm cầu tham dự: Phường Sầm Sơn → Phường Hạc Thành" in words


@pytest.mark.parametrize(
    ("proposal", "sent_back"),
    [(OF_ONE, {"starts": MEETING["starts"]}), (OF_ALL, {"rank": "department", "endpoints": ["th-06"]})],
)
def test_who_asked_for_a_change_takes_it_back(
    hall: GatewayInHand, reader: Reader, proposal: dict[str, Any], sent_back: dict[str, Any]
) -> None:
    waits(hall, proposal)
    reader.sign_in(CONVENER).open(f"/hop/cuoc/{ID}/withdraw_change").send(follow=False)
    sent = asked(hall, "change_meeting")
    assert {name: sent[name] for name in sent_back} == sent_back
    assert sent["_version"] == 3
    assert set(sent) & {"starts", "minutes", "rank", "endpoints"} == set(sent_back)


def test_others_decide_on_it_and_do_not_take_it_back(hall: GatewayInHand, reader: Reader) -> None:
    waits(hall, OF_ONE, "approve_change", "reject_change")
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}")
    offered = {
        str(link).rpartition("/")[2] for link in reader.page.xpath("//div[contains(@class,'tc-actions')]//a/@href")
    }
    assert {"approve_change", "reject_change"} <= offered
    assert "withdraw_change" not in offered
    assert reader.client.get(f"/hop/cuoc/{ID}/withdraw_change").status_code == 404


def test_a_question_about_a_change_is_asked(hall: GatewayInHand, reader: Reader) -> None:
    hall.bus.answers["ask_change_information"] = {"id": ID}
    waits(hall, OF_ONE, "ask_change_information")
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}/ask_change_information")
    reader.send(follow=False, reason="Vì sao đổi giờ?")
    assert asked(hall, "ask_change_information")["reason"] == "Vì sao đổi giờ?"


def test_a_question_about_a_change_is_answered(hall: GatewayInHand, reader: Reader) -> None:
    hall.bus.answers["answer_change_question"] = {"id": ID}
    waits(hall, OF_ONE | {"questioned": True}, "answer_change_question")
    question = {"by": "head", "at": "2026-12-01T02:00:00Z", "verdict": "questioned", "said": "Vì sao đổi giờ?"}
    hall.bus.answers["read_meeting"] |= {"decision": question}
    assert "Người duyệt hỏi: Vì sao đổi giờ?" in reader.sign_in(CONVENER).open(f"/hop/cuoc/{ID}").words
    reader.open(f"/hop/cuoc/{ID}/answer_change_question").send(follow=False, answer="Chủ trì bận")
    assert asked(hall, "answer_change_question")["answer"] == "Chủ trì bận"
    waits(hall, OF_ONE | {"questioned": False})
    hall.bus.answers["read_meeting"] |= {"decision": question, "answer": "Chủ trì bận"}
    words = reader.open(f"/hop/cuoc/{ID}").words
    assert "Cơ quan đăng ký trả lời" in words
    assert "Chủ trì bận" in words
    assert "Người duyệt hỏi" not in words
