"""The officer sees what was signed and where it goes: on the page of the application, and where it is handed over."""

from io import BytesIO
from typing import Any

import pytest

from local.demo.papers import make_paper
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import BY_POST, CASE, ID, RESULT, asked

SIGNED = (
    "Kết quả giải quyết Đồng ý giải quyết", "Số, ký hiệu 92A8001234", "Số vào sổ 45/GCN", "Người ký Phạm Thị Dung",
    "Cơ quan ban hành UBND phường Ninh Kiều", "Ký lúc 09:30 ngày 08/10/2026", "Tóm tắt Cấp lần đầu",
    "giấy chứng nhận.pdf",
)  # fmt: skip
WHERETO = (
    "Qua bưu chính", "Trần Thị Nhận", "0907654321", "99 Đường Bưu Điện, Xã Phong Điền, Cần Thơ",
    "Mã vận đơn: EH1VN. Tiền thu hộ: 30.000 đồng.", "Bưu chính đang chuyển",
)  # fmt: skip
FILE = f"/ho-so/{ID}/ket-qua/1?xem"


@pytest.fixture
def finished(gateway: GatewayInHand, officer: Reader) -> Reader:
    """An application with its result, which goes by post."""
    gateway.bus.answers["get_application"] |= {
        "status": 9,
        "result": RESULT,
        "delivery": BY_POST,
        "allowed_actions": ["send_by_post", "return_result"],
    }
    return officer


@pytest.mark.parametrize("path", [CASE, f"{CASE}/send_by_post", f"{CASE}/return_result"])
def test_what_was_signed_and_where_it_goes_are_read_where_it_is_handed_over(finished: Reader, path: str) -> None:
    words = finished.open(path).words
    assert [one for one in (*SIGNED, *WHERETO) if one not in words] == []
    assert finished.page.xpath(f"//dl//a[@href='{FILE}']")


def test_the_result_lies_beside_its_handing_over_before_the_papers(gateway: GatewayInHand, finished: Reader) -> None:
    paper = {"name": "Giấy đề nghị", "attachment": "3", "file": {"name": "x", "size": 1, "type": "image/png"}}
    gateway.bus.answers["get_application"]["components"] = [paper]
    finished.open(f"{CASE}/return_result")
    assert finished.page.xpath("//a[@target='giay-to']/@href") == [FILE, f"/ho-so/{ID}/tep/3?xem"]
    assert finished.page.xpath("//iframe/@src") == [FILE]


def test_before_there_is_a_result_the_way_it_goes_stands_with_what_was_declared(
    gateway: GatewayInHand, officer: Reader
) -> None:
    gateway.bus.answers["get_application"]["delivery"] = BY_POST | {"state": "requested", "waybill": None}
    words = officer.open(CASE).words
    assert "99 Đường Bưu Điện, Xã Phong Điền, Cần Thơ" in words
    assert "Kết quả giải quyết" not in words
    assert words.count("Nhận kết quả") == 1


def test_a_result_that_was_handed_over_says_to_whom_and_when(gateway: GatewayInHand, finished: Reader) -> None:
    receiver = {"kind": "self", "name": "Nguyễn Văn An", "identity_number": "092090000123"}
    returned = {"method": "counter", "at": "2026-10-09T01:00:00+00:00", "receiver": receiver}
    gateway.bus.answers["get_application"] |= {"status": 10, "returned": returned}
    assert "Đã trả cho Nguyễn Văn An092090000123" in finished.open(CASE).words
    assert "08:00 ngày 09/10/2026" in finished.words


@pytest.mark.parametrize(("path", "way"), [(FILE, "inline"), (FILE.removesuffix("?xem"), "attachment")])
def test_officers_open_a_file_of_the_result_and_take_it_down(
    gateway: GatewayInHand, finished: Reader, path: str, way: str
) -> None:
    content = make_paper("Giấy chứng nhận", "92A8001234")
    stored = gateway.files.put(
        BytesIO(content), limit=10**6, name="giấy.pdf", declared_type="application/pdf", owner="head"
    )
    ticket: dict[str, Any] = {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}
    gateway.bus.answers["authorise_result"] = ticket
    answer = finished.open(path).answer
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith(way)
    (sent,) = asked(gateway, "authorise_result")
    assert (sent["application"], sent["attachment"]) == (ID, "1")
