"""Figures and lists of how mailboxes are used: counted from what hosts report, each on an index."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pymongo import MongoClient

from services.email_provisioning.usecases.mail.use import follow_use
from shared.contracts.principal import Principal
from shared.errors import Error
from tests.integration.email_provisioning.conftest import Overheard
from tests.integration.email_provisioning.test_query_plans import examined, explanation, stages
from tests.support.directory import ADMIN, ELSEWHERE, NOW, OPERATOR, WARD_ADMIN, DirectoryWorld

Document = dict[str, Any]
WARD, OFFICE = "H13.30.01", "H13.06"
HOST = Principal("mail-host:mail-1", "mail-1", frozenset())
MIB = 1024 * 1024
PERIOD = {"first_day": "2026-11-01", "last_day": "2026-11-30"}
NONE = {"numerator": 0, "denominator": 0, "value": None}


@pytest.fixture(scope="module")
def city(world: DirectoryWorld) -> dict[str, str]:
    """Three officers of a ward, two of them with mailboxes, and one of an office; answers the mailboxes by name."""
    people = {name: world.appoint(WARD, name=name) for name in ("An", "Bình", "Cường")}
    people |= {"Dung": world.appoint(OFFICE, name="Dung")}
    boxes = {}
    for name in ("An", "Bình", "Dung"):
        boxes[name] = world.tell("request_mailbox", ADMIN, owner=people[name], quota=10)["id"]
        world.tell("approve_mailbox", OPERATOR, mailbox=boxes[name])
        applied(world, boxes[name])
    for moment in ("2026-11-20T08:00:00+07:00", "2026-11-21T00:30:00+07:00", "2026-11-22T07:00:00+07:00"):
        told(world, boxes["An"], used=9 * MIB + MIB // 2, last_login=moment)
    told(world, boxes["An"], used=9 * MIB + MIB // 2, last_login="2026-11-22T09:00:00+07:00", last_sent=f"{NOW}")
    told(world, boxes["Bình"], used=9 * MIB)
    return boxes


def applied(world: DirectoryWorld, mailbox: str) -> None:
    """The host has what is wanted, and everything that follows is done."""
    world.ask("report_mail_applied", HOST, host="mail-1", reports=[{"mailbox": mailbox, "generation": 9, "error": ""}])
    follow_use(world.context, mailbox)


def told(world: DirectoryWorld, mailbox: str, *, used: int, **moments: str) -> None:
    row = {"mailbox": mailbox, "bytes": used, "messages": 1, **moments}
    world.ask("report_mail_usage", HOST, host="mail-1", rows=[row])


def report(world: DirectoryWorld, principal: Principal, **asked: Any) -> tuple[Document, dict[str, Document]]:
    """The figures of all, and those of each agency by its code."""
    found = world.ask("report_mail_use", principal, **PERIOD | asked)
    return found["total"], {row["agency"]: row for row in found["agencies"]}


def share(numerator: int, denominator: int, value: float) -> dict[str, Any]:
    return {"numerator": numerator, "denominator": denominator, "value": value}


@pytest.mark.usefixtures("city")
def test_coverage_and_regular_use_say_what_was_divided_by_what(world: DirectoryWorld) -> None:
    total, each = report(world, ADMIN, agency="H13")
    assert (total["coverage"], total["mailboxes"]) == (share(3, 4, 75.0), 3)
    assert set(each) == {WARD, OFFICE}
    assert each[WARD]["coverage"] == share(2, 3, 66.67)
    assert (each[WARD]["regular_use"], each[WARD]["not_reported"]) == (share(1, 2, 50.0), 0)
    assert (each[OFFICE]["regular_use"], each[OFFICE]["not_reported"]) == (NONE, 1), "nothing told is not nothing used"
    assert world.ask("report_mail_use", ADMIN, **PERIOD)["least_days"] == 4, "4 of 30 days, of 23 that have been"


@pytest.mark.usefixtures("city")
def test_days_count_in_viet_nam_and_only_inside_the_period(world: DirectoryWorld) -> None:
    two = {"first_day": "2026-11-20", "last_day": "2026-11-23"}
    [row] = world.mail.use.personal("H13.30.01", "2026-11-30")[:1]
    assert sorted(row["days"]["2026-11"]) == [20, 21, 22, 23]
    assert report(world, ADMIN, **two)[1][WARD]["regular_use"]["numerator"] == 1
    before = {"first_day": "2026-10-01", "last_day": "2026-10-31"}
    total, _ = report(world, ADMIN, **before)
    assert total["regular_use"] == NONE, "no mailbox was there in October"


@pytest.mark.usefixtures("city")
def test_the_report_is_a_spreadsheet_too(world: DirectoryWorld) -> None:
    ticket = world.ask("print_mail_use", ADMIN, **PERIOD, agency="H13")
    assert ticket["name"] == "thong-ke-hop-thu-2026-11-01-2026-11-30.xlsx"
    sheet = load_workbook(BytesIO(world.files.read(ticket["file"], 10**6))).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    assert sheet["A1"].value == "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ"
    assert lines[0][:3] == [1, OFFICE, "Sở Khoa học và Công nghệ"]
    assert lines[0][3:] == [1, 1, 100, 1, 1, 0, None], "what is not known is an empty cell"
    assert lines[1][1:2] + lines[1][3:] == [WARD, 3, 2, 66.67, 2, 0, 1, 50]
    assert lines[2][2:7] == ["Tổng cộng", 4, 3, 75, 3]


@pytest.mark.usefixtures("city")
def test_figures_and_lists_are_scoped(world: DirectoryWorld) -> None:
    assert set(report(world, WARD_ADMIN)[1]) == {WARD}
    assert set(report(world, OPERATOR)[1]) == {WARD, OFFICE}
    assert report(world, ELSEWHERE)[1] == {}
    with pytest.raises(Error, match="agency_not_here"):
        report(world, WARD_ADMIN, agency=OFFICE)
    for operation in ("find_full_mailboxes", "find_unused_mailboxes"):
        assert world.ask(operation, ELSEWHERE)["items"] == []
        with pytest.raises(Error, match="agency_not_here"):
            world.ask(operation, WARD_ADMIN, agency=OFFICE)


def test_nearly_full_ones_come_the_fullest_first(world: DirectoryWorld, city: dict[str, str]) -> None:
    rows = world.pages("find_full_mailboxes", ADMIN, limit=1)
    assert [(row["id"], row["percent"]) for row in rows] == [(city["An"], 95.0), (city["Bình"], 90.0)]
    assert [row["id"] for row in world.pages("find_full_mailboxes", ADMIN, percent=91)] == [city["An"]]
    world.tell("change_quota", ADMIN, mailbox=city["An"], quota=100)
    follow_use(world.context, city["An"])
    assert [row["id"] for row in world.pages("find_full_mailboxes", ADMIN)] == [city["Bình"]]


def test_unused_ones_are_those_that_nobody_opened_for_so_long(world: DirectoryWorld, city: dict[str, str]) -> None:
    assert world.ask("find_unused_mailboxes", ADMIN)["items"] == []
    world.now = NOW + timedelta(days=91)
    try:
        rows = world.pages("find_unused_mailboxes", ADMIN, limit=1)
        assert [row["id"] for row in rows] == sorted(city.values()), "all since the same moment"
        told(world, city["An"], used=0, last_login="2027-02-20T08:00:00+07:00")
        world.tell("suspend_mailbox", ADMIN, mailbox=city["Dung"], reason="Nghỉ thai sản")
        follow_use(world.context, city["Dung"])
        rows = world.pages("find_unused_mailboxes", ADMIN)
        assert [row["id"] for row in rows] == [city["Bình"]], "what is suspended cannot be used"
        assert rows[0]["usage"]["last_login"] is None
    finally:
        world.now = NOW


def test_the_use_of_one_who_moves_is_counted_at_the_new_agency(world: DirectoryWorld, city: dict[str, str]) -> None:
    world.tell("transfer_mailbox", ADMIN, mailbox=city["Bình"], agency=OFFICE)
    follow_use(world.context, city["Bình"])
    _, each = report(world, ADMIN)
    assert (each[WARD]["mailboxes"], each[OFFICE]["mailboxes"]) == (1, 2)
    assert each[WARD]["coverage"] == share(2, 3, 66.67), "the officer works at the ward all the same"
    assert report(world, WARD_ADMIN)[0]["coverage"] == share(2, 3, 66.67), "also for who does not see the mailbox"


QUESTIONS: list[tuple[str, dict[str, Any], int]] = [
    ("find_unused_mailboxes", {"limit": 10, "days": 1}, 10),
    ("find_full_mailboxes", {"limit": 10, "percent": 1}, 10),
    ("report_mail_use", {**PERIOD, "agency": OFFICE}, 150),
]


@pytest.fixture(scope="module")
def many(world: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str) -> None:
    """So many mailboxes elsewhere, and some at the office, that reading all would show."""
    rows = [
        {
            "_id": f"{number:032x}",
            "within": ["", "H13", OFFICE] if number % 10 == 0 else ["", "H56"],
            "agency": OFFICE,
            "kind": "personal",
            "owner": f"{number:032x}",
            "there": True,
            "open": True,
            "there_from": "2026-01-01",
            "unused_since": NOW - timedelta(days=number % 400),
            "filled": number % 1000,
        }
        for number in range(1000)
    ]
    client[f"{mongo_prefix}directory"]["mail_usage"].insert_many(rows)


@pytest.fixture
def explained(
    many: None, overheard: Overheard, client: MongoClient[Document], mongo_prefix: str
) -> Callable[[Callable[[], Any]], list[Document]]:
    """Runs something and answers the plan of every question to the rows of use and the officers."""
    database = client[f"{mongo_prefix}directory"]

    def explain(act: Callable[[], Any]) -> list[Document]:
        overheard.commands.clear()
        act()
        asked = [one for one in overheard.commands if one.get("find") in ("mail_usage", "officers", "mailboxes")]
        assert asked, "the database was asked"
        return [explanation(database, command) for command in asked]

    return explain


@pytest.mark.parametrize(("operation", "asked", "most"), QUESTIONS)
def test_a_question_reads_hardly_more_than_it_answers(
    world: DirectoryWorld, explained: Any, operation: str, asked: dict[str, Any], most: int
) -> None:
    def act() -> None:
        use = world.mail.use
        if operation == "find_unused_mailboxes":
            use.unused(OFFICE, NOW, after=None, limit=asked["limit"])
        elif operation == "find_full_mailboxes":
            use.full(OFFICE, 10, after=None, limit=asked["limit"])
        else:
            world.ask(operation, ADMIN, **asked)

    for plan in explained(act):
        assert not {"COLLSCAN", "SORT"} & set(stages(plan)), plan
        assert examined(plan) <= most, plan
