"""One application through every status over HTTP as five roles; forms, history and events are read back."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest

from local.demo.bus_tap import BusTap, tapped
from local.demo.caller import Caller, Refused
from local.demo.papers import make_paper
from local.demo.people import PEOPLE
from services.one_stop_shop.adapters.form_text import moment
from tests.e2e.main_journey import Journey, signed
from tests.support.stack import Stack, secret_of
from tests.unit.one_stop_shop.forms.reading import squeeze


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[dict[str, Caller]]:
    with ExitStack() as stack:
        yield {
            part: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for part, login in PEOPLE.items()
        }


@pytest.fixture(scope="module")
def tap(platform: Stack) -> Iterator[BusTap]:
    with tapped(platform.amqp_uri, "one_stop_shop.application") as tap:
        yield tap


@pytest.fixture(scope="module")
def finished(platform: Stack, people: dict[str, Caller], tap: BusTap) -> Journey:
    """The whole way: 1, 6, 1, 2, 4, 5, 4, 8, 4, 9, 4, 9, 10."""
    journey = Journey(platform, people)
    journey.submit()
    journey.do("reception", "request-payment", 6, note="Nộp trước khi tiếp nhận")
    journey.pay_online()
    assert journey.application["status"] == 1
    assert journey.application["payment"]["state"] == "paid"
    received = journey.do("reception", "receive", 2)
    journey.do("reception", "hand-over", 4, note="Chuyển phòng Kinh tế")
    journey.do("specialist", "claim", 4)
    journey.do(
        "specialist",
        "request-supplement",
        5,
        reason="Bản chụp mờ",
        items=[{"component": "giay_de_nghi", "requirement": "Chụp lại rõ nét"}],
    )
    clearer = people["citizen"].upload("bản rõ.pdf", "application/pdf", make_paper("Giấy đề nghị", "Bản rõ nét"))
    supplied = journey.do(
        "citizen", "supply-supplement", 4, components=[{"component": "giay_de_nghi", "file": clearer}]
    )
    assert supplied["due_at"] >= received["due_at"]
    journey.do("specialist", "complete-step", 4, outcome="Đủ điều kiện")
    extended = journey.do(
        "head", "extend", 4, reason="Chờ xác minh địa điểm", agency_at_fault="H13.30.01", working_days=2
    )
    assert extended["due_at"] > supplied["due_at"]
    journey.promised = [receipt["due_at"] for receipt in (received, supplied, extended)]
    journey.do("head", "stop", 8, reason="Có tranh chấp về địa điểm kinh doanh")
    journey.do("head", "resume", 4, reason="Tranh chấp đã được giải quyết")
    paper = people["head"].upload("giấy chứng nhận.pdf", "application/pdf", make_paper("Giấy chứng nhận", "92A8001234"))
    journey.do("head", "finish", 9, result=signed(paper))
    journey.wait_for_register_number()
    journey.do("head", "recall-result", 4, reason="Sai tên đường")
    journey.do("head", "finish", 9, result=signed(paper, number="92A8001235"))
    journey.wait_for_register_number()
    journey.do("reception", "send-by-post", 9, waybill="EH123456789VN")
    journey.do(
        "system",
        "record-post-event",
        10,
        waybill="EH123456789VN",
        state="delivered",
        at=datetime.now(UTC).isoformat(),
        receiver_name="Nguyễn Văn An",
    )
    journey.do("citizen", "rate", 10, score="very_satisfied", comment="Nhanh")
    return journey


def test_journey_keeps_its_number_and_is_returned(finished: Journey) -> None:
    view = finished.refresh()
    assert view["status_name"] == "Đã trả kết quả"
    assert view["code"].startswith("H13.30.01-")
    assert view["result"]["number"] == "92A8001235"
    assert view["delivery"]["state"] == "delivered"
    assert view["ratings"][0]["score"] == "very_satisfied"
    assert len(view["clock"]["intervals"]) >= 2


def test_forms_are_real_pdf_with_the_applications_data(finished: Journey, people: dict[str, Caller]) -> None:
    view = people["reception"].get(f"/applications/{finished.application['id']}")
    at_reception, after_supplement, after_extension = map(on_paper, finished.promised)
    supply_by = on_paper(view["supplements"][0]["supply_by"])
    subject = ("Đăng ký hộ kinh doanh", view["procedure_name"], view["code"])
    says: dict[int, tuple[str, ...]] = {
        1: (*subject, *WHO, "092090000123", "0912345678", "12 Nguyễn Trãi", at_reception, "Phạm Thu Hà"),
        2: (*subject, *WHO, "Bản chụp mờ", "Chụp lại rõ nét", "Giấy đề nghị", supply_by, "Lê Văn Cường"),
        4: (*subject, *WHO, "Chờ xác minh địa điểm", after_supplement, after_extension, "Phạm Thị Dung"),
        6: (*subject, *WHO, after_extension, "Chuyển phòng Kinh tế", "Phạm Thu Hà", "Lê Văn Cường", "Sai tên đường"),
    }
    issued = {form["form"]: form for form in view["forms"]}
    assert issued.keys() >= says.keys()
    for number, expected in says.items():
        words = printed(people["reception"], view, issued[number])
        assert missing(words, *expected, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == [], number


WHO = ("Nguyễn Văn An",)


def printed(officer: Caller, view: dict[str, Any], form: dict[str, Any]) -> str:
    """The text of a form as it is handed out."""
    media_type, content = officer.download(f"/applications/{view['id']}/forms/{form['id']}")
    assert media_type == "application/pdf"
    return text_of(content)


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def missing(words: str, *expected: str) -> list[str]:
    """What does not stand on paper, wherever lines break there."""
    return [one for one in expected if squeeze(one) not in squeeze(words)]


def on_paper(at: str) -> str:
    """A moment of an answer as a form writes it in full."""
    return moment(datetime.fromisoformat(at))["full"]


def test_refusal_and_withdrawal_issue_forms_03_and_05(platform: Stack, people: dict[str, Caller]) -> None:
    refused = Journey(platform, people)
    refused.submit(answers={"business_name": "Quán Một"})
    refused.do("reception", "refuse", 3, reason="Không thuộc thẩm quyền của phường")
    withdrawn = Journey(platform, people)
    withdrawn.submit(answers={"business_name": "Quán Hai"})
    withdrawn.do("reception", "exempt-payment", 1, ground="Nghị quyết 05/2024/NQ-HĐND")
    withdrawn.do("reception", "receive", 2)
    withdrawn.do("citizen", "request-withdrawal", 7, reason="Không còn nhu cầu")
    withdrawn.do("head", "decide-withdrawal", 7, accept=True, reason="Chưa có kết quả giải quyết")
    ended = people["reception"].get(f"/applications/{withdrawn.application['id']}")
    asked_at = on_paper(ended["withdrawal"]["requested_at"])
    says = (
        (refused, 3, ("Không thuộc thẩm quyền của phường", "Phạm Thu Hà")),
        (withdrawn, 5, ("Không còn nhu cầu", "Chưa có kết quả giải quyết", asked_at, "Phạm Thị Dung")),
    )
    for journey, number, expected in says:
        view = people["reception"].get(f"/applications/{journey.application['id']}")
        form = next(form for form in view["forms"] if form["form"] == number)
        words = printed(people["reception"], view, form)
        assert missing(words, *WHO, view["code"], view["procedure_name"], *expected) == [], number


def test_register_form_07_as_pdf_and_spreadsheet(finished: Journey, people: dict[str, Caller]) -> None:
    # What comes in on a day off is received, in law, when the office opens next.
    today = datetime.now(UTC).date()
    period = {"first_day": str(today - timedelta(days=30)), "last_day": str(today + timedelta(days=15))}
    _, pdf = people["head"].download("/registers/applications/pdf", **period)
    view = people["head"].get(f"/applications/{finished.application['id']}")
    due, returned = (moment(datetime.fromisoformat(at)) for at in (view["due_at"], view["returned"]["at"]))
    row = (view["code"], *WHO, view["procedure_name"], due["short"], returned["short"], "Đã trả kết quả")
    assert missing(text_of(pdf), *row) == []
    _, sheet = people["head"].download("/registers/applications/xlsx", **period)
    rows = openpyxl.load_workbook(io.BytesIO(sheet)).active
    assert rows is not None
    (found,) = [cells for cells in rows.iter_rows(values_only=True) if view["code"] in cells]
    days = {f"{cell:%H:%M %d/%m/%Y}" for cell in found if isinstance(cell, datetime)}
    assert days >= {due["short"], returned["short"]}
    assert {*WHO, view["procedure_name"], "Đăng ký hộ kinh doanh", "Đã trả kết quả"} <= set(found)


def test_history_is_whole_and_every_entry_was_announced(
    finished: Journey, people: dict[str, Caller], tap: BusTap
) -> None:
    identifier = finished.application["id"]
    verification = people["head"].get(f"/applications/{identifier}/history/verification")
    assert verification["intact"]
    assert verification["first_altered"] is None
    entries = people["head"].get(f"/applications/{identifier}/history", limit=200)["items"]
    assert [entry["seq"] for entry in entries] == list(range(1, verification["entries"] + 1))
    heard = tap.wait(
        lambda events: {int(e["sequence"]) for e in events if e["subject"] == identifier} >= {e["seq"] for e in entries}
    )
    announced = {int(event["sequence"]): event["type"] for event in heard if event["subject"] == identifier}
    assert announced == {entry["seq"]: entry["type"] for entry in entries}


def test_citizen_was_told_of_every_step(finished: Journey, people: dict[str, Caller]) -> None:
    identifier = finished.application["id"]
    wanted = {
        "application_submitted.v1",
        "payment_requested.v1",
        "application_received.v1",
        "supplement_requested.v1",
        "deadline_extended.v1",
        "application_finished.v1",
        "application_returned.v1",
    }
    page = people["citizen"].wait_for(
        "/notices?limit=200",
        lambda page: wanted <= {row["type"] for row in page["items"] if row["application"] == identifier},
    )
    assert all(row["text"] for row in page["items"])


def test_anybody_with_the_code_follows_and_sees_nothing_personal(finished: Journey, platform: Stack) -> None:
    with platform.client() as anybody:
        answer = anybody.get(f"/api/v1/follow/{finished.application['code']}")
    assert answer.json()["status"] == 10
    assert not any(secret in answer.text for secret in ("Nguyễn", "092090000123", "0912345678", "Nguyễn Trãi"))


def test_other_agency_neither_sees_nor_acts(finished: Journey, platform: Stack) -> None:
    login = "head-hac-thanh"
    with Caller(platform.base_url, login, secret_of(login)) as stranger:
        with pytest.raises(Refused) as seen:
            stranger.get(f"/applications/{finished.application['id']}")
        with pytest.raises(Refused) as acted:
            stranger.act(finished.application, "extend", reason="x", agency_at_fault="H56.30.01", working_days=1)
    assert (seen.value.status, acted.value.status) == (404, 404)
