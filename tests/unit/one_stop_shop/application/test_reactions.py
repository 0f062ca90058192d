"""What follows from events: notices to applicants; and due work."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.usecases.fall_due import fire_due_work
from tests.support.world import CITIZEN, HEAD, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.announcing import announce
from tests.unit.one_stop_shop.application.journeys import (
    act,
    in_process,
    payment,
    received,
    refused,
    returned,
    stopped,
    submitted,
    supplement,
    supplement_expired,
    withdrawal_asked,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize("journey", [returned, refused, supplement_expired, payment])
def test_the_applicant_is_told_in_words_what_concerns_them(journey: Any) -> None:
    world = World()
    application = journey(world)
    announce(world, application)
    announce(world, application)  # twice is once
    notices = list(world.notices.documents.values())
    told = [entry["id"] for entry in world[application]["history"]]
    assert {notice["_id"] for notice in notices} <= set(told)
    assert len(notices) >= 2
    for notice in notices:
        assert notice["code"] in notice["text"]
        assert notice["text"].endswith((".", "đáng"))
        assert notice["code"] in notice["text_en"]
        assert notice["title_en"]
        assert notice["parties"] == world[application]["parties"]


def test_a_notice_says_when_and_how_much_in_vietnamese() -> None:
    world = World()
    application = payment(world)
    announce(world, application)
    texts = [notice["text"] for notice in world.notices.documents.values()]
    assert any("hẹn trả kết quả 17:00 ngày 05/10/2026" in text for text in texts)
    assert any("16.000 đồng" in text for text in texts)


def told(world: World, application: str, kind: str) -> dict[str, Any]:
    announce(world, application)
    (notice,) = [one for one in world.notices.documents.values() if one["type"] == f"{kind}.v1"]
    return notice


def test_a_notice_lists_what_to_add_and_why() -> None:
    world = World()
    notice = told(world, supplement(world), "supplement_requested")
    assert "Tờ khai" in notice["text"]
    assert "Ký tên vào tờ khai" in notice["text"]
    assert notice["text"].endswith("Lý do: Có lý do chính đáng")
    assert "Application for" in notice["text_en"]


@pytest.mark.parametrize(
    ("accept", "words"), [(True, "được chấp nhận cho rút"), (False, "không được chấp nhận cho rút")]
)
def test_the_answer_to_a_withdrawal_is_vietnamese_and_gives_the_reason(accept: bool, words: str) -> None:
    world = World()
    application = withdrawal_asked(world)
    act(world, "decide_withdrawal", application, HEAD, accept=accept)
    notice = told(world, application, "withdrawal_decided")
    named = f"{world[application]['code']} ({world[application]['procedure']['name']})"
    assert notice["text"] == f"Hồ sơ {named} {words}. Lý do: Có lý do chính đáng"
    assert notice["text_en"].endswith("be withdrawn. Reason: Có lý do chính đáng")


def test_a_stop_says_why_as_long_as_it_holds() -> None:
    world = World()
    assert told(world, stopped(world), "application_stopped")["text"].endswith("Lý do: Có lý do chính đáng")
    other = stopped(world)
    act(world, "resume", other, HEAD)
    announce(world, other)  # the notice is late, the reason gone
    assert len([one for one in world.notices.documents.values() if one["application"] == other]) > 2


def test_who_claims_it_is_not_the_applicants_business() -> None:
    world = World()
    application = in_process(world)
    act(world, "claim", application, SPECIALIST)
    announce(world, application, since=3)
    assert not world.notices.documents


class TestDueWork:
    def test_reception_is_late_once(self) -> None:
        world = World()
        application = submitted(world)
        fire_due_work(world.context, application)
        assert world.events(application) == ["application_submitted"], "not before its time"
        world.now += 30 * DAY
        fire_due_work(world.context, application)
        fire_due_work(world.context, application)
        assert world.events(application) == ["application_submitted", "reception_late"]
        assert world[application]["next_due_at"] is None

    def test_the_queue_says_near_from_the_moment_at_which_it_is_told(self) -> None:
        world = World()
        application = received(world)
        told = {work["kind"]: work["at"] for work in world[application]["due_work"]}
        assert world[application]["near_due_at"] == told["deadline_near"] < told["deadline_missed"]
        act(world, "finish", in_process(world), HEAD)
        assert [one["near_due_at"] for one in world.applications.documents.values()][1:] == [None]

    def test_near_and_missed_are_told_in_order_after_a_long_sleep(self) -> None:
        world = World()
        application = received(world)
        world.now += 30 * DAY
        fire_due_work(world.context, application)
        assert world.events(application)[-2:] == ["deadline_near", "deadline_missed"]

    def test_a_deadline_that_was_missed_unseen_is_still_told_after_the_finish(self) -> None:
        world = World()
        application = in_process(world)
        world.now += 3 * DAY
        act(world, "finish", application, HEAD)
        fire_due_work(world.context, application)
        assert world.events(application)[-2:] == ["application_finished", "deadline_missed"]

    def test_a_missed_deadline_is_not_told_again_after_a_supplement(self) -> None:
        world = World()
        application = received(world)
        world.now += 3 * DAY
        fire_due_work(world.context, application)
        act(world, "request_supplement", application, RECEPTION)
        world.now += DAY
        act(world, "supply_supplement", application, CITIZEN)
        world.now += 3 * DAY
        fire_due_work(world.context, application)
        assert world.events(application).count("deadline_missed") == 1

    def test_what_is_supplied_in_time_never_expires(self) -> None:
        world = World()
        application = supplement(world)
        act(world, "supply_supplement", application, CITIZEN)
        world.now += 90 * DAY
        fire_due_work(world.context, application)
        assert "supplement_expired" not in world.events(application)

    def test_an_application_that_is_gone_stops_nobody(self) -> None:
        fire_due_work(World().context, "0" * 32)
