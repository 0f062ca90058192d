"""The copy of the officers in MongoDB: the newest event counts, every question stands on an index, work is found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandListener

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.questions import ARRIVAL_INDEXES, MongoQuestions
from services.one_stop_shop.adapters.applications import Applications
from shared.contracts.email_provisioning.events import OfficerAppointed, OfficerLeft, OfficerMoved
from shared.indexes import due_by
from shared.officer_copies import FILLING, keep_officer, looked_at
from shared.officer_store import MongoOfficerCopies
from tests.support.officers import announced, post

Document = dict[str, Any]
NOW = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
HERE, ENDED = post("H13.30.01", "specialist"), post("H13.30.01", "specialist", ends_on="2026-10-04")
MANY = 2000


class Heard(CommandListener):
    """The questions put to the database."""

    def __init__(self) -> None:
        self.commands: list[Document] = []

    def started(self, event: Any) -> None:
        if event.command_name == "find":
            self.commands.append(dict(event.command))

    def succeeded(self, event: Any) -> None:
        """Only what was asked matters."""

    def failed(self, event: Any) -> None:
        """Only what was asked matters."""


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def store(mongo_uri: str, mongo_prefix: str, heard: Heard) -> Iterator[Database[Document]]:
    with MongoClient[Document](mongo_uri, tz_aware=True, event_listeners=[heard]) as client:
        yield client[f"{mongo_prefix}copies"]
        client.drop_database(f"{mongo_prefix}copies")


@pytest.fixture(scope="module")
def copies(store: Database[Document]) -> MongoOfficerCopies:
    """A copy of many officers."""
    copies = MongoOfficerCopies(store)
    copies.ensure_indexes()
    copies.ensure_indexes()
    for number in range(MANY):
        keep_officer(copies, announced(OfficerAppointed, f"o{number}", 1, f"Cán bộ {number}", [HERE]), NOW)
    keep_officer(copies, announced(OfficerAppointed, "no-account", 1, "Không tài khoản", [HERE], account=None), NOW)
    return copies


def examined(store: Database[Document], heard: Heard, index: str) -> int:
    """How much the last question read; it stood on this index and sorted nothing."""
    kept = {name: value for name, value in heard.commands[-1].items() if name not in ("lsid", "$clusterTime", "$db")}
    plan = store.command("explain", kept, verbosity="executionStats")
    text = str(plan["queryPlanner"]["winningPlan"])
    assert f"'indexName': '{index}'" in text, text
    assert "SORT" not in text
    return int(plan["executionStats"]["totalDocsExamined"])


def test_the_newest_event_counts_and_a_copy_of_an_older_one_changes_nothing(copies: MongoOfficerCopies) -> None:
    for sequence, event, posts in (
        (1, OfficerAppointed, [HERE]),
        (3, OfficerLeft, [ENDED]),
        (2, OfficerMoved, [HERE]),
    ):
        keep_officer(copies, announced(event, "hoa", sequence, "Đỗ Thị Hoa", posts, successor="o1"), NOW)
    officer, row = copies.of_account("hoa"), copies.row("hoa")
    assert officer is not None
    assert row is not None
    assert (row["heard"], officer.successor, row["next_due_at"]) == (3, "o1", NOW)
    assert not copies.settle("hoa", 2, looked_at(row, NOW)), "a newer event was heard meanwhile"
    assert copies.settle("hoa", 3, looked_at(row, NOW))
    settled = copies.row("hoa")
    assert settled is not None
    assert settled["looks"] == 1


def test_an_account_is_looked_up_by_its_index(
    copies: MongoOfficerCopies, store: Database[Document], heard: Heard
) -> None:
    assert copies.of_account("nobody") is None
    found = copies.of_account("o77")
    assert found is not None
    assert found.name == "Cán bộ 77"
    assert examined(store, heard, "account") == 1


def test_who_has_a_post_at_an_agency_is_looked_up_by_its_index(
    copies: MongoOfficerCopies, store: Database[Document], heard: Heard
) -> None:
    keep_officer(copies, announced(OfficerAppointed, "far", 1, "Ở xa", [post("H99", "clerk")]), NOW)
    assert [officer.account for officer in copies.with_posts_at(["H99", "H98"])] == ["far"]
    assert examined(store, heard, "posts") == 1
    assert "no-account" not in {officer.id for officer in copies.with_posts_at(["H13.30.01"])}


def test_what_is_due_is_looked_up_by_its_index(copies: MongoOfficerCopies, store: Database[Document]) -> None:
    plan = store["officers"].find(due_by(NOW)).sort("next_due_at").explain()
    assert "'indexName': 'next_due'" in str(plan["queryPlanner"]["winningPlan"])


def test_a_copy_is_not_believed_before_it_had_time_to_fill(
    copies: MongoOfficerCopies, store: Database[Document]
) -> None:
    assert copies.is_filling(NOW)
    store["inbox_joined"].insert_one({"_id": "email_provisioning.officer", "at": NOW})
    assert copies.is_filling(NOW + FILLING - timedelta(seconds=1))
    assert not copies.is_filling(NOW + FILLING)


def test_an_officers_applications_are_found_by_an_index(store: Database[Document], heard: Heard) -> None:
    applications = Applications(store, lambda *_: None)
    applications.ensure_indexes()
    rows = [
        {"_id": f"a{number:05d}", "code": f"c{number}", "assignee": f"o{number % 100}" if number % 2 else None}
        for number in range(MANY)
    ]
    store["applications"].insert_many(rows)
    assert applications.assigned_to("o7", after="", limit=5) == [f"a{number:05d}" for number in (7, 107, 207, 307, 407)]
    assert examined(store, heard, "assigned_to") <= 5
    assert applications.assigned_to("o7", after="a01800", limit=5) == ["a01807", "a01907"]


def test_an_officers_open_arrivals_are_found_by_an_index(store: Database[Document], heard: Heard) -> None:
    Aggregates(store["arrivals"], lambda *_: None).ensure_indexes(*ARRIVAL_INDEXES)
    rows = [
        {"_id": f"a{number:05d}", "open": number % 2 == 1, "handlers": [f"o{number % 10}", "o7"]}
        for number in range(MANY)
    ]
    store["arrivals"].insert_many(rows)
    questions = MongoQuestions(store["arrivals"])
    assert questions.handled_by("o3", after="a00010", limit=3) == ["a00013", "a00023", "a00033"]
    assert examined(store, heard, "handled_by") <= 3
    assert len(questions.handled_by("o7", after="", limit=MANY)) == MANY // 2
