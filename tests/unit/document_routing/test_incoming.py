"""At the receiver: arrival, register, refusal, assignment, work, completion, and how the sender sees each of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.document_routing.domain.search import TROUBLED
from services.document_routing.usecases import arrivals
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound
from shared.history import verify
from tests.support.document_world import (
    CLERK,
    LEADER,
    SPECIALIST,
    STRANGER,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
    DocumentWorld,
)
from tests.support.documents_in_memory import DEPARTMENT, FILE, WARD

LEAD = {"unit": "Phòng Quy hoạch", "officer": "chuyen-vien-so", "officer_name": "Trương Văn Nam"}
ASSIGNMENT: dict[str, Any] = {"lead": LEAD, "opinion": "Tham mưu trả lời", "due_on": "2026-10-09"}
PAPER: dict[str, Any] = {
    "sender_name": "Công ty TNHH Ninh Kiều",
    "code": "25/CV-NK",
    "issued_on": "2026-10-02",
    "kind": "cong_van",
    "subject": "V/v đề nghị hỗ trợ mặt bằng",
}


@pytest.fixture
def world() -> DocumentWorld:
    return DocumentWorld()


def codes(world: DocumentWorld, document: str) -> list[str]:
    """The rows that the sender has of the department."""
    return [row["code"] for row in world.delivery(document)["rows"]]


def assigned(world: DocumentWorld, document: str) -> str:
    """An arrival of the document that was registered and assigned."""
    arrival = world.arrival_of(document)
    world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT)
    return arrival


def test_the_sender_sees_every_status_of_the_receiver(world: DocumentWorld) -> None:
    document = world.issued()
    assert codes(world, document) == ["01"]
    arrival = world.arrival_of(document)
    for action, actor, body, standing in (
        ("register_arrival", THEIR_CLERK, {}, "03"),
        ("assign_arrival", THEIR_LEADER, ASSIGNMENT, "04"),
        ("work_on_arrival", THEIR_SPECIALIST, {"note": "Đang tổng hợp"}, "05"),
        ("complete_arrival", THEIR_SPECIALIST, {"note": "Lưu hồ sơ"}, "06"),
    ):
        world.now += timedelta(hours=1)
        assert world.on_arrival(action, arrival, actor, **body)["status"] == standing
        world.settle()
        assert world.delivery(document)["standing"] == standing
    assert codes(world, document) == ["01", "03", "04", "05", "06"]
    assert world.delivery(document)["transport"] == "done"
    kept = world.arrivals.documents[arrival]
    assert verify(arrival, kept["history"], version=kept["version"], head=kept["head"]) is None


def test_what_the_receiver_says_to_itself_stays_there(world: DocumentWorld) -> None:
    document = world.issued()
    arrival = assigned(world, document)
    world.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST, note="Hồ sơ có dấu hiệu sai phạm")
    world.settle()
    assert "sai phạm" not in str(world.documents.documents[document])
    assert "Tham mưu" not in str(world.documents.documents[document])


def test_a_refusal_needs_its_reason_and_the_sender_reads_it(world: DocumentWorld) -> None:
    document = world.issued()
    arrival = world.arrival_of(document)
    with pytest.raises(Invalid):
        world.on_arrival("refuse_arrival", arrival, THEIR_CLERK, reason=" ")
    world.on_arrival("refuse_arrival", arrival, THEIR_CLERK, reason="Gửi nhầm cơ quan")
    world.settle()
    assert world.delivery(document)["standing"] == "02"
    told = world.delivery(document)["rows"][-1]
    assert (told["reason"], told["by"]) == ("Gửi nhầm cơ quan", THEIR_CLERK.name)
    assert TROUBLED in world.documents.documents[document]["search"]
    with pytest.raises(Conflict, match="document_action_not_allowed") as refused:
        world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    assert refused.value.params["status"] == {"vi": "Từ chối tiếp nhận", "en": "Refused"}


def test_a_refused_letter_that_was_sent_again_is_no_longer_looked_after(world: DocumentWorld) -> None:
    document = world.issued()
    world.on_arrival("refuse_arrival", world.arrival_of(document), THEIR_CLERK, reason="Thiếu phụ lục")
    world.settle()
    world.on_document("update_document", document, CLERK, reason="Đủ phụ lục", add_receivers=[{"agency": DEPARTMENT}])
    assert TROUBLED not in world.documents.documents[document]["search"]


def test_arrival_numbers_are_one_series_for_paper_and_electronic(world: DocumentWorld) -> None:
    first, third = world.issued(), world.issued()
    world.on_arrival("register_arrival", world.arrival_of(first), THEIR_CLERK)
    entered = arrivals.enter_arrival(world.context, {**PAPER, "_command": world.command()}, THEIR_CLERK)
    receipt = world.on_arrival("register_arrival", world.arrival_of(third), THEIR_CLERK)
    assert (entered["arrival_number"], entered["status"], receipt["arrival_number"]) == (2, "03", 3)
    world.settle()
    assert world.arrivals.documents[entered["id"]]["sender_name"] == "Công ty TNHH Ninh Kiều"


def test_a_number_of_the_old_year_stays_with_it_when_midnight_passes(world: DocumentWorld) -> None:
    world.now = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
    arrival = world.arrival_of(world.issued())
    series = world.context.series
    take = series.take

    def take_slowly(series: Any, on: Any) -> Any:
        return take(series, on + timedelta(days=1))

    series.take = take_slowly  # type: ignore[method-assign]
    world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    kept = world.arrivals.documents[arrival]
    assert (kept["arrival_number"], kept["arrival_year"]) == (1, 2026)


def test_what_is_entered_wrongly_takes_no_number(world: DocumentWorld) -> None:
    for changes, error in (
        ({"issued_on": "2026-10-06"}, Invalid),
        ({"kind": "hoa_don"}, Invalid),
        ({"secrecy": "mat"}, Forbidden),
    ):
        with pytest.raises(error):
            arrivals.enter_arrival(world.context, {**PAPER, **changes, "_command": world.command()}, THEIR_CLERK)
    with pytest.raises(Forbidden):
        arrivals.enter_arrival(world.context, {**PAPER, "_command": world.command()}, THEIR_SPECIALIST)
    request = {**PAPER, "scan": FILE, "_command": world.command("k")}
    first = arrivals.enter_arrival(world.context, request, THEIR_CLERK)
    assert first["arrival_number"] == 1
    assert arrivals.enter_arrival(world.context, request, THEIR_CLERK) == first


@pytest.mark.parametrize(
    ("arrived_at", "confirm_by"),
    [
        (datetime(2026, 10, 5, 2, tzinfo=UTC), datetime(2026, 10, 5, 10, tzinfo=UTC)),
        (datetime(2026, 10, 5, 12, tzinfo=UTC), datetime(2026, 10, 6, 10, tzinfo=UTC)),  # after office hours
        (datetime(2026, 10, 10, 2, tzinfo=UTC), datetime(2026, 10, 12, 10, tzinfo=UTC)),  # Saturday
    ],
)
def test_reception_is_due_within_the_day_and_missing_it_is_told_once(
    world: DocumentWorld, arrived_at: datetime, confirm_by: datetime
) -> None:
    world.now = arrived_at
    arrival = world.arrival_of(world.issued())
    assert world.arrivals.documents[arrival]["confirm_by"] == confirm_by
    world.fire()
    world.now = confirm_by + timedelta(seconds=1)
    world.fire()
    world.fire()
    assert world.events(arrival) == ["document_arrived", "confirmation_late"]
    world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    world.now += timedelta(days=1)
    world.fire()
    assert world.events(arrival)[2:] == ["document_registered"]


def test_an_urgent_document_is_due_within_an_hour(world: DocumentWorld) -> None:
    arrival = world.arrival_of(world.issued(urgency=3))
    assert world.arrivals.documents[arrival]["confirm_by"] == world.now + timedelta(hours=1)


def test_a_deadline_that_passes_is_told_once_and_counts_when_the_job_is_closed(world: DocumentWorld) -> None:
    late, in_time = assigned(world, world.issued()), assigned(world, world.issued())
    world.on_arrival("complete_arrival", in_time, THEIR_SPECIALIST)
    world.now = datetime(2026, 10, 9, 10, 0, 1, tzinfo=UTC)  # Friday 17:00 and a second
    world.fire()
    world.fire()
    world.on_arrival("complete_arrival", late, THEIR_SPECIALIST)
    assert world.events(late)[-2:] == ["handling_late", "document_completed"]
    assert "handling_late" not in world.events(in_time)
    outcomes = [world.arrivals.documents[one]["history"][-1]["data"]["on_time"] for one in (late, in_time)]
    assert outcomes == [False, True]


def test_an_assignment_is_corrected_by_a_new_row(world: DocumentWorld) -> None:
    arrival = assigned(world, world.issued())
    again = {**ASSIGNMENT, "co_operating": [{"unit": "Thanh tra Sở"}], "due_on": None}
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **again)
    rows = world.arrivals.documents[arrival]["assignments"]
    assert [row["number"] for row in rows] == [1, 2]
    assert rows[0]["co_operating"] == []
    assert rows[1]["due_at"] == rows[0]["due_at"]
    with pytest.raises(Invalid):
        world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-10-04"})


def test_a_specialist_handles_only_what_was_assigned_to_them(world: DocumentWorld) -> None:
    arrival = world.arrival_of(world.issued())
    world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    somebody_else = {**ASSIGNMENT, "lead": {**LEAD, "officer": "van-thu-so", "officer_name": None}}
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **somebody_else)
    with pytest.raises(Forbidden, match="assigned_to_others"):
        world.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST)
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**somebody_else, "co_operating": [LEAD]})
    assert world.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST)["status"] == "05"


@pytest.mark.parametrize(
    ("action", "actor", "error"),
    [
        ("register_arrival", THEIR_SPECIALIST, Forbidden),
        ("register_arrival", THEIR_LEADER, Forbidden),
        ("refuse_arrival", THEIR_LEADER, Forbidden),
        ("assign_arrival", THEIR_CLERK, Forbidden),
        ("work_on_arrival", THEIR_CLERK, Conflict),
        ("answer_request", THEIR_CLERK, Conflict),
        ("register_arrival", CLERK, NotFound),  # the sender
        ("register_arrival", STRANGER, NotFound),
    ],
)
def test_only_the_right_role_of_the_receiver_acts(
    world: DocumentWorld, action: str, actor: Any, error: type[Error]
) -> None:
    body: dict[str, Any] = {"refuse_arrival": {"reason": "x"}, "assign_arrival": ASSIGNMENT}.get(action, {})
    body |= {"accept": True} if action == "answer_request" else {}
    with pytest.raises(error):
        world.on_arrival(action, world.arrival_of(world.issued()), actor, **body)


def test_a_reply_closes_the_job_it_answers_and_comes_back_to_who_asked(world: DocumentWorld) -> None:
    asked = world.issued()
    arrival = assigned(world, asked)
    world.settle()
    reply = world.issued(
        clerk=THEIR_CLERK,
        leader=THEIR_LEADER,
        drafter=THEIR_SPECIALIST,
        receivers=[{"agency": WARD}],
        responds_to=[arrival],
        unit={"code": "QH", "name": "Phòng Quy hoạch"},
    )
    kept = world.arrivals.documents[arrival]
    assert (kept["status"], kept["reply"]["code"]) == ("06", "01/SXD-QH")
    assert world.delivery(asked)["standing"] == "06"
    assert world.delivery(asked)["rows"][-1]["reason"] == "01/SXD-QH"
    came_back = world.arrivals.documents[world.arrival_of(reply, WARD)]
    assert came_back["answers"] == [{"document": asked, "code": "01/UBND-VP"}]
    assert [one["code"] for one in world.documents.documents[asked]["replies"]] == ["01/SXD-QH"]


def test_only_an_issued_reply_of_ones_own_closes_a_job(world: DocumentWorld) -> None:
    arrival = assigned(world, world.issued())
    draft = world.draft(THEIR_SPECIALIST, receivers=[{"agency": WARD}])
    with pytest.raises(Conflict, match="reply_not_issued"):
        world.on_arrival("complete_arrival", arrival, THEIR_SPECIALIST, reply=draft)
    with pytest.raises(Invalid):
        world.on_arrival("complete_arrival", arrival, THEIR_SPECIALIST, reply=world.draft(SPECIALIST))


def test_a_reply_answers_this_arrival_or_at_least_goes_to_who_asked(world: DocumentWorld) -> None:
    arrival, other = assigned(world, world.issued()), assigned(world, world.issued())
    theirs = {"clerk": THEIR_CLERK, "leader": THEIR_LEADER, "drafter": THEIR_SPECIALIST}
    theirs["unit"] = {"code": "QH", "name": "Phòng Quy hoạch"}
    answers_other = world.issued(**theirs, receivers=[{"agency": WARD}], responds_to=[other])
    elsewhere = world.issued(**theirs, receivers=[{"agency": "H13"}])
    for wrong in (answers_other, elsewhere):
        with pytest.raises(Invalid) as refused:
            world.on_arrival("complete_arrival", arrival, THEIR_SPECIALIST, reply=wrong)
        assert refused.value.fields[0]["code"] == "reply_to_another"
    unnamed = world.issued(**theirs, receivers=[{"agency": WARD}])
    world.on_arrival("complete_arrival", arrival, THEIR_SPECIALIST, reply=unnamed)
    assert world.arrivals.documents[arrival]["reply"]["document"] == unnamed


def test_events_that_come_twice_change_nothing(world: DocumentWorld) -> None:
    document = world.signed()
    world.on_document("issue_document", document, CLERK)
    doubled = [event for event in world.pending for _ in range(2)]
    world.pending[:] = doubled
    world.settle()
    world.pending.extend(doubled)
    world.settle()
    assert list(world.arrivals.documents) == [world.arrival_of(document)]
    assert codes(world, document) == ["01"]


def test_several_receivers_stand_where_each_of_them_is(world: DocumentWorld) -> None:
    document = world.issued(receivers=[{"agency": DEPARTMENT}, {"agency": "H13"}])
    world.on_arrival("register_arrival", world.arrival_of(document), THEIR_CLERK)
    world.settle()
    assert world.delivery(document)["standing"] == "03"
    assert world.delivery(document, "H13")["standing"] == "01"
    assert LEADER.agency == WARD
