"""Every question stands on an index: none reads a collection through, sorts in memory, or reads more as data grow."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.one_stop_shop.adapters.application_queries import MOST_CANDIDATES
from services.one_stop_shop.domain.clock import NEAR_DUE
from services.one_stop_shop.domain.search_index import searchable_words
from shared.contracts.principal import Principal, Role
from shared.words import matches
from tests.integration.one_stop_shop_queries.conftest import AGENCIES, NOW, Overheard, fill
from tests.support.house import House
from tests.support.shop_in_memory import catalogue

Document = dict[str, Any]
AGENCY, LIMIT = AGENCIES[0], 50
OFFICER = Principal("officer-1", "Cán bộ 1", frozenset({Role.HEAD_OF_UNIT}), agency=AGENCY)
SYSTEM = Principal("system", "Đồng bộ", frozenset({Role.AGENCY_SYSTEM}), agency=AGENCY)
PERIOD = {"first_day": "2026-09-01", "last_day": "2026-10-05"}

MOST_KEYS = 2 * MOST_CANDIDATES + LIMIT
"""A page looks at its candidates twice: to count them off, and to try the conditions; one more key per interval."""

FILTERS: dict[str, tuple[Any, ...]] = {
    "status": (None, 4, 10),
    "step": (None, "signing"),
    "assignee": (None, "me", "none"),
    "due": (None, "near", "overdue"),
    "procedure": (None, "2.000815"),
    "q": (None, "nguyen", "nguyễn văn"),
}


@pytest.fixture(scope="module")
def many(house: House) -> list[Document]:
    """So many that reading all of one agency's would show."""
    filled = fill(house, 9000, NOW, seed=2)
    house.ask("list_applications", OFFICER)  # agencies and calendars are remembered from now on
    house.ask("list_register", OFFICER, **PERIOD)
    return filled


@pytest.fixture(scope="module")
def judge(mongo_uri: str) -> Iterator[MongoClient[Document]]:
    with MongoClient[Document](mongo_uri) as client:
        yield client


def stages(plan: Any) -> Iterator[str]:
    """The stages of a winning plan."""
    if isinstance(plan, list):
        for part in plan:
            yield from stages(part)
    elif isinstance(plan, dict):
        if "stage" in plan:
            yield plan["stage"]
        for name, part in plan.items():
            if name not in ("rejectedPlans", "executionStats"):
                yield from stages(part)


def explained(judge: MongoClient[Document], house: House, command: Document) -> tuple[set[str], Document]:
    """What the database says it does for a command, and how much it read."""
    assert house.database is not None
    kept = {name: value for name, value in command.items() if name not in _ENVELOPE}
    if "aggregate" in kept:
        kept["cursor"] = {}
    database = judge[command["$db"]]
    answer = database.command("explain", kept, verbosity="executionStats")
    inner = answer["stages"][0]["$cursor"] if "stages" in answer else answer
    return set(stages(inner["queryPlanner"]["winningPlan"])), inner["executionStats"]


_ENVELOPE = ("lsid", "$db", "$clusterTime", "$readPreference", "txnNumber", "cursor", "maxTimeMS")


def check(
    judge: MongoClient[Document], house: House, overheard: Overheard, most_documents: int, most_keys: int
) -> None:
    """All questions heard since the list was cleared."""
    commands = list(overheard.commands)
    assert commands
    for command in commands:
        found, stats = explained(judge, house, command)
        assert found & {"IXSCAN", "IDHACK", "COUNT_SCAN", "CLUSTERED_IXSCAN"}, (command, found)
        assert not found & {"COLLSCAN", "SORT", "SORT_SIMPLE", "SORT_DEFAULT"}, (command, found)
        assert stats["totalDocsExamined"] <= most_documents, (command, stats["totalDocsExamined"])
        assert stats["totalKeysExamined"] <= most_keys, (command, stats["totalKeysExamined"])


def test_every_combination_of_filters_stands_on_an_index(
    house: House, many: list[Document], overheard: Overheard, judge: MongoClient[Document]
) -> None:
    for combination in itertools.product(*FILTERS.values()):
        overheard.commands.clear()
        filters = dict(zip(FILTERS, combination, strict=True))
        page = house.ask("list_applications", OFFICER, limit=LIMIT, **filters)
        if page["next"]:
            house.ask("list_applications", OFFICER, limit=LIMIT, cursor=page["next"], **filters)
            house.ask("list_applications", OFFICER, limit=LIMIT, cursor=page["next"], back=True, **filters)
        if overheard.commands:  # nothing is asked where no status can match
            check(judge, house, overheard, MOST_CANDIDATES + LIMIT, MOST_KEYS)


