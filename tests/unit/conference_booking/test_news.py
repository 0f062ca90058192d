"""What a convener hears by mail of a meeting: what was lost, refused, asked, or is at risk; when else it could be."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, TECHNICIAN, ConferenceWorld, person

POST = Principal(MAILER, "email_provisioning", frozenset())
CONTACT = {"name": "Nguyễn Thị Hạnh", "phone": "02373000001", "address": "hanh@thanhhoa.gov.vn"}
HIGH = {"rank": "government", "preempt": True, "chair": "th-05", "endpoints": [], "title": "Hội nghị của Chính phủ"}


def post(world: ConferenceWorld) -> list[dict[str, Any]]:
    """The mails without a calendar part that were asked for since, as they are sent."""
    before = set(world.messages.documents)
    world.fire()
    fresh = [key for key in world.messages.documents if key not in before]
    read = [world.ask("read_message", POST, message=key) for key in fresh]
    return [one for one in read if one["to"] and one["calendar"] is None]


def test_who_gave_way_hears_when_it_could_be_instead(world: ConferenceWorld) -> None:
    low = world.approved(rule="FREQ=WEEKLY;COUNT=2", contact=CONTACT)
    world.request(APPROVER, **HIGH)
    [mail] = post(world)
    assert mail["to"] == CONTACT["address"]
    assert mail["vi"]["subject"].startswith("Cuộc họp nhường chỗ: Giao ban")
    assert "08:00 07/12/2026" in mail["vi"]["text"]
    [news] = world.ask("read_meeting", CLERK, meeting=low)["news"]
    assert (news["what"], news["sessions"]) == ("preempted", [1])
    assert news["alternatives"]
    assert all(one.replace("T", " ") in mail["vi"]["text"] for one in news["alternatives"])
    assert post(world) == [], "once"
    assert world.ask("verify_meeting_history", CLERK, meeting=low)["intact"]


@pytest.mark.parametrize(
    ("what", "operation", "body"),
    [
        ("rejected", "reject_meeting", {"reason": "Trùng lịch Thường trực"}),
        ("questioned", "ask_meeting_information", {"reason": "Ai chủ trì?"}),
        ("expired", "", {}),
    ],
)
def test_what_was_decided_or_not(world: ConferenceWorld, what: str, operation: str, body: dict[str, Any]) -> None:
    meeting = world.request(contact=CONTACT)
    assert post(world) == []
    if operation:
        world.ask(operation, APPROVER, meeting=meeting, **body)
    else:
        world.at("2026-12-02T08:00")
    [mail] = post(world)
    assert body.get("reason", "") in mail["vi"]["text"]
    assert world.ask("read_meeting", CLERK, meeting=meeting)["news"][-1]["what"] == what


def test_a_question_that_was_answered_is_not_asked_by_mail(world: ConferenceWorld) -> None:
    meeting = world.request(contact=CONTACT)
    world.ask("ask_meeting_information", APPROVER, meeting=meeting, reason="Ai chủ trì?")
    world.fire()
    world.ask("answer_meeting_question", CLERK, meeting=meeting, answer="Chủ tịch")
    [key] = world.messages.documents
    assert world.ask("read_message", POST, message=key)["to"] is None


def test_a_question_about_a_change_is_asked_by_mail_until_it_is_answered(world: ConferenceWorld) -> None:
    meeting = world.approved(contact=CONTACT)
    world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-07T09:00")
    post(world)
    world.ask("ask_change_information", APPROVER, meeting=meeting, reason="Vì sao đổi giờ?")
    before = set(world.messages.documents)
    [mail] = post(world)
    assert mail["to"] == CONTACT["address"]
    assert "có thay đổi cần bổ sung thông tin" in mail["vi"]["text"]
    assert "Vì sao đổi giờ?" in mail["vi"]["text"]
    assert world.ask("read_meeting", CLERK, meeting=meeting)["news"][-1]["what"] == "change_questioned"
    world.ask("answer_change_question", CLERK, meeting=meeting, answer="Chủ trì bận")
    [key] = set(world.messages.documents) - before
    assert world.ask("read_message", POST, message=key)["to"] is None


def test_a_change_that_was_not_made(world: ConferenceWorld) -> None:
    meeting = world.approved(contact=CONTACT)
    world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-07T09:00")
    world.ask("reject_change", APPROVER, meeting=meeting, reason="Bận")
    world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-07T10:00")
    world.at("2026-12-02T08:00")
    subjects = [one["vi"]["subject"].partition(":")[0] for one in post(world) + post(world)]
    assert subjects == ["Thay đổi không được duyệt", "Thay đổi hết hạn giữ chỗ"]


def test_a_lost_endpoint_is_told_to_the_conveners_own_mailbox(world: ConferenceWorld) -> None:
    [own] = [key for key, one in world.endpoints.documents.items() if one["agency"] == "H56.30.01"]
    world.ask("change_endpoint", TECHNICIAN, endpoint=own, mailbox="hacthanh@thanhhoa.gov.vn")
    world.request()
    world.ask("report_endpoint", TECHNICIAN, endpoint="th-06", state="down", reason="Cháy nguồn")
    [mail] = post(world)
    assert (mail["to"], "Cháy nguồn" in mail["vi"]["text"]) == ("hacthanh@thanhhoa.gov.vn", True)
    world.now += timedelta(seconds=61)
    assert post(world) == []


def alternatives(world: ConferenceWorld, **wish: Any) -> list[str]:
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.request(NEIGHBOUR, chair="th-05", endpoints=[], **wish)
    return [one["starts"][:10] for one in refusal.value.params["alternatives"]]


def test_nobody_is_offered_a_weekend_or_holiday_who_did_not_ask_for_one(world: ConferenceWorld) -> None:
    whole = {"chair": "th-05", "endpoints": [], "minutes": 1080, "set_up": 0, "tear_down": 0}
    for day in ("2026-12-10", "2026-12-11", "2026-12-31"):
        world.approved(**whole, starts=f"{day}T05:00")
    assert set(alternatives(world, starts="2026-12-11T15:00")) == {"2026-12-09"}, "and not the nearer Saturday"
    assert set(alternatives(world, starts="2026-12-31T15:00")) == {"2026-12-30"}, "and not New Year's day"
    world.approved(**whole, starts="2026-12-12T05:00")
    assert "2026-12-13" in alternatives(world, starts="2026-12-12T15:00"), "who asks for a Saturday"


CAN_THO = {"network": "can-tho", "chair": "ct-03", "endpoints": ["ct-04"]}
CLERK_THERE = person("van-thu-ninh-kieu", Role.CLERK, "H13.30.01")
APPROVER_THERE = person("lanh-dao-can-tho", Role.HEAD_OF_UNIT, "H13")
APPROVER_BOX = "duyet-hop@cantho.gov.vn"


def test_the_approver_hears_of_what_waits(world: ConferenceWorld) -> None:
    meeting = world.request(CLERK_THERE, **CAN_THO)
    [mail] = post(world)
    assert (mail["to"], mail["vi"]["subject"][:18]) == (APPROVER_BOX, "Cuộc họp chờ duyệt")
    assert "buổi 08:00 07/12/2026" in mail["vi"]["text"]
    assert "Giữ chỗ đến 08:00 02/12/2026" in mail["vi"]["text"]
    world.ask("ask_meeting_information", APPROVER_THERE, meeting=meeting, reason="Ai chủ trì?")
    world.ask("answer_meeting_question", CLERK_THERE, meeting=meeting, answer="Chủ tịch")
    assert [one["to"] for one in post(world)] == [APPROVER_BOX]
    world.ask("approve_meeting", APPROVER_THERE, meeting=meeting)
    world.ask("change_meeting", CLERK_THERE, meeting=meeting, starts="2026-12-07T14:00", reason="Trùng lịch")
    [mail] = post(world)
    assert mail["vi"]["subject"].startswith("Thay đổi chờ duyệt")
    assert "Lý do: Trùng lịch" in mail["vi"]["text"]
    world.ask("ask_change_information", APPROVER_THERE, meeting=meeting, reason="Vì sao?")
    world.ask("answer_change_question", CLERK_THERE, meeting=meeting, answer="Chủ tịch bận")
    [mail] = post(world)
    assert (mail["to"], mail["vi"]["subject"].partition(":")[0]) == (APPROVER_BOX, "Đã bổ sung thông tin về thay đổi")
    shown = world.ask("read_meeting", CLERK_THERE, meeting=meeting)["news"]
    assert [one["what"] for one in shown] == ["questioned", "change_questioned"], (
        "the convener is shown what concerns the convener"
    )


def test_what_was_decided_meanwhile_is_not_asked_by_mail(world: ConferenceWorld) -> None:
    meeting = world.request(CLERK_THERE, **CAN_THO)
    world.fire()
    world.ask("approve_meeting", APPROVER_THERE, meeting=meeting)
    assert [world.ask("read_message", POST, message=key)["to"] for key in world.messages.documents] == [None]
    world.request(APPROVER_THERE, **{**CAN_THO, "starts": "2026-12-08T08:00"})
    assert post(world) == [], "who asks as the approver knows"
