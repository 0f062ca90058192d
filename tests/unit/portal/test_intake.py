"""Receiving at the counter: officers take down for others, on the pages of an application; nobody else may."""

from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest

from local.demo.papers import make_paper
from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import ADDRESS, ANSWERS, APPLICATION, ID, asked

PROCEDURE = "2.000908"
PLACE = f"/thu-tuc/{PROCEDURE}"
DRAFT = f"/nhap/{ID}"
MOMENT = "2026-10-05T02:00:00+00:00"
NAMES = {"to_khai": "Tờ khai", "ban_sao": "Bản sao cần chứng thực"}
COUNTS = {"originals": 1, "certified_copies": 0, "photocopies": 0}
PAPERS = [
    {"component": "to_khai", "source": "form", "required": True, **COUNTS},
    {"component": "ban_sao", "source": "paper", "required": True, **COUNTS},
]
HERE = {"code": "H13.30.01", "name": "Phường Ninh Kiều", "province": "H13", "reception": "Quầy", "active": True}


@pytest.fixture
def kept(gateway: GatewayInHand) -> dict[str, Any]:
    """The draft that is stored."""
    draft: dict[str, Any] = {"id": ID, "version": 0, "content": {}, "saved_at": MOMENT, "expires_at": MOMENT}

    def keep(request: dict[str, Any]) -> dict[str, Any]:
        draft.update(content=deepcopy(request["content"]), version=draft["version"] + 1)
        return deepcopy(draft)

    components = [
        {"key": key, "name": {"vi": name, "en": name}, "source": "paper", "optional": False}
        for key, name in NAMES.items()
    ]
    definition = {**DEFINITION_EXAMPLE, "components": components}
    gateway.bus.answers |= deepcopy(ANSWERS) | {
        "create_draft": keep, "save_draft": keep, "get_draft": lambda _request: deepcopy(draft), "delete_draft": {},
        "list_drafts": lambda _request: {"items": [deepcopy(draft)], "next": None},
        "list_agencies": {"items": [HERE], "next": None}, "submit_draft": {"id": ID},
        "list_procedures": {
            "items": [{"code": PROCEDURE, "name": "Cấp bản sao", "name_en": "Copies", "time_limit": "none"}],
            "next": None,
        },
        "get_procedure": {"code": PROCEDURE, "definition": definition, "time_limit": "none"},
        "preview_procedure": {
            "questions": [], "components": PAPERS, "fee": {"lines": [], "amount": 0}, "due_if_received_now": None
        },
    }  # fmt: skip
    return draft


@pytest.fixture
def officer(kept: dict[str, Any], reader: Reader) -> Reader:
    return reader.sign_in("reception-ninh-kieu")


def begun(officer: Reader, channel: str = "1") -> Reader:
    officer.open(f"{PLACE}/tai-quay").send(channel=channel)
    officer.send(whom="toi")
    return officer


def test_an_officer_takes_down_what_somebody_hands_in_for_another(
    gateway: GatewayInHand, officer: Reader, kept: dict[str, Any]
) -> None:
    found = officer.open("/ban-lam-viec").page.xpath("//main//a[contains(., 'Nhận hồ sơ tại quầy')]/@href")
    assert officer.open(found[0]).page.xpath(f"//main//a[@href='{PLACE}/tai-quay']")
    officer.open(f"{PLACE}/tai-quay").send()
    assert officer.answer.status_code == 422
    officer.send(channel="1")
    for step, told in (
        ("nop-cho-ai", {"whom": "nguoi-khac"}),
        ("nguoi-co-ho-so", {"name": "Nguyễn Văn An", "identity_number": "092090000123"}),
        ("nguoi-nop-thay", {"name": "Trần Thị Bình", "identity_number": "092190000456"}),
        ("lien-he", {}),
        ("dia-chi", ADDRESS),
        ("dia-chi-chu-ho-so", ADDRESS),
        ("giay-to_khai", {}),
        ("giay-ban_sao", {"originals": "2"}),
        ("nhan-ket-qua", {"method": "counter"}),
    ):
        assert officer.path == f"{DRAFT}/{step}"
        assert not officer.page.xpath("//input[@autocomplete and @autocomplete != 'off']"), (
            "it is not the officer's own"
        )
        officer.send(**told)
    assert officer.path == f"{DRAFT}/kiem-tra"
    assert "Người khác nộp thay" in officer.words
    assert "2 bản chính Bản giấy, chưa số hóa".replace(" ", "") in (officer.words.replace(" ", ""))
    assert "Bạn" not in officer.page.find(".//main").text_content()
    content = kept["content"]
    assert (content["agency"], content["channel"]) == ("H13.30.01", 1)
    assert (content["owner"]["name"], content["submitter"]["name"]) == ("Nguyễn Văn An", "Trần Thị Bình")
    assert content["components"] == [
        {"component": "ban_sao", "originals": 2, "certified_copies": 0, "photocopies": 0, "file": None}
    ]
    assert asked(gateway, "preview_procedure")[-1]["channel"] == 1
    form = {"id": "9", "form": 1}
    gateway.bus.answers["get_application"] = {**APPLICATION, "status": 2, "forms": [form]}
    officer.send()
    assert officer.path == f"/ho-so/{ID}/da-nop"
    assert "Đã tiếp nhận hồ sơ" in officer.words
    links = officer.page.xpath("//main//a/@href")
    assert {f"/ho-so/{ID}/bieu-mau/9", f"/ban-lam-viec/{ID}"} <= set(links)


