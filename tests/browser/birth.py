"""The registration of a birth, filled in as a citizen does: page by page, in either language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from local.demo.caller import Caller
from shared.working_time import VIETNAM
from tests.browser.browsers import Visit
from tests.browser.scene import CITIZEN
from tests.support.stack import Stack, secret_of

PROCEDURE = "/thu-tuc/1.001193"
BORN = datetime.now(VIETNAM).date() - timedelta(days=9)
AGENCY = "H13.30.01"
NEXT = "Lưu và tiếp tục"


@dataclass(frozen=True, slots=True)
class Said:
    """What the pages call what is pressed and chosen on the way."""

    apply: str = "Nộp hồ sơ trực tuyến"
    begin: str = "Bắt đầu"
    go_on: str = NEXT
    in_time: str = "Đăng ký đúng hạn"
    for_myself: str = "Cho chính tôi"
    male: str = "Nam"
    proof: str = "Giấy chứng sinh"
    send_file: str = "Gửi tệp và tiếp tục"
    online: str = "Trực tuyến, trên trang này"


VIETNAMESE = Said()
ENGLISH = Said(
    apply="Apply online",
    begin="Begin",
    go_on="Save and continue",
    in_time="Registered in time, within 60 days of the birth",
    for_myself="For myself",
    male="Male",
    proof="Certificate of birth",
    send_file="Send the file and continue",
    online="Online, on this site",
)


def fill_in(visit: Visit, child: str, said: Said = VIETNAMESE) -> None:
    """From the procedure, which is open, to the page on which the paper is handed over."""
    tab = visit.tab
    visit.follow(said.apply)
    visit.become(CITIZEN)
    tab.select_option("#agency", AGENCY)
    visit.press(said.begin)
    for chosen in (said.in_time, said.for_myself):
        tab.get_by_label(chosen).check()
        visit.press(said.go_on)
    tab.fill("#phone", "0912 345 678")
    visit.press(said.go_on)
    for name, value in (("line", "12 Nguyễn Trãi"), ("commune", "Phường Ninh Kiều"), ("province", "Cần Thơ")):
        tab.fill(f"#{name}", value)
    visit.press(said.go_on)
    answer_about_birth(visit, child, said)


def answer_about_birth(visit: Visit, child: str, said: Said = VIETNAMESE) -> None:
    """The questions of the procedure."""
    tab = visit.tab
    tab.fill("#answer", child)
    visit.press(said.go_on)
    for part in ("day", "month", "year"):
        tab.fill(f"#answer-{part}", str(getattr(BORN, part)))
    visit.press(said.go_on)
    tab.get_by_label(said.male, exact=True).check()
    visit.press(said.go_on)
    visit.press(said.go_on)  # the place of birth may be left out
    tab.get_by_label(said.proof).check()
    visit.press(said.go_on)
    visit.press(said.go_on)  # no exemption


def hand_over(visit: Visit, paper: Path, said: Said = VIETNAMESE) -> None:
    """Send the paper, and choose how the result comes."""
    visit.tab.set_input_files("#tep", paper)
    visit.tab.get_by_role("button", name=said.send_file).click()
    visit.tab.wait_for_url("**/nhan-ket-qua")
    visit.tab.get_by_label(said.online).check()
    visit.press(said.go_on)


def applications_for(platform: Stack, child: str) -> list[str]:
    """The codes of what was handed in for a child."""
    with Caller(platform.base_url, CITIZEN, secret_of(CITIZEN)) as citizen:
        rows = citizen.get("/applications", limit=200)["items"]
        views = [citizen.get(f"/applications/{row['id']}") for row in rows if row["procedure"] == "1.001193"]
    return [view["code"] for view in views if view["answers"].get("child_name") == child]
