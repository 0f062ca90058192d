"""Whatever letter or byte is altered of what is stored, it is named, and the verifier never stops."""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bson.raw_bson import RawBSONDocument

from services.document_routing.adapters.evidence_file import ZipVault
from services.document_routing.usecases import exchange_evidence
from services.document_routing.usecases.changes import DERIVED as CHANGED_ALONE
from services.document_routing.usecases.exchange_evidence import evidence_for
from shared.as_found import as_found, raw
from shared.errors import NotFound
from shared.history import ASIDE
from tests.integration.document_routing.exchange.exchanging import OURS
from tests.integration.document_routing.exchange.proving import (
    exported,
    places,
    text_of,
    verdict,
    verified,
    with_altered,
)
from tests.integration.document_routing.exchange.test_proofs_of_exchange import finished
from tests.support.document_world import CLERK, OPERATOR
from tests.support.documents_in_memory import WARD
from tests.support.exchange_house import ExchangeHouse
from tests.support.raw_bytes import elements, other_types, with_byte

ALTERED = ("documents", "arrivals", "messages", "packages", "message_log", "message_log_heads")
"""Everything that is kept of a document, but for its files."""


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
