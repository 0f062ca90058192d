"""The console: what is away is said and no fault of the page, problems are counted, a decision is one command."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.portal.console import PATIENCE, is_failing
from gateway.portal.console_words import age, part_name
from ops.parts import TIMEOUT
from shared.errors import NotFound, TimedOut, Unavailable
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader

NOW = datetime.now(UTC)
PART: dict[str, Any] = {"part": "one_stop_shop", "kind": "service", "standing": "unread", "well": False}
WELL: dict[str, Any] = {"part": "gateway", "kind": "process", "standing": "ready", "about": {}, "well": True}
EVENT: dict[str, Any] = {
    "service": "document_routing",
    "key": "one_stop_shop.application/a/0000000003",
    "exchange": "one_stop_shop.application",
    "subject": "a",
    "type": "application_finished.v1",
    "since": "2026-11-22T01:00:00+00:00",
    "attempts": 8,
    "error": "KeyError: 'agency'",
    "held_behind": 2,
    "decisions": [{"action": "replayed", "by": "operator", "at": "2026-11-22T02:00:00Z", "reason": "Đã sửa"}],
}
WHICH = "service=document_routing&key=one_stop_shop.application/a/0000000003"
NEVER = {"contact": None, "waiting": 0, "waiting_since": None, "differing": 0}
HOST: dict[str, Any] = {"part": "mail-1", "kind": "mail_host", "standing": "never_came", "about": NEVER, "well": True}
SILENT = {**HOST, "part": "mail-3", "standing": "silent", "about": NEVER | {"contact": NOW.isoformat()}, "well": False}
SUBSCRIPTION: dict[str, Any] = {"state": "active", "failing_since": None}


@pytest.fixture
def console(gateway: GatewayInHand) -> GatewayInHand:
    about = {"readers": 0, "waiting": 4}
    gateway.bus.answers |= {
        "read_parts": {"parts": [PART | {"about": about}, WELL]},
        "read_queues": {"queues": [{"queue": "rpc-x", "waiting": 4, "readers": 0, "standing": "unread"}]},
        "read_waiting": {"waiting": [], "failed": []},
        "list_parked_events": {"events": [EVENT]},
        "read_parked_event": EVENT,
        "read_chains": {"running": False, "at": None, "seconds": None, "well": None, "found": []},
        "list_subscriptions": {"items": [], "next": None},
        "replay_parked_event": {"service": "document_routing", "key": EVENT["key"], "action": "replayed"},
    }  # fmt: skip
    return gateway


def counts(reader: Reader) -> dict[str, str]:
    """How many problems each page has."""
    tiles = reader.page.xpath("//a[contains(@class,'tc-queue')]")
    return {str(tile.xpath("span[2]/text()")[0]): str(tile.xpath("span[1]/text()")[0]) for tile in tiles}


def test_problems_are_counted_and_stand_first(console: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("operator").open("/van-hanh")
    assert counts(reader) == {
        "Bộ phận": "1", "Hàng đợi": "1", "Việc chờ lâu": "0", "Sự kiện bị giữ": "1", "Kết nối": "0", "Nhật ký": "0",
    }  # fmt: skip
    notes = reader.page.xpath("//a[contains(@class,'tc-queue')]/span[3]/text()")
    assert notes == ["cần xem"] * 6, "a figure says of what it is"
    first = reader.page.xpath("//tbody/tr[1]")[0].text_content()
    assert "Không có tiến trình nào nhận yêu cầu" in first


def test_what_is_away_is_said(console: GatewayInHand, reader: Reader) -> None:
    console.bus.answers["read_parts"] = Unavailable("service_unavailable")
    reader.sign_in("operator").open("/van-hanh")
    assert reader.answer.status_code == 200
    assert "Hiện không hỏi được" in reader.words
    assert (counts(reader)["Bộ phận"], counts(reader)["Kết nối"]) == ("?", "?")


def test_who_was_silent_once_is_not_waited_for_again(console: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("operator")
    console.bus.answers |= {name: TimedOut("timed_out") for name in console.bus.answers if name.startswith("read_")}
    console.bus.asked.clear()
    reader.open("/van-hanh")
    assert [one.method for one in console.bus.asked if one.method.startswith("read_")] == ["read_parts"]
    assert counts(reader)["Hàng đợi"] == "?"


@pytest.mark.parametrize(
    ("asked", "told"), [({"q": "%"}, "Không có gì mang tên này."), ({"by": "reception-ninh-kieu"}, "Hãy ghi mã")]
)
def test_who_seeks_nothing_in_the_audit_is_told_so(
    console: GatewayInHand, reader: Reader, asked: dict[str, str], told: str
) -> None:
    reader.sign_in("operator").open("/van-hanh/nhat-ky", query_string=asked)
    assert reader.answer.status_code == 200
    assert told in reader.words


def test_a_part_that_hangs_hides_no_other() -> None:
    asked_one_after_another = ("broker", "processes")
    assert len(asked_one_after_another) * TIMEOUT < PATIENCE


def test_a_decision_is_one_command_with_its_reason(console: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("operator").open(f"/van-hanh/su-kien/mot?{WHICH}")
    assert "Đã sửa" in reader.words
    reader.open(f"/van-hanh/su-kien/replay?{WHICH}").send(reason="  ")
    assert reader.answer.status_code == 422
    form = dict(reader.forms[-1].form_values()) | {"reason": "Đã mở rộng cột"}
    for _time in range(2):
        assert reader.client.post(f"/van-hanh/su-kien/replay?{WHICH}", data=form).status_code == 303
    first, second = (one.request for one in console.bus.asked if one.method == "replay_parked_event")
    assert first == second
    assert {name: first[name] for name in ("service", "key", "reason")} == {
        "service": "document_routing", "key": EVENT["key"], "reason": "Đã mở rộng cột",
    }  # fmt: skip
    assert reader.client.get(f"/van-hanh/su-kien/forget?{WHICH}").status_code == 404


def test_the_list_says_what_was_decided_and_whether_the_event_is_held_again(
    console: GatewayInHand, reader: Reader
) -> None:
    reader.sign_in("operator").open(f"/van-hanh/su-kien/replay?{WHICH}")
    console.bus.answers["list_parked_events"] = {"events": []}
    reader.send(reason="Đã mở rộng cột")
    assert "Đã cho xử lý lại: Có kết quả giải quyết." in reader.words
    console.bus.answers["list_parked_events"] = {"events": [EVENT | {"subject": "0f8fad5b"}]}
    reader.open(reader.answer.request.full_path)
    assert "Sự kiện lại bị giữ" in reader.words
    assert "0f8fad5b" in reader.words, "whose event it is"
    assert "nhiều lần" not in reader.words
    console.bus.answers["discard_parked_event"] = {}
    reader.open(f"/van-hanh/su-kien/discard?{WHICH}")
    console.bus.answers["list_parked_events"] = {"events": []}
    reader.send(reason="Thử nghiệm")
    assert "Đã bỏ hẳn sự kiện ở Văn bản điện tử: Có kết quả giải quyết." in reader.words


@pytest.mark.parametrize("path", ["mot", "replay", "discard"])
def test_an_event_that_is_gone_leads_to_the_list_which_says_so(
    console: GatewayInHand, reader: Reader, path: str
) -> None:
    console.bus.answers["read_parked_event"] = NotFound("parked_event_unknown", key=EVENT["key"])
    console.bus.answers["list_parked_events"] = {"events": []}
    reader.sign_in("operator").open(f"/van-hanh/su-kien/{path}?{WHICH}")
    assert reader.answer.status_code == 200
    assert "Sự kiện này không còn bị giữ ở Văn bản điện tử: đã được xử lý lại hoặc bỏ hẳn." in reader.words
    assert EVENT["key"] not in reader.words


def test_a_decision_about_an_event_that_is_gone_leads_to_the_list(console: GatewayInHand, reader: Reader) -> None:
    console.bus.answers["discard_parked_event"] = NotFound("parked_event_unknown", key=EVENT["key"])
    reader.sign_in("operator").open(f"/van-hanh/su-kien/discard?{WHICH}").send(reason="Thử nghiệm")
    assert "Sự kiện này không còn bị giữ ở Văn bản điện tử" in reader.words


def test_others_stay_outside(console: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open("/van-hanh")
    assert reader.answer.status_code == 403
    assert all(one.method != "read_parts" for one in console.bus.asked)


def test_a_part_that_renews_itself_leads_the_whole_page_to_signing_in(console: GatewayInHand, reader: Reader) -> None:
    answer = reader.client.get("/van-hanh", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/dang-nhap?tiep=/van-hanh")


def test_a_mail_host_stands_with_the_connections(console: GatewayInHand, reader: Reader) -> None:
    late = {"contact": NOW.isoformat(), "waiting": 2, "waiting_since": NOW.isoformat(), "differing": 3}
    console.bus.answers["read_parts"] = {
        "parts": [HOST, HOST | {"part": "mail-2", "about": late, "well": False}, SILENT]
    }
    reader.sign_in("operator").open("/van-hanh/ket-noi")
    rows = [" ".join(row.text_content().split()) for row in reader.page.xpath("//tbody/tr")]
    assert rows[0] == "mail-1 0 0 hộp thư Chưa liên lạc lần nào"
    assert "3 hộp thư" in rows[1]
    assert "Cần xem" in rows[1]
    assert "Im lặng: xem tác tử còn chạy không" in rows[2]
    assert (counts(reader)["Kết nối"], counts(reader)["Bộ phận"]) == ("2", "0")


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({}, False),
        ({"state": "paused"}, True),
        ({"failing_since": NOW}, True),
        ({"failing_since": NOW, "state": "closed"}, False),
    ],
)
def test_a_subscription_is_judged_by_whether_it_is_told(change: dict[str, Any], failing: bool) -> None:
    assert is_failing(SUBSCRIPTION | change) is failing


def test_ages_and_parts_are_words(gateway: GatewayInHand) -> None:
    with gateway.app.test_request_context("/"):
        assert [age(seconds) for seconds in (7, 130, 7200, 200_000)] == ["7 giây", "2 phút", "2 giờ", "2 ngày"]
        assert [part_name(code) for code in ("gateway-2", "gateway", "other-thing")] == [
            "Cổng dịch vụ 2", "Cổng dịch vụ", "other-thing",
        ]  # fmt: skip