def test_few_matches_among_many_candidates_are_all_found_in_short_pages(house: House, many: list[Document]) -> None:
    own = [document for document in many if document["visible_to"] == [AGENCY]]
    for word, status in itertools.product(("nguyen", "tran"), (5, 8)):
        meant = [d for d in own if d["status"] == status and matches(searchable_words(d), [word])]
        rows = house.pages("list_applications", OFFICER, limit=LIMIT, q=word, status=status)
        assert {row["id"] for row in rows} == {document["_id"] for document in meant}
    first = house.ask("list_applications", OFFICER, limit=LIMIT, q="n", status=8)
    assert len(first["items"]) < LIMIT
    assert first["next"]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("list_applications", {"q": "H13.30.01-261005-0001"}),
        ("list_applications", {"q": "092090000123"}),
        ("list_applications", {"q": "0001"}),
        ("list_register", PERIOD),
        ("follow_application", {"code": "H13.30.01-261005-0001"}),
    ],
)
def test_what_officers_ask_stands_on_an_index(
    house: House,
    many: list[Document],
    overheard: Overheard,
    judge: MongoClient[Document],
    operation: str,
    request_: Document,
) -> None:
    one = next(document for document in many if document["visible_to"] == [AGENCY])
    request_ = {name: one["code"] if "-261005-" in value else value for name, value in request_.items()}
    overheard.commands.clear()
    house.ask(operation, OFFICER, limit=LIMIT, **request_)
    check(judge, house, overheard, LIMIT + 1, LIMIT + 10)


def test_one_application_its_history_and_its_duplicates_stand_on_an_index(
    house: House, many: list[Document], overheard: Overheard, judge: MongoClient[Document]
) -> None:
    one = next(document for document in many if document["visible_to"] == [AGENCY])
    for operation in ("get_application", "get_history", "verify_history"):
        overheard.commands.clear()
        house.ask(operation, OFFICER, application=one["_id"])
        check(judge, house, overheard, 5, 5)


def test_what_citizens_and_systems_ask_stands_on_an_index(
    house: House, many: list[Document], overheard: Overheard, judge: MongoClient[Document]
) -> None:
    one = many[0]
    citizen = Principal(
        one["applicant"], "A", frozenset({Role.CITIZEN}), identity=one["owner"]["identity_number"], verified=True
    )
    for principal, operation, filters in (
        (citizen, "list_applications", {}),
        (citizen, "list_applications", {"status": 10, "q": "nguyen"}),
        (citizen, "list_applications", {"turn": "applicant"}),
        (citizen, "count_applications", {}),
        (citizen, "list_notices", {}),
        (SYSTEM, "list_changes", {}),
    ):
        overheard.commands.clear()
        page = house.ask(operation, principal, limit=LIMIT, **filters)
        if page.get("next"):
            house.ask(operation, principal, limit=LIMIT, cursor=page["next"], **filters)
        check(judge, house, overheard, LIMIT + 1, LIMIT + 10)


def test_the_badges_read_index_entries_of_open_applications_only(
    house: House, many: list[Document], overheard: Overheard, judge: MongoClient[Document]
) -> None:
    overheard.commands.clear()
    counts = house.ask("count_applications", OFFICER)
    waiting = sum(counts["by_status"].values())
    near = [command for command in overheard.commands if "near_due_at" in str(command)]
    assert len(near) == 1
    overheard.commands.remove(near[0])
    check(judge, house, overheard, 0, waiting + 20)
    overheard.commands[:] = near
    end = catalogue().working_time(AGENCY).add(NOW, NEAR_DUE)
    due_today = [one for one in many if AGENCY in one["visible_to"] and NOW <= (one["deadline_at"] or end) < end]
    assert 0 < counts["near_due"] < len(due_today)
    check(judge, house, overheard, len(due_today), len(due_today) + 20)


def test_reports_read_only_what_was_alive_in_their_period(
    house: House, many: list[Document], overheard: Overheard, judge: MongoClient[Document]
) -> None:
    first = NOW - timedelta(days=34, hours=8)
    alive = sum(
        document["competent_agency"] == AGENCY
        and document["received_at"] is not None
        and (document["ended_at"] is None or document["ended_at"] >= first)
        for document in many
    )
    for operation in ("report_06a", "report_indicators"):
        house.ask(operation, OFFICER, **PERIOD)
        overheard.commands.clear()
        house.ask(operation, OFFICER, **PERIOD)
        overheard.commands[:] = [command for command in overheard.commands if "applications" in command.values()]
        check(judge, house, overheard, alive + 1, alive + 60)


def test_the_catalogue_stands_on_its_codes(house: House, overheard: Overheard, judge: MongoClient[Document]) -> None:
    overheard.commands.clear()
    house.ask("list_procedures", None, q="khai sinh")
    house.ask("list_topics", None)
    house.ask("get_procedure", None, code="1.001193")
    house.ask("list_agencies", None)
    house.ask("get_calendar", None, year="2026")
    check(judge, house, overheard, 200, 200)  # the agencies are read whole, when what is remembered of them is old
