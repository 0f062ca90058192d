"""A draft that another window has saved meanwhile: what was typed or sent here stays, and goes over that one."""

from copy import deepcopy
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest

from local.demo.papers import make_paper
from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from shared.errors import Stale
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import ADDRESS, ID, OWNER, asked

DRAFT = f"/nhap/{ID}"
PAPER = {"component": "to_khai", "source": "paper", "required": True}
PHONE = "0912345678"


def draft(version: int, **content: Any) -> dict[str, Any]:
    whole = {"procedure": "2.000908", "agency": "H13.30.01", "owner": OWNER, "delivery": {"method": "online"}}
    moment = "2026-10-05T02:00:00+00:00"
    return {
        "id": ID, "version": version, "saved_at": moment, "expires_at": moment, "content": {**whole, **content}
    }  # fmt: skip


def stands(gateway: GatewayInHand, stored: dict[str, Any]) -> None:
    """Let the draft be stored like this; each time that it is asked for it is read anew."""
    gateway.bus.answers["get_draft"] = lambda _request: deepcopy(stored)


@pytest.fixture
def citizen(gateway: GatewayInHand, reader: Reader) -> Reader:
    gateway.bus.answers |= {
        "save_draft": Stale("version_stale", version=9),
        "submit_draft": Stale("version_stale", version=9),
        "get_procedure": {"code": "2.000908", "definition": DEFINITION_EXAMPLE},
        "preview_procedure": {
            "questions": [], "components": [PAPER], "fee": {"lines": [], "amount": 0}, "due_if_received_now": None
        },
        "list_agencies": {"items": [], "next": None},
    }  # fmt: skip
    stands(gateway, draft(7))
    return reader.sign_in("citizen-an")


def test_what_was_typed_stays_beside_what_the_other_window_saved(gateway: GatewayInHand, citizen: Reader) -> None:
    citizen.open(f"{DRAFT}/lien-he")
    stands(gateway, draft(9, owner={**OWNER, "phone": "0900000009"}))
    citizen.send(phone=PHONE)
    assert citizen.answer.status_code == 412
    assert "đã được lưu ở một cửa sổ hoặc máy khác" in citizen.words
    assert "Ở đây đang ghi: 0900000009" in citizen.words
    assert dict(citizen.forms[-1].form_values())["phone"] == PHONE
    gateway.bus.answers["save_draft"] = draft(10, owner={**OWNER, "phone": PHONE})
    citizen.send(follow=False)
    assert citizen.answer.status_code == 303
    first, second = asked(gateway, "save_draft")
    assert (first["_version"], second["_version"]) == (7, 9)
    assert second["content"]["owner"]["phone"] == PHONE


def test_who_begins_again_is_led_to_the_draft_of_the_same_procedure(gateway: GatewayInHand, citizen: Reader) -> None:
    for procedure, led in (("1.001193", []), ("2.000908", [DRAFT])):
        gateway.bus.answers |= {
            "list_drafts": {"items": [draft(7, procedure=procedure)], "next": None},
            "get_procedure": {"code": "2.000908", "definition": DEFINITION_EXAMPLE, "time_limit": "none"},
        }
        citizen.open("/thu-tuc/2.000908/nop")
        assert citizen.page.xpath("//main//a[starts-with(@href, '/nhap/')]/@href") == led
    assert "Bạn đang có một hồ sơ nháp của thủ tục này" in citizen.words


def test_only_places_with_a_counter_are_offered_those_of_a_province_together(
    gateway: GatewayInHand, citizen: Reader
) -> None:
    names = (
        ("H56.01", "Xã An", "H56", "Quầy"), ("G01", "Công an xã", "H13", None),
        ("H13.02", "Xã Đông", "H13", "Quầy"), ("H13.01", "Xã Cờ", "H13", "Quầy"),
    )  # fmt: skip
    places = [
        {"code": code, "name": name, "province": province, "reception": reception, "active": True}
        for code, name, province, reception in names
    ]
    gateway.bus.answers["list_agencies"] = {"items": places, "next": None}
    citizen.open(f"{DRAFT}/noi-nop")
    assert asked(gateway, "list_agencies")[-1]["procedure"] == "2.000908"
    offered = citizen.page.xpath("//select[@name='agency']/option/@value")
    assert [value for value in offered if value] == ["H13.01", "H13.02", "H56.01"]


def test_a_page_with_a_mistake_goes_on_standing_for_the_version_that_was_seen(
    gateway: GatewayInHand, citizen: Reader
) -> None:
    citizen.open(f"{DRAFT}/lien-he")
    stands(gateway, draft(9))
    citizen.send(phone="12")
    assert citizen.answer.status_code == 422
    assert citizen.answer.headers["Cache-Control"] == "private, no-cache", "the browser can go back to it"
    citizen.send(phone=PHONE)
    assert citizen.answer.status_code == 412
    assert asked(gateway, "save_draft")[-1]["_version"] == 7


