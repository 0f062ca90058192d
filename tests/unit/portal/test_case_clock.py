"""The legal clock for officers: drawn to scale, and told in words where it stands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.portal.case_clock import clock_bar
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import CASE, ROW

ASKED, SINCE, LAST_DAY = "2026-10-07T03:00:00+00:00", "10:00 ngày 07/10/2026", "2026-11-06T10:00:00+00:00"
SUPPLEMENT = {
    "asked_at": ASKED, "supply_by": LAST_DAY, "supplied_at": None, "expired_at": None, "reason": "Bản chụp mờ",
    "items": [], "answers": [], "times": 1,
}  # fmt: skip
ASKING = {"status": 5, "supplements": [SUPPLEMENT], "deadline_at": LAST_DAY, "overdue": False}
UNTIL = "Người nộp phải bổ sung trước 17:00 ngày 06/11/2026."
PAYING = {
    "status": 6, "deadline_at": LAST_DAY,
    "payment": {"amount": 8000, "state": "requested", "requested_at": ASKED, "ground": ""},
}  # fmt: skip


def standing(since: str = ASKED, policy: str = "PAUSE_REMAINING", due_at: str = "2026-10-09T10:00:00+00:00") -> Any:
    """An application that was received and whose clock an interval stops."""
    intervals = [{"paused_from": since, "paused_to": None, "reason": "supplement"}]
    clock = {"policy": policy, "started_at": "2026-10-05T00:00:00+00:00", "stopped_at": None, "former_due": []}
    return {"clock": {**clock, "intervals": intervals}, "due_at": due_at}


def test_the_clock_is_drawn_to_scale_with_its_stops() -> None:
    clock = {
        "started_at": "2026-10-01T00:00:00+00:00",
        "stopped_at": None,
        "intervals": [{"paused_from": "2026-10-03T00:00:00+00:00", "paused_to": "2026-10-05T00:00:00+00:00"}],
        "former_due": [],
    }
    application = {"clock": clock, "due_at": "2026-10-11T00:00:00+00:00"}
    in_time = clock_bar(application, datetime(2026, 10, 6, tzinfo=UTC))
    assert in_time is not None
    assert (in_time["passed"], in_time["due"], in_time["late"]) == (50.0, 100.0, False)
    assert in_time["pauses"] == [{"at": 20.0, "width": 20.0}]
    late = clock_bar(application, datetime(2026, 10, 21, tzinfo=UTC))
    assert late is not None
    assert (late["passed"], late["due"], late["late"]) == (100.0, 50.0, True)
    assert clock_bar({"clock": {}, "due_at": None}, datetime(2026, 10, 6, tzinfo=UTC)) is None


def test_a_clock_that_stands_is_not_late_by_what_passes_meanwhile() -> None:
    long_after = datetime(2026, 12, 1, tzinfo=UTC)
    bar = clock_bar(standing(), long_after)
    assert bar is not None
    assert (bar["late"], bar["stands"], bar["ended"]) == (False, True, False)
    bar = clock_bar(standing(since="2026-10-10T00:00:00+00:00"), long_after)
    assert bar is not None
    assert bar["late"], "it was late before it stood"
    bar = clock_bar(standing(policy="NONE"), long_after)
    assert bar is not None
    assert (bar["late"], bar["stands"], bar["pauses"]) == (True, False, []), "by its procedure it runs on"


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (standing() | ASKING, ["Đồng hồ đang dừng từ", "chờ người nộp bổ sung", UNTIL, "hẹn trả được tính lại: thời"]),
        (standing(policy="RESTART") | ASKING, [UNTIL, "thời hạn được tính lại từ đầu"]),
        (standing(policy="NONE") | ASKING, ["không dừng đồng hồ trong lúc chờ", UNTIL]),
        (standing(due_at="2026-10-06T10:00:00+00:00") | ASKING, [UNTIL, "nên không thay đổi"]),
        (ASKING, ["Thời hạn tiếp nhận đang dừng từ", UNTIL, "thời hạn tiếp nhận được tính tiếp"]),
        (PAYING, ["chờ người nộp nộp phí, lệ phí", "Người nộp phải nộp tiền trước 17:00 ngày 06/11/2026."]),
        (standing() | {"status": 8}, ["Đồng hồ đang dừng từ", "cơ quan tạm dừng giải quyết"]),
        ({"status": 7, "withdrawal": {"requested_at": ASKED}}, ["chờ trả lời yêu cầu rút hồ sơ"]),
    ],
)
def test_officers_read_since_when_why_and_until_when_the_clock_stands(
    gateway: GatewayInHand, officer: Reader, shown: dict[str, Any], told: list[str]
) -> None:
    gateway.bus.answers["get_application"] |= shown
    words = officer.open(CASE).words
    assert [one for one in (SINCE, *told) if one not in words] == []
    assert "Hạn xử lý bước này" not in words, "what the applicant has until then is no time of the agency's"
    promised = "hẹn trả trước khi dừng: 17:00" in words
    assert promised == ("clock" in shown and shown["clock"]["policy"] != "NONE")


def test_that_the_applicants_time_is_over_is_told(gateway: GatewayInHand, officer: Reader) -> None:
    over = SUPPLEMENT | {"expired_at": LAST_DAY}
    gateway.bus.answers["get_application"] |= standing() | ASKING | {"supplements": [over]}
    assert f"{UNTIL.removesuffix('.')}; thời hạn này đã hết." in officer.open(CASE).words


@pytest.mark.parametrize(
    "shown", [{"status": 4}, {"status": 7, "withdrawn": True, "withdrawal": {"requested_at": ASKED}}]
)
def test_where_nothing_is_waited_for_no_clock_is_said_to_stand(
    gateway: GatewayInHand, officer: Reader, shown: dict[str, Any]
) -> None:
    gateway.bus.answers["get_application"] |= shown
    assert "đang dừng từ" not in officer.open(CASE).words


def test_the_list_says_whose_deadline_it_is(gateway: GatewayInHand, officer: Reader) -> None:
    rows = [ROW | {"status": status, "deadline_at": LAST_DAY, "overdue": False} for status in (5, 6, 4)]
    gateway.bus.answers["list_applications"] = {"items": rows, "next": None}
    cells = officer.open("/ban-lam-viec").page.xpath("//td[@data-label='Hạn']")
    assert [" ".join(cell.text_content().split()) for cell in cells] == [
        "17:00 ngày 06/11/2026của người nộp",
        "17:00 ngày 06/11/2026của người nộp",
        "17:00 ngày 06/11/2026",
    ]
