"""What is proven of a document: every altered byte at every stage is named, and nobody sees more than concerns them."""

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import ANY

import bson
import pytest
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from services.document_routing.adapters.evidence_file import ZipVault, judge
from services.document_routing.evidence import UNSIGNED
from services.document_routing.evidence import main as command_line
from services.document_routing.usecases import arrivals, exchange_evidence, questions, registers
from services.document_routing.usecases.changes import DERIVED as CHANGED_ALONE
from services.document_routing.usecases.evidence import findings
from services.document_routing.usecases.exchange_evidence import evidence_for
from shared.as_found import as_found, raw
from shared.contracts.principal import Principal
from shared.errors import NotFound
from shared.history import ASIDE
from tests.integration.document_routing.test_exchange import (
    OURS,
    acknowledge,
    content_of,
    finished,
    issue,
    message_of,
    packages,
    send,
)
from tests.support.document_world import (
    CLERK,
    DEPARTMENT,
    LEADER,
    MONDAY,
    OPERATOR,
    OTHER_WARD,
    SIGNER,
    SPECIALIST,
    STRANGER,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
    WARD,
)
from tests.support.exchange_house import OTHER_SYSTEM, PDF, ExchangeHouse
from tests.support.raw_bytes import elements, other_types, with_byte


@pytest.fixture
def house(client: MongoClient[dict[str, Any]], tmp_path: Path) -> Iterator[ExchangeHouse]:
    name = f"evidence_{tmp_path.name}_{id(tmp_path):x}"[-50:]
    yield ExchangeHouse(database=client[name], client=client, folder=tmp_path, seal=OURS)
    client.drop_database(name)
    client.drop_database(f"{name}_files")


def verdict(house: ExchangeHouse, document: str, principal: Principal = CLERK) -> set[str]:
    """What is found altered, by name."""
    answer = house.ask("verify_evidence", principal, document=document)
    assert answer["intact"] is not bool(answer["findings"])
    return {one["part"] for one in answer["findings"]}


def intact(house: ExchangeHouse, kind: str, identifier: str, principal: Principal) -> bool:
    verify = getattr(questions, f"verify_{kind}_history")
    return bool(verify(house.context, {kind: identifier}, principal)["intact"])


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


ALTERED = ("documents", "arrivals", "messages", "packages", "message_log", "message_log_heads")
"""Everything that is kept of a document, but for its files."""

