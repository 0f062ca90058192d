"""Messages that are refused: named, kept, shown to whom they concern; who sees which partners."""

from dataclasses import replace

import pytest

from services.document_routing.domain.edxml.message import (
    DocumentMessage,
    Manifest,
    Message,
    Organ,
)
from shared.errors import Error, Forbidden, Invalid, NotFound
from tests.integration.document_routing.exchange.exchanging import (
    OURS,
    THEIRS,
    issue,
    message_of,
    packages,
    refusal,
    send,
    written,
)
from tests.support.certificates import seal_of
from tests.support.document_world import CLERK, OPERATOR, STRANGER
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD, WARD
from tests.support.exchange_house import OTHER_SYSTEM, THEIR_SYSTEM, ExchangeHouse


def _of_another(message: DocumentMessage) -> DocumentMessage:
    return replace(message, header=replace(message.header, sender=Organ(WARD, "", "x")))


def test_refusals_are_named_and_kept(house: ExchangeHouse) -> None:
    house.ask("set_partner", OPERATOR, agency=DEPARTMENT, certificates=[THEIRS.certificate], signature_required=True)
    good = written(message_of(WARD), THEIRS)
    assert refusal(house, written(message_of(WARD))).code == "signature_required"
    assert refusal(house, written(message_of(WARD), OURS)).code == "signature_not_trusted"
    assert refusal(house, good.replace("góp ý".encode(), "chấp thuận".encode())).code == "signature_wrong"
    exchanged = good.replace(b"<ContentTransferEncoded>JVBE", b"<ContentTransferEncoded>JVBF")
    assert exchanged != good
    (fault,) = refusal(house, exchanged).fields
    assert fault["params"]["exchange_code"] == "M.AttachmentEncoded.Attachment.ContentId"
    assert fault["code"] == "message_attachment_altered"
    unnamed = message_of(WARD)
    unnamed = replace(unnamed, manifest=Manifest((replace(unnamed.manifest.references[0], content="vb-1"),)))
    assert refusal(house, written(unnamed, THEIRS)).code == "signature_without_attachments"
    assert send(house, good)["receivers"] == [WARD]
    assert house.row("refused_messages", code="signature_required")["agency"] == DEPARTMENT


def test_who_has_to_sign_tells_nothing_without_a_signature(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    letter = house.documents.documents[issue(house, DEPARTMENT)]["exchange_id"]
    house.ask("set_partner", OPERATOR, agency=DEPARTMENT, certificates=[THEIRS.certificate], signature_required=True)
    with pytest.raises(Invalid, match="signature_required"):
        house.ask("send_status", THEIR_SYSTEM, exchange_id=letter, status="03")
    house.ask("set_partner", OPERATOR, agency=DEPARTMENT, certificates=[THEIRS.certificate], signature_required=False)
    assert house.ask("send_status", THEIR_SYSTEM, exchange_id=letter, status="03")["signed_by"] == ""


def test_a_message_comes_with_or_without_a_declaration_and_in_utf_16(house: ExchangeHouse) -> None:
    for number, (prefix, encoding) in enumerate(
        (("", "utf-8"), ("<!-- QLVB -->", "utf-8"), ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"))
    ):
        text = written(message_of(WARD, number=number + 40)).decode().partition("\n")[2]
        assert send(house, f"{prefix}{text}".encode(encoding))["receivers"] == [WARD]
    for page in ("<!DOCTYPE html><html></html>", "<5>", "edXML"):
        with pytest.raises(Error, match="file_"):
            send(house, page.encode())


def test_a_message_whose_attachments_nobody_vouches_for_is_not_called_signed(house: ExchangeHouse) -> None:
    house.ask("set_partner", OPERATOR, agency=DEPARTMENT, certificates=[THEIRS.certificate])
    bound, unbound = message_of(WARD), message_of(WARD)
    unbound = replace(unbound, manifest=Manifest((replace(unbound.manifest.references[0], content="vb-1"),)))
    assert send(house, written(bound, THEIRS))["signed_by"] == "CN=Sở Xây dựng"
    receipt = send(house, written(unbound, THEIRS))
    assert receipt["signed_by"] == ""
    assert house.documents.documents[receipt["document"]]["signature"] is None


def test_refusals_are_shown_to_their_sender_and_to_operators(house: ExchangeHouse) -> None:
    for number in range(3):
        refusal(house, written(message_of("H13.77", number=400 + number)))
    assert refusal(house, written(message_of("H13.77", number=500)), OTHER_SYSTEM).code == "sender_is_another_agency"
    first = house.ask("list_refused_messages", THEIR_SYSTEM, limit=2)
    assert [one["code"] for one in first["items"]] == ["request_invalid"] * 2
    assert {one["agency"] for one in first["items"]} == {DEPARTMENT}
    rest = house.ask("list_refused_messages", THEIR_SYSTEM, cursor=first["next"], limit=1)
    assert rest["items"][0]["at"] <= first["items"][1]["at"]
    assert rest["items"][0]["id"] not in {one["id"] for one in first["items"]}
    everything = house.ask("list_refused_messages", OPERATOR, limit=200)["items"]
    assert {one["agency"] for one in everything} == {DEPARTMENT, OTHER_SYSTEM.agency}
    of_one = house.ask("list_refused_messages", OPERATOR, agency=OTHER_SYSTEM.agency)["items"]
    assert {one["agency"] for one in of_one} == {OTHER_SYSTEM.agency}
    with pytest.raises(Forbidden, match="other_agency"):
        house.ask("list_refused_messages", THEIR_SYSTEM, agency=OTHER_SYSTEM.agency)
    with pytest.raises(Forbidden, match="role_not_allowed"):
        house.ask("list_refused_messages", CLERK)


FORGED = _of_another(message_of(WARD))


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (message_of("H13.77"), "request_invalid"),
        (message_of("H13.99"), "request_invalid"),
        (message_of(DEPARTMENT), "request_invalid"),
        (message_of(WARD, number=999, business=1), "exchange_document_unknown"),
        (FORGED, "sender_is_another_agency"),
    ],
    ids=["unknown", "closed", "itself", "recall of nothing", "another sender"],
)  # fmt: skip
def test_what_cannot_be_delivered_is_refused_by_name(house: ExchangeHouse, message: Message, code: str) -> None:
    assert refusal(house, written(message)).code == code


