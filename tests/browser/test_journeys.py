"""People at work on the real platform: with and without scripts, on a phone and on a desk."""

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
from tests.browser.birth import BORN, NEXT, PROCEDURE, applications_for, fill_in, hand_over
from tests.browser.browsers import BOTH_WAYS, EVERY_WAY, Visit
from tests.browser.scene import CITIZEN, HEAD, RECEPTION, SPECIALIST, Scene
from tests.support.stack import Stack, secret_of


@pytest.mark.parametrize(("scripts", "width"), EVERY_WAY)
def test_a_citizen_applies_and_follows(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.tab.goto(PROCEDURE)
        fill_in(visit, child)
        hand_over(visit, paper)
        assert all(said in visit.words for said in (child, f"{BORN:%d/%m/%Y}", paper.name))
        visit.tab.locator("a[href*='giay-giay_chung_sinh']").click()
        visit.press("Gửi tệp và tiếp tục")  # the one that was sent stays
        assert paper.name in visit.words
        visit.press("Nộp hồ sơ")
        assert visit.tab.url.endswith("/da-nop")
        (code,) = applications_for(platform, child)
        assert code in visit.words.replace("\n", "")
        visit.follow("Theo dõi hồ sơ này")
        assert "Đã nộp, chờ tiếp nhận" in visit.words
        visit.tab.goto("/")
        visit.tab.fill("#ma", f" {code.lower()} ")
        visit.press("Xem")
        assert "Hồ sơ được nộp" in visit.words or "Đã nộp, chờ tiếp nhận" in visit.words
        assert child not in visit.words
        assert visit.complaints == []


def test_a_draft_is_taken_up_on_another_machine(platform: Stack, browser: Browser) -> None:
    child = f"Nguyễn Minh Khôi {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url) as first:
        first.tab.goto(PROCEDURE)
        fill_in(first, child)
        draft = first.tab.url.rpartition("/")[0]
    with Visit(browser, platform.base_url, scripts=False) as second:
        second.sign_in(CITIZEN)
        second.tab.goto(draft)
        assert "giay-giay_chung_sinh" in second.tab.url


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_guest_applies_and_comes_back_with_link_and_code(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    title = f"Bằng tốt nghiệp {uuid.uuid4().hex[:6]}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as first:
        first.tab.goto("/thu-tuc/2.000815")
        first.follow("Nộp hồ sơ trực tuyến")
        first.press("Nộp không cần đăng nhập")
        link, code = (first.tab.locator(f".tc-keep__{part}").inner_text() for part in ("link", "code"))
        first.follow("Tôi đã giữ lại, tiếp tục")
        first.tab.select_option("#agency", "H13.30.01")
        first.press("Bắt đầu")
        first.tab.get_by_label("Thông thường").check()
        first.press(NEXT)
        first.tab.get_by_label("Cho chính tôi").check()
        first.press(NEXT)
        first.tab.fill("#name", "Lê Thị Hoa")
        first.tab.fill("#identity_number", "092190004567")
        first.press(NEXT)
        draft = first.tab.url
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as second:
        second.tab.goto(draft)
        assert "Đăng nhập" in second.words, "another browser is nobody yet"
        second.tab.goto(link)
        second.tab.fill("#code", "AAAA-BBBB-CCCC")
        second.press("Mở hồ sơ")
        assert "Mã không đúng" in second.words
        second.tab.fill("#code", code.lower())
        second.press("Mở hồ sơ")
        second.tab.locator("main .tc-list__name").first.click()
        second.tab.fill("#phone", "0912345678")
        second.press(NEXT)
        for name, value in (("line", "12 Nguyễn Trãi"), ("commune", "Phường Ninh Kiều"), ("province", "Cần Thơ")):
            second.tab.fill(f"#{name}", value)
        second.press(NEXT)
        second.tab.fill("#answer", title)
        second.press(NEXT)
        second.press(NEXT)  # of a Vietnamese authority
        second.tab.fill("#copies", "2")
        second.tab.fill("#pages", "1")
        second.press(NEXT)
        second.tab.set_input_files("#tep", paper)
        second.tab.get_by_role("button", name="Gửi tệp và tiếp tục").click()
        second.tab.wait_for_url("**/giay-ban_sao_can_chung_thuc")
        hand_over(second, paper)
        assert "Lê Thị Hoa" in second.words
        second.press("Nộp hồ sơ")
        assert second.tab.url.endswith("/da-nop")
        assert second.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_citizen_answers_what_was_asked(platform: Stack, browser: Browser, paper: Path, scripts: bool) -> None:
    asked = Scene(platform.base_url).things["asked"]
    with Visit(browser, platform.base_url, scripts=scripts, width=320) as visit:
        visit.sign_in(CITIZEN)
        visit.tab.goto(f"/ho-so/{asked}")
        assert "Chụp lại rõ nét" in visit.words
        visit.follow("Bổ sung hồ sơ")
        visit.tab.fill("#business_name", "Cà phê Cái Khế")
        visit.send_file(paper, "#giay_de_nghi", said="Đã gửi tệp")
        with visit.tab.expect_navigation():
            visit.tab.press("#business_name", "Enter")
        assert "Hồ sơ được bổ sung" in visit.words
        assert "Cà phê Cái Khế" in visit.words
        assert visit.complaints == []


@pytest.mark.parametrize(("scripts", "width"), EVERY_WAY)
def test_officers_take_an_application_to_its_end_and_the_citizen_collects_it(
    platform: Stack, browser: Browser, paper: Path, scripts: bool, width: int
) -> None:
    application = Scene(platform.base_url).things["new"]
    case = f"/ban-lam-viec/{application}"
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(RECEPTION)
        visit.tab.goto(f"{case}/exempt_payment")
        visit.tab.fill("#ground", "Nghị quyết 05/2024/NQ-HĐND")
        visit.press("Miễn phí, lệ phí")
        visit.follow("Tiếp nhận")
        visit.press("Tiếp nhận")
        visit.follow("Chuyển bộ phận chuyên môn")
        visit.press("Chuyển bộ phận chuyên môn")
        visit.sign_in(SPECIALIST)
        visit.tab.goto(case)
        assert "Trả kết quả" not in visit.words
        visit.press("Nhận xử lý")
        visit.follow("Hoàn thành bước")
        visit.tab.fill("#outcome", "Đủ điều kiện")
        visit.press("Hoàn thành bước")
        visit.sign_in(HEAD)
        visit.tab.goto(case)
        visit.follow("Kết thúc, có kết quả")
        visit.tab.get_by_label("Đồng ý giải quyết", exact=True).check()
        for name, value in (("number", f"92A{uuid.uuid4().int % 10**7}"), ("issued_by", "UBND phường Ninh Kiều")):
            visit.tab.fill(f"[name='result.{name}']", value)
        visit.tab.fill("[name='result.signer']", "Phạm Thị Dung")
        visit.send_file(paper)
        visit.press("Kết thúc, có kết quả")
        assert "Đã có kết quả" in visit.tab.locator("main").inner_text()
        with Caller(platform.base_url, HEAD, secret_of(HEAD)) as head:
            head.wait_for(f"/applications/{application}", lambda view: view["result"].get("register_number"))
        visit.sign_in(RECEPTION)
        visit.tab.goto(f"{case}/return_result")
        visit.press("Trả kết quả")
        visit.sign_in(CITIZEN)
        visit.tab.goto(f"/ho-so/{application}")
        with visit.tab.expect_download() as download:
            visit.tab.get_by_role("link", name=paper.name).first.click()
        assert download.value.path().read_bytes() == paper.read_bytes()
        visit.follow("Đánh giá việc giải quyết")
        visit.tab.get_by_label("Rất hài lòng").check()
        visit.press("Gửi đánh giá")
        assert "Người nộp đánh giá" in visit.words
        assert visit.complaints == []


def test_two_officers_see_each_other_and_cannot_overwrite(platform: Stack, browser: Browser) -> None:
    officer, head = "Phạm Thu Hà", "Phạm Thị Dung"
    application = Scene(platform.base_url).things["new"]
    with Visit(browser, platform.base_url) as first, Visit(browser, platform.base_url) as second:
        for visit, login in ((first, RECEPTION), (second, HEAD)):
            visit.sign_in(login)
            visit.tab.goto(f"/ban-lam-viec/{application}/request_payment")
        assert f"{officer} đang mở hồ sơ này (từ " in second.words
        first.press("Yêu cầu nộp phí, lệ phí")
        assert "Cần nộp phí" in first.words
        assert f"{head} đang mở hồ sơ này (từ " in first.words
        second.tab.fill("#note", "Nộp trước ngày 10")
        second.press("Yêu cầu nộp phí, lệ phí")
        assert "Việc của bạn chưa được ghi" in second.words
        assert f"{officer}: Cơ quan yêu cầu nộp phí, lệ phí" in second.words
        assert second.tab.input_value("#note") == "Nộp trước ngày 10"
        second.follow("Xem hồ sơ như bây giờ")
        assert "Cần nộp phí" in second.words
        second.tab.clock.install()
        second.tab.reload()
        first.tab.goto(f"/ban-lam-viec/{application}/exempt_payment")
        first.tab.fill("#ground", "Nghị quyết 05/2024/NQ-HĐND")
        first.press("Miễn phí, lệ phí")
        second.tab.clock.fast_forward(31_000)
        second.tab.get_by_text("Hồ sơ đã thay đổi trong lúc bạn mở trang này.").wait_for()
        assert "Được miễn phí, lệ phí" in second.tab.locator("#company").inner_text()
        assert second.complaints == []


def test_who_sends_a_file_goes_on_seeing_who_else_is_there(platform: Stack, browser: Browser, paper: Path) -> None:
    application = Scene(platform.base_url).things["in_process"]
    with Visit(browser, platform.base_url) as visit:
        visit.sign_in(HEAD)
        visit.tab.clock.install()
        visit.tab.goto(f"/ban-lam-viec/{application}/finish")
        visit.send_file(paper)
        with visit.tab.expect_response(lambda answer: f"{application}?ban=" in answer.url):
            visit.tab.clock.fast_forward(31_000)
        assert visit.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_head_gives_several_applications_at_once_and_reads_what_became_of_each(
    platform: Stack, browser: Browser, scripts: bool
) -> None:
    things = Scene(platform.base_url).things
    with Visit(browser, platform.base_url, scripts=scripts) as visit:
        visit.sign_in(HEAD)
        visit.tab.goto("/ban-lam-viec?q=nguyen+van+an")
        visit.press("Phân công")
        assert visit.tab.locator("a[href='#chon']").count() == 1
        for name in ("new", "in_process"):
            visit.tab.locator(f"input[name='chon'][value^='{things[name]}']").check()
        visit.tab.select_option("#officer", RECEPTION)
        visit.press("Phân công")
        lines = visit.words.splitlines()
        assert any(line.endswith("Đã giao") for line in lines)
        assert any("Chưa làm được" in line for line in lines)
        visit.tab.goto(f"/ban-lam-viec/{things['new']}")
        assert "Đang do Phạm Thu Hà phụ trách." in visit.words
        assert visit.complaints == []


def test_one_tick_stands_for_all_of_the_list(platform: Stack, browser: Browser) -> None:
    Scene(platform.base_url)
    with Visit(browser, platform.base_url) as visit:
        visit.sign_in(HEAD)
        visit.tab.goto("/ban-lam-viec")
        whole, boxes = visit.tab.locator("#all"), visit.tab.locator("input[name='chon']")
        whole.check()
        assert all(box.is_checked() for box in boxes.all())
        boxes.first.uncheck()
        assert whole.evaluate("box => [box.checked, box.indeterminate]") == [False, True]
        with visit.tab.expect_response(lambda answer: "status=1" in answer.url):
            visit.tab.select_option("#status", "1")
        visit.tab.wait_for_function("() => !document.querySelector('#all').indeterminate")
        whole.check()
        assert all(box.is_checked() for box in boxes.all())
        boxes.first.uncheck()
        boxes.first.check()
        assert whole.is_checked()
        assert visit.complaints == []
    with Visit(browser, platform.base_url, scripts=False) as visit:
        visit.sign_in(HEAD)
        visit.tab.goto("/ban-lam-viec")
        assert visit.tab.locator("#all").is_hidden(), "without scripts it would do nothing"
