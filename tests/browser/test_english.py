"""People who read English: they apply, decide about a case, and write a letter in it."""

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.birth import ENGLISH, PROCEDURE, fill_in, hand_over
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.scene import CITIZEN, HEAD, RECEPTION, SPECIALIST, WARD_CLERK, Scene
from tests.support.stack import Stack

IN_ENGLISH = "/ngon-ngu?ngon_ngu=en&tiep="


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_citizen_applies_and_follows_in_english(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.tab.goto(f"{IN_ENGLISH}{PROCEDURE}")
        fill_in(visit, child, ENGLISH)
        paper_page = visit.tab.url
        visit.tab.goto(f"{paper_page.rpartition('/')[0]}/lien-he")
        visit.tab.fill("#phone", "12")
        visit.press(ENGLISH.go_on)
        assert "Please look again" in visit.words
        visit.tab.goto(paper_page)
        hand_over(visit, paper, ENGLISH)
        assert all(said in visit.words for said in (child, "For myself", paper.name))
        visit.press("Hand in")
        assert visit.tab.url.endswith("/da-nop")
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
        visit.sign_in(RECEPTION).tab.goto(f"{IN_ENGLISH}{case}")
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
        visit.sign_in(CITIZEN).tab.goto(f"{IN_ENGLISH}/ho-so/{application}")
        assert "Received" in visit.words


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_letter_is_written_sent_and_followed_in_english(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    subject = f"V/v mời họp {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(SPECIALIST).tab.goto(f"{IN_ENGLISH}/van-ban/di")
        visit.follow("Write a new letter")
        visit.tab.fill("#subject", subject)
        visit.tab.locator("input[name='receivers'][value='H13.17']").check()
        visit.send_file(paper, button="Send the file", said="1 file was sent")
        assert visit.tab.input_value("#subject") == subject, "what was typed before stays"
        assert visit.tab.locator("input[name='receivers'][value='H13.17']").is_checked()
        visit.tab.fill("[name='unit.name']", "Văn phòng")
        visit.tab.fill("[name='unit.code']", "VP")
        visit.press("Write a new letter")
        letter = visit.tab.url
        assert subject in visit.words
        visit.follow("Put before the leader")
        visit.press("Put before the leader")
        visit.sign_in(HEAD).tab.goto(f"{IN_ENGLISH}{letter.removeprefix(platform.base_url)}")
        visit.follow("Sign")
        visit.tab.fill("[name='signer.position']", "CHỦ TỊCH")
        visit.press("Sign")
        visit.sign_in(WARD_CLERK).tab.goto(f"{IN_ENGLISH}{letter.removeprefix(platform.base_url)}")
        visit.follow("Issue")
        visit.press("Issue")
        assert "1 receiver: 1 " in visit.words
        assert visit.complaints == []
