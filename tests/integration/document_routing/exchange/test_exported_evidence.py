"""Evidence that is exported: who may have it, what it holds, how an alteration of it is told."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY

import pytest

from services.document_routing.adapters.evidence_file import judge
from services.document_routing.evidence import UNSIGNED
from services.document_routing.usecases.evidence import findings
from shared.errors import NotFound
from tests.integration.document_routing.exchange.exchanging import OURS, message_of, packages, send
from tests.integration.document_routing.exchange.proving import exported, text_of, verdict, verified, worked_on
from tests.integration.document_routing.exchange.test_proofs_of_exchange import finished
from tests.support.document_world import (
    CLERK,
    MONDAY,
    OPERATOR,
    SPECIALIST,
    STRANGER,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
)
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD, WARD
from tests.support.exchange_house import OTHER_SYSTEM, ExchangeHouse

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
