"""Searches and counts of documents read no more than their indexes bound."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient, monitoring

from services.document_routing.adapters.questions import CANDIDATES
from shared.contracts.principal import Role
from tests.integration.document_routing.exchanged import ask, exchanged
from tests.support.document_house import DocumentHouse
from tests.support.document_world import person

Document = dict[str, Any]


@pytest.fixture(scope="module")
def exchange(house: DocumentHouse) -> dict[str, str]:
    return exchanged(house)


@pytest.fixture(scope="module")
def many(house: DocumentHouse, exchange: dict[str, str]) -> int:
    """So many documents of one agency that reading them all would show."""
    assert house.database is not None
    template = house.database["documents"].find_one({"_id": exchange["waiting"]})
    assert template is not None
    rows = []
    for number in range(3 * CANDIDATES):
        status = "issued" if number % 2 else "signed"
        words = ["chung", f"word{number % 7}"]
        rows.append(
            {
                **template,
                "_id": f"many-{number:05d}",
                "agency": "H13",
                "status": status,
                "number": None,
                "search": [*words, "#thong_bao"],
                "position": f"{number:011x}many-{number:05d}",
                "outbox": [],
            }
        )
    house.database["documents"].insert_many(rows)
    arrival = house.database["arrivals"].find_one({"_id": exchange["arrival"]})
    assert arrival is not None
    house.database["arrivals"].insert_many([_arrival(arrival, number) for number in range(len(rows))])
    return len(rows)


OPEN_JOBS = 40
STATUSES = (None, "issued", "troubled")


def _arrival(template: Document, number: int) -> Document:
    """One of many; nearly all are completed, some long after their deadline."""
    is_open = number < OPEN_JOBS
    return {
        **template,
        "_id": f"many-{number:05d}",
        "agency": "H13",
        "status": "04" if is_open else "06",
        "open": is_open,
        "asked": False,
        "arrival_number": None,
        "handlers": ["lanh-dao-tp"],
        "search": ["chung", "~lanh-dao-tp"],
        "position": f"{number:011x}many-{number:05d}",
        "outbox": [],
    }


@pytest.fixture(scope="module")
def overheard(house: DocumentHouse, mongo_uri: str) -> Iterator[list[Document]]:
    """Every find command of the questions, as the driver sends it."""
    heard: list[Document] = []

    class Listener(monitoring.CommandListener):
        def started(self, event: monitoring.CommandStartedEvent) -> None:
            if event.command_name in ("find", "aggregate"):
                heard.append(dict(event.command))

        def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
            """Of no interest."""

        def failed(self, event: monitoring.CommandFailedEvent) -> None:
            """Of no interest."""

    assert house.database is not None
    with MongoClient[Document](mongo_uri, tz_aware=True, event_listeners=[Listener()]) as client:
        usual = house.context
        listening = DocumentHouse(now=house.now, database=client[house.database.name], client=client)
        house.context = listening.context
        yield heard
        house.context = usual


def judged(house: DocumentHouse, overheard: list[Document], client: MongoClient[Document], most: int) -> int:
    """How many questions were heard; each stood on an index, sorted nothing and read at most so many documents."""
    assert house.database is not None
    asked = 0
    for command in overheard:
        if command.get("find", command.get("aggregate")) not in ("documents", "arrivals"):
            continue
        kept = {name: value for name, value in command.items() if name in _ASKED}
        kept |= {"cursor": {}} if "aggregate" in kept else {}
        answer = client[house.database.name].command("explain", kept, verbosity="executionStats")
        inner = answer["stages"][0]["$cursor"] if "stages" in answer else answer
        plan = str(inner["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan, command
        assert "'SORT'" not in plan, command
        assert inner["executionStats"]["totalDocsExamined"] <= most, command
        asked += 1
    overheard.clear()
    return asked


_ASKED = ("find", "aggregate", "pipeline", "filter", "projection", "sort", "limit", "skip", "hint")


def test_every_search_of_outgoing_documents_reads_no_more_than_its_candidates(
    house: DocumentHouse, many: int, overheard: list[Document], client: MongoClient[Document]
) -> None:
    head = person("lanh-dao-tp", Role.HEAD_OF_UNIT, "H13")
    overheard.clear()
    for q, status, kind in itertools.product((None, "chung", "chung word3"), STATUSES, (None, "thong_bao")):
        ask(house, "list_documents", head, limit=50, q=q, status=status, kind=kind, issued_from="2026-01-01")
        assert judged(house, overheard, client, CANDIDATES + 50) >= 1


def test_every_search_of_incoming_documents_reads_no_more_than_its_candidates(
    house: DocumentHouse, many: int, overheard: list[Document], client: MongoClient[Document]
) -> None:
    head = person("lanh-dao-tp", Role.HEAD_OF_UNIT, "H13")
    overheard.clear()
    filters = itertools.product((None, "chung"), (None, "06", "open"), (None, "near", "overdue"), (None, "me"))
    for q, status, due, assignee in filters:
        ask(house, "list_arrivals", head, limit=50, q=q, status=status, due=due, assignee=assignee)
        assert judged(house, overheard, client, CANDIDATES + 50) >= 1


def test_what_an_officer_has_to_do_is_read_without_what_was_done(
    house: DocumentHouse, many: int, overheard: list[Document], client: MongoClient[Document]
) -> None:
    head = person("lanh-dao-tp", Role.HEAD_OF_UNIT, "H13")
    overheard.clear()
    page = ask(house, "list_arrivals", head, limit=50, assignee="me", status="open")
    assert (len(page["items"]), page["next"]) == (OPEN_JOBS, None)
    assert judged(house, overheard, client, OPEN_JOBS) == 1


def test_counting_looks_at_open_work_only(
    house: DocumentHouse, many: int, overheard: list[Document], client: MongoClient[Document]
) -> None:
    head = person("lanh-dao-tp", Role.HEAD_OF_UNIT, "H13")
    overheard.clear()
    assert ask(house, "count_arrivals", head)["open"] == OPEN_JOBS
    assert judged(house, overheard, client, OPEN_JOBS) == 7
