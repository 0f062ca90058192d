"""A letter on its way from a ward to a department and back, by the people of both at their pages."""

import uuid
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from local.demo.caller import Caller
from local.demo.documents import LETTER, PEOPLE, Correspondence
from local.demo.papers import make_paper
from tests.browser.browsers import BOTH_WAYS, WIDTHS, Visit
from tests.browser.scene import CLERK, DEPARTMENT_HEAD, DEPARTMENT_SPECIALIST, SPECIALIST, WARD_CLERK
from tests.browser.walk import problems
from tests.support.stack import Stack, secret_of


def send_letter(platform: Stack, subject: str) -> str:
    """The code of a letter that the ward has issued and the department has received."""
    with ExitStack() as stack:
        people = {
            who: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for who, login in PEOPLE.items()
        }
        letters = Correspondence(people)
        issued = letters.write("ward", {**LETTER, "subject": subject}, make_paper("Công văn", subject))
        letters.incoming("department_clerk", issued["code"])
    return str(issued["code"])


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_letter_is_registered_assigned_answered_and_its_sender_sees_where_it_stands(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    subject = f"V/v lấy ý kiến về quy hoạch {uuid.uuid4().hex[:6]}"
    answer = f"V/v trả lời ý kiến {uuid.uuid4().hex[:6]}"
    code = send_letter(platform, subject)
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(CLERK)
        assert visit.tab.url.endswith("/van-ban/den")
        visit.tab.goto(f"/van-ban/den?status=01&q={subject.rpartition(' ')[2]}")
        visit.follow(subject)
        arrival = visit.tab.url
        visit.follow("Tiếp nhận, vào sổ")
        visit.press("Tiếp nhận, vào sổ")
        assert "Đã tiếp nhận" in visit.words
        visit.tab.goto("/van-ban/den/so")
        assert subject in visit.words

        visit.sign_in(DEPARTMENT_HEAD).tab.goto(arrival)
        visit.follow("Phân công")
        visit.tab.fill("#unit", "Phòng Quy hoạch")
        visit.tab.select_option("#officer", DEPARTMENT_SPECIALIST)
        visit.tab.fill("#opinion", "Tham mưu văn bản trả lời")
        visit.press("Phân công")
        assert "Phòng Quy hoạch: Trương Văn Nam" in visit.words
        assert "Tham mưu văn bản trả lời" in visit.words

        visit.sign_in(DEPARTMENT_SPECIALIST).tab.goto("/van-ban/den?assignee=me")
        visit.follow(subject)
        visit.follow("Soạn văn bản trả lời")
        visit.tab.fill("#subject", answer)
        visit.tab.fill("[name='unit.name']", "Phòng Quy hoạch")
        visit.send_file(paper)
        assert visit.tab.input_value("#subject") == answer, "what was typed before stays"
        visit.tab.fill("[name='unit.code']", "QH")
        visit.press("Soạn văn bản trả lời")
        reply = visit.tab.url
        visit.follow("Trình duyệt")
        visit.press("Trình duyệt")

        visit.sign_in(DEPARTMENT_HEAD).tab.goto(reply)
        visit.follow("Ký")
        visit.tab.fill("[name='signer.position']", "GIÁM ĐỐC")
        visit.press("Ký")
        visit.sign_in(CLERK).tab.goto(reply)
        visit.follow("Phát hành")
        visit.press("Phát hành")
        assert "Ủy ban nhân dân phường Ninh Kiều" in visit.words

        with Caller(platform.base_url, CLERK, secret_of(CLERK)) as clerk:  # the issued reply completes what it answers
            clerk.wait_for(f"/arrivals/{arrival.rpartition('/')[2]}", lambda view: view["status"] == "06")
        visit.tab.goto(arrival)
        assert "Văn bản trả lời" in visit.words

        visit.sign_in(WARD_CLERK).tab.goto(f"/van-ban/di?code={code}")
        visit.follow(subject)
        assert "Sở Xây dựng" in visit.words
        visit.follow("Thu hồi")
        visit.tab.fill("#reason", "Sai nội dung")
        visit.press("Thu hồi")
        assert "chờ trả lời yêu cầu lấy lại" in visit.words
        assert visit.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_receivers_are_narrowed_by_words_without_diacritics(platform: Stack, browser: Browser, width: int) -> None:
    with Visit(browser, platform.base_url, width=width) as visit:
        visit.sign_in(SPECIALIST).tab.goto("/van-ban/di/moi")
        field = visit.tab.get_by_role("group", name="Gửi đến để giải quyết")
        box, said = field.get_by_role("searchbox", name="Tìm trong danh sách"), field.get_by_role("status")
        rows = field.get_by_role("checkbox")
        everybody = rows.count()
        assert everybody > 20
        expect(said).to_have_text(f"Đang hiện: {everybody} cơ quan. Đã chọn: 0.")

        box.fill("KIEU ninh phuong cong")
        expect(rows).to_have_count(1)
        field.get_by_label("Công an phường Ninh Kiều").check()
        expect(field.get_by_role("group")).to_have_count(1)
        expect(said).to_have_text("Đang hiện: 1 cơ quan. Đã chọn: 1.")
        box.fill("sở xây")
        expect(field.get_by_label("Sở Xây dựng thành phố Cần Thơ")).to_be_visible()
        expect(field.get_by_label("Công an phường Ninh Kiều")).to_be_checked()
        expect(field.get_by_label("Sở Y tế thành phố Cần Thơ")).to_be_hidden()
        assert problems(visit.tab) == []

        box.press("Enter")
        field.get_by_label("Công an phường Ninh Kiều").uncheck()
        expect(field.get_by_label("Công an phường Ninh Kiều")).to_be_focused()
        box.fill("không có cơ quan nào")
        expect(rows).to_have_count(0)
        expect(said).to_have_text("Đang hiện: 0 cơ quan. Đã chọn: 0.")
        box.fill("")
        expect(rows).to_have_count(everybody)
        assert visit.tab.locator(".govuk-error-summary").count() == 0, "Enter sends nothing"
        other = visit.tab.get_by_role("group", name="Gửi đến để biết")
        expect(other.get_by_role("checkbox")).to_have_count(everybody)
        assert visit.complaints == []


def test_without_scripts_every_receiver_stands_there_and_nothing_to_search_with(
    platform: Stack, browser: Browser
) -> None:
    with Visit(browser, platform.base_url, width=320, scripts=False) as visit:
        visit.sign_in(SPECIALIST).tab.goto("/van-ban/di/moi")
        field = visit.tab.get_by_role("group", name="Gửi đến để giải quyết")
        assert field.get_by_role("checkbox").count() > 20
        expect(field.get_by_label("Tìm trong danh sách")).to_be_hidden()
        expect(field.get_by_role("status")).to_be_hidden()


def test_scripts_lead_to_what_is_wrong_and_send_a_form_that_is_pressed_twice_once(
    platform: Stack, browser: Browser
) -> None:
    with Visit(browser, platform.base_url) as visit:
        visit.sign_in(SPECIALIST).tab.goto("/van-ban/di/moi")
        sent: list[str] = []
        visit.tab.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        visit.tab.locator("main").get_by_role("button", name="Lưu dự thảo").dblclick()
        expect(visit.tab.locator(".govuk-error-summary")).to_be_focused()
        assert len(sent) == 1
