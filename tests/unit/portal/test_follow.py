"""One's own applications: the next step is always offered, and procedures have their names in both languages."""

from io import BytesIO

import pytest

from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader

ID = "0f8fad5bd9cb469fa16570867728950e"
ROW = {
    "id": ID,
    "code": "H13.30.01-261005-0001",
    "procedure": "2.000815",
    "procedure_name": "Chứng thực bản sao",
    "content": "Chứng thực bằng tốt nghiệp",
    "status": 1,
    "due_at": None,
}


@pytest.fixture
def citizen(gateway: GatewayInHand, reader: Reader) -> Reader:
    name = {"vi": "Chứng thực bản sao", "en": "Certification of copies"}
    gateway.bus.answers |= {
        "list_applications": {"items": [ROW], "next": None},
        "list_drafts": {"items": [], "next": None},
        "get_procedure": {"definition": {**DEFINITION_EXAMPLE, "name": name}},
    }
    return reader.sign_in("citizen-an")


def test_procedures_are_named_in_the_readers_language_and_what_one_wrote_is_marked(citizen: Reader) -> None:
    citizen.open("/ngon-ngu?ngon_ngu=en&tiep=/ho-so")
    (link,) = citizen.page.xpath("//main//li/a")
    assert link.text_content() == "Certification of copies"
    assert citizen.page.xpath("//main//li//span[@lang='vi']/text()") == ["Chứng thực bằng tốt nghiệp"]


@pytest.mark.parametrize(
    ("kind", "shown"), [("application/pdf", True), ("image/png", True), ("application/xml", False)]
)
def test_only_kinds_that_browsers_merely_draw_are_shown_in_a_page(
    gateway: GatewayInHand, citizen: Reader, kind: str, shown: bool
) -> None:
    content = b"%PDF-1.7\n%%EOF"
    stored = gateway.files.put(BytesIO(content), limit=99, name="a.pdf", declared_type="application/pdf", owner="x")
    gateway.bus.answers["authorise_attachment"] = {
        "file": stored.id, "name": "tờ khai", "type": kind, "size": len(content),
    }  # fmt: skip
    for query, inline in (("", False), ("?xem", shown)):
        headers = citizen.open(f"/ho-so/{ID}/tep/1{query}").answer.headers
        assert headers["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert headers["X-Frame-Options"] == ("SAMEORIGIN" if inline else "DENY")
        assert f"frame-ancestors '{'self' if inline else 'none'}'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(("allowed", "offered"), [(["start_payment"], True), ([], False)])
def test_who_owes_money_pays_from_the_receipt(
    gateway: GatewayInHand, citizen: Reader, allowed: list[str], offered: bool
) -> None:
    owed = {"amount": 100_000, "state": "due", "lines": [], "ground": ""}
    gateway.bus.answers["get_application"] = {
        **ROW, "payment": owed, "allowed_actions": allowed, "forms": [], "submitted_at": "2026-10-05T02:00:00+00:00",
    }  # fmt: skip
    links = citizen.open(f"/ho-so/{ID}/da-nop").page.xpath("//main//a/@href")
    assert (f"/ho-so/{ID}/nop-phi" in links) is offered


def test_what_was_handed_in_and_what_was_paid_are_two_things_in_english(citizen: Reader) -> None:
    citizen.open("/ngon-ngu?ngon_ngu=en&tiep=/ho-so")
    assert [one.text_content() for one in citizen.page.xpath("//main//h2")] == ["Handed in"]
