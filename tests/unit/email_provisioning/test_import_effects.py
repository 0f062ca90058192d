"""What a table would do is told value by value before it is imported, and what it does not name stays as it is."""

from typing import Any

import pytest

from shared.table_columns import COLUMNS
from tests.support.directory import ADMIN, DirectoryWorld
from tests.unit.email_provisioning.test_imports import AGENCIES, OFFICERS, take_in

HEADER = ["Mã cán bộ", "Họ và tên", "Mã cơ quan", "Chức vụ"]
ROLES = ["reception_officer", "specialist"]


@pytest.fixture
def held(world: DirectoryWorld) -> dict[str, Any]:
    """Trần Văn Bình, CT-2, who receives applications at Ninh Kiều since 01/10/2026, until the end of 2027."""
    header = [*HEADER, "Vai trò", "Từ ngày", "Đến ngày"]
    row = ["CT-2", "Trần Văn Bình", "H13.30.01", "Chuyên viên", "chuyên viên; tiếp nhận", "01/10/2026", "31/12/2027"]
    take_in(world, [header, row], "officers")
    return posts(world)[0]


def posts(world: DirectoryWorld) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.officers.by_number(["CT-2"])["CT-2"]["posts"]
    return found


def told(world: DirectoryWorld, rows: list[list[str]], kind: str = "officers", *, dry_run: bool = True) -> Any:
    found = take_in(world, rows, kind, dry_run=dry_run)
    return world.pages("list_import_rows", ADMIN, **{"import": found["id"]})


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_a_row_changes_is_told_value_by_value_and_what_it_does_not_name_stays(
    world: DirectoryWorld, held: dict[str, Any], dry_run: bool
) -> None:
    (row,) = told(world, [HEADER, ["CT-2", "Trần Văn Bình", "H13.30.01", "Phó phòng"]], dry_run=dry_run)
    assert row["outcome"] == "changed"
    assert row["changes"] == [
        {"path": "title", "old": "Chuyên viên", "new": "Phó phòng"},
        {"path": "starts_on", "old": "2026-10-01", "new": "2026-11-23"},
    ]
    facts = {"title": "Chuyên viên", "agency": "H13.30.01", "ends_on": "2026-11-22"}
    assert row["warnings"] == [{"path": "title", "code": "post_will_end", "params": facts}]
    if not dry_run:
        assert [(post["title"], post["roles"], post["ends_on"]) for post in posts(world)] == [
            ("Chuyên viên", ROLES, "2026-11-22"),
            ("Phó phòng", ROLES, "2027-12-31"),
        ]


def test_somebody_else_under_the_number_is_a_warning_and_so_are_roles_that_are_lost(
    world: DirectoryWorld, held: dict[str, Any]
) -> None:
    (row,) = told(world, [HEADER, ["CT-2", "Trùng Mã", "H13.06", "Chuyên viên"]])
    assert [(one["path"], one["code"]) for one in row["warnings"]] == [
        ("name", "number_of_another"),
        ("title", "post_will_end"),
        ("roles", "roles_will_end"),
    ]
    assert row["warnings"][0]["params"] == {"name": "Trần Văn Bình"}
    assert row["warnings"][2]["params"] == {"agency": "H13.30.01", "ends_on": "2026-11-22", "roles": ROLES}
    assert {"path": "roles", "old": ROLES, "new": None} in row["changes"]
    assert {"path": "name", "old": "Trần Văn Bình", "new": "Trùng Mã"} in row["changes"]


@pytest.mark.parametrize(("roles", "lost"), [("chuyên viên", ["reception_officer"]), ("chuyên viên; tiếp nhận", [])])
def test_of_roles_only_those_that_go_are_lost(
    world: DirectoryWorld, held: dict[str, Any], roles: str, lost: list[str]
) -> None:
    (row,) = told(world, [[*HEADER, "Vai trò"], ["CT-2", "Trần Thanh Bình", "H13.30.01", "Chuyên viên", roles]])
    assert [one["params"]["roles"] for one in row["warnings"]] == ([lost] if lost else [])


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_post_never_ends_before_it_begins(world: DirectoryWorld, held: dict[str, Any], dry_run: bool) -> None:
    table = [[*HEADER, "Từ ngày"], ["CT-2", "Trần Bình", "H13.30.01", "Phó phòng", "01/10/2026"]]
    (row,) = told(world, table, dry_run=dry_run)
    (problem,) = row["problems"]
    assert (problem["path"], problem["code"]) == ("post.starts_on", "starts_before_held")
    assert problem["params"] == {"title": "Chuyên viên", "since": "2026-10-01"}
    assert posts(world) == [held]
    assert world.officers.by_number(["CT-2"])["CT-2"]["name"] == "Trần Văn Bình", "a row is taken whole or not at all"


def test_a_last_day_that_has_come_before_the_new_post_begins_does_not_stay(
    world: DirectoryWorld, held: dict[str, Any]
) -> None:
    told(
        world, [[*HEADER, "Từ ngày"], ["CT-2", "Trần Văn Bình", "H13.30.01", "Phó phòng", "01/02/2028"]], dry_run=False
    )
    assert [post["ends_on"] for post in posts(world)] == ["2027-12-31", None]


def test_of_a_new_officer_all_that_the_row_gives_is_told(world: DirectoryWorld) -> None:
    row = told(world, OFFICERS[:2])[0]
    assert (row["outcome"], row["warnings"]) == ("created", [])
    assert {one["path"]: one["new"] for one in row["changes"]} == {
        "name": "Nguyễn Thị Lan",
        "birth_date": "1990-05-17",
        "agency": "H13.06",
        "title": "Văn thư",
        "roles": ["clerk"],
        "starts_on": "2025-07-01",
    }
    assert {one["old"] for one in row["changes"]} == {None}


def test_agencies_are_told_value_by_value_too(world: DirectoryWorld) -> None:
    assert {"path": "name", "old": None, "new": "Sở mới"} in told(world, AGENCIES, "agencies")[0]["changes"]
    header = ["Mã định danh", "Tên cơ quan", "Cấp", "Loại", "Cấp trên", "Ngày kết thúc", "Kế thừa"]
    department = ["H13.06", "Sở Khoa học và Công nghệ", "tỉnh", "sở", "", "31/12/2026", "H13.30.01"]
    (row,) = told(world, [header, department], "agencies")
    assert {"path": "closed_on", "old": None, "new": "2026-12-31"} in row["changes"]
    assert {"path": "successors", "old": None, "new": ["H13.30.01"]} in row["changes"]


def test_the_examples_of_the_columns_are_a_row_that_is_taken_in(world: DirectoryWorld) -> None:
    given = [one for one in COLUMNS["officers"] if one.name != "unit"]
    assert told(world, [[one.heading for one in given], [one.example for one in given]])[0]["outcome"] == "created"


def test_columns_that_are_missing_are_named_as_they_would_stand_in_the_table(world: DirectoryWorld) -> None:
    found = take_in(world, [["Mã cán bộ", "Họ tên"], ["1", "A"]], "officers")
    assert found["problem"]["params"] == {"columns": "Mã định danh cơ quan, Chức vụ"}
