"""Messages that agency systems send: taken in once, carried on, answered."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.document_routing.adapters.edxml_reader import read_message
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.edxml.message import (
    Code,
    DocumentMessage,
    Organ,
    ResponseFor,
    StatusHeader,
    StatusMessage,
    UpdateInfo,
)
from services.document_routing.usecases import questions
from services.document_routing.usecases.applications import draft_opinion
from shared.contracts.base import ReceivedEvent
from shared.contracts.one_stop_shop.events import OpinionRequested
from shared.errors import Conflict
from tests.integration.document_routing.exchange.exchanging import (
    OURS,
    SYMBOLS,
    THEIRS,
    acknowledge,
    content_of,
    issue,
    message_of,
    packages,
    refusal,
    send,
    sha256,
    written,
)
from tests.support.document_world import CLERK, DRAFT, LEADER, OPERATOR, SIGNER, SPECIALIST, SYSTEM
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD, WARD
from tests.support.exchange_house import OTHER_SYSTEM, PDF, THEIR_SYSTEM, ExchangeHouse


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
    assert arrival["files"][0]["sha256"] == sha256(PDF)

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
    assert offered["digest"] == receipt["digest"] == sha256(content)


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
