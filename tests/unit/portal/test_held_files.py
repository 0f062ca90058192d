"""Forms with files whose reader's session has ended: what was typed is kept, and the file is chosen again."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from local.demo.papers import make_paper
from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import APPLICATION, CASE, ID, asked

OURS = {"Sec-Fetch-Site": "same-origin"}
SUPPLY = f"/ho-so/{ID}/bo-sung"
RESULT = {
    "result.kind": "granted",
    "result.number": "12/TLHT",
    "result.issued_by": "UBND phường",
    "result.signer": "Trần Thị Bình",
}
NO_FILE = "Chưa có tệp nào được gửi"


def paper(size: int = 0) -> FileStorage:
    return FileStorage(BytesIO(make_paper("Tờ khai", "x") + b" " * size), "tờ khai.pdf", "tep", "application/pdf")


def press(reader: Reader, to: str = "", headers: dict[str, str] | None = None, **entered: Any) -> Reader:
    """Send the last form of the page shown as a browser does, what is `entered` last and in its order."""
    shown = reader.forms[-1]
    fields = {name: value for name, value in shown.form_values() if name not in entered} | entered
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    to = to or shown.action or reader.path
    reader.answer = reader.client.post(to, data=body, content_type=kind, headers=OURS if headers is None else headers)
    return reader


def sign_in_again(reader: Reader, login: str) -> None:
    """In another window, and then say in this one that what was typed is to be sent."""
    waiting = reader.answer
    reader.sign_in(login)
    reader.answer = waiting
    press(reader)
    assert reader.answer.status_code == 403, "not before the reader has said so"
    press(reader)


@pytest.fixture
def result(gateway: GatewayInHand, officer: Reader) -> Reader:
    """An officer about to finish an application, with a result that may have a file."""
    gateway.bus.answers["get_application"] = {**APPLICATION, "status": 4, "allowed_actions": ["finish"]}
    gateway.bus.answers["finish_application"] = {}
    return officer.open(f"{CASE}/finish")


@pytest.fixture
def supplement(gateway: GatewayInHand, reader: Reader) -> Reader:
    """A citizen about to supply a paper, and an answer that stands behind it in the form."""
    name = {"vi": "Ngày sinh của con", "en": "Birthday of the child"}
    wanted = {
        "reason": "Bản chụp mờ",
        "supply_by": "2026-10-09T02:00:00+00:00",
        "items": [{"component": "to_khai", "name": {"vi": "Tờ khai", "en": "Form"}, "requirement": "Chụp lại"}],
        "answers": [{"question": "birthday", "name": name, "requirement": "Ghi rõ"}],
    }
    question = {"key": "birthday", "name": name, "kind": "text"}
    gateway.bus.answers |= {
        "list_drafts": {"items": [], "next": None},
        "list_applications": {"items": [], "next": None},
        "get_application": {**APPLICATION, "status": 5, "supplements": [wanted], "answers": {"birthday": "1"}},
        "get_procedure": {"definition": {**DEFINITION_EXAMPLE, "questions": [question]}},
        "supply_supplement": {},
    }
    return reader.sign_in("citizen-an").open(SUPPLY)


def test_an_officer_keeps_what_was_typed_and_nothing_is_decided_without_the_file(
    gateway: GatewayInHand, result: Reader
) -> None:
    key = dict(result.forms[-1].form_values())["key"]
    result.client.delete_cookie("phien")
    press(result, **RESULT, tep=paper())
    assert result.answer.status_code == 403
    assert "Riêng tệp vừa chọn không giữ lại được" in result.words
    sign_in_again(result, "head-ninh-kieu")
    assert asked(gateway, "finish_application") == []
    assert result.answer.status_code == 422
    assert NO_FILE in result.words
    kept = dict(result.forms[-1].form_values())
    assert RESULT.items() <= kept.items()
    assert kept["key"] == key


def test_what_had_no_file_is_sent_whole(gateway: GatewayInHand, result: Reader) -> None:
    result.client.delete_cookie("phien")
    press(result, **RESULT, tep=FileStorage(BytesIO(), ""))
    assert "tệp" not in result.words
    sign_in_again(result, "head-ninh-kieu")
    (sent,) = asked(gateway, "finish_application")
    assert (sent["result"]["number"], sent["result"]["files"]) == ("12/TLHT", [])


@pytest.mark.parametrize("to", ["", f"{SUPPLY}?gui=to_khai"])
def test_a_citizen_keeps_what_was_typed_behind_the_file(gateway: GatewayInHand, supplement: Reader, to: str) -> None:
    supplement.client.delete_cookie("phien")
    press(supplement, to, to_khai=paper(100_000), birthday="1/11/2026", note="Xin cảm ơn")
    assert "Bạn đã được đăng xuất" in supplement.words
    sign_in_again(supplement, "citizen-an")
    assert (supplement.answer.status_code, asked(gateway, "supply_supplement")) == (422, [])
    assert supplement.page.xpath("//a[@href='#to_khai']")
    kept = dict(supplement.forms[-1].form_values())
    assert (kept["birthday"], kept["note"]) == ("1/11/2026", "Xin cảm ơn")


def test_of_a_file_that_is_too_large_only_what_stands_before_it_is_read(result: Reader) -> None:
    result.client.delete_cookie("phien")
    press(result, **RESULT, tep=paper(300_000))
    assert RESULT.items() <= dict(result.forms[-1].form_values()).items()
    assert "Riêng tệp vừa chọn" in result.words


def test_nothing_is_held_of_what_people_do_not_type_or_another_site_sends(result: Reader) -> None:
    result.client.delete_cookie("phien")
    form = result.answer
    for headers, summary in (({}, "Lời của người khác"), (OURS, "a" * 70_000)):
        result.answer = form
        press(result, headers=headers, **{"result.summary": summary}, tep=paper())
        assert result.answer.status_code == 303
