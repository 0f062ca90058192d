"""Whoever has no mouse does the same work: each journey by keys alone, from signing in to the page that confirms it."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from shared.working_time import VIETNAM
from tests.browser.birth import AGENCY, NEXT
from tests.browser.browsers import Visit
from tests.browser.keys import Keys
from tests.browser.meetings import CONVENER
from tests.browser.parked import parked_event
from tests.browser.scene import CITIZEN, CLERK, HEAD, OPERATOR, SPECIALIST, WARD_CLERK, Scene
from tests.support.running import eventually
from tests.support.stack import Stack


def test_the_first_key_leads_to_the_content(platform: Stack, browser: Browser) -> None:
    with Visit(browser, platform.base_url) as visit:
        visit.tab.goto("/")
        Keys(visit).reach("Đến nội dung chính")
        visit.tab.keyboard.press("Enter")
        assert visit.tab.url.endswith("#main-content")


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        ("sheet.replaceSync('a, a:focus { all: unset !important; display: inline !important }')", "cannot be seen"),
        ("document.querySelector('.tc-nav__list li:last-child a').tabIndex = 1", "goes back"),
        ("sheet.replaceSync('.tc-nav { position: relative; z-index: -1 }')", "under something"),
    ],
)
def test_a_focus_that_is_lost_is_told(platform: Stack, browser: Browser, spoiled: str, told: str) -> None:
    with Visit(browser, platform.base_url) as visit:
        visit.tab.goto("/")
        prepare = "const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet]"
        visit.tab.evaluate(f"() => {{ {prepare}; {spoiled} }}")
        with pytest.raises(AssertionError, match=told):
            Keys(visit).reach("#q")


def test_a_citizen_applies_and_hands_in(platform: Stack, browser: Browser, paper: Path) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url) as visit:
        keys = Keys(visit)
        visit.tab.goto("/")
        keys.type("#q", "khai sinh")
        with visit.tab.expect_navigation():
            visit.tab.keyboard.press("Enter")
        for step in ("Thủ tục đăng ký khai sinh", "Nộp hồ sơ trực tuyến", "Người dân, doanh nghiệp", f"={CITIZEN}"):
            keys.follow(step)
        keys.select("#agency", AGENCY)
        keys.follow("Bắt đầu")
        keys.choose("case", "standard")
        keys.follow(NEXT)
        assert "Bạn nộp hồ sơ cho ai?" in visit.words
        _answer(keys, child)
        keys.attach(paper)
        keys.follow("Gửi tệp và tiếp tục")
        keys.choose("method", "online")
        keys.follow(NEXT)
        assert child in visit.words
        keys.follow("Nộp hồ sơ")
        visit.tab.wait_for_url("**/da-nop")
        assert visit.complaints == []


def _answer(keys: Keys, child: str) -> None:
    """The questions about a birth, as far as they must be answered."""
    keys.choose("whom", "toi")
    keys.follow(NEXT)
    keys.type("#phone", "0912345678")
    keys.follow(NEXT)
    for box, text in (("#line", "12 Nguyễn Trãi"), ("#commune", "Phường Ninh Kiều"), ("#province", "Cần Thơ")):
        keys.type(box, text)
    keys.follow(NEXT)
    keys.type("#answer", child)
    keys.follow(NEXT)
    for part, number in (("day", "1"), ("month", "11"), ("year", "2026")):
        keys.type(f"#answer-{part}", number)
    keys.follow(NEXT)
    keys.choose("answer", "male")
    keys.follow(NEXT)
    keys.follow(NEXT)  # the place of birth may be left out
    keys.choose("answer", "certificate")
    keys.follow(NEXT)
    keys.follow(NEXT)  # no exemption


def test_a_clerk_registers_a_document(platform: Stack, browser: Browser) -> None:
    arrival = Scene(platform.base_url).things["arrival_new"]
    with Visit(browser, platform.base_url) as visit:
        keys = Keys(visit)
        keys.sign_in(CLERK)
        keys.follow("Chờ tiếp nhận")
        assert visit.tab.locator(f"a[href$='{arrival}']").count() == 1
        visit.tab.goto(f"/van-ban/den/{arrival}")
        keys.follow("Tiếp nhận, vào sổ")
        keys.type("#note", "Chuyển lãnh đạo")
        keys.follow("Tiếp nhận, vào sổ")
        assert "Đã tiếp nhận" in visit.words
        assert visit.complaints == []


def test_an_officer_decides_a_case(platform: Stack, browser: Browser, paper: Path) -> None:
    scene = Scene(platform.base_url)
    with Visit(browser, platform.base_url) as visit:
        keys = Keys(visit)
        keys.sign_in(HEAD)
        visit.tab.goto(f"/ban-lam-viec/{scene.things['in_process']}")
        keys.follow("Kết thúc, có kết quả")
        keys.choose("result.kind", "granted")
        keys.type("#result.number", f"92A{uuid.uuid4().int % 10**7}")
        keys.type("#result.issued_by", "Ủy ban nhân dân phường Ninh Kiều")
        keys.type("#result.signer", "Phạm Thị Dung")
        keys.attach(paper)
        keys.reach("Gửi tệp")
        visit.tab.keyboard.press("Enter")
        visit.tab.get_by_text("Đã gửi 1 tệp").wait_for()
        assert visit.tab.evaluate("document.activeElement.innerText") == "Đã gửi 1 tệp", "the focus stays with the file"
        keys.follow("Kết thúc, có kết quả")
        assert "Đã có kết quả" in visit.words
        assert visit.complaints == []


def test_a_letter_is_written_signed_and_sent(platform: Stack, browser: Browser, paper: Path) -> None:
    subject = f"V/v mời họp {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url) as visit:
        keys = Keys(visit)
        keys.sign_in(SPECIALIST)
        visit.tab.goto("/van-ban/di")
        keys.follow("Soạn văn bản mới")
        keys.type("#subject", subject)
        keys.type("#unit.name", "Văn phòng")
        keys.type("#unit.code", "VP")
        keys.tick("H13.17")
        keys.attach(paper)
        keys.reach("Lưu dự thảo")
        visit.tab.keyboard.press("Enter")
        visit.tab.wait_for_selector(f"h1:has-text('{subject}')")
        letter = visit.tab.url
        keys.follow("Trình duyệt")
        keys.follow("Trình duyệt")
        for login, action, box, text in (
            (HEAD, "Ký", "#signer.position", "CHỦ TỊCH"),
            (WARD_CLERK, "Phát hành", "#note", "Gửi ngay trong ngày"),
        ):
            keys.follow("Đăng xuất")
            keys.sign_in(login)
            visit.tab.goto(letter)
            keys.follow(action)
            keys.type(box, text)
            keys.follow(action)
        assert "1 nơi nhận: 1 " in visit.words
        assert visit.complaints == []


def test_a_meeting_is_booked(own_platform: Stack, browser: Browser) -> None:
    title = f"Giao ban {uuid.uuid4().hex[:6]}"
    day = datetime.now(VIETNAM) + timedelta(days=21)
    with Visit(browser, own_platform.base_url) as visit:
        keys = Keys(visit)
        keys.sign_in(CONVENER)
        visit.tab.goto("/hop?mang=thanh-hoa")
        keys.follow("Đăng ký cuộc họp")
        keys.type("#title", title)
        for part, text in (("day", str(day.day)), ("month", str(day.month)), ("year", str(day.year)), ("hour", "8:00")):
            keys.type(f"#starts-{part}", text)
        keys.select("#chair", "th-05")
        keys.tick("th-31")
        keys.type("#contact.phone", "02373000005")
        keys.follow("Gửi đăng ký")
        assert "Chờ duyệt, đang giữ chỗ" in visit.words
        assert title in visit.words
        assert visit.complaints == []


def test_a_parked_event_is_tried_again(own_platform: Stack, browser: Browser) -> None:
    with parked_event(own_platform) as which, Visit(browser, own_platform.base_url) as visit:
        keys = Keys(visit)
        keys.sign_in(OPERATOR)
        keys.follow("Sự kiện bị giữ")
        keys.follow("Ban hành văn bản")
        visit.tab.goto(f"/van-hanh/su-kien/mot?{which}")
        keys.follow("Xử lý lại")
        keys.type("#reason", "Đã sửa hợp đồng")
        keys.follow("Xử lý lại")
        assert "/van-hanh/su-kien?da=replay&" in visit.tab.url

        def decided() -> bool:
            visit.tab.goto(f"/van-hanh/su-kien/mot?{which}")
            return "Đã sửa hợp đồng" in visit.words

        eventually(decided, "it is tried again, and breaks its contract still")
        assert visit.complaints == []


def test_the_menu_of_a_phone_is_one_row_and_opens_by_keys(platform: Stack, browser: Browser) -> None:
    with Visit(browser, platform.base_url, scripts=False, width=320) as visit:
        visit.sign_in(OPERATOR)
        visit.tab.goto("/van-hanh")
        keys, folded = Keys(visit), visit.tab.locator(".tc-nav").bounding_box()
        assert folded is not None
        assert folded["height"] < 60, "one row"
        keys.reach("Các mục: Vận hành")
        visit.tab.keyboard.press("Enter")
        keys.follow("Danh bạ")
        assert visit.tab.url.endswith("/danh-ba/hop-thu"), "operators see mailboxes, and no officers"
        assert visit.complaints == []
