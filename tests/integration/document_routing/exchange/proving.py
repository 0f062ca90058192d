"""Verdicts on documents, and what tests alter."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.document_routing.evidence import main as command_line
from services.document_routing.usecases import questions
from shared.contracts.principal import Principal
from tests.integration.document_routing.exchange.exchanging import acknowledge, content_of, issue, packages
from tests.support.document_world import CLERK, THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD
from tests.support.exchange_house import OTHER_SYSTEM, ExchangeHouse


def verdict(house: ExchangeHouse, document: str, principal: Principal = CLERK) -> set[str]:
    """What is found altered, by name."""
    answer = house.ask("verify_evidence", principal, document=document)
    assert answer["intact"] is not bool(answer["findings"])
    return {one["part"] for one in answer["findings"]}


def intact(house: ExchangeHouse, kind: str, identifier: str, principal: Principal) -> bool:
    verify = getattr(questions, f"verify_{kind}_history")
    return bool(verify(house.context, {kind: identifier}, principal)["intact"])


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
