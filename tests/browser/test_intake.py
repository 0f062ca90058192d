"""Officers receive at the counter what somebody brings, on the real platform: with and without scripts."""

import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.browser.birth import NEXT, answer_about_birth
from tests.browser.browsers import Visit
from tests.browser.scene import RECEPTION
from tests.support.stack import Stack


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 320)])
def test_an_officer_receives_at_the_counter(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(RECEPTION)
        visit.tab.goto("/ban-lam-viec")
        visit.follow("Nhận hồ sơ tại quầy")
        visit.tab.fill("#q", "khai sinh")
        visit.press("Tìm")
        with visit.tab.expect_navigation():
            visit.tab.locator("main a[href='/thu-tuc/1.001193/tai-quay']").click()
        visit.tab.get_by_label("Tại quầy").check()
        visit.press("Bắt đầu")
        visit.tab.get_by_label("Đăng ký đúng hạn").check()
        visit.press(NEXT)
        visit.tab.get_by_label("Người khác nộp thay, có giấy ủy quyền").check()
        visit.press(NEXT)
        for name, number in (("Nguyễn Văn An", "092090000123"), ("Trần Thị Bình", "092190000456")):
            visit.tab.fill("#name", name)
            visit.tab.fill("#identity_number", number)
            visit.press(NEXT)
        visit.press(NEXT)  # without a telephone
        for _whose in ("of who hands it in", "of who has it"):
            for name, value in (("line", "12 Nguyễn Trãi"), ("commune", "Phường Ninh Kiều"), ("province", "Cần Thơ")):
                visit.tab.fill(f"#{name}", value)
            visit.press(NEXT)
        answer_about_birth(visit, child)
        while not visit.tab.url.endswith("/nhan-ket-qua"):
            here = visit.tab.url
            if here.endswith("/giay-giay_chung_sinh"):
                visit.tab.set_input_files("#tep", paper)
            else:
                visit.tab.fill("#originals", "1")
            visit.tab.get_by_role("button", name=NEXT).click()
            visit.tab.wait_for_url(lambda url, here=here: url != here)
        visit.tab.get_by_label("Tại quầy một cửa").check()
        visit.press(NEXT)
        assert all(said in visit.words for said in (child, paper.name, "Người khác nộp thay", "1 bản chính"))
        visit.press("Tiếp nhận")
        assert "Đã tiếp nhận hồ sơ" in visit.words
        with visit.tab.expect_download() as form:
            visit.tab.get_by_role("link", name="Tải giấy tiếp nhận và hẹn trả kết quả (PDF)").click()
        assert form.value.path().read_bytes().startswith(b"%PDF")
        visit.follow("Mở hồ sơ trên bàn làm việc")
        assert all(said in visit.words for said in (child, "Trần Thị Bình", "Chuyển bộ phận chuyên môn"))
        visit.tab.goto(f"/ban-lam-viec?q={quote(visit.tab.locator('main .govuk-caption-l').inner_text().split()[0])}")
        assert visit.tab.locator(".tc-cases tbody tr").count() == 1
        assert visit.complaints == []
