"""Two agencies exchange a real PDF with an attachment over HTTP, from its draft to the reply that closes the job."""

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
from local.demo.documents import ASSIGNMENT, LETTER, PEOPLE, REPLY, Correspondence
from local.demo.papers import make_paper
from tests.support.stack import Stack, secret_of

WARD, DEPARTMENT = "H13.30.01", "H13.17"
VIETNAM = timedelta(hours=7)


class Exchange(Correspondence):
    """The two sides of one letter and its reply."""

    letter: dict[str, Any]
    reply: dict[str, Any]
    arrival: str
    answer: str


@pytest.fixture(scope="module")
def people(platform: Stack) -> Iterator[dict[str, Caller]]:
    with ExitStack() as stack:
        yield {
            part: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
            for part, login in PEOPLE.items()
        }


@pytest.fixture(scope="module")
def tap(platform: Stack) -> Iterator[BusTap]:
    with tapped(platform.amqp_uri, "document_routing.document") as tap:
        yield tap


@pytest.fixture(scope="module")
def exchanged(people: dict[str, Caller], tap: BusTap) -> Exchange:
    """The whole way."""
    exchange = Exchange(people)
    paper = make_paper("Công văn lấy ý kiến", "Kính gửi: Sở Xây dựng thành phố Cần Thơ", "Quy hoạch hẻm liên tổ Tân An")
    exchange.letter = exchange.write("ward", LETTER, paper)
    arrival = exchange.incoming("department_clerk", exchange.letter["code"])
    exchange.arrival = arrival["id"]
    assert exchange.sender_sees(exchange.letter, "01")["transport"] == "done"
    receipt = exchange.act("department_clerk", "arrivals", arrival, "register")
    exchange.sender_sees(exchange.letter, "03")
    due_on = str((datetime.now(UTC) + timedelta(days=7)).date())
    receipt = exchange.act("department_leader", "arrivals", receipt, "assign", **ASSIGNMENT | {"due_on": due_on})
    exchange.sender_sees(exchange.letter, "04")
    exchange.act("department_specialist", "arrivals", receipt, "work", note="Đang kiểm tra quy hoạch")
    exchange.sender_sees(exchange.letter, "05")
    answer = make_paper("Công văn trả lời", "Sở Xây dựng thống nhất nội dung đề nghị")
    exchange.reply = exchange.write("department", REPLY | {"responds_to": [exchange.arrival]}, answer)
    exchange.sender_sees(exchange.letter, "06")
    back = exchange.incoming("ward_clerk", exchange.reply["code"])
    exchange.answer = exchange.act("ward_clerk", "arrivals", back, "register")["id"]
    return exchange


def test_the_sender_saw_every_status(exchanged: Exchange) -> None:
    delivery = exchanged.sender_sees(exchanged.letter, "06")
    assert [row["code"] for row in delivery["rows"]] == ["01", "03", "04", "05", "06"]
    assert delivery["rows"][-1]["reason"] == exchanged.reply["code"]


def test_the_reply_is_tied_to_the_letter_on_both_sides(exchanged: Exchange, people: dict[str, Caller]) -> None:
    letter = people["ward_leader"].get(f"/documents/{exchanged.letter['id']}")
    assert [reply["code"] for reply in letter["replies"]] == [exchanged.reply["code"]]
    answer = people["ward_leader"].get(f"/arrivals/{exchanged.answer}")
    assert answer["answers"] == [{"document": exchanged.letter["id"], "code": exchanged.letter["code"]}]
    arrival = people["department_leader"].get(f"/arrivals/{exchanged.arrival}")
    assert (arrival["status"], arrival["reply"]["code"]) == ("06", exchanged.reply["code"])


def test_the_files_arrive_as_they_were_sent(exchanged: Exchange, people: dict[str, Caller]) -> None:
    sent, received = (
        people[who].get(path)
        for who, path in (
            ("ward_clerk", f"/documents/{exchanged.letter['id']}"),
            ("department_clerk", f"/arrivals/{exchanged.arrival}"),
        )
    )
    assert [file["sha256"] for file in received["files"]] == [file["sha256"] for file in sent["files"]]
    media_type, content = people["department_clerk"].download(f"/arrivals/{exchanged.arrival}/files/1")
    assert media_type == "application/pdf"
    assert "hẻm liên tổ" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_full_text_finds_it_without_diacritics(exchanged: Exchange, people: dict[str, Caller]) -> None:
    for who, path in (("ward_specialist", "/documents"), ("department_specialist", "/arrivals")):
        page = people[who].wait_for(f"{path}?q=hem lien to tan an", lambda page: page["items"])
        assert exchanged.letter["code"] in {row["code"] for row in page["items"]}


