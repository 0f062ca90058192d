"""What is proven of a document: every altered byte at every stage is named, and nobody sees more than concerns them."""

from datetime import timedelta

import pytest

from services.document_routing.usecases import arrivals
from tests.integration.document_routing.exchange.proving import intact, verdict
from tests.integration.document_routing.exchange.test_proofs_of_exchange import finished
from tests.support.document_world import CLERK, LEADER, MONDAY, SIGNER, SPECIALIST, THEIR_CLERK
from tests.support.documents_in_memory import WARD
from tests.support.exchange_house import PDF, ExchangeHouse

STAGES = ("draft", "in_review", "signed", "issued", "recalled")


def advance(house: ExchangeHouse, document: str, stage: str) -> None:
    """Take a draft to a stage, by way of those before it."""
    steps = {
        "in_review": ("submit_document", SPECIALIST, {}),
        "signed": ("sign_document", LEADER, {"signer": SIGNER}),
        "issued": ("issue_document", CLERK, {}),
        "recalled": ("recall_document", CLERK, {"reason": "nhầm"}),
    }
    action, principal, body = steps[stage]
    house.on_document(action, document, principal, **body)
    house.settle()


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_altered_at_any_stage_is_named_then_and_ever_after(house: ExchangeHouse, stage: str) -> None:
    assert house.database is not None
    document = house.draft(main=house.upload(PDF, "a.pdf", SPECIALIST), attachments=[])
    for reached in STAGES[1 : STAGES.index(stage) + 1]:
        advance(house, document, reached)
    assert intact(house, "document", document, CLERK)
    stored = house.documents.documents[document]
    forged = {
        "subject": "V/v việc khác",
        "drafter_name": "ai khác",
        "places": ["nơi khác"],
        "versions.0.subject": "khác",
        **({"signer.name": "người khác", "signed_at": MONDAY - timedelta(1)} if stored["signer"] else {}),
        **({"deliveries.0.asked_for": "H13.19", "issued_at": MONDAY - timedelta(1)} if stored["deliveries"] else {}),
    }
    for field, value in forged.items():
        house.alter("documents", {"_id": document}, **{field: value})
        assert not intact(house, "document", document, CLERK), field
        assert verdict(house, document), field
        house.database["documents"].replace_one({"_id": document}, stored)
    assert intact(house, "document", document, CLERK)
    house.alter("documents", {"_id": document}, drafter_name="ai khác")
    for later in STAGES[STAGES.index(stage) + 1 :]:
        advance(house, document, later)
        assert not intact(house, "document", document, CLERK), f"who wrote at {later} found it altered"
        named = f"before entry {stored['version'] + 1}"
        assert any(part.endswith(named) for part in verdict(house, document)), later


def test_what_is_altered_of_an_arrival_is_named_also_when_it_came_on_paper(house: ExchangeHouse) -> None:
    entered = {
        "sender_name": "UBND phường Hạc Thành",
        "code": "15/UBND-VP",
        "issued_on": "2026-10-01",
        "kind": "cong_van",
        "subject": "V/v phối hợp",
        "scan": house.upload(PDF, "ban-quet.pdf", THEIR_CLERK),
    }
    request = {**entered, "_command": house.command()}
    paper = arrivals.enter_arrival(house.context, request, THEIR_CLERK)["id"]
    house.fire()
    document = finished(house)
    electronic = house.arrival_of(document)
    for arrival in (paper, electronic):
        assert house.database is not None
        stored = house.arrivals.documents[arrival]
        assert intact(house, "arrival", arrival, THEIR_CLERK)
        for field, value in (("subject", "khác"), ("arrival_number", 99), ("signatures", [{"verdict": "good"}])):
            house.alter("arrivals", {"_id": arrival}, **{field: value})
            assert not intact(house, "arrival", arrival, THEIR_CLERK), field
            house.database["arrivals"].replace_one({"_id": arrival}, stored)


def test_signatures_and_sizes_of_files_are_proven(house: ExchangeHouse) -> None:
    document = finished(house)
    house.fire()
    assert verdict(house, document) == set()
    assert house.database is not None
    assert house.client is not None
    code = house.documents.documents[document]["code"]
    for collection, wanted, part in (
        ("documents", {"_id": document}, f"signatures in the files of document {code}"),
        ("arrivals", {"document": document}, "signatures in the files of arrival at H13.17"),
    ):
        stored = house.row(collection, **wanted)
        for forged in ([{"field": "x", "signer": "x", "signed_at": None, "verdict": "good"}],):
            house.alter(collection, wanted, signatures=forged)
            assert part in verdict(house, document)
            house.database[collection].replace_one({"_id": stored["_id"]}, stored)
    rows = house.database["message_log"]
    read = rows.find_one({"document": document, "hop": "files_read", "agency": WARD})
    assert read is not None
    rows.delete_one(read)
    assert f"signatures in the files of document {code}" in verdict(house, document)
    rows.insert_one(read)
    assert verdict(house, document) == set()
    files = house.client[f"{house.database.name}_files"]["fs.files"]
    main = house.documents.documents[document]["files"][0]["id"]
    files.update_one({"metadata.sha256": main}, {"$inc": {"length": 1}})
    assert "file cong-van.pdf" in verdict(house, document)