DERIVED = {"due_work", "outbox", "next_due_at", "text_whole", "text_pending", "attempts", "last_error", "retry_at"}
"""Fields whose values change without an entry; under another name they show too."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Every place at which something is stored: that of a field's name (true), and that of a value (false)."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "_id":
                if inner is not None:  # a field without a value is the same as none
                    yield (*path, name), True
                if name not in DERIVED:
                    yield from places(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))
    elif isinstance(value, str | int | datetime) and value != "":
        yield path, False


def with_altered(value: Any, path: tuple[Any, ...], *, name: bool) -> Any:
    """The same with another letter in the name or in the value at a place."""
    if not path:
        if isinstance(value, str):
            return ("x" if value[0] != "x" else "y") + value[1:]
        return value + timedelta(milliseconds=1) if isinstance(value, datetime) else type(value)(not value)
    if isinstance(value, list):
        return [with_altered(one, path[1:], name=name) if n == path[0] else one for n, one in enumerate(value)]
    if name and len(path) == 1:
        return {(f"x{key[1:]}" if key == path[0] else key): inner for key, inner in value.items()}
    return {key: with_altered(one, path[1:], name=name) if key == path[0] else one for key, one in value.items()}


def test_any_altered_letter_of_any_value_or_name_is_named(house: ExchangeHouse) -> None:
    assert house.database is not None
    document = finished(house)
    house.fire()
    assert verdict(house, document) == set()
    unseen, seed = [], random.Random(3)
    for collection in ALTERED:
        kept = list(house.database[collection].find({"$or": [{"document": document}, {"_id": document}]}))
        for stored in seed.sample(kept, min(2, len(kept))):
            every = list(places(stored))
            names = [one for one in every if len(one[0]) == 1 and one[1]]
            for path, name in [*names, *seed.sample(every, min(8, len(every)))]:
                altered = with_altered(stored, path, name=name)
                house.database[collection].replace_one({"_id": stored["_id"]}, altered)
                evidence = evidence_for(house.context, document, WARD)
                if not evidence.found:
                    unseen.append((collection, path, name))
                house.database[collection].replace_one({"_id": stored["_id"]}, stored)
    assert unseen == []
    assert verdict(house, document) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain["documents"][0]["history"][4]["data"].update(row_at="x026-10-05T01:00:00+00:00"),
        lambda plain: plain["arrivals"].append({"x": 1}),
        lambda plain: plain.update(log=[{"xop": 1}]),
        lambda plain: plain.update(xlog=plain.pop("log")),
    ],
)
def test_what_cannot_be_read_of_a_signed_file_is_a_finding(
    house: ExchangeHouse, change: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, target = exported(house, finished(house), CLERK), io.BytesIO()
    plain = json.loads(text_of(content))
    change(plain)
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            archive.writestr(part, json.dumps(plain) if part == "evidence.json" else source.read(part))
    code, said = verified(target.getvalue(), tmp_path, capsys)
    assert code == 1
    assert "part evidence.json" in said


class Bytes:
    """What is kept of a document, as bytes that a test alters; read as the platform reads its database."""

    def __init__(self, house: ExchangeHouse, document: str) -> None:
        assert house.database is not None
        whose = {"$or": [{"document": document}, {"_id": document}]}
        self.kept = {name: [bytes(one.raw) for one in raw(house.database[name]).find(whose)] for name in ALTERED}

    def _read(self, kept_in: str) -> list[Any]:
        return [as_found(RawBSONDocument(one)) for one in self.kept[kept_in]]

    def whole_document(self, _: str) -> Any:
        return self._read("documents")[0]

    def whole_arrivals(self, _: Any) -> list[Any]:
        return self._read("arrivals")

    def messages_of(self, _: str) -> list[Any]:
        return self._read("messages")

    def all_packages_of(self, _: str) -> list[Any]:
        return self._read("packages")

    def rows(self, _: str, **__: Any) -> list[Any]:
        return [{name: value for name, value in row.items() if name != "_id"} for row in self._read("message_log")]

    def head(self, _: str) -> Any:
        (head,) = self._read("message_log_heads")
        return head if head.keys() == {"_id", "seq", "hash"} else None


OUTSIDE = ASIDE | CHANGED_ALONE
"""Fields that are outside the proof of an aggregate, by name."""


def alterations(stored: bytes, seed: random.Random) -> Iterator[tuple[str, bytes]]:
    """Bytes of types, of names and of values, altered one at a time, with the field of the aggregate; not those that
    are outside the proof: its name of a field without a value, and fields that follow from others."""
    every = list(elements(stored))
    first = [one for one in every if len(one.path) == 1]
    for one in first + seed.sample(every, min(12, len(every))):
        name, kind = one.path[0], stored[one.type_at]
        if name in OUTSIDE and name not in ("history", "version", "head"):
            continue
        yield from ((name, with_byte(stored, one.type_at, other)) for other in other_types(kind))
        if not one.path[-1].isdecimal() and kind != 0x0A and name != "_id":
            yield name, with_byte(stored, one.name_at, ord("x") if stored[one.name_at] != ord("x") else ord("y"))
        if kind in (0x02, 0x09, 0x10, 0x12) and one.end - one.value_at > 5 and name != "_id":
            yield name, with_byte(stored, one.end - 2, stored[one.end - 2] ^ 1)


def test_any_altered_byte_is_named_and_never_stops_the_verifier(house: ExchangeHouse) -> None:
    document = finished(house)
    house.fire()
    seed, unseen, tried = random.Random(5), [], 0
    kept = Bytes(house, document)
    exchange = replace(house.context.exchange, mailbox=kept, log=kept)
    context = replace(house.context, exchange=exchange, files=KnownFiles(house.context, evidence_for, document))
    assert exchange_evidence.verify_evidence(context, {"document": document}, CLERK)["findings"] == []
    for name, rows in kept.kept.items():
        stored = rows[-1]
        for field, altered in alterations(stored, seed):
            rows[-1], tried = altered, tried + 1
            if exchange_evidence.verify_evidence(context, {"document": document}, OPERATOR)["intact"]:
                unseen.append((name, field))
            if tried % 10 == 0:  # what is altered can be read and handed out too
                exchange_evidence.list_receipts(context, {"document": document}, OPERATOR)
                shown = evidence_for(context, document, WARD)
                ZipVault(context.files, context.files, OURS).write_to(io.BytesIO(), shown, house.now)
        rows[-1] = stored
    assert tried > 200
    assert unseen == []


class KnownFiles:
    """The contents of a document's files, held in memory: each is read for every altered byte."""

    def __init__(self, context: Any, collected: Any, document: str) -> None:
        named = {content for _, content in collected(context, document).named_files}
        self._contents = {content: b"".join(context.files.open(content).chunks) for content in named}

    def open(self, content: str) -> Any:
        if content not in self._contents:
            raise NotFound("file_unknown")
        return SimpleNamespace(chunks=iter([self._contents[content]]))


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
    page = (Path(__file__).parents[3] / "docs/how-to/connect-an-agency-system.md").read_text(encoding="utf-8")
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


