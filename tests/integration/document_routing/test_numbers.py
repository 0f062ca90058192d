"""Numbers on a real database: no gap and no double under many at once, several processes, refusals and crashes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any, cast

import pytest
from pymongo import MongoClient

from services.document_routing.adapters.number_series import MongoNumberSeries
from services.document_routing.domain.numbering import Series
from services.document_routing.usecases import arrivals, documents
from services.document_routing.usecases.context import Context
from shared.errors import Error, Invalid
from shared.persistence import in_transaction
from tests.support.document_house import DocumentHouse
from tests.support.document_world import CLERK, LEADER, SIGNER, SPECIALIST, STRANGER, THEIR_CLERK

AT_ONCE = 200


def together(tasks: list[Any]) -> list[Any]:
    """Start all tasks in the same moment; what each gave or raised."""
    barrier = Barrier(len(tasks))

    def run(task: Any) -> Any:
        barrier.wait()
        try:
            return task()
        except Error as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def signed_documents(house: DocumentHouse, count: int) -> list[str]:
    """Documents that wait for their numbers."""
    return [house.signed(attachments=[]) for _ in range(count)]


def issue(house: DocumentHouse, context: Context, document: str, key: str) -> dict[str, Any]:
    request = {"document": document, "_version": 3, "_command": house.command(key)}
    return documents.issue_document(context, request, CLERK)


def numbers(house: DocumentHouse) -> list[int]:
    """All numbers that were given, in order."""
    assert house.database is not None
    found = house.database["documents"].find({"number": {"$type": "number"}, "agency": CLERK.agency})
    return sorted(row["number"] for row in found)


def test_200_issuers_at_once_in_two_processes_get_1_to_200(house: DocumentHouse) -> None:
    waiting = signed_documents(house, AT_ONCE)
    replicas = [house.context, house.replica()]
    receipts = together(
        [
            lambda place=place, document=document: issue(house, replicas[place % 2], document, f"issue-{place}")
            for place, document in enumerate(waiting)
        ]
    )
    assert [one for one in receipts if isinstance(one, Error)] == []
    assert sorted(receipt["number"] for receipt in receipts) == list(range(1, AT_ONCE + 1))
    assert numbers(house) == list(range(1, AT_ONCE + 1))

    again = [issue(house, replicas[0], document, f"issue-{place}") for place, document in enumerate(waiting[:5])]
    assert again == receipts[:5], "a repetition takes no number"


class Crash(Exception):
    """What a process that dies leaves behind: nothing of its transaction."""


class CrashingSave:
    """Aggregates that cannot be saved any more; all else works."""

    def __init__(self, kept: Any) -> None:
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)

    def save(self, *_: Any) -> bool:
        raise Crash


def test_a_crash_between_number_and_issue_leaves_no_hole(house: DocumentHouse) -> None:
    before = numbers(house)
    document = signed_documents(house, 1)[0]
    healthy = house.replica()
    broken = replace(healthy, documents=cast(Any, CrashingSave(healthy.documents)))
    with pytest.raises(Crash):
        issue(house, broken, document, "crash")
    assert issue(house, healthy, document, "crash")["number"] == len(before) + 1
    assert numbers(house) == list(range(1, len(before) + 2))


def test_a_refused_issue_takes_no_number(house: DocumentHouse) -> None:
    before = numbers(house)
    document = house.signed(unit=None)
    with pytest.raises(Invalid):
        issue(house, house.context, document, "refused")
    house.on_document("issue_document", signed_documents(house, 1)[0], CLERK)
    assert numbers(house) == list(range(1, len(before) + 2))


def test_every_agency_and_direction_has_a_series_of_its_own(house: DocumentHouse) -> None:
    stranger = house.draft(STRANGER, receivers=[])
    house.on_document("submit_document", stranger, STRANGER)
    head = type(LEADER)("la", "Lãnh đạo", LEADER.roles, agency=STRANGER.agency)
    house.on_document("sign_document", stranger, head, signer=SIGNER)
    assert house.on_document("issue_document", stranger, STRANGER)["number"] == 1


def test_arrivals_are_numbered_in_the_order_of_their_registration(house: DocumentHouse) -> None:
    paper = {
        "sender_name": "Công ty",
        "code": "25/CV",
        "issued_on": "2026-10-02",
        "kind": "cong_van",
        "subject": "Đề nghị",
    }
    receipts = together(
        [
            lambda n=n: arrivals.enter_arrival(
                house.context, {**paper, "_command": house.command(f"in-{n}")}, THEIR_CLERK
            )
            for n in range(40)
        ]
    )
    assert sorted(receipt["arrival_number"] for receipt in receipts) == list(range(1, 41))
    assert SPECIALIST.agency == CLERK.agency


def test_a_later_number_never_has_an_earlier_date(house: DocumentHouse, client: MongoClient[dict[str, Any]]) -> None:
    assert house.database is not None
    series = MongoNumberSeries(house.database)
    year = Series("H99", "outgoing", 2026)
    with series.turn(year):
        taken = [
            in_transaction(client, lambda day=day: series.take(year, day))
            for day in (date(2026, 12, 30), date(2026, 12, 31), date(2026, 12, 30), date(2027, 1, 1))
        ]
    assert taken == [
        (1, date(2026, 12, 30)),
        (2, date(2026, 12, 31)),
        (3, date(2026, 12, 31)),
        (4, date(2026, 12, 31)),
    ]
