"""Training: who attended for which endpoint, certificates that end, and who is on duty without one."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.conference_booking.domain.training import HELD, certificates, lacking
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.conference_world import APPROVER, CITIZEN, CLERK, NEIGHBOUR, OPERATOR, TECHNICIAN, ConferenceWorld

COURSE = {"key": "van-hanh", "network": "thanh-hoa", "name": {"vi": "Vận hành", "en": "Running"}, "months": 24}
PERSON = {"network": "thanh-hoa", "agency": "H56.30.01", "phone": "0912000005"}
DUTIES = [{"endpoint": "th-05", "technician": "kt-1"}, {"endpoint": "th-06", "technician": "kt-2"}]


@pytest.fixture
def world() -> ConferenceWorld:
    world = ConferenceWorld()
    for key, name, endpoint in (("kt-1", "Lê Văn Kỹ", "th-05"), ("kt-2", "Phạm Thị Thuật", "th-06")):
        world.ask("register_technician", TECHNICIAN, **PERSON, key=key, name=name, endpoints=[endpoint])
    world.ask("register_course", TECHNICIAN, **COURSE)
    return world


def planned(world: ConferenceWorld, day: str = "2026-11-30", **changed: Any) -> str:
    wish = {"network": "thanh-hoa", "course": "van-hanh", "day": day, "place": "Phòng họp A", **changed}
    return str(world.ask("plan_training", TECHNICIAN, **wish)["key"])


def held(world: ConferenceWorld, day: str = "2026-11-30", **results: str) -> str:
    """A training with results by technician."""
    training = planned(world, day)
    places = {"kt1": ("kt-1", "th-05"), "kt2": ("kt-2", "th-06")}
    rows = [{"technician": places[who][0], "endpoint": places[who][1], "result": told} for who, told in results.items()]
    world.ask("record_attendance", TECHNICIAN, training=training, attendance=rows)
    return training


def listed(world: ConferenceWorld, **asked: Any) -> list[tuple[str, str, bool]]:
    items = world.ask("list_certificates", CLERK, network="thanh-hoa", **asked)["items"]
    return [(one["technician"], one["until"], one["valid"]) for one in items]


def test_who_passed_has_a_certificate_until_it_ends(world: ConferenceWorld) -> None:
    training = held(world, kt1="passed", kt2="failed")
    assert listed(world) == [("kt-1", "2028-11-30", True)]
    (one,) = world.ask("list_certificates", CLERK, network="thanh-hoa", technician="kt-1")["items"]
    assert (one["name"], one["endpoints"], one["training"]) == ("Lê Văn Kỹ", ["th-05"], training)
    world.at("2028-11-30T23:59")
    assert listed(world, valid=True) == [("kt-1", "2028-11-30", True)]
    world.at("2028-12-01T00:00")
    assert (listed(world, valid=True), listed(world, valid=False)) == ([], [("kt-1", "2028-11-30", False)])
    assert world.events(training) == ["training_planned", "training_held"]
    assert world.ask("verify_training_history", CLERK, training=training)["intact"]


def test_what_was_written_down_is_put_right(world: ConferenceWorld) -> None:
    training = held(world, kt1="passed")
    rows = [{"technician": "kt-1", "endpoint": "th-05", "result": "absent"}]
    world.ask("record_attendance", TECHNICIAN, training=training, attendance=rows, reason="Ghi nhầm")
    assert listed(world) == []
    assert len(world.ask("read_training_history", CLERK, training=training)["items"]) == 3


def test_who_is_on_duty_without_a_certificate(world: ConferenceWorld) -> None:
    world.approved(technicians=DUTIES)
    held(world, kt1="passed")
    told = world.ask("read_untrained", CLERK, network="thanh-hoa", day="2026-12-07")
    assert [(one["technician"], one["endpoint"], one["lacks"]) for one in told["rows"]] == [
        ("kt-2", "th-06", ["van-hanh"])
    ]
    assert told["rows"][0]["name"] == "Phạm Thị Thuật"
    world.ask("change_course", TECHNICIAN, course="van-hanh", required=False)
    assert world.ask("read_untrained", CLERK, network="thanh-hoa", day="2026-12-07")["rows"] == []


def test_a_certificate_that_ends_before_the_day_is_none(world: ConferenceWorld) -> None:
    world.approved(technicians=DUTIES[:1])
    world.ask("change_course", TECHNICIAN, course="van-hanh", months=1)
    held(world, day="2026-11-06", kt1="passed")
    (row,) = world.ask("read_untrained", CLERK, network="thanh-hoa", day="2026-12-07")["rows"]
    assert row["technician"] == "kt-1"


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ({"technician": "kt-9", "endpoint": "th-05", "result": "passed"}, "technician_not_here"),
        ({"technician": "kt-1", "endpoint": "th-06", "result": "passed"}, "endpoint_of_another"),
        ({"technician": "kt-1", "endpoint": "th-05", "result": "slept"}, "not_a_choice"),
    ],
)
def test_attendance_is_of_technicians_for_their_endpoints(world: ConferenceWorld, row: Any, refusal: str) -> None:
    training = planned(world)
    with pytest.raises(Invalid) as refused:
        world.ask("record_attendance", TECHNICIAN, training=training, attendance=[row])
    assert refusal in str(refused.value.fields)
    assert world.trainings.documents[training]["state"] == "planned"


def test_nobody_attends_twice(world: ConferenceWorld) -> None:
    row = {"technician": "kt-1", "endpoint": "th-05", "result": "passed"}
    with pytest.raises(Invalid):
        world.ask("record_attendance", TECHNICIAN, training=planned(world), attendance=[row, row])


def test_each_in_its_time_and_state(world: ConferenceWorld) -> None:
    rows = [{"technician": "kt-1", "endpoint": "th-05", "result": "passed"}]
    later = planned(world, "2026-12-10")
    with pytest.raises(Conflict, match="training_not_yet"):
        world.ask("record_attendance", TECHNICIAN, training=later, attendance=rows)
    world.ask("cancel_training", TECHNICIAN, training=later, reason="Giảng viên bận")
    over = held(world, kt1="passed")
    for action, training, body in (
        ("record_attendance", later, {"attendance": rows}),
        ("cancel_training", later, {"reason": "Lại bận"}),
        ("cancel_training", over, {"reason": "Muộn rồi"}),
    ):
        with pytest.raises(Conflict, match="training_action_not_allowed"):
            world.ask(action, TECHNICIAN, training=training, **body)


def test_a_course_that_is_over_is_not_given_and_not_asked_for(world: ConferenceWorld) -> None:
    world.approved(technicians=DUTIES)
    world.ask("change_course", TECHNICIAN, course="van-hanh", active=False)
    with pytest.raises(Conflict, match="course_over"):
        planned(world)
    assert world.ask("read_untrained", CLERK, network="thanh-hoa", day="2026-12-07")["rows"] == []
    with pytest.raises(Conflict, match="course_unchanged"):
        world.ask("change_course", TECHNICIAN, course="van-hanh", active=False)
    with pytest.raises(NotFound, match="course_unknown"):
        planned(world, course="khac")
    with pytest.raises(Conflict, match="course_known"):
        world.ask("register_course", OPERATOR, **COURSE)


@pytest.mark.parametrize("who", [CLERK, NEIGHBOUR, APPROVER, CITIZEN])
def test_only_those_who_run_the_network_keep_it(world: ConferenceWorld, who: Any) -> None:
    training = planned(world)
    rows = [{"technician": "kt-1", "endpoint": "th-05", "result": "passed"}]
    asked: list[tuple[str, Any]] = [
        ("register_course", {**COURSE, "key": "khac"}),
        ("change_course", {"course": "van-hanh", "months": 1}),
        ("plan_training", {"network": "thanh-hoa", "course": "van-hanh", "day": "2026-11-30", "place": "A"}),
        ("record_attendance", {"training": training, "attendance": rows}),
        ("cancel_training", {"training": training, "reason": "Không"}),
    ]
    for action, body in asked:
        with pytest.raises(Forbidden):
            world.ask(action, who, **body)
    if who is CITIZEN:
        with pytest.raises(Forbidden):
            world.ask("list_certificates", who, network="thanh-hoa")


def test_pages(world: ConferenceWorld) -> None:
    for number in range(5):
        world.ask("register_course", TECHNICIAN, **{**COURSE, "key": f"khoa-{number}"})
        planned(world, f"2026-11-{10 + number}")
    for operation, key in (("list_courses", "key"), ("list_trainings", "day")):
        seen, cursor = [], None
        while True:
            page = world.ask(operation, CLERK, network="thanh-hoa", limit=2, cursor=cursor)
            seen += [row[key] for row in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == sorted(seen)
        assert len(seen) == len(set(seen)) >= 5
    held(world, kt1="passed", kt2="passed")
    first = world.ask("list_certificates", CLERK, network="thanh-hoa", limit=1)
    second = world.ask("list_certificates", CLERK, network="thanh-hoa", limit=1, cursor=first["next"])
    assert [one["items"][0]["technician"] for one in (first, second)] == ["kt-1", "kt-2"]
    assert second["next"] is None


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
trainings = st.builds(
    lambda number, day, results: {
        "_id": str(number),
        "course": "c",
        "day": day.isoformat(),
        "state": HELD,
        "attendance": [{"technician": f"kt-{n}", "result": result} for n, result in enumerate(results)],
    },
    st.integers(),
    days,
    st.lists(st.sampled_from(["passed", "failed", "absent"]), max_size=3),
)


@given(st.lists(trainings, max_size=8), st.integers(1, 120), days)
def test_the_newest_certificate_decides_from_its_day_until_its_end(
    given_trainings: list[dict[str, Any]], months: int, day: date
) -> None:
    courses = {"c": {"network": "n", "months": months, "required": True, "active": True}}
    found = certificates(given_trainings, courses)
    for technician in ("kt-0", "kt-1", "kt-2"):
        passed = [
            date.fromisoformat(one["day"])
            for one in given_trainings
            for row in one["attendance"]
            if (row["technician"], row["result"]) == (technician, "passed")
        ]
        own = [one for one in found if one.technician == technician]
        assert [one.issued for one in own] == ([max(passed)] if passed else [])
        for one in own:
            assert one.is_valid(one.until)
            assert not one.is_valid(one.until + timedelta(days=1))
            assert 28 * months <= (one.until - one.issued).days <= 31 * months
        valid = any(one.is_valid(day) for one in own)
        assert lacking(technician, found, courses, "n", day) == ([] if valid else ["c"])
        assert lacking(technician, found, courses, "other", day) == []


def printed(world: ConferenceWorld, training: str, **asked: Any) -> list[str]:
    """The words of each page."""
    ticket = world.ask("print_certificates", CLERK, training=training, **asked)
    assert ticket["type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(world.files.contents[ticket["name"]])).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_certificates_are_printed_a_page_for_each_who_passed(world: ConferenceWorld) -> None:
    training = held(world, kt1="passed", kt2="passed")
    first, second = printed(world, training)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "GIẤY CHỨNG NHẬN",
        f"Số: {training[:8]}/kt-1",
        "Lê Văn Kỹ",
        "Vận hành",
        "phường Hạc Thành",
        "ngày 30/11/2026, Phòng họp A",
        "đến hết ngày 30/11/2028",
        "Ngày 30 tháng 11 năm 2026",
    ):
        assert said in first, said
    assert "Phạm Thị Thuật" in second
    assert "Lê Văn Kỹ" not in second
    assert printed(world, training, technician="kt-2") == [second]


def test_nobody_has_a_certificate_who_did_not_pass(world: ConferenceWorld) -> None:
    training = held(world, kt1="passed", kt2="failed")
    assert len(printed(world, training)) == 1
    for lacking_one, asked in ((training, {"technician": "kt-2"}), (planned(world), {})):
        with pytest.raises(NotFound, match="training_without_certificate"):
            world.ask("print_certificates", CLERK, training=lacking_one, **asked)
    with pytest.raises(Forbidden):
        world.ask("print_certificates", CITIZEN, training=training)
