"""Agency systems on a real database: send, receive, acknowledge, statuses back, and all of it proven."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from services.document_routing.adapters.edxml_reader import read_message
from services.document_routing.adapters.edxml_writer import Enclosure, write_message
from services.document_routing.adapters.evidence_file import judge
from services.document_routing.adapters.exchange_settings import Seal
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Manifest,
    Message,
    Organ,
    Promulgation,
    Reference,
    ResponseFor,
    StatusHeader,
    StatusMessage,
    Trace,
    UpdateInfo,
)
from services.document_routing.usecases import questions
from services.document_routing.usecases.applications import draft_opinion
from services.document_routing.usecases.evidence import findings
from shared.contracts.base import ReceivedEvent
from shared.contracts.one_stop_shop.events import OpinionRequested
from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound
from tests.support.certificates import seal_of
from tests.support.document_world import (
    CLERK,
    DEPARTMENT,
    DRAFT,
    LEADER,
    OPERATOR,
    OTHER_WARD,
    SIGNER,
    SPECIALIST,
    STRANGER,
    SYSTEM,
    THEIR_CLERK,
    THEIR_LEADER,
    WARD,
)
from tests.support.exchange_house import ANNEX, OTHER_SYSTEM, PDF, THEIR_SYSTEM, ExchangeHouse

OURS, THEIRS = seal_of("Trục Chung"), seal_of("Sở Xây dựng")
SYMBOLS = iter(range(1, 1000))


@pytest.fixture
def house(client: MongoClient[dict[str, Any]], tmp_path: Path) -> Iterator[ExchangeHouse]:
    name = f"exchange_{tmp_path.name}_{id(tmp_path):x}"[-50:]
    yield ExchangeHouse(database=client[name], client=client, folder=tmp_path, seal=OURS)
    client.drop_database(name)
    client.drop_database(f"{name}_files")


def issue(house: ExchangeHouse, *receivers: str) -> str:
    """A document of the ward, with an annex, on its way."""
    main = house.upload(PDF, "cong-van.pdf", SPECIALIST)
    annex = house.upload(ANNEX, "phu-luc.pdf", SPECIALIST)
    addressed = [{"agency": receiver} for receiver in receivers or (DEPARTMENT,)]
    return house.issued(main=main, attachments=[annex], receivers=addressed)


def message_of(*receivers: str, number: int = 0, business: int = 0, **rest: Any) -> DocumentMessage:
    """A document of the department as its own system writes it."""
    number = number or next(SYMBOLS)
    identifier = f"{DEPARTMENT},2026/10/05,{number}/SXD-QH"
    header = Header(
        sender=Organ(DEPARTMENT, "", "Sở Xây dựng"),
        receivers=tuple(Organ(receiver) for receiver in receivers or (WARD,)),
        document=identifier,
        code=Code(str(number), "SXD-QH"),
        promulgation=Promulgation("Cần Thơ", date(2026, 10, 5)),
        type=DocumentType(name="Công văn"),
        subject="V/v góp ý quy hoạch phân khu",
    )
    about = identifier if business in (1, 2) else ""
    told = Business(business, "nhầm nội dung", about, **rest)
    reference = Reference(_sha256(PDF), "application/pdf", "", "cong-van-so.pdf")
    return DocumentMessage(header, Trace((), told), Manifest(() if business == 1 else (reference,)))


def _of_another(message: DocumentMessage) -> DocumentMessage:
    return replace(message, header=replace(message.header, sender=Organ(WARD, "", "x")))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(message: Message, seal: Seal | None = None) -> bytes:
    enclosed = message.manifest.references if isinstance(message, DocumentMessage) else ()
    return b"".join(write_message(message, [Enclosure(one, [PDF]) for one in enclosed], seal))


def send(house: ExchangeHouse, message: Message | bytes, sender: Principal = THEIR_SYSTEM, key: str = "") -> Any:
    house.connect(sender.agency, "system")
    content = message if isinstance(message, bytes) else written(message)
    answer = house.ask("send_message", sender, file=house.upload(content, "thong-diep.xml", sender), key=key)
    house.settle()
    return answer


def packages(house: ExchangeHouse, system: Principal, **query: Any) -> list[dict[str, Any]]:
    return list(house.ask("list_received_packages", system, **query)["items"])


def content_of(house: ExchangeHouse, package: str, system: Principal = THEIR_SYSTEM) -> bytes:
    ticket = house.ask("fetch_package", system, package=package)
    house.settle()
    return b"".join(house.store.open(ticket["file"]).chunks)


def acknowledge(house: ExchangeHouse, package: str, outcome: str, system: Principal = THEIR_SYSTEM, **rest: Any) -> Any:
    answer = house.ask("acknowledge_package", system, package=package, outcome=outcome, **rest)
    house.settle()
    return answer


def test_a_package_is_offered_until_it_is_acknowledged(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    assert house.delivery(document)["transport"] == "initial"

    (offered,) = packages(house, THEIR_SYSTEM)
    assert (offered["state"], offered["business"], offered["sender"]) == ("initial", 0, WARD)
    content = content_of(house, offered["id"])
    found = read_message(lambda: [content], limit=10**7, trust=Trust([OURS.certificate]))
    assert isinstance(found.message, DocumentMessage)
    assert found.message.header.document == offered["exchange_id"]
    assert [one.reference.name for one in found.attachments] == ["cong-van.pdf", "phu-luc.pdf"]
    assert found.signature is not None

    assert house.delivery(document)["transport"] == "processing"
    assert [one["state"] for one in packages(house, THEIR_SYSTEM)] == ["processing"], "offered again"
    receipt = acknowledge(house, offered["id"], "done", key="ack-1")
    assert acknowledge(house, offered["id"], "done", key="ack-1") == receipt
    assert acknowledge(house, offered["id"], "done")["state"] == "done", "said twice, by another key"
    assert packages(house, THEIR_SYSTEM) == []
    assert house.delivery(document)["transport"] == "done"
    with pytest.raises(Conflict, match="package_not_offered"):
        acknowledge(house, offered["id"], "fail")


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("quyet_dinh", DocumentType(2, None, "Quyết định")),
        ("cong_van", DocumentType(18, None, "Công văn")),
        ("phieu_bao", DocumentType(None, None, "Phiếu báo")),
    ],
)
def test_a_message_names_type_and_place_as_partners_expect_them(
    house: ExchangeHouse, kind: str, type_: DocumentType
) -> None:
    house.connect(DEPARTMENT, "system")
    main = house.upload(PDF, "van-ban.pdf", SPECIALIST)
    house.issued(kind=kind, main=main, attachments=[], receivers=[{"agency": DEPARTMENT}])
    (offered,) = packages(house, THEIR_SYSTEM)
    content = content_of(house, offered["id"])
    message = read_message(lambda: [content], limit=10**7, trust=Trust([OURS.certificate])).message
    assert isinstance(message, DocumentMessage)
    assert message.header.type == type_
    assert message.header.promulgation.place == "Ninh Kiều"


def test_a_failure_reaches_the_sender_and_may_still_be_made_good(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    (offered,) = packages(house, THEIR_SYSTEM)
    acknowledge(house, offered["id"], "fail", reason="hết dung lượng")
    assert house.delivery(document)["transport"] == "fail"
    acknowledge(house, offered["id"], "done")
    assert house.delivery(document)["transport"] == "done"


def test_what_the_standard_cannot_carry_fails_visibly(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    (offered,) = packages(house, THEIR_SYSTEM)
    unset = {"status": "preparing", "position": None, "offered": False, "next_due_at": house.now}
    house.alter("documents", {"_id": document}, **{"code": "123456789012/" + "Q" * 40, "versions.0.subject": ""})
    house.alter("packages", {"_id": offered["id"]}, **unset)
    house._fire_packages()
    house.settle()
    failed = house.row("packages", _id=offered["id"])
    assert (failed["status"], house.delivery(document)["transport"]) == ("fail", "fail")
    assert "MessageHeader.Subject" in failed["reason"]


def test_a_cursor_gives_what_came_since(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    first, second = issue(house), issue(house)
    page = house.ask("list_received_packages", THEIR_SYSTEM, state="all", limit=1)
    assert [house.row("packages", _id=one["id"])["document"] for one in page["items"]] == [first]
    page = house.ask("list_received_packages", THEIR_SYSTEM, state="all", cursor=page["next"])
    assert [house.row("packages", _id=one["id"])["document"] for one in page["items"]] == [second]
    assert house.ask("list_received_packages", THEIR_SYSTEM, state="all", cursor=page["next"])["items"] == []
    third = issue(house)
    page = house.ask("list_received_packages", THEIR_SYSTEM, state="all", cursor=page["next"], kind="document")
    assert [house.row("packages", _id=one["id"])["document"] for one in page["items"]] == [third]


def test_statuses_of_a_system_stand_in_the_senders_document(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    exchange_id = house.documents.documents[document]["exchange_id"]
    for code in ("03", "01", "05"):
        told = {"exchange_id": exchange_id, "status": code, "at": f"2026-10-05T08:0{code[1]}:00+07:00"}
        once = house.ask("send_status", THEIR_SYSTEM, **told)
        again = house.ask("send_status", THEIR_SYSTEM, **told)
        assert again["id"] == once["id"]
        house.settle()
    delivery = house.delivery(document)
    assert [row["code"] for row in delivery["rows"]] == ["01", "03", "05"]
    assert delivery["standing"] == "05"


def test_an_edxml_status_is_the_same_as_one_by_json(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    document = issue(house)
    stored = house.documents.documents[document]
    answers = ResponseFor(WARD, Code(*stored["code"].split("/", 1)), date.fromisoformat(stored["issued_on"]))
    header = StatusHeader(Organ(DEPARTMENT), answers, None, "02", "gửi nhầm", house.now)
    send(house, StatusMessage(header))
    assert [(row["code"], row["reason"]) for row in house.delivery(document)["rows"]] == [("02", "gửi nhầm")]


def test_a_document_of_a_system_arrives_at_a_desk_and_its_statuses_go_back(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    receipt = send(house, message_of(WARD), key="send-1")
    document = receipt["document"]
    arrival = house.arrivals.documents[house.arrival_of(document, WARD)]
    assert (arrival["sender"], arrival["subject"]) == (DEPARTMENT, "V/v góp ý quy hoạch phân khu")
    assert arrival["files"][0]["sha256"] == _sha256(PDF)

    house.on_arrival("register_arrival", arrival["_id"], CLERK)
    house.settle()
    told = packages(house, THEIR_SYSTEM, kind="status")
    assert [one["status_code"] for one in told] == ["01", "03"]
    content = content_of(house, told[1]["id"])
    status = read_message(lambda: [content], limit=10**6, trust=Trust([OURS.certificate])).message
    assert isinstance(status, StatusMessage)
    assert status.header.answers.document == receipt["exchange_id"]
    assert status.header.sender.id == WARD
    (sent,) = house.ask("list_sent_messages", THEIR_SYSTEM)["items"]
    assert sent["deliveries"] == [{"receiver": WARD, "transport": "done", "standing": "03"}]
    assert house.ask("get_sent_message", THEIR_SYSTEM, message=sent["id"]) == sent


def test_the_same_document_is_taken_in_once(house: ExchangeHouse) -> None:
    message = message_of(WARD)
    first = send(house, message, key="send-once")
    assert send(house, message, key="send-once") == first
    assert send(house, message, key="another-key") == first, "idempotent by document id"
    with pytest.raises(Conflict, match="message_already_sent"):
        send(house, replace(message, header=replace(message.header, subject="khác")))
    assert len(list(house.documents.documents)) == 1


def test_what_a_system_sends_to_a_system_goes_on_unchanged(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    house.connect(OTHER_WARD, "system")
    house.ask("set_partner", OPERATOR, agency=DEPARTMENT, certificates=[THEIRS.certificate], signature_required=True)
    content = written(message_of(OTHER_WARD), THEIRS)
    receipt = send(house, content)
    assert receipt["signed_by"] == "CN=Sở Xây dựng"
    (offered,) = packages(house, OTHER_SYSTEM)
    assert content_of(house, offered["id"], OTHER_SYSTEM) == content
    assert offered["digest"] == receipt["digest"] == _sha256(content)


def test_a_desk_sees_whose_signature_was_checked(house: ExchangeHouse) -> None:
    house.ask("set_partner", OPERATOR, agency=DEPARTMENT, certificates=[THEIRS.certificate])
    signed, unsigned = (send(house, written(message_of(WARD), seal))["document"] for seal in (THEIRS, None))
    seen, unseen = (
        questions.get_arrival(house.context, {"arrival": house.arrival_of(document, WARD)}, CLERK)["signature"]
        for document in (signed, unsigned)
    )
    assert (seen["subject"], seen["covers"], seen["attachments"]) == ("CN=Sở Xây dựng", "envelope", True)
    assert unseen is None


def test_recall_update_and_replacement_of_a_system_reach_every_receiver(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    house.connect(OTHER_WARD, "system")
    number = next(SYMBOLS)
    document = send(house, message_of(WARD, OTHER_WARD, number=number))["document"]
    arrival = house.arrival_of(document, WARD)
    (offered,) = packages(house, OTHER_SYSTEM)
    acknowledge(house, offered["id"], "done", OTHER_SYSTEM)

    corrected = message_of(WARD, OTHER_WARD, number=number, business=2, update=UpdateInfo(content=True))
    send(house, replace(corrected, header=replace(corrected.header, subject="V/v góp ý (bản đính chính)")))
    assert [one["business"] for one in packages(house, OTHER_SYSTEM)] == [2]
    assert [one["kind"] for one in house.arrivals.documents[arrival]["requests"]] == ["update"]

    send(house, message_of(WARD, OTHER_WARD, number=number, business=1))
    assert [one["business"] for one in packages(house, OTHER_SYSTEM)] == [2, 1]
    kinds = [one["kind"] for one in house.arrivals.documents[arrival]["requests"]]
    assert kinds == ["update", "recall"]
    house.on_arrival("answer_request", arrival, CLERK, accept=True)
    house.settle()


def answering(house: ExchangeHouse, letter: str, **named: Any) -> DocumentMessage:
    """A reply of the department's system to a letter of the ward."""
    asked = house.documents.documents[letter]
    code, day = Code(*asked["code"].split("/", 1)), date.fromisoformat(asked["issued_on"])
    message = message_of(WARD)
    answers = ResponseFor(WARD, code, day, asked["exchange_id"])
    return replace(message, header=replace(message.header, answers=(replace(answers, **named),)))


