"""Lists show exactly what they should, in a stable order, whatever filters are combined and however long a page is."""

import itertools
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.portal.desk_list import QUEUES, tile_count
from services.one_stop_shop.adapters import application_queries
from services.one_stop_shop.domain.read_model import found_by, is_closed, queue_fields
from services.one_stop_shop.domain.search_index import searchable_words
from services.one_stop_shop.domain.transitions import is_allowed
from services.one_stop_shop.usecases.context import actor_of
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, Invalid
from shared.words import matches, words
from tests.integration.one_stop_shop_queries.conftest import AGENCIES, NOW
from tests.support.house import House
from tests.support.shop_in_memory import catalogue
from tests.support.world import OPERATOR

Document = dict[str, Any]
AGENCY = AGENCIES[0]
HEAD = Principal("officer-3", "Lãnh đạo", frozenset({Role.HEAD_OF_UNIT}), agency=AGENCY)
OFFICER = Principal("officer-1", "Cán bộ 1", frozenset({Role.SPECIALIST}), agency=AGENCY)
RUNNING = (1, 2, 4)

STATUSES = (None, 1, 4, 5, 10)
STEPS = (None, "signing")
ASSIGNEES = (None, "me", "none", "officer-2")
DUES = (None, "near", "overdue")
PROCEDURES = (None, "2.000815")
TEXTS = (None, "nguyen", "Nguyễn Văn", "an", "0003")
COMBINATIONS = list(itertools.product(STATUSES, STEPS, ASSIGNEES, DUES, PROCEDURES, TEXTS))


def wanted(document: Document, filters: Document) -> bool:
    """The filters in their plainest words."""
    near = catalogue().working_time(AGENCY).add(NOW, timedelta(hours=8))
    deadline, assignee, due = document["deadline_at"], filters["assignee"], filters["due"]
    near_from, running = document["near_due_at"], document["status"] in RUNNING
    return all(
        (
            AGENCY in document["visible_to"],
            filters["status"] in (None, document["status"]),
            filters["step"] in (None, document["step"]),
            assignee is None or document["assignee"] == {"me": "officer-1", "none": None}.get(assignee, assignee),
            assignee != "none" or not is_closed(document),
            due != "near" or (running and NOW <= deadline < near and (not near_from or near_from <= NOW)),
            due != "overdue" or (running and deadline < NOW),
            filters["procedure"] in (None, document["procedure"]["code"]),
            filters["q"] is None or matches(searchable_words(document), words(filters["q"])),
        )
    )


@pytest.mark.parametrize("limit", [7, 150])
def test_every_combination_of_filters_finds_exactly_what_it_should(
    house: House, samples: list[Document], limit: int
) -> None:
    for combination in random.Random(limit).sample(COMBINATIONS, limit + 20):
        filters = dict(zip(("status", "step", "assignee", "due", "procedure", "q"), combination, strict=True))
        rows = house.pages("list_applications", OFFICER, limit=limit, **filters)
        expected = sorted(
            (document for document in samples if wanted(document, filters)),
            key=lambda document: document["arrival"] if filters["q"] else document["position"],
            reverse=bool(filters["q"]),
        )
        assert [row["id"] for row in rows] == [document["_id"] for document in expected], filters


def test_open_applications_come_in_the_order_of_their_deadlines(house: House, samples: list[Document]) -> None:
    for status in (1, 2, 4, 5):
        deadlines = [row["deadline_at"] for row in house.pages("list_applications", OFFICER, status=status)]
        assert deadlines
        assert deadlines == sorted(deadlines)


def test_overdue_is_reckoned_by_the_clock_on_the_wall(house: House, samples: list[Document]) -> None:
    rows = house.pages("list_applications", OFFICER)
    late = {row["id"] for row in rows if row["overdue"]}
    assert late == {row["id"] for row in house.pages("list_applications", OFFICER, due="overdue")}
    assert late


