"""What becomes of an invented application: its moments, pauses, papers, payment and history."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.one_stop_shop.domain.statuses import Status
from shared.history import next_entry

Document = dict[str, Any]
OFFICERS = 6


@dataclass(frozen=True)
class Kind:
    """A procedure as far as it shapes applications: its days, its fee and how often it is applied for."""

    code: str
    name: str
    sector: str
    days: int
    fee: int
    weight: int


STEPS = {"appraisal": "specialist", "signing": "head_of_unit", "issue": "reception_officer"}
"""The steps of processing, by whose work they are."""


def progress(chance: random.Random, document: Document, status: Status, kind: Kind, now: datetime) -> None:
    """Bring an application to its status by plausible moments, none of them in the future."""
    submitted_at: datetime = document["submitted_at"]
    document["deadline_at"] = document["reception_due_at"]
    if status is Status.SUBMITTED:
        return
    decided_at = min(submitted_at + timedelta(hours=chance.uniform(0.1, 9)), now)
    if status is Status.REFUSED:
        document |= {"refused_at": decided_at, "closed_at": decided_at, "deadline_at": None}
        return
    due_at = decided_at + timedelta(days=kind.days)
    clock = _clock(decided_at, due_at)
    document |= {"received_at": decided_at, "due_at": due_at, "deadline_at": due_at, "clock": clock}
    worked = timedelta(days=kind.days * chance.choice((0.2, 0.5, 0.7, 0.9, 0.98, 1.2)))
    ended_at = min(decided_at + worked, now)
    if chance.random() < 0.07 or status is Status.SUPPLEMENT:
        _supplement(chance, document, decided_at, ended_at, still=status is Status.SUPPLEMENT)
    _end(chance, document, status, decided_at, ended_at, now)
    if status in (Status.RECEIVED, Status.IN_PROCESS, Status.SUPPLEMENT) and chance.random() < 0.6:
        officer = chance.randrange(OFFICERS)
        document |= {"assignee": f"officer-{officer}", "assignee_name": f"Cán bộ {officer}"}


def _end(
    chance: random.Random, document: Document, status: Status, decided_at: datetime, ended_at: datetime, now: datetime
) -> None:
    """What the last status of an application brings with it."""
    if status in (Status.FINISHED, Status.RETURNED):
        document["clock"]["stopped_at"] = ended_at
        files = [{"id": "0" * 64, "name": "ket-qua.pdf", "size": 1000}] if chance.random() < 0.8 else []
        document |= {
            "finished_at": ended_at,
            "deadline_at": None,
            "result": {"kind": "granted", "number": "1", "files": files},
        }
    if status is Status.RETURNED:
        returned_at = min(ended_at + timedelta(hours=chance.uniform(0, 30)), now)
        document |= {"returned_at": returned_at, "closed_at": returned_at, "returned": {"method": "counter"}}
        if chance.random() < 0.3:
            score = chance.choices(("very_satisfied", "satisfied", "dissatisfied"), (60, 37, 3))[0]
            document["ratings"] = [{"by": document["applicant"], "score": score, "comment": "", "at": returned_at}]
    elif status is Status.WITHDRAWN:
        document |= {"withdrawal": {"state": "accepted"}, "closed_at": ended_at, "deadline_at": None}
    elif status is Status.STOPPED:
        _pause(document, decided_at, "stop")
        document["deadline_at"] = None
    elif status is Status.PAYMENT:
        _pause(document, decided_at, "obligation")
        document["deadline_at"] = decided_at + timedelta(days=10)
    elif status is Status.IN_PROCESS:
        document["step"] = chance.choice(tuple(STEPS))
        moments = dict.fromkeys(("started_at", "due_at", "done_at"))
        document["steps"] = [{"key": key, "name": key, "role": role, **moments} for key, role in STEPS.items()]


def _supplement(
    chance: random.Random, document: Document, asked_from: datetime, until: datetime, *, still: bool
) -> None:
    asked_at = asked_from + (until - asked_from) * 0.3
    times = 2 if chance.random() < 0.2 else 1
    for time_asked in range(1, times + 1):
        document["supplements"].append(
            {
                "times": time_asked,
                "stage": "appraisal",
                "asked_at": asked_at,
                "supply_by": asked_at + timedelta(days=30),
                "supplied_at": asked_at,
                "asked_by": "officer-1",
                "reason": "Thiếu thành phần",
                "items": [],
            }
        )
        _pause(document, asked_at, "supplement", asked_at + timedelta(hours=2))
    if still:
        document["supplements"][-1]["supplied_at"] = None
        document["clock"]["intervals"][-1]["paused_to"] = None
        document["deadline_at"] = document["supplements"][-1]["supply_by"]


def _pause(document: Document, at: datetime, reason: str, until: datetime | None = None) -> None:
    interval = {"paused_from": at, "paused_to": until, "reason": reason, "actor": "officer-1"}
    document["clock"]["intervals"].append(interval)


def _clock(received_at: datetime, due_at: datetime) -> Document:
    return {
        "policy": "PAUSE_REMAINING",
        "time": "3 working days",
        "started_at": received_at,
        "counted_from": received_at,
        "due_at": due_at,
        "intervals": [],
        "extensions": [],
        "former_due": [],
        "stopped_at": None,
    }


def component(chance: random.Random) -> Document:
    filed = chance.random() < 0.8
    return {
        "component": "to_khai",
        "name": "Tờ khai",
        "required": True,
        "originals": int(not filed),
        "certified_copies": 0,
        "photocopies": 0,
        "attachment": "1" if filed else None,
        "file": {"id": "0" * 64, "sha256": "0" * 64, "name": "to-khai.pdf", "size": 48213, "type": "application/pdf"}
        if filed
        else None,
        "reused_from": chance.choices((None, "component", "result"), (85, 10, 5))[0],
    }


def payment(chance: random.Random, kind: Kind) -> Document:
    if not kind.fee:
        return {"state": "none", "amount": 0, "lines": [], "method": None}
    method = chance.choices(("online", "cash", "transfer"), (70, 25, 5))[0]
    line = {"key": "fee", "name": {"vi": "Lệ phí", "en": "Fee"}, "collected": "reception", "amount": kind.fee}
    return {"state": "paid", "amount": kind.fee, "lines": [line], "method": method}


def history_of(document: Document) -> Document:
    """A short, whole chain: handed in, and the last change of status."""
    actor = {"sub": document["applicant"], "role": "citizen", "agency": ""}
    procedure, agency = document["procedure"]["code"], document["competent_agency"]
    told = {"code": document["code"], "procedure": procedure, "agency": agency}
    head, entries = "", []
    steps = [("application_submitted.v1", document["submitted_at"], 1)]
    if document["received_at"]:
        steps.append(("application_received.v1", document["received_at"], 2))
    if document["finished_at"]:
        steps.append(("application_finished.v1", document["finished_at"], 9))
    if document["returned_at"]:
        steps.append(("application_returned.v1", document["returned_at"], 10))
    for version, (name, at, status) in enumerate(steps):
        entry = next_entry(
            document["_id"],
            version,
            head,
            type=name,
            at=at,
            actor=actor,
            data={**told, "status": status},  # type: ignore[arg-type]
        )
        head = entry["hash"]
        entries.append(entry)
    return {"history": entries, "version": len(entries), "head": head}