# --- who sees what


def test_the_sender_sees_no_inner_work_of_a_receiver(house: ExchangeHouse) -> None:
    document = worked_on(house)
    content = exported(house, document, CLERK)
    told = text_of(content)
    for inner in ("Ý KIẾN MẬT", "Phòng Quy hoạch", THEIR_SPECIALIST.subject, THEIR_LEADER.subject, "GHI CHÚ RIÊNG"):
        assert inner not in told, inner
    assert judge(io.BytesIO(content), findings, OURS.certificate).findings == []
    (sealed,) = json.loads(told)["sealed"]
    assert sealed["agency"] == DEPARTMENT
    assert len(sealed["history"]) == house.arrivals.documents[house.arrival_of(document)]["version"]
    hops = {row["hop"] for row in house.ask("list_receipts", CLERK, document=document, limit=200)["items"]}
    assert not hops & {"handling_late", "confirmation_late"}
    assert {"document_arrived", "document_worked_on"} <= hops


def test_a_receiver_proves_what_it_received(house: ExchangeHouse) -> None:
    document = worked_on(house)
    content = exported(house, document, THEIR_CLERK)
    told = text_of(content)
    assert "Ý KIẾN MẬT" in told
    assert OTHER_WARD not in {row["agency"] for row in json.loads(told)["sealed"]}
    for inner in (f'"{SPECIALIST.subject}"', "Lê Văn Cường", OTHER_SYSTEM.subject):
        assert inner not in told, inner
    assert judge(io.BytesIO(content), findings, OURS.certificate).findings == []
    assert verdict(house, document, THEIR_CLERK) == set()
    rows = house.ask("list_receipts", THEIR_CLERK, document=document, limit=200)["items"]
    assert {row["agency"] for row in rows} == {WARD, DEPARTMENT}
    house.alter("arrivals", {"_id": house.arrival_of(document)}, subject="khác")
    assert "what is stored of arrival at H13.17" in verdict(house, document, THEIR_CLERK)


def test_a_receiving_system_proves_what_it_received(house: ExchangeHouse) -> None:
    document = worked_on(house)
    (package,) = packages(house, OTHER_SYSTEM, state="all")
    assert package["document"] == document
    content = exported(house, document, OTHER_SYSTEM)
    assert judge(io.BytesIO(content), findings, OURS.certificate).findings == []
    assert "Ý KIẾN MẬT" not in text_of(content)
    assert verdict(house, document, OTHER_SYSTEM) == set()
    house.alter("packages", {"_id": package["id"]}, digest="0" * 64)
    assert verdict(house, document, OTHER_SYSTEM)


def test_a_sealed_part_is_still_linked(house: ExchangeHouse) -> None:
    content = exported(house, worked_on(house), CLERK)
    plain = json.loads(text_of(content))
    plain["sealed"][0]["history"][1]["hash"] = "0" * 64
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            archive.writestr(part, json.dumps(plain) if part == "evidence.json" else source.read(part))
    parts = {one.part for one in judge(target, findings).findings}
    assert any(part.startswith("history of") and f"of {DEPARTMENT}, entry 3" in part for part in parts), parts


def test_what_the_sender_may_not_see_is_judged_for_it(house: ExchangeHouse) -> None:
    document = worked_on(house)
    house.alter("arrivals", {"_id": house.arrival_of(document)}, completed_at=MONDAY)
    content = exported(house, document, CLERK)
    found = judge(io.BytesIO(content), findings, OURS.certificate).findings
    assert "what is stored of arrival at H13.17" in {one.part for one in found}


def test_others_learn_nothing(house: ExchangeHouse) -> None:
    house.connect(DEPARTMENT, "system")
    sent = send(house, message_of(WARD))["document"]
    for operation in ("list_receipts", "export_evidence", "verify_evidence"):
        for principal in (STRANGER, OTHER_SYSTEM, THEIR_SPECIALIST, SPECIALIST):
            with pytest.raises(NotFound):
                house.ask(operation, principal, document=sent)
        house.ask(operation, OPERATOR, document=sent)
        house.ask(operation, CLERK, document=sent)