def test_a_row_says_what_its_reader_may_do_and_stands_where_the_application_does(
    house: House, samples: list[Document]
) -> None:
    """By the rules of the application itself, though a list reads few of its fields."""
    for reader in (OFFICER, HEAD):
        rows = {row["id"]: row for row in house.pages("list_applications", reader)}
        told = [
            (
                {name: rows[one["_id"]][name] for name in ("claimable", "assignable", "withdrawn")},
                {
                    "claimable": is_allowed(one, actor_of(reader), "claim"),
                    "assignable": is_allowed(one, actor_of(reader), "assign"),
                    "withdrawn": one["status"] == 7 and is_closed(one),
                },
            )
            for one in samples
            if AGENCY in one["visible_to"]
        ]
        assert [pair for pair in told if pair[0] != pair[1]] == []
        assert {row["claimable"] for row, _ in told} == {True, False}


def test_a_withdrawal_that_is_only_asked_for_is_not_told_as_agreed_to(house: House, samples: list[Document]) -> None:
    code = "H13.30.01-260101-9999"
    asked = {"code": code, "status": 7, "withdrawal": {"state": "requested"}, "visible_to": [AGENCY], "step": None}
    assert house.database is not None
    house.database["applications"].insert_one({**samples[0], "_id": "f" * 32, **asked})
    (row,) = house.pages("list_applications", OFFICER, q=code)
    house.database["applications"].delete_one({"_id": "f" * 32})
    assert (row["id"], row["withdrawn"]) == ("f" * 32, False)


@pytest.mark.parametrize("text", [None, "nguyen"])
def test_what_is_closed_is_found_apart_from_what_is_open(
    house: House, samples: list[Document], text: str | None
) -> None:
    whole, closed, still = (
        [row["id"] for row in house.pages("list_applications", OFFICER, q=text, closed=asked)]
        for asked in (None, True, False)
    )
    is_over = {one["_id"]: is_closed(one) for one in samples}
    assert closed == [one for one in whole if is_over[one]]
    assert still == [one for one in whole if not is_over[one]]
    assert closed
    assert still


def test_pages_stay_stable_while_applications_arrive_and_leave(house: House, samples: list[Document]) -> None:
    assert house.database is not None
    collection = house.database["applications"]
    first = house.ask("list_applications", OFFICER, limit=20)
    before, after = dict(first["items"][0]), {**samples[0], "visible_to": [AGENCY], "status": 1, "withdrawal": None}
    arrived = {**after, "_id": "f" * 32, "code": "H13.30.01-261005-9999", "deadline_at": NOW - timedelta(days=400)}
    collection.insert_one(arrived | queue_fields(arrived) | found_by(arrived))
    collection.update_one({"_id": before["id"]}, {"$set": {"visible_to": ["H13.99"]}})
    rest = house.pages("list_applications", OFFICER, limit=20)
    second = house.ask("list_applications", OFFICER, limit=20, cursor=first["next"])
    collection.delete_one({"_id": arrived["_id"]})
    collection.update_one({"_id": before["id"]}, {"$set": {"visible_to": [AGENCY]}})
    assert rest[0]["id"] == arrived["_id"]
    known = {row["id"] for row in first["items"]}
    assert known.isdisjoint(row["id"] for row in second["items"])
    assert [row["id"] for row in rest[20:40]] == [row["id"] for row in second["items"]]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"status": 4},
        {"due": "overdue"},
        {"assignee": "me", "procedure": "2.000815"},
        {"q": "nguyen"},
        {"q": "0003"},
    ],
    ids=str,
)
def test_from_each_place_the_page_back_ends_where_the_next_one_begins(
    house: House, samples: list[Document], filters: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application_queries, "FIRST_CANDIDATES", 9)  # so that pages end between candidates too
    monkeypatch.setattr(application_queries, "MOST_CANDIDATES", 13)
    listed = [row["id"] for row in house.pages("list_applications", OFFICER, **filters)]
    page, seen = house.ask("list_applications", OFFICER, limit=7, **filters), 0
    assert page["next"], "there are several"
    while page["next"]:
        seen, place = seen + len(page["items"]), page["next"]
        before = house.pages_back("list_applications", OFFICER, place, limit=7, **filters)
        assert [row["id"] for row in before] == listed[:seen]
        page = house.ask("list_applications", OFFICER, limit=7, cursor=place, **filters)
    assert seen + len(page["items"]) == len(listed)


