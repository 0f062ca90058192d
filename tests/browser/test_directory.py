"""An administrator finds people and mailboxes, tries a table, sees what would be refused, and imports it."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
from shared.working_time import VIETNAM
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.scene import ADMINISTRATOR, CLERK
from tests.support.stack import Stack, secret_of

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


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_password_link_is_issued_and_whoever_got_it_chooses_a_password(
    own_platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    with Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(ADMINISTRATOR)
        visit.follow("Hộp thư")
        visit.tab.locator("#found a").first.click()
        address = visit.tab.inner_text("h1")
        visit.follow("Cấp liên kết đặt mật khẩu")
        visit.press("Cấp liên kết đặt mật khẩu")
        link = visit.tab.locator(".tc-keep__link").inner_text()
        assert visit.complaints == []
    with Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit:
        visit.tab.goto(link)
        for box, typed in (("#password", "ngắn"), ("#again", "ngắn")):
            visit.tab.fill(box, typed)
        visit.press("Đặt mật khẩu")
        assert "Mật khẩu phải dài ít nhất 12 ký tự" in visit.words
        for box in ("#password", "#again"):
            assert visit.tab.input_value(box) == "", "no password comes back"
            visit.tab.fill(box, "bốn con trâu gặm cỏ")
        visit.press("Đặt mật khẩu")
        assert address in visit.words
        visit.tab.goto(link)
        for box in ("#password", "#again"):
            visit.tab.fill(box, "năm con trâu gặm cỏ")
        visit.press("Đặt mật khẩu")
        assert "đã dùng hoặc đã hết hạn" in visit.words
        assert visit.complaints == []


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_group_gets_other_members(own_platform: Stack, browser: Browser, scripts: bool, width: int) -> None:
    with Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(ADMINISTRATOR).tab.goto(f"/danh-ba/can-bo/{appointed(own_platform)}")
        visit.follow("Đề nghị cấp hộp thư")
        visit.tab.check("[name='kind'][value=group]")
        visit.tab.fill("[name='name']", "Cả phường Ninh Kiều")
        visit.tab.fill("[name='address']", f"tatca.{uuid.uuid4().hex[:6]}@cantho.gov.vn")
        visit.press("Đề nghị cấp hộp thư")
        assert "Ai giữ chức vụ ở Ủy ban nhân dân phường Ninh Kiều" in visit.words
        visit.follow("Sửa thành viên nhóm")
        visit.tab.select_option("[name='members.role']", "clerk")
        visit.tab.check("[name='posters.who'][value=listed]")
        visit.tab.fill("[name='posters.addresses']", "vanthu@cantho.gov.vn\nvanphong@cantho.gov.vn")
        visit.press("Sửa thành viên nhóm")
        assert "phường Ninh Kiều, Văn thư" in visit.words
        assert "Chỉ các địa chỉ được ghi, vanthu@cantho.gov.vn, vanphong@cantho.gov.vn" in visit.words
        assert visit.complaints == []


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_somebody_leaves_and_another_takes_the_work_over(
    own_platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    leaving, heir = (appointed(own_platform) for _person in range(2))
    with Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(ADMINISTRATOR).tab.goto(f"/danh-ba/can-bo/{leaving}")
        visit.follow("Ghi nhận nghỉ việc, chuyển đi")
        assert "mọi chức vụ kết thúc" in visit.words
        visit.press("Ghi nhận nghỉ việc, chuyển đi")
        assert "Cần xem lại" in visit.words
        visit.tab.get_by_label("Nghỉ hưu").check()
        last = datetime.now(VIETNAM) + timedelta(days=30)
        for part, value in (("day", last.day), ("month", last.month), ("year", last.year)):
            visit.tab.fill(f"#last_day-{part}", str(value))
        visit.tab.select_option("#successor", heir)
        visit.tab.fill("#reason", "Quyết định số 15/QĐ-UBND")
        visit.press("Ghi nhận nghỉ việc, chuyển đi")
        assert f"Nghỉ sau ngày {last:%d/%m/%Y}: nghỉ hưu" in visit.words
        assert visit.tab.get_by_text("Ghi nhận nghỉ việc, chuyển đi").count() == 0
        assert visit.complaints == []


def appointed(platform: Stack) -> str:
    """Somebody who holds a post at the ward."""
    post = {"agency": "H13.30.01", "title": "Chuyên viên", "starts_on": "2026-10-01"}
    name = f"Lâm Thị {uuid.uuid4().hex[:6].translate(LETTERS)}"
    with Caller(platform.base_url, ADMINISTRATOR, secret_of(ADMINISTRATOR)) as administrator:
        made = administrator.post("/directory/officers", {"name": name, "post": post, "reason": "Quyết định 12"})
    return str(made["id"])