@pytest.mark.parametrize("named", [{}, {"document": ""}], ids=["by identifier", "by code and day"])
def test_a_reply_of_a_system_is_tied_to_the_letter(house: ExchangeHouse, named: dict[str, Any]) -> None:
    house.connect(DEPARTMENT, "system")
    letter = issue(house)
    reply = send(house, answering(house, letter, **named))["document"]
    arrival = house.arrivals.documents[house.arrival_of(reply, WARD)]
    code = house.documents.documents[letter]["code"]
    assert arrival["answers"] == [{"document": letter, "code": code}]
    assert [one["arrival"] for one in house.documents.documents[letter]["replies"]] == [arrival["_id"]]


def test_nobody_replies_in_the_place_of_the_agency_that_was_asked(house: ExchangeHouse) -> None:
    letter = issue(house, OTHER_WARD)
    reply = send(house, answering(house, letter))["document"]
    assert house.arrivals.documents[house.arrival_of(reply, WARD)]["answers"] == []
    assert house.documents.documents[letter]["replies"] == []


def test_a_reply_of_a_desk_names_the_letter_of_a_system(house: ExchangeHouse) -> None:
    letter = send(house, message_of(WARD))
    arrival = house.arrival_of(letter["document"], WARD)
    house.on_arrival("register_arrival", arrival, CLERK)
    main = house.upload(PDF, "tra-loi.pdf", SPECIALIST)
    house.issued(main=main, attachments=[], receivers=[{"agency": DEPARTMENT}], responds_to=[arrival])
    (offered,) = packages(house, THEIR_SYSTEM, kind="document")
    content = content_of(house, offered["id"])
    message = read_message(lambda: [content], limit=10**7, trust=Trust([OURS.certificate])).message
    assert isinstance(message, DocumentMessage)
    (answered,) = message.header.answers
    assert (answered.organ, answered.document) == (DEPARTMENT, letter["exchange_id"])
    assert house.arrivals.documents[arrival]["status"] == "06", "the reply closes the job"


