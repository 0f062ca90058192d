"""An administrator finds people and mailboxes, tries a table, sees what would be refused, and imports it."""

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import Visit
from tests.browser.scene import ADMINISTRATOR, CLERK
from tests.support.stack import Stack

HEADER = "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ,Từ ngày"
LETTERS = str.maketrans("0123456789", "ghijklmnop")


@pytest.mark.parametrize(("scripts", "width"), [(True, 320), (False, 1280)])
def test_a_table_is_tried_corrected_by_eye_and_imported(
    own_platform: Stack, browser: Browser, tmp_path: Path, scripts: bool, width: int
) -> None:
    number = f"CT-{uuid.uuid4().hex[:8]}"
    name = f"Lâm Thị {number[3:].translate(LETTERS)}"
    table = tmp_path / "cán bộ.csv"
    rows = (
        f"{number},{name},H13.30.01,Chuyên viên,01/10/2026",
        f"{number}-x,Người Khác,H99.99,Chuyên viên,01/10/2026",
    )
    table.write_text("\n".join((HEADER, *rows)), "utf-8")
    with Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(ADMINISTRATOR)
        assert visit.tab.url.endswith("/danh-ba")
        visit.follow("Nhập từ bảng")
        visit.tab.set_input_files("#tep", table)
        visit.tab.get_by_role("button", name="Thử bảng này", exact=True).click()
        visit.tab.wait_for_url("**/danh-ba/nhap/*?tep=*")
        _wait_until_read(visit, "Hàng không được nhận")
        assert f"{number}-x" in visit.words
        assert "Mã định danh cơ quan: Không có cơ quan mang mã này" in visit.words
        visit.tab.goto(f"/danh-ba?q={number}")
        assert name not in visit.words, "a trial stores nothing"
        visit.tab.go_back()
        _wait_until_read(visit, "Hàng không được nhận")
        visit.press("Nhập thật")
        _wait_until_read(visit, "Đã nhập xong.")
        visit.tab.goto(f"/danh-ba?q={number}")
        visit.follow(name)
        assert "Chuyên viên" in visit.words
        assert "Ủy ban nhân dân phường Ninh Kiều" in visit.words
        _give_post(visit)
        _ask_for_mailbox(visit, f"vanthu.{number[3:]}@cantho.gov.vn")
        assert visit.complaints == []


def _give_post(visit: Visit) -> None:
    visit.follow("Giao thêm chức vụ")
    visit.tab.select_option("[name='post.agency']", label="Sở Xây dựng thành phố Cần Thơ")
    visit.tab.fill("[name='post.title']", "Tổ trưởng tổ số hóa")
    visit.tab.check("[name='post.roles'][value=clerk]")
    visit.tab.fill("[name='reason']", "Quyết định số 12/QĐ-UBND")
    visit.press("Giao thêm chức vụ")
    assert "Tổ trưởng tổ số hóa" in visit.words
    assert "Sở Xây dựng thành phố Cần Thơ" in visit.words


def _ask_for_mailbox(visit: Visit, address: str) -> None:
    visit.follow("Đề nghị cấp hộp thư")
    visit.tab.check("[name='kind'][value=unit]")
    visit.tab.fill("[name='name']", "Văn thư phường Ninh Kiều")
    visit.tab.select_option("[name='agency']", label="Ủy ban nhân dân phường Ninh Kiều")
    visit.press("Đề nghị cấp hộp thư")
    assert "Cần xem lại" in visit.words, "a unit's mailbox needs an address"
    assert visit.tab.input_value("[name='name']") == "Văn thư phường Ninh Kiều"
    visit.tab.fill("[name='address']", address)
    visit.press("Đề nghị cấp hộp thư")
    assert visit.tab.inner_text("h1") == address
    assert "Chờ duyệt" in visit.words


def _wait_until_read(visit: Visit, text: str) -> None:
    for _turn in range(120):
        if text in visit.words:
            return
        visit.tab.wait_for_timeout(500)
        visit.tab.reload()
    raise AssertionError(f"{text} is never said: {visit.words}")


def test_a_mailbox_shows_how_far_its_hosts_are(own_platform: Stack, browser: Browser) -> None:
    with Visit(browser, own_platform.base_url, scripts=False, width=320) as visit:
        visit.sign_in(ADMINISTRATOR)
        visit.follow("Hộp thư")
        visit.tab.locator("#found a").first.click()
        assert "Trên từng máy chủ thư" in visit.words
        assert "mail-1" in visit.words
        visit.tab.goto("/danh-ba/hop-thu?state=purged")
        assert "Không có hộp thư nào ở đây." in visit.words


def test_an_officer_without_the_right_sees_people_only(own_platform: Stack, browser: Browser) -> None:
    with Visit(browser, own_platform.base_url, scripts=False) as visit:
        visit.sign_in(CLERK).tab.goto("/danh-ba")
        assert visit.tab.locator("main nav").get_by_text("Hộp thư", exact=True).count() == 0
        answer = visit.tab.goto("/danh-ba/hop-thu")
        assert answer is not None
        assert answer.status == 403
