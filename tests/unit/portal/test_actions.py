"""What actions on an application ask of officers, and where what is missing is told."""

from typing import Any

import pytest

from gateway.portal.case_actions import ACTIONS
from shared.errors import Invalid, field_error
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import ADDRESS, CASE, OWNER, asked

FINISHED = {
    "result.kind": "granted", "result.number": "1", "result.issued_by": "UBND", "result.signer": "Phạm Thị Dung",
    "result.signed_at-day": "5", "result.signed_at-month": "10", "result.signed_at-year": "2026",
    "result.signed_at-hour": "8:30",
}  # fmt: skip

AGENCIES = [
    {"code": "H13.17", "name": "Sở Xây dựng", "active": True},
    {"code": "H13.30.01", "name": "Ủy ban nhân dân phường Ninh Kiều", "active": True},
    {"code": "H13.05", "name": "Đài Phát thanh", "active": True},
    {"code": "H13.09", "name": "Sở cũ", "active": False},
]


def may(gateway: GatewayInHand, *actions: str, **changed: Any) -> None:
    """The application allows these now, and is otherwise as `changed`."""
    gateway.bus.answers["get_application"] |= {"allowed_actions": list(actions), **changed}


@pytest.mark.parametrize(("method", "optional"), [("online", False), ("counter", True), ("post", True)])
def test_who_wants_a_result_online_is_not_left_without_its_file(
    gateway: GatewayInHand, officer: Reader, method: str, optional: bool
) -> None:
    may(gateway, "finish", delivery={"method": method})
    officer.sign_in("head-ninh-kieu")
    (label,) = officer.open(f"{CASE}/finish").page.xpath("//label[@for='tep']")
    assert ("(không bắt buộc)" in label.text_content()) == optional
    wrong = [field_error("result.files", "result_file_needed")]
    gateway.bus.answers["finish_application"] = Invalid("request_invalid", fields=wrong)
    officer.send(**FINISHED)
    assert officer.answer.status_code == 422
    (link,) = officer.page.xpath("//*[@class='govuk-error-summary']//a[@href='#tep']")
    assert "phải có tệp" in link.text_content()
    assert officer.page.xpath("//input[@id='tep'][contains(@class, 'govuk-file-upload--error')]")


@pytest.mark.parametrize(
    ("action", "box", "offered", "typed"),
    [
        ("request_opinion", "agency", ["H13.05", "H13.17"], {"subject": "Quy hoạch"}),
        ("extend", "agency_at_fault", ["H13.05", "H13.17", "H13.30.01"], {"reason": "Chờ", "working_days": "3"}),
    ],
)
def test_agencies_are_chosen_by_name(
    gateway: GatewayInHand, officer: Reader, action: str, box: str, offered: list[str], typed: dict[str, str]
) -> None:
    may(gateway, action)
    gateway.bus.answers |= {"list_agencies": {"items": AGENCIES, "next": None}}
    gateway.bus.answers |= {"request_opinion": {}, "extend_application": {}}
    (select,) = officer.sign_in("head-ninh-kieu").open(f"{CASE}/{action}").page.xpath(f"//select[@name='{box}']")
    assert [one for one in select.xpath("option/@value") if one] == offered
    assert "Sở Xây dựng" in select.text_content()
    assert select.value == ("H13.30.01" if action == "extend" else "")
    officer.send(**typed, **{box: "H13.17"})
    (sent,) = asked(gateway, ACTIONS[action].operation)
    assert sent[box] == "H13.17"


READ, INSIDE = "Người nộp hồ sơ đọc được", "không hiện trên trang của người nộp hồ sơ"


@pytest.mark.parametrize(
    ("action", "box", "hint"),
    [
        ("receive", "note", READ),
        ("return_result", "note", READ),
        ("refuse", "reason", READ),
        ("finish", "result.summary", READ),
        ("exempt_payment", "ground", READ),
        ("hand_over", "note", INSIDE),
        ("complete_step", "note", INSIDE),
    ],
)
def test_officers_are_told_who_reads_what_they_write(
    gateway: GatewayInHand, officer: Reader, action: str, box: str, hint: str
) -> None:
    may(gateway, action)
    (beside,) = officer.open(f"{CASE}/{action}").page.xpath(f"//*[@id='{box}-hint']")
    assert hint in beside.text_content()


def test_a_supplement_of_nothing_is_told_at_the_papers_to_choose_from(gateway: GatewayInHand, officer: Reader) -> None:
    may(gateway, "request_supplement")
    officer.open(f"{CASE}/request_supplement").send(reason="Thiếu giấy tờ")
    assert officer.answer.status_code == 422
    (link,) = officer.page.xpath("//*[@class='govuk-error-summary']//a[@href='#items']")
    assert "ít nhất một giấy tờ hoặc nội dung cần bổ sung" in link.text_content()
    (group,) = officer.page.xpath("//*[contains(@class, 'govuk-form-group--error')][.//*[@id='items']]")
    (first, *_rest) = group.xpath("following::input[not(@type='hidden')]")
    assert first.name.startswith("giay-")
    assert "ít nhất một" in group.text_content()
    assert asked(gateway, "request_supplement") == []


WHO = ["owner.name", "owner.identity_number"]
REACHED = ["owner.phone", "owner.address.line", "owner.address.commune", "owner.address.province"]
PERSON = OWNER | {
    "applicant_class": "citizen", "identity_kind": "cccd", "birth_date": None, "phone": "0912345678", "email": None,
}  # fmt: skip


@pytest.mark.parametrize(("channel", "who"), [(1, WHO), (2, []), (3, WHO)])
def test_an_owner_taken_down_wrongly_is_mended_and_sent_whole(
    gateway: GatewayInHand, officer: Reader, channel: int, who: list[str]
) -> None:
    """Who applied online proved their own name and number, which stay."""
    gateway.bus.answers["correct_application"] = {}
    may(gateway, "correct", channel=channel, owner=PERSON, content="Cấp bản sao")
    officer.open(f"{CASE}/correct")
    shown = dict(officer.forms[-1].form_values())
    assert [name for name in shown if name in WHO] == who
    assert [shown[name] for name in REACHED] == ["0912345678", *ADDRESS.values()]
    officer.send(reason="Ghi nhầm", content="Cấp hai bản sao")
    born = {f"owner.birth_date-{part}": value for part, value in (("day", "17"), ("month", "5"), ("year", "1990"))}
    officer.open(f"{CASE}/correct")
    officer.send(reason="Ghi nhầm", **born, **{"owner.phone": "0912 345 679", "owner.address.line": "14 Nguyễn Trãi"})
    first, second = asked(gateway, "correct_application")
    assert (first["content"], first.get("owner")) == ("Cấp hai bản sao", None), "what has not changed is left alone"
    changed = {"birth_date": "1990-05-17", "phone": "0912345679", "address": {**ADDRESS, "line": "14 Nguyễn Trãi"}}
    assert second["owner"] == PERSON | changed
