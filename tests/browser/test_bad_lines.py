"""A button pressed twice, a connection that is cut, a line that is gone for long: one application comes of it."""

import uuid
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Route

from tests.browser.birth import PROCEDURE, applications_for, fill_in, hand_over
from tests.browser.browsers import Visit
from tests.support.stack import Stack


@pytest.mark.parametrize("scripts", [True, False])
def test_the_button_pressed_twice_hands_in_once(platform: Stack, browser: Browser, paper: Path, scripts: bool) -> None:
    """By hand, and by programs that heed no button: the page is sent again and again."""
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    sent: list[str] = []
    with Visit(browser, platform.base_url, scripts=scripts) as visit:
        visit.tab.goto(PROCEDURE)
        fill_in(visit, child)
        hand_over(visit, paper)
        form = visit.tab.locator("main form")
        fields = {name: form.locator(f"[name={name}]").input_value() for name in ("form_token", "version")}
        cookies = {cookie["name"]: cookie["value"] for cookie in visit.context.cookies()}
        page = visit.tab.url
        visit.tab.on("request", lambda request: sent.append(request.method) if request.url == page else None)
        if scripts:  # a second press within a second is no other one; a busy machine must not let that second pass
            visit.tab.clock.install(time=0)
            visit.tab.clock.pause_at(1)
        form.get_by_role("button").dblclick(no_wait_after=True)
        visit.tab.wait_for_url("**/da-nop")
        receipt = urlsplit(visit.tab.url).path
        assert sent.count("POST") == 1 if scripts else sent.count("POST") >= 1
        with httpx.Client(cookies=cookies, timeout=60) as client:
            answers = [client.post(page, data=fields) for _ in range(3)]
        assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, receipt)] * 3
    assert len(applications_for(platform, child)) == 1


@pytest.mark.parametrize("arrived", [False, True], ids=["on its way", "before the answer"])
def test_a_connection_cut_during_an_upload_is_mended(
    platform: Stack, browser: Browser, paper: Path, arrived: bool
) -> None:
    """The file is lost, or it arrived and the answer was lost: it is sent again by itself, and kept once."""
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    cut: list[str] = []

    def cut_twice(route: Route) -> None:
        if route.request.method == "POST" and len(cut) < 2:
            cut.append(route.request.url)
            if arrived:
                route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    with Visit(browser, platform.base_url, width=320) as visit:
        visit.tab.goto(PROCEDURE)
        fill_in(visit, child)
        visit.tab.route("**/giay-*", cut_twice)
        hand_over(visit, paper)
        assert len(cut) == 2
        visit.press("Nộp hồ sơ")
    assert len(applications_for(platform, child)) == 1


def test_who_lost_the_line_for_long_sends_again_when_it_is_back(platform: Stack, browser: Browser, paper: Path) -> None:
    with Visit(browser, platform.base_url, width=320) as visit:
        visit.tab.goto(PROCEDURE)
        fill_in(visit, f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}")
        visit.tab.clock.install()
        visit.context.set_offline(True)
        visit.tab.set_input_files("#tep", paper)
        visit.tab.get_by_role("button", name="Gửi tệp và tiếp tục").click()
        for _pause in range(4):
            visit.tab.wait_for_selector("text=/Mất kết nối|Chưa gửi được/")
            visit.tab.clock.fast_forward(10_000)
        visit.tab.wait_for_selector("text=Chưa gửi được tệp")
        visit.context.set_offline(False)
        visit.tab.wait_for_url("**/nhan-ket-qua")


@pytest.mark.parametrize("arrived", [False, True], ids=["on its way", "before the answer"])
def test_without_scripts_a_cut_upload_is_sent_again_by_hand(
    platform: Stack, browser: Browser, paper: Path, arrived: bool
) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"

    def cut(route: Route) -> None:
        if arrived:
            route.fetch(max_redirects=0)
        route.abort("connectionreset")

    with Visit(browser, platform.base_url, scripts=False, width=320) as visit:
        visit.tab.goto(PROCEDURE)
        fill_in(visit, child)
        page = visit.tab.url
        visit.tab.route("**/giay-*", cut, times=1)
        visit.tab.set_input_files("#tep", paper)
        with visit.tab.expect_event("requestfailed"):
            visit.tab.get_by_role("button", name="Gửi tệp và tiếp tục").click(no_wait_after=True)
        visit.tab = visit.context.new_page()
        visit.tab.goto(page)
        hand_over(visit, paper)
        visit.press("Nộp hồ sơ")
    assert len(applications_for(platform, child)) == 1
