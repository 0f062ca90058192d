"""People who read English: they apply, decide about a case, write a letter, give a post and hold a meeting in it."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
from shared.working_time import VIETNAM
from tests.browser.birth import ENGLISH, PROCEDURE, fill_in, hand_over
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.meetings import APPROVER, CONVENER
from tests.browser.scene import ADMINISTRATOR, CITIZEN, HEAD, RECEPTION, SPECIALIST, WARD_CLERK, Scene
from tests.support.stack import Stack, secret_of

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
        visit.press("Save draft")
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


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_somebody_is_given_a_further_post_and_a_mailbox_is_found_in_english(
    platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    title = f"Tổ trưởng tổ số hóa {uuid.uuid4().hex[:6]}"
    with Caller(platform.base_url, ADMINISTRATOR, secret_of(ADMINISTRATOR)) as administrator:
        officer = administrator.get("/directory/officers", limit=1)["items"][0]
        administrator.wait_for("/mail/mailboxes", lambda view: bool(view["items"]), seconds=60)  # by events
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(ADMINISTRATOR).tab.goto(f"{IN_ENGLISH}/danh-ba?q={quote(officer['name'])}")
        visit.follow(officer["name"])
        visit.follow("Give a further post")
        visit.tab.fill("[name='post.title']", title)
        visit.press("Give a further post")
        assert "Please look again" in visit.words
        assert visit.tab.input_value("[name='post.title']") == title
        visit.tab.select_option("[name='post.agency']", "H13.17")
        visit.tab.fill("[name='reason']", "Quyết định số 12/QĐ-UBND")
        visit.press("Give a further post")
        assert title in visit.words
        visit.tab.goto("/danh-ba/hop-thu")
        visit.tab.locator("#found a").first.click()
        assert "At each mail host" in visit.words
        assert visit.complaints == []


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_meeting_is_asked_for_and_approved_in_english(
    platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    title = f"Giao ban {uuid.uuid4().hex[:6]}"
    day = (datetime.now(VIETNAM) + timedelta(days=30 if scripts else 31)).date()
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(CONVENER).tab.goto(f"{IN_ENGLISH}{quote(f'/hop/lich?mang=thanh-hoa&ngay={day}')}")
        visit.tab.locator("#found a[href*='diem=th-05'][href*='/hop/dat']").first.click()
        visit.tab.fill("#title", title)
        visit.press("Send the request")
        assert "Please look again" in visit.words
        assert visit.tab.input_value("#title") == title
        visit.tab.check("input[name=endpoints][value=th-31]")
        visit.tab.fill("[name='contact.phone']", "02373000005")
        visit.press("Send the request")
        assert "To be approved, places held" in visit.words
        meeting = visit.tab.url.removeprefix(platform.base_url)
        visit.sign_in(APPROVER).tab.goto(f"{IN_ENGLISH}{meeting}")
        visit.follow("Approve the meeting")
        visit.press("Approve the meeting")
        assert "Approved" in visit.words
        assert visit.complaints == []