def test_a_file_that_was_sent_stays_and_is_not_sent_again(gateway: GatewayInHand, citizen: Reader) -> None:
    citizen.open(f"{DRAFT}/giay-to_khai")
    stands(gateway, draft(9))
    citizen.send(tep=(BytesIO(make_paper("Tờ khai", "x")), "tờ khai.pdf", "application/pdf"))
    assert citizen.answer.status_code == 412
    assert "Đã gửi tệp tờ khai.pdf" in citizen.words
    gateway.bus.answers["save_draft"] = draft(10)
    citizen.send(follow=False, tep=(BytesIO(), ""))
    assert citizen.answer.status_code == 303
    first, second = asked(gateway, "save_draft")
    assert first["content"]["components"] == second["content"]["components"]
    assert second["_version"] == 9
    stands(gateway, draft(10, components=second["content"]["components"]))
    assert "Đã đính kèm cho giấy tờ này: tờ khai.pdf" in citizen.open(f"{DRAFT}/giay-to_khai").words


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_only_chose_a_file_is_led_to_where_it_is_chosen(citizen: Reader, signed_in: bool) -> None:
    place = f"{DRAFT}/giay-to_khai?version=7&gui=tep"
    (form,) = [form for form in citizen.open(f"{DRAFT}/giay-to_khai").forms if "giay-" in str(form.action)]
    if not signed_in:
        citizen.client.delete_cookie("phien")
    paper = (BytesIO(make_paper("Tờ khai", "x")), "tờ khai.pdf", "application/pdf")
    sent = {"form_token": "00", "tep": paper}
    citizen.answer = citizen.client.post(form.action, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert citizen.answer.status_code == 403
    (link,) = citizen.page.xpath("//main//a[contains(., 'chọn lại tệp')]/@href")
    assert link == (place if signed_in else f"/dang-nhap?tiep={quote(place)}")


def test_a_file_that_was_lost_is_not_passed_over_where_it_may_be_left_out(
    gateway: GatewayInHand, citizen: Reader
) -> None:
    preview = gateway.bus.answers["preview_procedure"]
    gateway.bus.answers["preview_procedure"] = {**preview, "components": [{**PAPER, "required": False}]}
    sent = {"form_token": citizen.open(f"{DRAFT}/giay-to_khai").proof, "giu": "1" * 32}
    place, kind = f"{DRAFT}/giay-to_khai?version=7&gui=tep", "multipart/form-data"
    citizen.answer = citizen.client.post(place, data=sent, content_type=kind)
    assert citizen.answer.status_code == 422
    assert "Chưa có tệp nào được gửi" in citizen.words


def test_what_changed_is_read_once_more_before_it_is_handed_in(gateway: GatewayInHand, citizen: Reader) -> None:
    owner = {**OWNER, "phone": PHONE, "address": ADDRESS}
    paper = [{"component": "to_khai", "file": "1" * 32}]
    stands(gateway, draft(7, owner=owner, components=paper))
    citizen.open(f"{DRAFT}/kiem-tra")
    stands(gateway, draft(9, owner={**owner, "phone": "0900000009"}, components=paper))
    citizen.send()
    assert citizen.answer.status_code == 412
    assert "đã được lưu ở một cửa sổ hoặc máy khác" in citizen.words
    assert "0900000009" in citizen.words
    gateway.bus.answers["submit_draft"] = {"id": ID}
    citizen.send(follow=False)
    assert citizen.answer.location == f"/ho-so/{ID}/da-nop"
    assert asked(gateway, "submit_draft")[-1]["_version"] == 9


@pytest.mark.parametrize("page", ["", "/kiem-tra", "/lien-he", "/bo"])
def test_a_draft_that_was_handed_in_leads_to_its_receipt(gateway: GatewayInHand, citizen: Reader, page: str) -> None:
    stands(gateway, draft(8) | {"application": "a" * 32})
    answer = citizen.client.get(f"{DRAFT}{page}")
    assert (answer.status_code, answer.location) == (303, f"/ho-so/{'a' * 32}/da-nop")


def test_what_is_typed_after_handing_in_leads_to_the_receipt(gateway: GatewayInHand, citizen: Reader) -> None:
    citizen.open(f"{DRAFT}/lien-he")
    stands(gateway, draft(8) | {"application": "a" * 32})
    assert citizen.send(follow=False, phone=PHONE).answer.location == f"/ho-so/{'a' * 32}/da-nop"
    assert asked(gateway, "save_draft") == []


@pytest.mark.parametrize(("year", "status"), [("2020", 303), ("2199", 422)])
def test_the_day_of_what_has_happened_is_not_to_come(
    gateway: GatewayInHand, citizen: Reader, year: str, status: int
) -> None:
    name = {"vi": "Ngày sinh", "en": "Date of birth"}
    question = {"key": "born", "name": name, "kind": "date", "not_after_today": True}
    preview = gateway.bus.answers["preview_procedure"]
    gateway.bus.answers |= {"preview_procedure": {**preview, "questions": [question]}, "save_draft": draft(8)}
    citizen.open(f"{DRAFT}/hoi-born")
    citizen.send(follow=False, **{"answer-day": "1", "answer-month": "11", "answer-year": year})
    assert citizen.answer.status_code == status
    assert ("Ngày này chưa tới" in citizen.answer.text) == (status == 422)


@pytest.mark.parametrize(
    ("limit", "refused", "why", "other", "taken"),
    [
        ("in_time", ("1", "1", "2020"), "Đã quá 60 ngày", "“Khác”", ("7", "8", "2026")),
        ("late", ("7", "8", "2026"), "Chưa quá 60 ngày", "“Khác”, lệ phí 0 đồng", ("6", "8", "2026")),
    ],
)
def test_a_day_of_the_other_case_leads_to_it(
    gateway: GatewayInHand,
    citizen: Reader,
    limit: str,
    refused: tuple[str, str, str],
    why: str,
    other: str,
    taken: tuple[str, str, str],
) -> None:
    standard, late = ({"key": key, "name": {"vi": key, "en": key}} for key in ("standard", "late"))
    term = {"earliest": "2026-08-07", "days": 60, "otherwise": {"vi": "Khác", "en": "Other"}, "fee": 0}
    question = {"key": "born", "name": standard["name"], "kind": "date", limit: term}
    preview = gateway.bus.answers["preview_procedure"]
    definition = {**DEFINITION_EXAMPLE, "cases": [standard, late]}
    gateway.bus.answers |= {
        "preview_procedure": {**preview, "questions": [question]}, "save_draft": draft(8, case="standard"),
        "get_procedure": {"code": "2.000908", "definition": definition},
    }  # fmt: skip
    stands(gateway, draft(7, case="standard"))
    citizen.open(f"{DRAFT}/hoi-born")
    boxes = ("answer-day", "answer-month", "answer-year")
    citizen.send(follow=False, **dict(zip(boxes, refused, strict=True)))
    assert citizen.answer.status_code == 422
    assert why in citizen.words
    assert f"Hãy chọn trường hợp {other}" in citizen.words
    assert citizen.page.xpath(f"//a[@href='{DRAFT}/truong-hop?tu=kiem-tra#case']")
    citizen.send(follow=False, **dict(zip(boxes, taken, strict=True)))
    assert citizen.answer.status_code == 303


PLACE = {"key": "birth_place", "name": {"vi": "Nơi sinh", "en": "Place of birth"}, "kind": "text", "required": False}


@pytest.fixture
def asked_for_place(gateway: GatewayInHand, citizen: Reader) -> Reader:
    gateway.bus.answers["preview_procedure"] = {
        "questions": [PLACE], "components": [PAPER], "fee": {"lines": [], "amount": 0}, "due_if_received_now": None
    }  # fmt: skip
    gateway.bus.answers["save_draft"] = draft(8)
    return citizen.open(f"{DRAFT}/hoi-birth_place")


@pytest.mark.parametrize("typed", ["-", "...", "😀", "Ninh\x07 Kiều"])
def test_an_answer_that_cannot_be_one_is_refused_beside_its_box(
    gateway: GatewayInHand, asked_for_place: Reader, typed: str
) -> None:
    asked_for_place.send(answer=typed)
    assert asked_for_place.answer.status_code == 422
    assert asked_for_place.page.xpath("//p[@id='answer-error']")
    assert dict(asked_for_place.forms[-1].form_values())["answer"] == typed
    assert asked(gateway, "save_draft") == []


def test_marks_that_came_along_with_what_was_copied_are_left_out(
    gateway: GatewayInHand, asked_for_place: Reader
) -> None:
    asked_for_place.send(answer="\u200eNinh Kiều\u202c", follow=False)
    (saved,) = asked(gateway, "save_draft")
    assert saved["content"]["answers"] == {"birth_place": "Ninh Kiều"}


def test_a_persons_name_is_not_made_of_figures(gateway: GatewayInHand, asked_for_place: Reader) -> None:
    gateway.bus.answers["preview_procedure"]["questions"] = [{**PLACE, "kind": "name"}]
    asked_for_place.open(f"{DRAFT}/hoi-birth_place").send(answer="12345")
    assert asked_for_place.answer.status_code == 422
    assert "Hãy ghi tên bằng chữ" in asked_for_place.words
    assert asked_for_place.send(answer="Nguyễn Minh Khôi", follow=False).answer.status_code == 303
