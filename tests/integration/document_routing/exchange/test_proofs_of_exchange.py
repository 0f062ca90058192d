"""Every hop has its receipt, and what is altered of it is named."""

import io
import zipfile
from typing import Any

from services.document_routing.adapters.evidence_file import judge
from services.document_routing.usecases.evidence import findings
from tests.integration.document_routing.exchange.exchanging import (
    OURS,
    THEIRS,
    acknowledge,
    content_of,
    issue,
    packages,
    sha256,
)
from tests.support.document_world import CLERK, THEIR_CLERK, THEIR_LEADER
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD
from tests.support.exchange_house import ANNEX, OTHER_SYSTEM, PDF, ExchangeHouse

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
    assert {"manifest.json", "manifest.sig", "certificate.pem", "evidence.json", f"files/{sha256(PDF)}"} <= set(names)


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
    file = f"files/{sha256(PDF)}"
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
