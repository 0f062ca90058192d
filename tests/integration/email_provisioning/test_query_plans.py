"""No question of the directory reads more than it answers: every plan stands on an index, however many officers."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.email_provisioning.adapters.tables import CSV
from services.email_provisioning.domain.actors import SETUP
from services.email_provisioning.usecases.officer_rows import OfficerRow, bring_in_all
from tests.integration.email_provisioning.conftest import Overheard
from tests.support.directory import ADMIN, OPERATOR, WARD_ADMIN, DirectoryWorld

Document = dict[str, Any]
OFFICERS, LIMIT = 3000, 50
WARDS = ("H13.30.01", "H13.30.02", "H56.30.01")
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Quốc Cường", "Phạm Thị Dung", "Võ Minh Đức")


@pytest.fixture(scope="module")
def full(world: DirectoryWorld) -> DirectoryWorld:
    """So many officers that reading all of one agency's would show."""
    rows = [
        OfficerRow(
            {
                "name": f"{NAMES[number % 5]} {number}",
                "number": f"CB-{number}",
                "account": f"cb{number}",
                "post": {
                    "agency": WARDS[number % 3],
                    "title": "Cán bộ",
                    "roles": ["clerk"] if number % 50 == 0 else [],
                },
            },
            {"key": f"k{number}", "digest": "d", "answer": {}},
            "QĐ 1",
            sample=True,
        )
        for number in range(OFFICERS)
    ]
    assert {outcome.outcome for outcome in bring_in_all(world.context, rows, SETUP)} == {"created"}  # type: ignore[union-attr]  # none is refused
    return world


@pytest.fixture
def database(client: MongoClient[Document], mongo_prefix: str) -> Database[Document]:
    return client[f"{mongo_prefix}directory"]


@pytest.fixture
def explained(full: DirectoryWorld, overheard: Overheard, database: Database[Document]) -> Any:
    """Runs something and answers the plan of every question that it put to the database."""

    def explain(act: Any) -> list[Document]:
        overheard.commands.clear()
        act()
        commands = [command for command in overheard.commands if command.get("$db") == database.name]
        assert commands, "the database was asked"
        return [explanation(database, command) for command in commands]

    return explain


def explanation(database: Database[Document], command: Document) -> Document:
    kept = {name: value for name, value in command.items() if name not in ("lsid", "$clusterTime", "$db", "txnNumber")}
    kept = {
        name: value for name, value in kept.items() if name not in ("writeConcern", "readConcern", "startTransaction")
    }
    return dict(database.command("explain", kept, verbosity="executionStats"))


def stages(plan: Any) -> Iterator[str]:
    """The names of all stages in an explanation."""
    if isinstance(plan, dict):
        if "stage" in plan:
            yield plan["stage"]
        for value in plan.values():
            yield from stages(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from stages(value)


def examined(plan: Document) -> int:
    """How many documents were read."""
    if "executionStats" in plan:
        return int(plan["executionStats"]["totalDocsExamined"])
    return int(plan["stages"][0]["$cursor"]["executionStats"]["totalDocsExamined"])


QUESTIONS: list[tuple[str, Any, dict[str, Any], int]] = [
    ("find_officers", ADMIN, {}, LIMIT),
    ("find_officers", ADMIN, {"q": "minh duc"}, 200),
    ("find_officers", ADMIN, {"q": "CB-2718"}, 1),
    ("find_officers", ADMIN, {"role": "clerk"}, 60),
    ("find_officers", ADMIN, {"role": "clerk", "q": "binh"}, 60),
    ("find_officers", WARD_ADMIN, {}, LIMIT),
    ("find_officers", ADMIN, {"agency": "H13.30.02", "q": "an"}, 250),
    ("find_officers", ADMIN, {"left": True}, 0),
    ("find_officers", ADMIN, {"q": "khong co ai"}, 0),
    ("find_agencies", ADMIN, {}, 5),
    ("find_agencies", OPERATOR, {"q": "ninh kieu"}, 1),
    ("find_agencies", ADMIN, {"q": "001.30.00.H13"}, 1),
    ("read_agency", ADMIN, {"agency": "001.30.00.H13"}, 1),
    ("resolve_agency", ADMIN, {"agency": "H13.30.01"}, 1),
    ("list_imports", ADMIN, {}, 0),
]


@pytest.mark.parametrize(("operation", "principal", "asked", "most"), QUESTIONS)
def test_a_question_reads_hardly_more_than_it_answers(
    full: DirectoryWorld, explained: Any, operation: str, principal: Any, asked: dict[str, Any], most: int
) -> None:
    for plan in explained(lambda: full.ask(operation, principal, limit=LIMIT, **asked)):
        assert not {"COLLSCAN", "SORT"} & set(stages(plan)), plan
        assert examined(plan) <= most


def test_a_later_page_costs_as_much_as_the_first(full: DirectoryWorld, explained: Any) -> None:
    first = full.ask("find_officers", ADMIN, limit=LIMIT)
    cursor = first["next"]
    for _ in range(20):
        cursor = full.ask("find_officers", ADMIN, limit=LIMIT, cursor=cursor)["next"]
    for plan in explained(lambda: full.ask("find_officers", ADMIN, limit=LIMIT, cursor=cursor)):
        assert not {"COLLSCAN", "SORT"} & set(stages(plan))
        assert examined(plan) <= 200


def test_commands_read_what_they_change_and_no_more(full: DirectoryWorld, explained: Any) -> None:
    officer = full.ask("find_officers", ADMIN, q="CB-1500")["items"][0]["id"]
    post = {"agency": "H13.06", "title": "Văn thư", "roles": ["clerk"]}
    acts = [
        lambda: full.tell("move_officer", ADMIN, officer=officer, post=post, reason="QĐ"),
        lambda: full.tell("change_officer", ADMIN, officer=officer, phone="0912345678", reason="QĐ"),
        lambda: full.appoint("H13.06", name="Người mới", number="CB-NEW"),
        lambda: full.tell("change_agency", ADMIN, agency="H13.06", phone="1", reason="QĐ"),
        lambda: full.tell(
            "close_agency", ADMIN, agency="H13.06", closed_on="2036-01-01", successors=["H13"], reason="Q"
        ),
        lambda: full.officers.holding("H13.06", after="", limit=200),
        lambda: full.officers.within("H13.06", after="", limit=200),
        lambda: full.officers.by_number(["CB-1", "CB-2"]),
        lambda: full.officers.with_accounts(["cb1", "cb2"]),
    ]
    for act in acts:
        for plan in explained(act):
            assert "COLLSCAN" not in set(stages(plan)), plan
            assert examined(plan) <= 4, plan


def test_the_rows_of_an_import_are_read_by_index(full: DirectoryWorld, explained: Any) -> None:
    table = "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ\n" + "".join(
        f"CN-{n},Lê Văn {n},H13.06,Văn thư\n" for n in range(450)
    )
    file = full.put(table.encode(), name="b.csv", kind=CSV)
    found = full.run_import(kind="officers", file=file, dry_run=False)
    assert (found["created"], found["refused"]) == (450, 0)
    asked = {"import": found["id"], "limit": LIMIT}
    for act in (
        lambda: full.ask("list_import_rows", ADMIN, **asked),
        lambda: full.ask("list_import_rows", ADMIN, outcome="created", **asked),
        lambda: full.ask("list_import_rows", ADMIN, outcome="refused", **asked),
        lambda: full.imports.open_rows(found["id"], 200),
    ):
        for plan in explained(act):
            assert not {"COLLSCAN", "SORT"} & set(stages(plan))
            assert examined(plan) <= LIMIT
