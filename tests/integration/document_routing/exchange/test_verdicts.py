"""What a verdict on a document says of searches, files, hops and signatures, whatever else happens meanwhile."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Event
from typing import Any, cast

import bson
import pytest
from bson.raw_bson import RawBSONDocument

from local.state import ROOT
from services.document_routing.adapters.evidence_file import judge
from services.document_routing.usecases import questions, registers
from services.document_routing.usecases.evidence import findings
from shared.as_found import raw
from shared.errors import NotFound
from tests.integration.document_routing.exchange.exchanging import OURS
from tests.integration.document_routing.exchange.proving import (
    exported,
    intact,
    places,
    verdict,
    with_altered,
    worked_on,
)
from tests.integration.document_routing.exchange.test_proofs_of_exchange import finished
from tests.support.document_world import CLERK, OPERATOR, STRANGER, THEIR_CLERK, THEIR_SPECIALIST
from tests.support.documents_in_memory import WARD
from tests.support.exchange_house import ExchangeHouse
from tests.support.raw_bytes import elements, with_byte

OBJECT, UNDEFINED, CODE, SYMBOL, TIMESTAMP = 0x03, 0x06, 0x0D, 0x0E, 0x11


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ("agency", SYMBOL),
        ("agency", CODE),
        ("issued_on", SYMBOL),
        ("issued_on", CODE),
        ("files", OBJECT),
        ("deliveries", OBJECT),
        ("history", OBJECT),
        ("issued_at", TIMESTAMP),
        ("replaced_by", UNDEFINED),
    ],
)
def test_a_type_that_hides_a_document_from_lists_and_registers_is_named(
    house: ExchangeHouse, field: str, type_: int
) -> None:
    assert house.database is not None
    document = finished(house)
    rows = house.database["documents"]
    stored = raw(rows).find_one({"_id": document})
    assert stored is not None
    whole = bytes(stored.raw)
    (element,) = [one for one in elements(whole) if one.path == (field,)]
    rows.replace_one({"_id": document}, RawBSONDocument(with_byte(whole, element.type_at, type_)))
    assert not intact(house, "document", document, CLERK)
    assert verdict(house, document)
    exported(house, document, CLERK)
    exported(house, document, THEIR_CLERK)
    if field == "issued_on":
        request = {"register": "outgoing", "year": 2026}
        assert not registers.verify_register(house.context, request, CLERK)["intact"]


@pytest.mark.parametrize("name", ["version", "head", "history", "agency"])
def test_a_renamed_field_does_not_stop_the_verification_of_a_history(house: ExchangeHouse, name: str) -> None:
    assert house.database is not None
    document = finished(house)
    arrival = house.arrival_of(document)
    for collection, kind, aggregate, who in (
        ("documents", "document", document, CLERK),
        ("arrivals", "arrival", arrival, THEIR_CLERK),
    ):
        assert intact(house, kind, aggregate, who)
        house.database[collection].update_one({"_id": aggregate}, {"$rename": {name: f"x{name[1:]}"}})
        assert not intact(house, kind, aggregate, OPERATOR)
        if name != "history":
            assert not intact(house, kind, aggregate, who)
        with pytest.raises(NotFound):
            intact(house, kind, aggregate, STRANGER)


def test_bytes_that_are_no_text_and_no_moment_are_findings(house: ExchangeHouse) -> None:
    assert house.database is not None
    document = finished(house)
    rows = house.database["documents"]
    stored = rows.find_one({"_id": document})
    assert stored is not None
    subject = stored["subject"].encode()
    for before, after in (
        (subject, b"\xff" + subject[1:]),
        (b"\x09sent_at\x00", b"\x09sent_at\x00\xff\xff\xff\xff\xff\xff\xff\x7f"),
    ):
        raw = bson.encode(stored)
        place = raw.index(before)
        altered = raw[:place] + after + raw[place + len(after) :]
        rows.replace_one({"_id": document}, RawBSONDocument(altered))
        assert f"what is stored of document {stored['code']}" in verdict(house, document)
        exported(house, document, CLERK)
        rows.replace_one({"_id": document}, stored)


def test_a_document_that_was_hidden_from_the_search_is_named(house: ExchangeHouse) -> None:
    assert house.database is not None
    document = finished(house)
    house.fire()
    for collection, wanted, who in (
        ("documents", {"_id": document}, CLERK),
        ("arrivals", {"document": document}, THEIR_CLERK),
    ):
        stored = house.row(collection, **wanted)
        assert verdict(house, document, who) == set()
        house.alter(collection, wanted, search=stored["search"][1:])
        assert verdict(house, document, who) == {f"search keys of {stored['_id']}"}
        told = judge(io.BytesIO(exported(house, document, who)), findings, OURS.certificate).findings
        assert {one.part for one in told} == {f"search keys of {stored['_id']}"}
        house.database[collection].replace_one({"_id": stored["_id"]}, stored)


def test_a_file_that_breaks_off_is_altered_and_nothing_is_added(house: ExchangeHouse) -> None:
    assert house.client is not None
    assert house.database is not None
    document = finished(house)
    main = house.documents.documents[document]["files"][0]["id"]
    files = house.client[f"{house.database.name}_files"]["fs.files"]
    files.update_one({"metadata.sha256": main}, {"$inc": {"length": 1}})
    found = judge(io.BytesIO(exported(house, document, CLERK)), findings, OURS.certificate).findings
    assert {one.problem for one in found if "cong-van.pdf" in one.part} == {"altered"}
    assert not [one for one in found if one.part.startswith("part ")]


def test_what_may_be_altered_of_how_a_file_is_kept_is_told_by_name(house: ExchangeHouse) -> None:
    assert house.client is not None
    assert house.database is not None
    document = finished(house)
    main = house.documents.documents[document]["files"][0]["id"]
    store = house.client[f"{house.database.name}_files"]
    described = store["fs.files"].find_one({"metadata.sha256": main})
    assert described is not None
    seen, unseen = set(), set()
    for kept_in, wanted in (("fs.files", {"_id": described["_id"]}), ("fs.chunks", {"files_id": described["_id"]})):
        (stored,) = store[kept_in].find(wanted)
        plain = {name: value for name, value in stored.items() if not isinstance(value, bytes | bson.ObjectId)}
        binary = stored.keys() - plain.keys() - {"_id"}
        for path, name in [*places(plain), *(((one,), True) for one in binary)]:
            altered = with_altered(stored, path, name=name)
            store[kept_in].replace_one({"_id": stored["_id"]}, altered)
            (seen if verdict(house, document) else unseen).add(path[-1])
            store[kept_in].replace_one({"_id": stored["_id"]}, stored)
    assert seen == {"length", "metadata", "sha256", "files_id", "data", "type"}
    assert unseen == {"chunkSize", "uploadDate", "type", "touched_at", "claimed", "n"}
    page = (ROOT / "docs/how-to/connect-an-agency-system.md").read_text(encoding="utf-8")
    assert {name for name in unseen if f"`{name}`" not in page} == set()
    assert verdict(house, document) == set()


def test_hops_that_were_removed_with_their_head_are_missed(house: ExchangeHouse) -> None:
    document = finished(house)
    assert house.database is not None
    house.now += timedelta(minutes=2)
    for collection in ("documents", "arrivals", "messages", "packages"):
        house.database[collection].update_many({}, {"$set": {"outbox": []}})  # the relay has announced them
    assert verdict(house, document) == set()
    rows, heads = house.database["message_log"], house.database["message_log_heads"]
    first = rows.find_one({"document": document, "seq": 1})
    assert first is not None
    rows.delete_many({"document": document, "seq": {"$gt": 1}})
    heads.update_one({"_id": document}, {"$set": {"seq": 1, "hash": first["hash"]}})
    missed = verdict(house, document)
    assert any(part.startswith("message log of arrival at H13.17") for part in missed)
    assert any(part.startswith("message log of document") for part in missed)


# --- while others write


def worked_on_by_another(work: Callable[[], Any]) -> None:
    """Let something be written by a thread of its own, which sees nothing of what this one has begun."""
    with ThreadPoolExecutor(1) as other:
        other.submit(work).result()


def test_a_document_is_not_called_altered_while_it_is_worked_on(house: ExchangeHouse) -> None:
    document = worked_on(house)
    arrival, done = house.arrival_of(document), Event()

    def work() -> int:
        for number in count():
            if done.is_set():
                return number
            house.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST, note=f"việc {number}")
            house.settle()
        raise AssertionError

    with ThreadPoolExecutor(1) as officer:
        working = officer.submit(work)
        try:
            found = [verdict(house, document) for _ in range(50)]
            signed = [exported(house, document, whose) for whose in (CLERK, THEIR_CLERK) for _ in range(5)]
            histories = [intact(house, "arrival", arrival, THEIR_CLERK) for _ in range(10)]
        finally:
            done.set()
    assert working.result() > 20
    assert found == [set()] * 50
    assert [judge(io.BytesIO(one), findings, OURS.certificate).findings for one in signed] == [[]] * 10
    assert histories == [True] * 10


def test_signatures_are_judged_by_the_log_of_the_same_moment(house: ExchangeHouse) -> None:
    document = finished(house)
    house.fire()

    class WrittenMeanwhile:
        """The log, to which a judgement of other signatures is added just before it is read."""

        def rows(self, subject: str, **asked: Any) -> list[Any]:
            worked_on_by_another(lambda: house.context.exchange.log.append(subject, hop))
            return house.context.exchange.log.rows(subject, **asked)

    said = {"agency": WARD, "digest": "x", "entry": f"{document}:9:files_read", "entry_hash": ""}
    hop = {"at": house.now, "hop": "files_read", **said}
    exchange = replace(house.context.exchange, log=cast(Any, WrittenMeanwhile()))
    context = replace(house.context, exchange=exchange)
    assert questions.verify_document_history(context, {"document": document}, CLERK)["intact"]
    assert not intact(house, "document", document, CLERK), "what was added is there, and fits nothing"
