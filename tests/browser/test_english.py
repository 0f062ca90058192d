"""People who read English: they apply, decide about a case, and write a letter in it."""

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.scene import CITIZEN, HEAD, RECEPTION, SPECIALIST, WARD_CLERK, Scene
from tests.support.stack import Stack

ENGLISH = "/ngon-ngu?ngon_ngu=en&tiep="


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_citizen_applies_and_follows_in_english(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    go_on = "Save and continue"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        tab = visit.tab
        tab.goto(f"{ENGLISH}/thu-tuc/1.001193")
        visit.follow("Apply online")
        visit.become(CITIZEN)
        tab.select_option("#agency", "H13.30.01")
        visit.press("Begin")
        for chosen in ("Registered in time, within 60 days of the birth", "For myself"):
            tab.get_by_label(chosen).check()
            visit.press(go_on)
        tab.fill("#phone", "12")
        visit.press(go_on)
        assert "Please look again" in visit.words
        tab.fill("#phone", "0912 345 678")
        visit.press(go_on)
        for name, value in (("line", "12 Nguyễn Trãi"), ("commune", "Phường Ninh Kiều"), ("province", "Cần Thơ")):
            tab.fill(f"#{name}", value)
        visit.press(go_on)
        tab.fill("#answer", child)
        visit.press(go_on)
        for part, value in (("day", "1"), ("month", "11"), ("year", "2026")):
            tab.fill(f"#answer-{part}", value)
        visit.press(go_on)
        tab.get_by_label("Male", exact=True).check()
        visit.press(go_on)
        visit.press(go_on)  # the place of birth may be left out
        tab.get_by_label("Certificate of birth").check()
        visit.press(go_on)
        visit.press(go_on)  # no exemption
        tab.set_input_files("#tep", paper)
        tab.get_by_role("button", name="Send the file and continue").click()
        tab.wait_for_url("**/nhan-ket-qua")
        tab.get_by_label("Online, on this site").check()
        visit.press(go_on)
        assert all(said in visit.words for said in (child, "For myself", paper.name))
        visit.press("Hand in")
        assert tab.url.endswith("/da-nop")
        visit.follow("Follow this application")
        assert "Handed in, waiting to be received" in visit.words
        assert visit.complaints == []


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_case_is_asked_about_previewed_and_received_in_english(
    platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    application = Scene(platform.base_url).things["new"]
    case = f"/ban-lam-viec/{application}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(RECEPTION).tab.goto(f"{ENGLISH}{case}")
        assert "What you can do now" in visit.words
        visit.follow("Refuse reception")
        visit.press("Refuse reception")
        assert "Please look again" in visit.words
        visit.tab.fill("#reason", "Không thuộc thẩm quyền")
        with visit.context.expect_event("response", lambda answer: answer.url.endswith("/refuse")) as answered:
            visit.tab.get_by_role("button", name="Preview the form").click()
        assert answered.value.status == 200
        assert answered.value.headers["content-type"] == "application/pdf"
        assert visit.tab.input_value("#reason") == "Không thuộc thẩm quyền"
        visit.tab.goto(f"{case}/exempt_payment")
        visit.tab.fill("#ground", "Nghị quyết 05/2024/NQ-HĐND")
        visit.tab.locator("main form button").click()
        visit.tab.wait_for_url(f"**{case}")
        visit.follow("Receive")
        visit.press("Receive")
        assert "Received" in visit.words
        assert visit.complaints == []
        visit.sign_in(CITIZEN).tab.goto(f"{ENGLISH}/ho-so/{application}")
        assert "Received" in visit.words


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_letter_is_written_sent_and_followed_in_english(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    subject = f"V/v mời họp {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(SPECIALIST).tab.goto(f"{ENGLISH}/van-ban/di")
        visit.follow("Write a new letter")
        visit.tab.set_input_files("#tep", paper)
        visit.tab.get_by_role("button", name="Send the file", exact=True).click()
        visit.tab.wait_for_url("**/moi?tep=*")
        visit.tab.fill("#subject", subject)
        visit.tab.fill("[name='unit.name']", "Văn phòng")
        visit.tab.fill("[name='unit.code']", "VP")
        visit.tab.locator("input[name='receivers'][value='H13.17']").check()
        visit.press("Write a new letter")
        letter = visit.tab.url
        assert subject in visit.words
        visit.follow("Put before the leader")
        visit.press("Put before the leader")
        visit.sign_in(HEAD).tab.goto(f"{ENGLISH}{letter.removeprefix(platform.base_url)}")
        visit.follow("Sign")
        visit.tab.fill("[name='signer.position']", "CHỦ TỊCH")
        visit.press("Sign")
        visit.sign_in(WARD_CLERK).tab.goto(f"{ENGLISH}{letter.removeprefix(platform.base_url)}")
        visit.follow("Issue")
        visit.press("Issue")
        assert "1 receiver: 1 " in visit.words
        assert visit.complaints == []