def test_registers_and_slip_are_real(exchanged: Exchange, people: dict[str, Caller]) -> None:
    today = (datetime.now(UTC) + VIETNAM).date()
    period = {"first_day": str(today - timedelta(days=2)), "last_day": str(today)}
    _, pdf = people["ward_clerk"].download("/registers/outgoing-documents/pdf", **period)
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert exchanged.letter["code"] in words.replace("\n", "")
    _, sheet = people["department_clerk"].download("/registers/incoming-documents/xlsx", **period)
    rows = openpyxl.load_workbook(io.BytesIO(sheet)).active
    assert rows is not None
    assert any(exchanged.letter["code"] in {cell.value for cell in row} for row in rows.iter_rows())
    _, slip = people["department_leader"].download(f"/arrivals/{exchanged.arrival}/assignment-slip")
    assert ASSIGNMENT["opinion"] in " ".join(pypdf.PdfReader(io.BytesIO(slip)).pages[0].extract_text().split())
    figures = people["department_leader"].get("/reports/documents", **period)["figures"]
    assert {row["key"]: row["value"] for row in figures}["confirmed_within_day"] == 100.0


def test_a_recall_is_answered_and_the_sender_learns_it(exchanged: Exchange, people: dict[str, Caller]) -> None:
    paper = make_paper("Thông báo", "Nội dung nhầm")
    notice = exchanged.write("ward", LETTER | {"kind": "thong_bao", "unit": None, "subject": "Thông báo nhầm"}, paper)
    arrival = exchanged.incoming("department_clerk", notice["code"])
    view = people["ward_clerk"].wait_for(
        f"/documents/{notice['id']}", lambda view: view["deliveries"][0]["standing"] == "01"
    )
    exchanged.act("ward_clerk", "documents", view, "recall", reason="Ban hành nhầm")
    asked = people["department_clerk"].wait_for(f"/arrivals/{arrival['id']}", lambda view: view["request"] == "recall")
    assert "answer_request" in asked["allowed_actions"]
    exchanged.act("department_clerk", "arrivals", asked, "answer", accept=True, note="Đã hủy bản nhận")
    after = people["ward_clerk"].wait_for(
        f"/documents/{notice['id']}", lambda view: view["deliveries"][0]["standing"] == "15"
    )
    assert [row["code"] for row in after["deliveries"][0]["rows"]] == ["01", "13", "15"]


def test_another_agency_sees_nothing_of_it(exchanged: Exchange, platform: Stack) -> None:
    login = "clerk-hac-thanh"
    with Caller(platform.base_url, login, secret_of(login)) as stranger:
        for path in (f"/documents/{exchanged.letter['id']}", f"/arrivals/{exchanged.arrival}"):
            with pytest.raises(Refused) as refused:
                stranger.get(path)
            assert refused.value.status == 404
        codes = {row["code"] for path in ("/documents", "/arrivals") for row in stranger.get(path)["items"]}
        assert exchanged.letter["code"] not in codes


def test_a_secret_document_and_a_closed_receiver_are_refused_in_words(people: dict[str, Caller]) -> None:
    with pytest.raises(Refused) as secret:
        people["ward_specialist"].post("/documents", LETTER | {"secrecy": "mat"})
    assert (secret.value.status, secret.value.code) == (403, "secret_document_refused")
    with pytest.raises(Refused) as unknown:
        people["ward_specialist"].post("/documents", LETTER | {"receivers": [{"agency": "H99.99"}]})
    assert unknown.value.status == 422


def test_every_change_was_announced_and_the_chain_is_whole(
    exchanged: Exchange, people: dict[str, Caller], tap: BusTap
) -> None:
    identifier = exchanged.letter["id"]
    verification = people["ward_clerk"].get(f"/documents/{identifier}/history/verification")
    assert verification["intact"]
    heard = tap.wait(
        lambda events: (
            {int(e["sequence"]) for e in events if e["subject"] == identifier}
            >= set(range(1, verification["entries"] + 1))
        )
    )
    types = [event["type"] for event in heard if event["subject"] == identifier]
    assert types[:4] == ["document_drafted.v1", "document_submitted.v1", "document_signed.v1", "document_issued.v1"]
    assert people["department_clerk"].get(f"/arrivals/{exchanged.arrival}/history/verification")["intact"]
