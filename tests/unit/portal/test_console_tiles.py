"""A tile of the console says as many problems as its page shows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.test_console import EVENT, HOST, PART, WELL, counts

SINCE = datetime(2026, 11, 22, tzinfo=UTC).isoformat()
SUBSCRIPTION: dict[str, Any] = {
    "agency": "H13.17", "url": "https://so.example", "state": "active", "failing_since": None, "waiting": 0,
    "last_success_at": None, "last_error": None,
}  # fmt: skip


def _waits(service: str, what: str, count: int, *, well: bool) -> dict[str, Any]:
    age = 1.0 if well else 90.0
    return {"service": service, "what": what, "where": "x", "count": count, "oldest_seconds": age, "well": well}


@pytest.fixture
def console(gateway: GatewayInHand) -> GatewayInHand:
    late = {"contact": SINCE, "waiting": 2, "waiting_since": SINCE, "differing": 3}
    gateway.bus.answers |= {
        "read_parts": {"parts": [
            PART | {"about": {"readers": 0, "waiting": 4}},
            WELL,
            HOST | {"part": "mail-2", "about": late, "well": False},
        ]},
        "read_queues": {"queues": [
            {"queue": "rpc-one_stop_shop", "waiting": 4, "readers": 0, "standing": "unread"},
            {"queue": "dlq.rpc-one_stop_shop", "waiting": 2, "readers": 0, "standing": "unreadable"},
            {"queue": "rpc-watch", "waiting": 0, "readers": 1, "standing": "well"},
        ]},
        "read_waiting": {"failed": [], "waiting": [
            _waits("document_routing", "parked", 1, well=False),
            _waits("document_routing", "waiting", 2, well=True),
            _waits("document_routing", "not_published", 5, well=True),
            _waits("one_stop_shop", "due_failed", 3, well=False),
            _waits("one_stop_shop", "not_published", 0, well=True),
            _waits("one_stop_shop", "letters_failed", 7, well=False) | {"where": "refused"},
            _waits("one_stop_shop", "letters_failed", 2, well=True) | {"where": "recipient"},
        ]},
        "list_parked_events": {"events": [EVENT]},
        "read_chains": {"running": False, "at": SINCE, "seconds": 1.0, "well": False, "found": [
            {"service": "one_stop_shop", "what": "applications", "checked": 9, "altered": 2, "first": "a"},
            {"service": "one_stop_shop", "what": "procedures", "checked": 9, "altered": 0, "first": None},
        ]},
        "list_subscriptions": {"next": None, "items": [
            SUBSCRIPTION,
            SUBSCRIPTION | {"state": "paused"},
            SUBSCRIPTION | {"failing_since": SINCE},
            SUBSCRIPTION | {"failing_since": SINCE, "state": "closed"},
        ]},
        "find_agencies": {"items": [], "next": None},
    }  # fmt: skip
    return gateway


def _rows_of(mark: str) -> Callable[[Reader], int]:
    return lambda reader: len(reader.page.xpath(f"//tbody/tr[{mark}]"))


_LATE = ".//strong[@class='tc-late']"


def _sum_of_late_figures(reader: Reader) -> int:
    return sum(int(one) for one in reader.page.xpath("//tbody//strong[@class='tc-late']/text()"))


@pytest.mark.parametrize(
    ("path", "name", "shown", "problems"),
    [
        ("/van-hanh", "Bộ phận", _rows_of(_LATE), 1),
        ("/van-hanh/hang-doi", "Hàng đợi", _rows_of(_LATE), 1),
        ("/van-hanh/viec-cho", "Việc chờ lâu", _sum_of_late_figures, 6),
        ("/van-hanh/su-kien", "Sự kiện bị giữ", _rows_of(".//a"), 1),
        ("/van-hanh/ket-noi", "Kết nối", _rows_of(_LATE), 4),
        ("/van-hanh/nhat-ky", "Nhật ký", _rows_of(_LATE), 1),
    ],
)
def test_a_tile_counts_what_its_page_shows(
    console: GatewayInHand, reader: Reader, path: str, name: str, shown: Callable[[Reader], int], problems: int
) -> None:
    reader.sign_in("operator").open(path)
    assert int(counts(reader)[name]) == shown(reader) == problems


def test_letters_that_did_not_arrive_are_told_with_their_cause(console: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("operator").open("/van-hanh/ket-noi")
    (refused,) = (
        row.text_content() for row in reader.page.xpath(f"//tbody/tr[{_LATE}]") if "từ chối" in row.text_content()
    )
    assert "Máy chủ thư từ chối thư của hệ thống." in refused
    assert "Một cửa điện tử" in refused
    assert "7, lâu nhất 1 phút" in " ".join(refused.split())
    assert "Chỉ người nhận sửa được" in reader.words