def test_a_merged_receiver_is_reached_at_its_successor(house: ExchangeHouse) -> None:
    house.connect(OTHER_WARD, "system")
    message = message_of(WARD)
    identifier = message.header.document.replace(DEPARTMENT, OTHER_WARD)
    legacy = replace(
        message.header, sender=Organ(OTHER_WARD, "", "x"), receivers=(Organ("H13.19"),), document=identifier
    )
    receipt = send(house, replace(message, header=legacy), OTHER_SYSTEM)
    assert receipt["receivers"] == [DEPARTMENT]


def test_an_agency_sees_only_what_it_sent_or_received(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    house.connect(OTHER_WARD, "system")
    document = issue(house)
    (offered,) = packages(house, THEIR_SYSTEM)
    send(house, message_of(WARD))
    (message,) = house.ask("list_sent_messages", THEIR_SYSTEM)["items"]
    assert packages(house, OTHER_SYSTEM) == packages(house, OTHER_SYSTEM, state="all") == []
    assert house.ask("list_sent_messages", OTHER_SYSTEM)["items"] == []
    for operation, request in (
        ("get_package", {"package": offered["id"]}),
        ("fetch_package", {"package": offered["id"]}),
        ("acknowledge_package", {"package": offered["id"], "outcome": "done"}),
        ("get_sent_message", {"message": message["id"]}),
        ("send_status", {"exchange_id": offered["exchange_id"], "status": "03"}),
        ("list_receipts", {"document": document}),
        ("export_evidence", {"document": document}),
        ("verify_evidence", {"document": document}),
    ):
        with pytest.raises(NotFound):
            house.ask(operation, OTHER_SYSTEM, **request)
    for operation in ("send_message", "list_received_packages", "list_exchange_agencies", "create_subscription"):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            house.ask(operation, STRANGER, file="ab" * 32, url="https://x.example.vn/")
    for operation in ("list_partners", "set_partner"):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            house.ask(operation, THEIR_SYSTEM, agency=DEPARTMENT)
    with pytest.raises(NotFound):
        house.ask("verify_evidence", STRANGER, document=document)
    assert house.ask("verify_evidence", OPERATOR, document=document)["intact"]
    with pytest.raises(Invalid):
        house.ask("send_message", THEIR_SYSTEM, file=house.upload(b"<?xml version='1.0'?><a/>", "a.xml", OTHER_SYSTEM))


def test_partners_are_shown_by_their_certificates(house: ExchangeHouse) -> None:
    kept = house.ask("set_partner", OPERATOR, agency="H13.19", certificates=[THEIRS.certificate])
    assert kept["agency"] == DEPARTMENT, "the successor of a merged agency"
    assert kept["certificates"][0]["subject"] == "CN=Sở Xây dựng"
    assert house.ask("list_partners", OPERATOR)["items"] == [kept]
    expired = seal_of("Sở Xây dựng", days=-90).certificate
    for wrong in (
        {"certificates": ["no certificate"]},
        {"certificates": [], "signature_required": True},
        {"certificates": [THEIRS.certificate, expired]},
    ):
        with pytest.raises(Invalid):
            house.ask("set_partner", OPERATOR, agency=DEPARTMENT, **wrong)


def test_agencies_are_listed_that_are_open_today(house: ExchangeHouse) -> None:
    listed = house.ask("list_exchange_agencies", THEIR_SYSTEM, limit=100)["items"]
    assert {WARD, DEPARTMENT} <= {one["agency"] for one in listed}
    assert "H13.99" not in {one["agency"] for one in listed}
