"""The work that every peer does for one submission, so that all of them do the same.

Check the token (cached, as everybody does), validate the body, take the next code of the agency and day, store the
application with its first hash-chained history entry under an identifier made from the idempotency key, publish the
event durably with a publisher confirm, answer 201 with the receipt.
"""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
TOKEN = "benchmark-token"
EXCHANGE = "peer.application"

BODY: dict[str, Any] = {
    "procedure": "2.000635",
    "agency": "H13.30.01",
    "channel": 2,
    "content": "Cấp bản sao trích lục khai sinh",
    "owner": {
        "applicant_class": "citizen",
        "name": "Nguyễn Văn An",
        "identity_kind": "cccd",
        "identity_number": "092090000123",
        "phone": "0912345678",
        "email": "an@example.vn",
        "address": {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"},
    },
    "answers": {"document_kind": "khai_sinh", "document_owner_name": "Nguyễn Văn An"},
    "quantities": {"copies": 2},
    "components": [{"component": "to_khai", "originals": 1}],
    "delivery": {"method": "counter"},
}


def now() -> datetime:
    """The present moment as MongoDB keeps it, in milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def code_of(agency: str, moment: datetime, number: int) -> str:
    """A dossier code for the agency and its local day."""
    return f"{agency}-{moment + timedelta(hours=7):%y%m%d}-{number:04d}"


def counter_of(agency: str, moment: datetime) -> str:
    """The counter that the code's number is taken from."""
    return f"{agency}-{moment + timedelta(hours=7):%y%m%d}"


def application_id(key: str) -> str:
    """The identifier that follows from the idempotency key."""
    return uuid.uuid5(NAMESPACE, key).hex


def build(body: dict[str, Any], key: str, number: int) -> dict[str, Any]:
    """The stored document of about the platform's size, with its first history entry."""
    moment = now()
    identifier, code = application_id(key), code_of(body["agency"], moment, number)
    payload = {
        "code": code,
        "procedure": body["procedure"],
        "agency": body["agency"],
        "status": 1,
        "channel": 2,
        "previous_status": None,
        "decide_by": (moment + timedelta(hours=8)).isoformat(),
    }
    receipt = {
        "id": identifier,
        "code": code,
        "status": 1,
        "status_name": "Mới đăng ký",
        "version": 1,
        "submitted_at": moment.isoformat(),
        "forms": [],
    }
    entry: dict[str, Any] = {
        "seq": 1,
        "id": f"{identifier}:1",
        "type": "application_submitted.v1",
        "at": moment,
        "actor": {"sub": "citizen-an", "role": "citizen", "agency": ""},
        "reason": "",
        "data": payload,
        "correlation": key,
        "prev": "",
        "command": {"key": key, "digest": hashlib.sha256(orjson.dumps(body)).hexdigest(), "answer": receipt},
    }
    entry["hash"] = hashlib.sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)).hexdigest()
    words = body["owner"]["name"].lower().split()
    return {
        **body,
        "_id": identifier,
        "version": 1,
        "head": entry["hash"],
        "code": code,
        "status": 1,
        "open": True,
        "visible_to": [body["agency"]],
        "parties": ["citizen-an", body["owner"]["identity_number"]],
        "matter": hashlib.sha256(f"{body['owner']['identity_number']}|{body['procedure']}".encode()).hexdigest(),
        "search": [f"{body['agency']}|{word}" for word in words],
        "submitted_at": moment,
        "deadline_at": moment + timedelta(hours=8),
        "next_due_at": moment + timedelta(hours=8),
        "due_work": [{"kind": "reception_late", "at": moment + timedelta(hours=8)}],
        "history": [entry],
    }


def event_of(document: dict[str, Any]) -> bytes:
    """The CloudEvents envelope of the document's first entry."""
    entry = document["history"][0]
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": entry["id"],
            "source": "/peer",
            "type": entry["type"],
            "subject": document["_id"],
            "time": entry["at"],
            "sequence": "1",
            "correlationid": entry["correlation"],
            "datacontenttype": "application/json",
            "data": entry["data"],
        }
    )


def receipt_of(document: dict[str, Any]) -> dict[str, Any]:
    """The answer that the first entry recorded."""
    receipt: dict[str, Any] = document["history"][0]["command"]["answer"]
    return receipt


INDEXES: list[list[tuple[str, int]]] = [
    [("code", 1)],
    [("visible_to", 1), ("status", 1), ("deadline_at", 1), ("_id", 1)],
    [("search", 1), ("submitted_at", -1), ("_id", -1)],
    [("parties", 1), ("submitted_at", -1)],
    [("matter", 1)],
    [("next_due_at", 1)],
]
"""As many indexes as the platform pays for, near enough; the runner reports the two numbers side by side."""
