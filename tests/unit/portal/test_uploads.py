"""Forms with files: what was typed before a file is sent stays, wherever in the form the file stands."""

from io import BytesIO
from typing import Any

import pytest

from local.demo.papers import make_paper
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader

LETTER = "/van-ban/di/moi"
BOUNDARY = "----giua"
LONG = "ý kiến " * 200


@pytest.fixture
def letter(gateway: GatewayInHand, reader: Reader) -> Reader:
    connection = {"agency": "H13.17", "name": "Sở Xây dựng"}
    gateway.bus.answers |= {
        "list_document_types": {"items": [{"kind": "cong_van", "name": "Công văn", "name_en": "Letter"}], "next": None},
        "list_connections": {"items": [connection], "next": None},
        "create_document": {"id": "1" * 32},
    }
    return reader.sign_in("specialist-ninh-kieu").open(LETTER)


def pdf(name: str = "công văn.pdf") -> tuple[BytesIO, str, str]:
    return BytesIO(make_paper("Công văn", name)), name, "application/pdf"


def typed(reader: Reader) -> dict[str, Any]:
    return dict(reader.forms[-1].form_values())


def test_a_file_that_is_sent_leaves_what_was_typed_and_ticked(gateway: GatewayInHand, letter: Reader) -> None:
    letter.send(to=f"{LETTER}?gui=tep", subject="V/v mời họp", summary=LONG.strip(), receivers="H13.17", tep=pdf())
    assert letter.answer.status_code == 200
    assert "Đã gửi 1 tệp" in letter.words
    assert "công văn.pdf" in letter.words
    pressed_by_enter, *_file, last = letter.forms[-1].xpath(".//button[@type='submit']")
    assert pressed_by_enter.text_content().strip() == last.text_content().strip() == "Lưu dự thảo"
    assert pressed_by_enter.get("formaction") is None
    kept = typed(letter)
    assert (kept["subject"], kept["summary"], kept["receivers"]) == ("V/v mời họp", LONG.strip(), "H13.17")
    assert [one.method for one in gateway.bus.asked if one.method == "create_document"] == []


def test_the_button_of_the_form_takes_the_last_file_along(gateway: GatewayInHand, letter: Reader) -> None:
    letter.send(to=f"{LETTER}?gui=tep", subject="V/v mời họp", receivers="H13.17", tep=pdf())
    (first,) = letter.page.xpath("//input[@name='giu']/@value")
    letter.send(follow=False, **{"unit.name": "Văn phòng", "unit.code": "VP", "tep": pdf("phụ lục.pdf")})
    assert letter.answer.status_code == 303
    (made,) = [one.request for one in gateway.bus.asked if one.method == "create_document"]
    assert made["main"] == first
    assert len(made["attachments"]) == 1


def test_a_file_that_is_unticked_is_left_out(gateway: GatewayInHand, letter: Reader) -> None:
    letter.send(to=f"{LETTER}?gui=tep", subject="V/v mời họp", receivers="H13.17", tep=pdf())
    letter.send(giu=[], **{"unit.name": "Văn phòng", "unit.code": "VP"})
    assert letter.answer.status_code == 422
    assert letter.page.xpath("//*[@class='govuk-error-summary']//a[@href='#tep']")


@pytest.mark.parametrize(
    ("file", "said"),
    [((BytesIO(b""), ""), "Chưa có tệp nào được gửi"), ((BytesIO(b"MZ\x90"), "a.exe", "application/x-a"), "Loại tệp")],
)
def test_a_file_that_is_not_taken_leaves_what_was_typed(letter: Reader, file: Any, said: str) -> None:
    letter.send(to=f"{LETTER}?gui=tep", subject="V/v mời họp", tep=file)
    assert letter.answer.status_code == 422
    assert said in letter.words
    assert typed(letter)["subject"] == "V/v mời họp"


def test_a_file_that_says_itself_that_it_is_too_large_leaves_what_was_typed(letter: Reader) -> None:
    letter.send(to=f"{LETTER}?gui=tep", subject="V/v mời họp", tep=(BytesIO(b"%PDF" * 70_000), "a.pdf"))
    assert letter.answer.status_code == 422
    assert "Tệp vượt quá" in letter.words
    assert typed(letter)["subject"] == "V/v mời họp"


def test_what_stands_behind_a_file_is_read_too(letter: Reader) -> None:
    content, name, kind = pdf()
    parts = [
        ("form_token", letter.proof.encode(), ""),
        ("tep", content.getvalue(), f'; filename="{name}"\r\nContent-Type: {kind}'),
        ("subject", "V/v mời họp".encode(), ""),
    ]
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{box}"{more}\r\n\r\n'.encode() + value + b"\r\n"
        for box, value, more in parts
    )
    letter.answer = letter.client.post(
        f"{LETTER}?gui=tep",
        data=body + f"--{BOUNDARY}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    assert "Đã gửi 1 tệp" in letter.words
    assert typed(letter)["subject"] == "V/v mời họp"


def test_a_form_with_a_file_must_prove_itself_before_the_file_is_taken(gateway: GatewayInHand, letter: Reader) -> None:
    letter.send(to=f"{LETTER}?gui=tep", form_token="00", tep=pdf())
    assert letter.answer.status_code == 403
    assert gateway.bus.asked[-1].method != "create_document"


def test_more_than_people_type_is_refused_unread(letter: Reader) -> None:
    letter.send(to=f"{LETTER}?gui=tep", subject="a" * 70_000, tep=pdf())
    assert letter.answer.status_code == 400
