"""Applying without signing in: only where the procedure allows it, and nobody comes back without link and code."""

from copy import deepcopy
from typing import Any

import pytest

from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import ADDRESS, ID, asked

NOTHING = {"items": [], "next": None}
OPEN = "2.000815"
MOMENT = "2026-10-05T02:00:00+00:00"


def procedure(sign_in_required: bool) -> dict[str, Any]:
    definition = DEFINITION_EXAMPLE | {"code": OPEN, "sign_in_required": sign_in_required}
    return {"code": OPEN, "version": 1, "definition": definition, "time_limit": "none"}


@pytest.fixture
def open_to_guests(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= {"get_procedure": procedure(False), "list_applications": NOTHING, "list_drafts": NOTHING}
    return gateway


def begun(reader: Reader) -> tuple[str, str]:
    """A guest's link and code."""
    reader.open("/dang-nhap", query_string={"tiep": f"/thu-tuc/{OPEN}/nop"}).send(0)
    link, code = (str(reader.page.xpath(f"//dd[@class='tc-keep__{part}']")[0].text) for part in ("link", "code"))
    return link[link.index("/tiep-tuc/") :], code


def test_a_guest_is_a_citizen_whom_nobody_proved(open_to_guests: GatewayInHand, reader: Reader) -> None:
    begun(reader)
    assert reader.open("/ho-so").answer.status_code == 200
    (asked,) = (one for one in open_to_guests.bus.asked if one.method == "list_drafts")
    assert asked.principal is not None
    assert asked.principal["roles"] == ["citizen"]
    assert asked.principal["verified"] is False
    assert asked.principal["identity"] == ""
    assert "applications:work" not in asked.principal["scopes"]


def test_link_and_code_bring_back_the_same_guest(open_to_guests: GatewayInHand, reader: Reader) -> None:
    link, code = begun(reader)
    reader.open("/ho-so")
    bus = open_to_guests.bus
    first = next(one for one in bus.asked if one.method == "list_drafts").principal
    bus.answers["list_drafts"] = {"items": [{"id": "x"}], "next": None}
    bus.asked.clear()
    other = Reader(open_to_guests.app).open(link)
    other.send(code=f" {code.lower()} ", follow=False)
    assert other.answer.location == "/ho-so"
    assert next(one for one in bus.asked if one.method == "list_drafts").principal == first


def test_what_nobody_holds_opens_nothing(open_to_guests: GatewayInHand, reader: Reader) -> None:
    link, _code = begun(reader)
    other = Reader(open_to_guests.app).open(link).send(code="AAAABBBBCCCC")
    assert other.answer.status_code == 422
    assert "Mã không đúng" in other.words
    assert other.client.get("/ho-so").status_code == 303


def test_no_two_guests_are_the_same(open_to_guests: GatewayInHand) -> None:
    kept = [begun(Reader(open_to_guests.app)) for _ in range(3)]
    assert len({link for link, _code in kept}) == len({code for _link, code in kept}) == 3


def test_where_a_proof_is_needed_there_are_no_guests(gateway: GatewayInHand, reader: Reader) -> None:
    gateway.bus.answers["get_procedure"] = procedure(True)
    reader.open("/dang-nhap", query_string={"tiep": f"/thu-tuc/{OPEN}/nop"})
    assert "Nộp không cần đăng nhập" not in reader.words
    reader.sign_in("citizen-an")
    refused = reader.client.post(f"/thu-tuc/{OPEN}/khong-dang-nhap", data={"form_token": reader.proof})
    assert refused.status_code == 403


def test_signing_out_ends_a_guests_session_for_good(open_to_guests: GatewayInHand, reader: Reader) -> None:
    begun(reader)
    kept = reader.client.get_cookie("phien")
    reader.send(0)
    assert kept is not None
    reader.client.set_cookie("phien", kept.value)
    assert reader.client.get("/ho-so").status_code == 303


def test_a_guest_whom_a_mail_leads_back_on_another_machine_is_told_the_way(gateway: GatewayInHand) -> None:
    someone = Reader(gateway.app).open("/ho-so/0d0c")
    assert someone.path == "/dang-nhap"
    assert "mở đường dẫn bạn giữ khi nộp" in someone.answer.text
    assert someone.page.xpath("//main//a[@href='/tra-cuu']")
    elsewhere = Reader(gateway.app).open("/dang-nhap?tiep=/ban-lam-viec")
    assert "mở đường dẫn bạn giữ" not in elsewhere.answer.text


def test_who_applies_for_another_without_a_proof_goes_through_to_the_end(
    open_to_guests: GatewayInHand, reader: Reader
) -> None:
    kept: dict[str, Any] = {"version": 1, "content": {}, "id": ID, "saved_at": MOMENT, "expires_at": MOMENT}

    def keep(request: dict[str, Any]) -> dict[str, Any]:
        kept.update(content=deepcopy(request["content"]), version=kept["version"] + 1)
        return deepcopy(kept)

    agency = {"code": "H13.30.01", "name": "Phường Ninh Kiều", "province": "H13", "reception": "Quầy", "active": True}
    open_to_guests.bus.answers |= {
        "create_draft": keep, "save_draft": keep, "get_draft": lambda _request: deepcopy(kept),
        "submit_draft": {"id": ID}, "list_agencies": {"items": [agency], "next": None},
        "preview_procedure": {
            "questions": [], "components": [], "fee": {"lines": [], "amount": 0}, "due_if_received_now": None
        },
    }  # fmt: skip
    begun(reader)
    reader.open(f"/thu-tuc/{OPEN}/nop").send(agency="H13.30.01")
    assert reader.path == f"/nhap/{ID}/nop-cho-ai"
    reader.send(whom="nguoi-khac")
    for step, told in (
        ("ban-la-ai", {"name": "Trần Thị Bình", "identity_number": "092190000456"}),
        ("nguoi-co-ho-so", {"name": "Nguyễn Văn An", "identity_number": "092090000123"}),
        ("lien-he", {"phone": "0912345678"}),
        ("dia-chi", ADDRESS),
        ("dia-chi-chu-ho-so", ADDRESS),
        ("nhan-ket-qua", {"method": "counter"}),
    ):
        assert reader.path == f"/nhap/{ID}/{step}"
        assert reader.open(f"/nhap/{ID}/nop-cho-ai").page.xpath("//input[@checked]/@value") == ["nguoi-khac"]
        reader.open(f"/nhap/{ID}/{step}").send(**told)
    assert reader.path == f"/nhap/{ID}/kiem-tra"
    assert "Thay cho người khác" in reader.words
    assert reader.send(follow=False).answer.location == f"/ho-so/{ID}/da-nop"
    assert kept["content"]["submitter"]["name"] == "Trần Thị Bình"
    assert kept["content"]["owner"]["name"] == "Nguyễn Văn An"
    assert asked(open_to_guests, "preview_procedure")[-1]["answers"]["authorised"]


def test_a_missing_code_is_asked_for(open_to_guests: GatewayInHand, reader: Reader) -> None:
    link, _code = begun(reader)
    answer = Reader(open_to_guests.app).open(link).send(code=" ").answer
    assert (answer.status_code, "Hãy gõ mã" in answer.text) == (422, True)