def worked_on(house: ExchangeHouse) -> str:
    """A document on which a desk has worked, with notes that are nobody else's business; a system has it too."""
    house.connect(OTHER_WARD, "system")
    document = issue(house, DEPARTMENT, OTHER_WARD)
    arrival = house.arrival_of(document)
    house.now += timedelta(days=2)
    house.fire()
    house.on_arrival("register_arrival", arrival, THEIR_CLERK)
    lead = {"unit": "Phòng Quy hoạch", "officer": THEIR_SPECIALIST.subject}
    assigned = {"lead": lead, "opinion": "Ý KIẾN MẬT", "due_on": "2026-10-08"}
    house.on_arrival("assign_arrival", arrival, THEIR_LEADER, **assigned)
    house.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST, note="GHI CHÚ RIÊNG")
    house.settle()
    house.now += timedelta(days=10)
    house.fire()
    (offered,) = packages(house, OTHER_SYSTEM)
    content_of(house, offered["id"], OTHER_SYSTEM)
    acknowledge(house, offered["id"], "done", OTHER_SYSTEM)
    return document


def exported(house: ExchangeHouse, document: str, principal: Principal) -> bytes:
    ticket = house.ask("export_evidence", principal, document=document)
    return b"".join(house.store.open(ticket["file"]).chunks)


def text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("evidence.json").decode()


# --- on the command line


def verified(content: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    (folder / "chung-cu.zip").write_bytes(content)
    return command_line(["verify", str(folder / "chung-cu.zip")]), capsys.readouterr().out


def test_evidence_that_nobody_signed_is_not_called_intact(
    house: ExchangeHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = exported(house, finished(house), CLERK)
    assert verified(content, tmp_path, capsys) == (0, ANY)
    unsigned = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(unsigned, "w") as archive:
        for part in set(source.namelist()) - {"manifest.sig", "certificate.pem"}:
            archive.writestr(part, source.read(part))
    code, said = verified(unsigned.getvalue(), tmp_path, capsys)
    assert code == UNSIGNED
    assert "Toàn vẹn" not in said
    assert "nobody signed" in said


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A file of evidence with each part as `change` gives it, without those of which it makes nothing."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            changed = change(name, source.read(name))
            if changed is not None:
                archive.writestr(name, changed)
    return target.getvalue()


@pytest.mark.parametrize("manifest", [b"{", b"[]", b'{"parts": []}', b"\xff\xfe", None])
def test_an_altered_manifest_is_a_finding_in_words(
    house: ExchangeHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str], manifest: bytes | None
) -> None:
    content = exported(house, finished(house), CLERK)
    altered = rewritten(content, lambda name, part: manifest if name == "manifest.json" else part)
    code, said = verified(altered, tmp_path, capsys)
    assert code == 1
    assert f"{'Bị sửa · altered' if manifest else 'Bị mất · missing'}: part manifest.json" in said
    assert "signature of the manifest" in said


def test_any_altered_byte_of_an_export_is_told_in_words(
    house: ExchangeHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, seed = exported(house, finished(house), CLERK), random.Random(7)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
        ends = archive.start_dir  # what follows is the table of contents
        starts = sorted(one.header_offset for one in archive.infolist())
    places = [start + offset for start in starts for offset in (0, 6, 8, 9, 26, 60, 90)] + [ends + 10, ends + 46]
    for place in [*places, *seed.sample(range(ends), 40)]:
        altered = bytearray(content)
        altered[place] ^= 1 << seed.randrange(8)
        code, said = verified(bytes(altered), tmp_path, capsys)
        assert "Error(" not in said, place
        if code != 1:  # a byte of the container that says nothing of a part, or the container cannot be opened
            assert code == 2 or parts_of(bytes(altered)) == whole, place
            assert code == 0 or place >= ends, place


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_cannot_be_judged_to_its_end_is_named_in_words(house: ExchangeHouse) -> None:
    document = finished(house)
    house.alter("documents", {"_id": document}, **{"history.4.data": "x"})
    answer = house.ask("verify_evidence", CLERK, document=document)
    assert {"part": "statuses", "problem": "unreadable", "detail": ""} in answer["findings"]
    assert not [one for one in answer["findings"] if "(" in one["detail"] or "form of" in one["part"]]