def test_an_officer_goes_on_with_what_was_begun(officer: Reader, kept: dict[str, Any]) -> None:
    begun(officer).send(name="Nguyễn Văn An", identity_number="092090000123")
    officer.open("/ban-lam-viec/nhan-ho-so")
    assert "Nguyễn Văn An" in officer.words
    assert officer.open(DRAFT).path == f"{DRAFT}/lien-he"
    assert officer.page.xpath("//main//a[contains(., 'Để sau')]/@href") == ["/ban-lam-viec/nhan-ho-so"]
    officer.open(f"{DRAFT}/bo").send(follow=False)
    assert officer.answer.location == "/ban-lam-viec/nhan-ho-so"


@pytest.mark.parametrize(("channel", "status"), [("1", 422), ("3", 303)])
def test_at_the_counter_a_paper_is_seen_by_post_it_may_still_come(officer: Reader, channel: str, status: int) -> None:
    begun(officer, channel).open(f"{DRAFT}/giay-ban_sao").send(follow=False)
    assert officer.answer.status_code == status


def test_what_was_counted_stays_beside_a_mistake(officer: Reader, kept: dict[str, Any]) -> None:
    begun(officer).open(f"{DRAFT}/giay-ban_sao").send(originals="2", photocopies="100")
    assert officer.answer.status_code == 422
    assert dict(officer.forms[-1].form_values())["originals"] == "2"
    paper = (BytesIO(make_paper("Bản sao", "x")), "bản sao.pdf", "application/pdf")
    officer.send(follow=False, photocopies="", tep=paper)
    assert officer.answer.status_code == 303
    (stored,) = kept["content"]["components"]
    assert stored["file"]
    assert stored["originals"] == 2


def test_officers_are_told_that_one_applies_for_oneself_as_a_citizen(gateway: GatewayInHand, officer: Reader) -> None:
    assert officer.open(f"{PLACE}/nop").path == PLACE
    assert "hãy đăng nhập bằng tài khoản công dân" in officer.words
    assert not officer.page.xpath("//main//a[contains(@href, '/nop')]")
    assert officer.page.xpath(f"//main//a[@href='{PLACE}/tai-quay']")
    gateway.bus.answers["list_agencies"] = {"items": [{**HERE, "code": "H13.30.02"}], "next": None}
    assert not officer.open(PLACE).page.xpath("//main//a[contains(@href, '/tai-quay')]"), "not received here"
    assert officer.open(f"{PLACE}/tai-quay").answer.status_code == 403
    assert officer.open("/ho-so").path == "/ban-lam-viec"


def test_whoever_does_not_sit_at_the_counter_receives_nothing(kept: dict[str, Any], reader: Reader) -> None:
    reader.sign_in("head-ninh-kieu")
    for page in ("/ban-lam-viec", PLACE):
        assert "Nhận hồ sơ tại quầy" not in reader.open(page).words
    for page in ("/ban-lam-viec/nhan-ho-so", f"{PLACE}/tai-quay"):
        assert reader.open(page).answer.status_code == 403


def test_citizens_apply_as_before(kept: dict[str, Any], reader: Reader) -> None:
    reader.sign_in("citizen-an").open(PLACE)
    assert reader.page.xpath(f"//main//a[@href='{PLACE}/nop']")
    assert "tài khoản cán bộ" not in reader.words
    assert reader.open(f"{PLACE}/tai-quay").answer.status_code == 403
