"""A meeting from the wish to its end, by the people of its pages, with and without scripts."""

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
from shared.working_time import VIETNAM
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.meetings import APPROVER, CONVENER, PLACE, TECHNICIAN, approve, release, wish
from tests.support.stack import Stack, secret_of


def begin_soon(platform: Stack, chair: str, other: str) -> str:
    """An approved meeting of two endpoints that may begin now, with its run-of-show."""
    soon = datetime.now(VIETNAM) + timedelta(minutes=10)
    starts = soon.replace(minute=soon.minute // 5 * 5)
    urgent = {"urgent": True, "urgent_reason": "Họp ngay về bão số 13"}
    with Caller(platform.base_url, APPROVER, secret_of(APPROVER)) as approver:
        meeting = approve(approver, approver.post(PLACE, wish(chair, other, starts, urgent=urgent)))
        release(approver, meeting["id"], chair)
    return str(meeting["id"])


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_clash_is_explained_another_time_taken_and_the_meeting_approved(
    own_platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    title = f"Giao ban {uuid.uuid4().hex[:6]}"
    day = (datetime.now(VIETNAM) + timedelta(days=12 if scripts else 13)).date()
    with Caller(own_platform.base_url, CONVENER, secret_of(CONVENER)) as convener:
        eight = datetime(day.year, day.month, day.day, 8, tzinfo=VIETNAM)
        convener.post(PLACE, wish("th-30", "th-31", eight))
    with Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(CONVENER).tab.goto(f"/hop/dat?mang=thanh-hoa&diem=th-05&ngay={day}&gio=08:00")
        visit.tab.fill("#title", title)
        visit.tab.check("input[name=endpoints][value=th-31]")
        visit.tab.fill("[name='contact.phone']", "02373000005")
        visit.press("Gửi đăng ký")
        assert "Chưa họp được vào giờ này" in visit.words
        visit.tab.locator("button[value^=gio-]").first.click()
        visit.tab.wait_for_selector("text=Giờ này còn trống")
        visit.press("Gửi đăng ký")
        assert "Chờ duyệt, đang giữ chỗ" in visit.words
        meeting = visit.tab.url
        visit.sign_in(APPROVER).tab.goto(meeting)
        visit.follow("Duyệt cuộc họp")
        visit.press("Duyệt cuộc họp")
        assert "Đã duyệt" in visit.words
        visit.sign_in(CONVENER).tab.goto(f"/hop/lich?mang=thanh-hoa&ngay={day}")
        assert title in visit.words


@pytest.mark.parametrize(("scripts", "chair", "other"), [(True, "th-28", "th-29"), (False, "th-26", "th-27")])
def test_a_meeting_is_run_from_its_board(
    own_platform: Stack, browser: Browser, scripts: bool, chair: str, other: str
) -> None:
    meeting = begin_soon(own_platform, chair, other)
    with Visit(browser, own_platform.base_url, scripts=scripts) as visit:
        visit.sign_in(TECHNICIAN).tab.goto(f"/hop/cuoc/{meeting}/buoi/1")
        visit.tab.click(f"#{chair}-connected")
        visit.tab.wait_for_selector(f"#{chair}-connected[aria-pressed=true]")
        visit.press("Bắt đầu họp")
        visit.press("Vào mục đầu")
        visit.press("Mục tiếp theo")
        assert "2. Báo cáo kết quả" in visit.tab.inner_text(".tc-standing__what")
        visit.tab.goto(f"/hop/phong/{chair}")
        assert "Báo cáo kết quả" in visit.words
        visit.tab.goto(f"/hop/cuoc/{meeting}/buoi/1")
        visit.follow("Kết thúc họp")
        visit.press("Kết thúc họp")
        assert "Đã họp xong" in visit.words


def test_a_screen_on_the_wall_shows_its_room_until_an_officer_closes_its_address(
    own_platform: Stack, browser: Browser
) -> None:
    with Visit(browser, own_platform.base_url) as officer, Visit(browser, own_platform.base_url) as wall:
        officer.sign_in(CONVENER).tab.goto("/hop/lich?mang=thanh-hoa&diem=th-05")
        officer.follow("Phòng họp lúc này, màn hình treo trong phòng")
        officer.press("Tạo địa chỉ cho màn hình")
        wall.tab.goto(urlsplit(officer.tab.inner_text(".tc-keep__link")).path)
        assert "phường Hạc Thành" in wall.tab.inner_text("#room")
        assert wall.tab.locator("header, footer, nav, a, button").count() == 0
        officer.tab.goto("/hop/phong/th-05")
        officer.press("Đóng địa chỉ 1")
        wall.tab.wait_for_selector("text=địa chỉ đã bị đóng")


@pytest.mark.parametrize(("scripts", "chair", "other"), [(True, "th-05", "th-06"), (False, "th-07", "th-08")])
def test_a_run_of_show_is_written_overtaken_and_released(
    own_platform: Stack, browser: Browser, scripts: bool, chair: str, other: str
) -> None:
    eight = (datetime.now(VIETNAM) + timedelta(days=15)).replace(hour=8, minute=0)
    with Caller(own_platform.base_url, CONVENER, secret_of(CONVENER)) as convener:
        meeting = convener.post(PLACE, wish(chair, other, eight))["id"]
        with Visit(browser, own_platform.base_url, scripts=scripts) as visit:
            visit.sign_in(CONVENER).tab.goto(f"/hop/cuoc/{meeting}")
            visit.follow("Kịch bản điều hành")
            visit.tab.fill("[name='muc-1-what']", "Báo cáo")
            visit.press("Thêm mục")
            visit.tab.fill("[name='muc-2-what']", "Khai mạc")
            visit.tab.fill("[name='muc-2-minutes']", "10")
            visit.tab.select_option("[name='muc-2-on_screen']", chair)
            visit.press("Chuyển lên mục 2")
            visit.tab.fill("[name='muc-1-speaker']", "Chánh Văn phòng")
            visit.tab.press("[name='muc-1-speaker']", "Enter")
            visit.tab.wait_for_selector("text=Dự thảo, chưa chốt")
            kept = convener.get(f"{PLACE}/{meeting}/script")
            assert [(one["what"], one["offset"], one["speaker"]) for one in kept["items"]] == [
                ("Khai mạc", 0, "Chánh Văn phòng"),
                ("Báo cáo", 10, ""),
            ]
            theirs = [{"what": "Chào cờ", "minutes": 5}]
            convener.post(f"{PLACE}/{meeting}/script", {"items": theirs}, version=kept["version"])
            visit.tab.fill("[name='muc-2-what']", "Báo cáo quý IV")
            visit.press("Ghi kịch bản")
            assert "Kịch bản đã được người khác ghi trong lúc bạn soạn." in visit.words
            assert visit.tab.input_value("[name='muc-2-what']") == "Báo cáo quý IV"
            visit.press("Ghi kịch bản")
            visit.press("Chốt kịch bản")
            assert "Đã chốt" in visit.words
            visit.follow("Bản chốt 1")
            assert "Báo cáo quý IV" in visit.words


def test_a_session_is_moved_seen_waiting_taken_back_and_approved(own_platform: Stack, browser: Browser) -> None:
    eight = (datetime.now(VIETNAM) + timedelta(days=17)).replace(hour=8, minute=0)
    with (
        Caller(own_platform.base_url, CONVENER, secret_of(CONVENER)) as convener,
        Caller(own_platform.base_url, APPROVER, secret_of(APPROVER)) as approver,
    ):
        series = wish("th-09", "th-10", eight) | {"rule": "FREQ=WEEKLY;COUNT=3"}
        meeting = approve(approver, convener.post(PLACE, series))["id"]
    with Visit(browser, own_platform.base_url, scripts=False) as visit:
        visit.sign_in(CONVENER)
        for hour in ("13:00", "14:00"):
            visit.tab.goto(f"/hop/cuoc/{meeting}")
            visit.tab.locator("a[href$='/buoi/2/doi-gio']").click()
            visit.tab.fill("[name='starts-hour']", hour)
            visit.press("Chuyển buổi họp sang giờ khác")
            assert f"chuyển sang {hour} –" in visit.words
            if hour == "13:00":
                visit.follow("Rút thay đổi đang chờ")
                visit.press("Rút thay đổi đang chờ")
                assert "chuyển sang" not in visit.words
        visit.sign_in(APPROVER).tab.goto(f"/hop/cuoc/{meeting}")
        visit.follow("Duyệt thay đổi")
        visit.press("Duyệt thay đổi")
        assert "14:00 – 15:00" in visit.words
        assert "chuyển sang" not in visit.words