def test_an_opinion_comes_back_from_an_agency_with_a_system(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    application = "a" * 32
    asked = {"code": "H13.30.01-261005-0001", "procedure": "1.001612", "agency": WARD, "status": 4}
    asked |= {"opinion": f"{application}:1", "by": WARD, "to": DEPARTMENT, "subject": "Sự phù hợp với quy hoạch"}
    data = OpinionRequested.load(OpinionRequested.dump(**asked, due_on=date(2026, 10, 9)))
    event = ReceivedEvent(OpinionRequested, f"{application}:5", application, 5, house.now, data)
    draft_opinion(house.context, event)
    (letter,) = house.documents.documents
    main = house.upload(PDF, "cong-van.pdf", SPECIALIST)
    house.on_document("revise_document", letter, SPECIALIST, **{**DRAFT, "main": main, "attachments": []})
    house.on_document("submit_document", letter, SPECIALIST)
    house.on_document("sign_document", letter, LEADER, signer=SIGNER)
    house.on_document("issue_document", letter, CLERK)
    house.settle()

    reply = send(house, answering(house, letter))["document"]
    back = house.arrival_of(reply, WARD)
    house.on_arrival("register_arrival", back, CLERK)
    said = house.arrivals.documents[back]["history"][-1]["data"]
    assert (said["application"], said["opinion"]) == (application, f"{application}:1")


def test_what_cannot_be_done_leaves_nothing_behind(house: ExchangeHouse) -> None:
    number = next(SYMBOLS)
    document = send(house, message_of(WARD, number=number))["document"]
    before = house.documents.documents[document]["version"]
    same = message_of(WARD, number=number, business=2, update=UpdateInfo(content=True))
    assert refusal(house, written(same)).code == "nothing_to_update"
    assert house.documents.documents[document]["version"] == before
    assert len(house.ask("list_sent_messages", THEIR_SYSTEM)["items"]) == 1, "no receipt for what was not done"


def test_a_desk_cannot_take_the_number_of_its_own_system(house: ExchangeHouse) -> None:
    house.connect(WARD, "system")
    message = message_of(DEPARTMENT, number=1)
    code = Code("01", "UBND-VP")
    header = replace(message.header, sender=Organ(WARD, "", "x"), document=f"{WARD},2026/10/05,01/UBND-VP", code=code)
    send(house, replace(message, header=header), SYSTEM)
    main = house.upload(PDF, "cong-van.pdf", SPECIALIST)
    waiting = house.signed(main=main, attachments=[])
    with pytest.raises(Conflict, match="document_code_taken"):
        house.on_document("issue_document", waiting, CLERK)
    house.now += timedelta(days=1)
    house.on_document("issue_document", waiting, CLERK)
    assert house.documents.documents[waiting]["number"] == 1, "the refused issue took no number"


def test_what_nobody_fetched_is_withdrawn_and_what_was_fetched_is_recalled(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    house.connect(OTHER_WARD, "system")
    document = issue(house, DEPARTMENT, OTHER_WARD)
    (offered,) = packages(house, THEIR_SYSTEM)
    content_of(house, offered["id"])
    house.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    house.settle()
    assert [one["business"] for one in packages(house, THEIR_SYSTEM)] == [0, 1]
    assert packages(house, OTHER_SYSTEM) == []
    recalled = content_of(house, packages(house, THEIR_SYSTEM)[1]["id"])
    assert house.ask("verify_evidence", CLERK, document=document)["findings"] == []
    message = read_message(lambda: [recalled], limit=10**6, trust=Trust([OURS.certificate])).message
    assert isinstance(message, DocumentMessage)
    assert (message.trace.business.type, message.trace.business.reason) == (1, "Ban hành nhầm")


def refusal(house: ExchangeHouse, content: bytes, sender: Principal = THEIR_SYSTEM) -> Error:
    assert house.database is not None
    before = house.database["refused_messages"].count_documents({})
    with pytest.raises(Error) as refused:
        send(house, content, sender)
    assert house.database["refused_messages"].count_documents({}) == before + 1, "every refusal is kept"
    return refused.value


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


# --- evidence


def finished(house: ExchangeHouse) -> str:
    """A document that a desk and a system received and answered for."""
    house.connect(OTHER_WARD, "system")
    document = issue(house, DEPARTMENT, OTHER_WARD)
    arrival = house.arrival_of(document)
    house.on_arrival("register_arrival", arrival, THEIR_CLERK)
    house.on_arrival("assign_arrival", arrival, THEIR_LEADER, lead={"unit": "Phòng Quy hoạch"}, opinion="Góp ý")
    house.settle()
    (offered,) = packages(house, OTHER_SYSTEM)
    content_of(house, offered["id"], OTHER_SYSTEM)
    acknowledge(house, offered["id"], "done", OTHER_SYSTEM)
    exchange_id = house.documents.documents[document]["exchange_id"]
    house.ask("send_status", OTHER_SYSTEM, exchange_id=exchange_id, status="03")
    house.settle()
    return document


def test_every_hop_has_its_receipt(house: ExchangeHouse) -> None:
    document = finished(house)
    page = house.ask("list_receipts", CLERK, document=document, limit=3)
    rest = house.ask("list_receipts", CLERK, document=document, limit=100, cursor=page["next"])
    rows = page["items"] + rest["items"]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    hops = {row["hop"] for row in rows}
    assert {"document_issued", "document_arrived", "package_ready", "package_fetched", "package_acknowledged"} <= hops
    assert {"message_accepted", "delivery_progressed", "document_registered"} <= hops


def test_what_was_not_altered_is_found_intact(house: ExchangeHouse) -> None:
    document = finished(house)
    verdict = house.ask("verify_evidence", CLERK, document=document)
    assert (verdict["intact"], verdict["findings"]) == (True, [])
    assert verdict["checked"] > 20


def test_an_exported_file_proves_itself(house: ExchangeHouse) -> None:
    document = finished(house)
    content = exported(house, document)
    verdict = judge(io.BytesIO(content), findings, OURS.certificate)
    assert verdict.findings == []
    assert verdict.signed_by == "CN=Trục Chung"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert {"manifest.json", "manifest.sig", "certificate.pem", "evidence.json", f"files/{_sha256(PDF)}"} <= set(names)


def exported(house: ExchangeHouse, document: str) -> bytes:
    ticket = house.ask("export_evidence", CLERK, document=document)
    assert ticket["type"] == "application/zip"
    return b"".join(house.store.open(ticket["file"]).chunks)


def rewritten(content: bytes, name: str, change: Any) -> io.BytesIO:
    """The same ZIP with one part changed; None leaves it out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            data = source.read(part)
            data = change(data) if part == name else data
            if data is not None:
                archive.writestr(part, data)
    return target


def flip(data: bytes) -> bytes:
    """One byte of the middle changed."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_one_altered_byte_of_an_exported_file_is_named(house: ExchangeHouse) -> None:
    content = exported(house, finished(house))
    file = f"files/{_sha256(PDF)}"
    for part, change, named in (
        (file, flip, f"part {file}"),
        (file, lambda _: None, f"part {file}"),
        ("manifest.json", lambda data: data.replace(b'_at": "2', b'_at": "3'), "signature of the manifest"),
        ("manifest.sig", flip, "signature of the manifest"),
        ("evidence.json", lambda data: data.replace("cấp phép".encode(), "cấp phếp".encode()), "part evidence.json"),
    ):  # fmt: skip
        found = judge(rewritten(content, part, change), findings, OURS.certificate).findings
        assert named in {one.part for one in found}, part
    for place in range(len(content) // 2, len(content) // 2 + 40):
        damaged = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert judge(io.BytesIO(damaged), findings).findings, place
    parts = {one.part for one in judge(rewritten(content, file, flip), findings, OURS.certificate).findings}
    assert "file cong-van.pdf" in parts
    stranger = judge(io.BytesIO(content), findings, THEIRS.certificate).findings
    assert [one.part for one in stranger] == ["certificate"]


def test_one_altered_byte_of_what_is_stored_is_named(house: ExchangeHouse) -> None:
    document = finished(house)
    assert house.database is not None
    code = house.documents.documents[document]["code"]
    arrival = {"_id": house.arrival_of(document)}
    package = {"document": document, "kind": "document"}
    message = f"message {house.row('messages', document=document)['_id']} of {OTHER_WARD}"
    carried = f"package {house.row('packages', **package)['_id']} for {OTHER_WARD}"
    issued = _index(house, document, "document_issued")
    altered = f"history of document {code}, entry {issued + 1}"
    for collection, wanted, values, named in (
        ("documents", {"_id": document}, {"subject": "V/v lấy ý kiên"}, f"content of document {code}"),
        ("documents", {"_id": document}, {"deliveries.0.rows.0.code": "02"}, "status 02 of H13.17"),
        ("documents", {"_id": document}, {"deliveries.0.rows.0.reason": "x"}, "status 01 of H13.17"),
        ("documents", {"_id": document}, {"deliveries.0.rows.1.at": house.now.replace(hour=5)}, "status 03 of H13.17"),
        ("documents", {"_id": document}, {"deliveries.1.rows": []}, f"status 03 of {OTHER_WARD}"),
        ("documents", {"_id": document}, {"history.2.reason": "x"}, f"history of document {code}, entry 3"),
        ("documents", {"_id": document}, {f"history.{issued}.data.number": 99}, altered),
        ("documents", {"_id": document}, {"version": 3}, f"history of document {code}, entry 4"),
        ("arrivals", arrival, {"subject": "khác"}, "content of the arrival at H13.17"),
        ("documents", {"_id": document}, {"drafter_name": "ai khác"}, f"what is stored of document {code}"),
        ("documents", {"_id": document}, {"deliveries.0.name": "x"}, f"what is stored of document {code}"),
        ("arrivals", arrival, {"assignments.0.opinion": "Từ chối"}, "what is stored of arrival at H13.17"),
        ("messages", {"document": document}, {"content.reason": "x"}, f"what is stored of {message}"),
        ("packages", package, {"spec.reason": "x"}, f"what is stored of {carried}"),
        ("arrivals", arrival, {"history.1.at": house.now.replace(minute=59)}, "history of arrival at H13.17, entry 2"),
        ("message_log", {"document": document, "seq": 2}, {"agency": "H99"}, "message log, row 2"),
        ("message_log_heads", {"_id": document}, {"hash": "0" * 64}, None),
        ("packages", package, {"digest": "0" * 64}, f"package {house.row('packages', **package)['_id']}"),
    ):  # fmt: skip
        before = house.database[collection].find_one(wanted)
        assert before is not None
        house.alter(collection, wanted, **values)
        verdict = house.ask("verify_evidence", CLERK, document=document)
        parts = {one["part"] for one in verdict["findings"]}
        assert not verdict["intact"], values
        assert named is None or named in parts, (values, parts)
        house.database[collection].replace_one({"_id": before["_id"]}, before)
    assert house.ask("verify_evidence", CLERK, document=document)["intact"]


def _index(house: ExchangeHouse, document: str, event: str) -> int:
    entries = house.documents.documents[document]["history"]
    return [entry["type"] for entry in entries].index(f"{event}.v1")


def test_an_altered_or_lost_file_is_named(house: ExchangeHouse) -> None:
    document = finished(house)
    assert house.client is not None
    assert house.database is not None
    chunks = house.client[f"{house.database.name}_files"]
    names = [name for name in chunks.list_collection_names() if name.endswith("chunks")]
    store = chunks[names[0]]
    chunk = next(one for one in store.find({}) if bytes(one["data"]) == ANNEX)
    store.update_one({"_id": chunk["_id"]}, {"$set": {"data": flip(ANNEX)}})
    parts = {
        (one["part"], one["problem"]) for one in house.ask("verify_evidence", CLERK, document=document)["findings"]
    }
    assert ("file phu-luc.pdf", "altered") in parts
    store.delete_one({"_id": chunk["_id"]})
    parts = {
        (one["part"], one["problem"]) for one in house.ask("verify_evidence", CLERK, document=document)["findings"]
    }
    assert ("file phu-luc.pdf", "altered") in parts
    found = judge(io.BytesIO(exported(house, document)), findings, OURS.certificate).findings
    assert "file phu-luc.pdf" in {one.part for one in found}, "the export goes on and says what is missing"


def test_a_removed_hop_is_named(house: ExchangeHouse) -> None:
    document = finished(house)
    assert house.database is not None
    last = len(house.ask("list_receipts", CLERK, document=document, limit=200)["items"])
    house.database["message_log"].delete_one({"document": document, "seq": last})
    findings_now = house.ask("verify_evidence", CLERK, document=document)["findings"]
    assert [(one["part"], one["problem"]) for one in findings_now] == [(f"message log, row {last}", "missing")]
    house.database["message_log"].delete_many({"document": document})
    house.database["message_log_heads"].delete_many({"_id": document})
    findings_now = house.ask("verify_evidence", CLERK, document=document)["findings"]
    assert [(one["part"], one["problem"]) for one in findings_now] == [("message log", "missing")]