@pytest.mark.parametrize(
    "text",
    [
        lambda one: one["code"],
        lambda one: f"  {one['code'].lower()} ",
        lambda one: one["code"].partition("-")[2],
        lambda one: one["owner"]["identity_number"],
        lambda one: one["owner"]["phone"],
        lambda one: one["owner"]["name"],
        lambda one: one["owner"]["name"].upper()[:-1],
    ],
)
def test_an_officer_finds_an_application_by_what_people_say(
    house: House, samples: list[Document], text: Callable[[Document], str]
) -> None:
    one = next(document for document in samples if document["visible_to"] == [AGENCY])
    assert one["_id"] in {row["id"] for row in house.pages("list_applications", OFFICER, q=text(one))}


@pytest.mark.parametrize("text", ["xyzxyz", "H13.30.01-251005-0001x"])
def test_a_search_for_nothing_finds_nothing(house: House, samples: list[Document], text: str) -> None:
    assert house.ask("list_applications", OFFICER, q=text) == {"items": [], "next": None}


def test_marks_alone_are_nothing_to_search_for(house: House) -> None:
    with pytest.raises(Invalid, match="q: wordless"):
        house.ask("list_applications", OFFICER, q="!!!")


def test_đ_is_searched_as_d_and_marks_are_ignored(house: House, samples: list[Document]) -> None:
    families = {row["owner_name"].split()[0] for row in house.pages("list_applications", OFFICER, q="dang")}
    assert "Đặng" in families


def test_citizens_find_their_own_newest_first(house: House, samples: list[Document]) -> None:
    one = samples[5]
    citizen = Principal(one["applicant"], "A", frozenset({Role.CITIZEN}))
    owner = Principal("x", "A", frozenset({Role.CITIZEN}), identity=one["owner"]["identity_number"], verified=True)
    own = [document for document in samples if document["applicant"] == one["applicant"]]
    expected = sorted((document["arrival"], document["_id"]) for document in own)
    listed = [row["id"] for row in house.pages("list_applications", citizen)]
    assert listed == [key for _, key in reversed(expected)]
    assert [row["id"] for row in house.pages("list_applications", owner)] == [one["_id"]]


def test_applicants_find_what_waits_for_them(house: House, samples: list[Document]) -> None:
    found = 0
    for applicant in {document["applicant"] for document in samples}:
        waiting = {
            document["_id"]
            for document in samples
            if document["applicant"] == applicant
            and (document["status"] in (5, 6) or (document["status"], document["delivery"]["method"]) == (9, "counter"))
        }
        citizen = Principal(applicant, "A", frozenset({Role.CITIZEN}))
        assert {row["id"] for row in house.pages("list_applications", citizen, turn="applicant")} == waiting
        found += len(waiting)
    assert found


def test_an_identity_that_was_not_proven_opens_nothing(house: House, samples: list[Document]) -> None:
    claimed = samples[5]["owner"]["identity_number"]
    stranger = Principal("x", "A", frozenset({Role.CITIZEN}), identity=claimed, verified=False)
    assert house.pages("list_applications", stranger) == []


def test_the_badges_count_what_the_lists_show(house: House, samples: list[Document]) -> None:
    counts = house.ask("count_applications", OFFICER)
    for status in (1, 2, 4, 5, 6, 8, 9):
        expected = sum(d["status"] == status and AGENCY in d["visible_to"] for d in samples)
        assert counts["by_status"].get(str(status), 0) == expected
    assert not {"3", "10"} & set(counts["by_status"])
    waiting = {"status": None, "step": None, "procedure": None, "q": None}
    for name, filters in (
        ("overdue", {"due": "overdue", "assignee": None}),
        ("near_due", {"due": "near", "assignee": None}),
        ("mine", {"due": None, "assignee": "me"}),
        ("unclaimed", {"due": None, "assignee": "none"}),
    ):
        assert counts[name] == sum(wanted(document, waiting | filters) for document in samples), name


def test_every_tile_says_how_long_the_list_is_that_it_opens(house: House, samples: list[Document]) -> None:
    counted = house.ask("count_applications", OFFICER)
    said = {key: tile_count(counted, key) for key, _, _ in QUEUES}
    assert said == {key: len(house.pages("list_applications", OFFICER, **filters)) for key, _, filters in QUEUES}
    assert sum(count > 0 for count in said.values()) >= 7


def test_an_operator_lists_nothing(house: House) -> None:
    with pytest.raises(Forbidden, match="role_not_allowed"):
        house.ask("list_applications", OPERATOR)
