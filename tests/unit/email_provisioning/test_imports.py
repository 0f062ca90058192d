"""Tables of agencies and officers: tried, taken in row by row, taken in again, and gone on with after a crash."""

import csv
import io
from typing import Any

import pytest
from xlsxwriter import Workbook

from services.email_provisioning.adapters.tables import CSV, XLSX
from services.email_provisioning.usecases import imports
from shared.errors import Forbidden, Invalid, NotFound
from tests.support.directory import ADMIN, ELSEWHERE, OPERATOR, SPECIALIST, DirectoryWorld

OFFICERS = [
    ["Mã cán bộ", "Họ và tên", "Mã cơ quan", "Chức vụ", "Vai trò", "Từ ngày", "Ngày sinh", "Ghi chú"],
    ["CT-1", "Nguyễn Thị Lan", "H13.06", "Văn thư", "văn thư", "01/07/2025", "17/05/1990", "mới"],
    ["CT-2", "Trần Văn Bình", "001.30.00.H13", "Chuyên viên", "chuyên viên; tiếp nhận", "", "", ""],
    ["CT-3", "Lê Văn Cường", "H99", "Chuyên viên", "", "", "", ""],
    ["CT-4", "", "H13.06", "Chuyên viên", "", "", "", ""],
    ["CT-2", "Trùng mã", "H13.06", "Chuyên viên", "", "", "", ""],
    ["CT-5", "Phạm Thị Dung", "H56.30.01", "Chuyên viên", "", "", "", ""],
    ["CT-6", "Đỗ Văn Em", "H13.06", "Chuyên viên", "vua", "32/13/2025", "", ""],
]
AGENCIES = [
    ["Mã định danh", "Tên cơ quan", "Cấp", "Loại", "Cấp trên", "Mã cũ", "Ngày kết thúc", "Cơ quan kế thừa"],
    ["H13.20.01", "Phòng khám số 1", "xã", "đơn vị sự nghiệp", "H13.20", "", "", ""],
    ["H13.19", "Sở cũ", "tỉnh", "sở", "", "000.00.19.H13", "30/06/2025", "H13.20"],
    ["H13.20", "Sở mới", "tỉnh", "sở", "", "000.00.20.H13", "", ""],
    ["H13.21", "Sở sai", "làng", "sở", "", "", "", ""],
]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def take_in(world: DirectoryWorld, rows: list[list[str]], kind: str, *, dry_run: bool = False, **more: Any) -> Any:
    file = world.put(as_csv(rows), name="bảng.csv", kind=CSV)
    return world.run_import(kind=kind, file=file, dry_run=dry_run, **more)


def outcomes(world: DirectoryWorld, found: Any, **asked: Any) -> dict[str, Any]:
    rows = world.pages("list_import_rows", ADMIN, **{"import": found["id"]}, limit=3, **asked)
    return {
        row["key"] + ("" if row["line"] != 6 else " again"): (
            row["outcome"] if not row["problems"] else [(one["path"], one["code"]) for one in row["problems"]]
        )
        for row in rows
    }


EXPECTED = {
    "CT-1": "created",
    "CT-2": "created",
    "CT-3": [("post.agency", "agency_unknown")],
    "CT-4": [("name", "required")],
    "CT-2 again": [("", "row_repeated")],
    "CT-5": [("post.agency", "agency_not_here")],
    "CT-6": [("post.roles.0", "not_a_choice"), ("post.starts_on", "not_a_date")],
}


@pytest.mark.parametrize("dry_run", [True, False])
def test_each_row_says_what_became_of_it(world: DirectoryWorld, dry_run: bool) -> None:
    found = take_in(world, OFFICERS, "officers", dry_run=dry_run)
    assert (found["state"], found["rows"], found["done"], found["created"], found["refused"]) == ("done", 7, 7, 2, 5)
    assert outcomes(world, found) == EXPECTED
    assert outcomes(world, found, outcome="created") == {"CT-1": "created", "CT-2": "created"}
    assert len(world.officers.stored) == (0 if dry_run else 2)
    assert len(world.officers.announced) == (0 if dry_run else 2)


def test_what_was_written_is_what_the_row_said(world: DirectoryWorld) -> None:
    take_in(world, OFFICERS, "officers", sample=True)
    officer = world.officers.by_number(["CT-1"])["CT-1"]
    assert (officer["name"], officer["birth_date"], officer["sample"]) == ("Nguyễn Thị Lan", "1990-05-17", True)
    assert officer["posts"] == [
        {
            "agency": "H13.06",
            "unit": None,
            "title": "Văn thư",
            "roles": ["clerk"],
            "starts_on": "2025-07-01",
            "ends_on": None,
        }
    ]
    other = world.officers.by_number(["CT-2"])["CT-2"]["posts"][0]
    assert (other["agency"], other["roles"]) == ("H13.30.01", ["reception_officer", "specialist"])


def test_the_same_table_again_changes_nothing_and_a_new_one_changes_what_differs(world: DirectoryWorld) -> None:
    take_in(world, OFFICERS, "officers")
    assert outcomes(world, take_in(world, OFFICERS, "officers"))["CT-1"] == "unchanged"
    moved = [OFFICERS[0], ["CT-1", "Nguyễn Thị Mai Lan", "H13.30.02", "Chủ tịch", "trưởng đơn vị", "", "", ""]]
    assert outcomes(world, take_in(world, moved, "officers", dry_run=True)) == {"CT-1": "changed"}
    assert outcomes(world, take_in(world, moved, "officers")) == {"CT-1": "changed"}
    stored = world.officers.stored[world.officers.by_number(["CT-1"])["CT-1"]["_id"]]
    assert [entry["type"] for entry in stored["history"]] == [
        "officer_appointed.v1",
        "officer_changed.v1",
        "officer_moved.v1",
    ]
    assert stored["posts"][0]["ends_on"] == "2026-11-22"


def test_an_agency_of_others_names_the_column_in_which_it_stands(world: DirectoryWorld) -> None:
    table = [
        AGENCIES[0],
        ["H13.22", "Sở đặt nhầm chỗ", "tỉnh", "sở", "H56", "", "", ""],
        ["H56.22", "Sở mang mã tỉnh khác", "tỉnh", "sở", "H13", "", "", ""],
    ]
    assert outcomes(world, take_in(world, table, "agencies", dry_run=True)) == {
        "H13.22": [("parent", "agency_not_here")],
        "H56.22": [("code", "agency_not_here")],
    }


@pytest.mark.parametrize("dry_run", [True, False])
def test_agencies_come_after_those_that_they_need_whatever_their_order(world: DirectoryWorld, dry_run: bool) -> None:
    found = take_in(world, AGENCIES, "agencies", dry_run=dry_run)
    assert outcomes(world, found) == {
        "H13.20": "created",
        "H13.21": [("level", "not_a_choice")],
        "H13.20.01": "created",
        "H13.19": "created",
    }
    assert ("H13.20.01" in world.agencies.stored) is not dry_run
    if not dry_run:
        assert world.agencies.stored["H13.20.01"]["within"] == ["H13.20.01", "H13.20", "H13"]
        assert world.agencies.stored["H13.19"]["successors"] == ["H13.20"]
        again = take_in(world, AGENCIES, "agencies")
        assert (again["unchanged"], again["refused"]) == (3, 1)


@pytest.mark.parametrize("dry_run", [True, False])
def test_agencies_that_are_known_are_changed_and_closed(world: DirectoryWorld, dry_run: bool) -> None:
    rows = [
        ["Mã định danh", "Tên cơ quan", "Cấp", "Loại", "Cấp trên", "Điện thoại", "Ngày kết thúc", "Kế thừa"],
        ["H13.06", "Sở Khoa học và Công nghệ", "tỉnh", "sở", "", "02923800000", "31/12/2026", "H13.30.01"],
        ["H13.30.02", "Phường Cái Khế mới", "xã", "UBND", "H13", "", "", ""],
        ["H13.30.01", "Ủy ban nhân dân phường Ninh Kiều", "xã", "UBND", "H13", "", "", ""],
        ["H13", "Ủy ban nhân dân thành phố Cần Thơ", "tỉnh", "UBND", "", "", "31/12/2026", ""],
        ["H56", "Ủy ban nhân dân tỉnh Thanh Hóa", "tỉnh", "UBND", "", "0237", "", ""],
    ]
    found = take_in(world, rows, "agencies", dry_run=dry_run)
    rows_by_key = {row["key"]: row for row in world.pages("list_import_rows", ADMIN, **{"import": found["id"]})}
    assert {key: row["outcome"] for key, row in rows_by_key.items()} == {
        "H13.06": "changed",
        "H13.30.02": "changed",
        "H13.30.01": "unchanged",
        "H13": "refused",
        "H56": "refused",
    }
    assert rows_by_key["H13"]["problems"][0]["code"] == "agency_has_parts"
    assert rows_by_key["H56"]["problems"][0]["code"] == "agency_not_here"
    department = world.agencies.stored["H13.06"]
    kinds = [entry["type"] for entry in department["history"]]
    assert kinds == ["agency_registered.v1"] + ([] if dry_run else ["agency_changed.v1", "agency_closed.v1"])


def test_a_row_that_does_not_say_which_post_changes_is_refused(world: DirectoryWorld) -> None:
    take_in(world, OFFICERS, "officers")
    lan = world.officers.by_number(["CT-1"])["CT-1"]["_id"]
    post = {"agency": "H13.30.02", "title": "Kiêm nhiệm"}
    world.tell("give_post", ADMIN, officer=lan, post=post, reason="QĐ")
    third = [OFFICERS[0], ["CT-1", "Nguyễn Thị Lan", "H13", "Chánh Văn phòng", "", "", "", ""]]
    assert outcomes(world, take_in(world, third, "officers")) == {"CT-1": [("", "several_posts")]}
    one_of_them = [OFFICERS[0], ["CT-1", "Nguyễn Thị Lan", "H13.30.02", "Kiêm nhiệm", "", "", "", ""]]
    assert outcomes(world, take_in(world, one_of_them, "officers")) == {"CT-1": "unchanged"}


def test_a_row_never_reaches_an_officer_of_others(world: DirectoryWorld) -> None:
    world.appoint("H56.30.01", ELSEWHERE, number="CT-1")
    found = take_in(world, OFFICERS[:2], "officers")
    assert outcomes(world, found) == {"CT-1": [("", "number_taken")]}


def test_agencies_of_a_rehearsal_are_known_to_later_rows_across_chunks(
    world: DirectoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 1)
    found = take_in(world, AGENCIES, "agencies", dry_run=True)
    assert (found["created"], found["refused"]) == (3, 1)
    assert "H13.20" not in world.agencies.stored


def test_a_crash_anywhere_costs_nothing_and_doubles_nothing(
    world: DirectoryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 2)
    table = [OFFICERS[0], *([f"CT-{n}", f"Lê Văn {n}", "H13.06", "Chuyên viên", "", "", "", ""] for n in range(7))]
    file = world.put(as_csv(table), name="b.csv", kind=CSV)
    started = world.tell("start_import", ADMIN, kind="officers", file=file, dry_run=False)
    settle = world.imports.settle_rows

    class Killed(BaseException):
        """The process is gone."""

    def killed_before(rows: Any) -> None:
        raise Killed

    imports.fire_import(world.context, started["id"])  # the table is read
    while world.ask("read_import", ADMIN, **{"import": started["id"]})["state"] != "done":
        world.imports.settle_rows = killed_before
        with pytest.raises(Killed):
            imports.fire_import(world.context, started["id"])
        world.imports.settle_rows = settle
        imports.fire_import(world.context, started["id"])
    found = world.ask("read_import", ADMIN, **{"import": started["id"]})
    assert (found["state"], found["created"], found["unchanged"]) == ("done", 7, 0)
    assert len(world.officers.announced) == 7


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (as_csv([["Mã cán bộ", "Họ tên"], ["1", "A"]]), CSV, "columns_missing"),
        (as_csv([[*OFFICERS[0], "Cân nặng"], OFFICERS[1]]), CSV, "columns_unknown"),
        (as_csv([["Họ tên", "họ  tên"], ["A", "B"]]), CSV, "columns_repeated"),
        (as_csv(OFFICERS[:1]), CSV, "table_empty"),
        (b"", CSV, "table_empty"),
        (b'a,"b\n', CSV, "table_unreadable"),
        (b"\xff\xfea", CSV, "table_unreadable"),
        (b"PK\x03\x04 no archive", XLSX, "table_unreadable"),
    ],
)
def test_a_table_that_cannot_be_read_ends_the_import_with_the_reason(
    world: DirectoryWorld, content: bytes, kind: str, problem: str
) -> None:
    found = world.run_import(kind="officers", file=world.put(content, name="b", kind=kind))
    assert (found["state"], found["problem"]["code"], found["rows"]) == ("failed", problem, 0)


@pytest.mark.parametrize("content", [as_csv(OFFICERS), as_csv(OFFICERS, ";"), as_csv(OFFICERS, "\t")])
def test_tables_are_read_whatever_separates_their_cells(world: DirectoryWorld, content: bytes) -> None:
    assert world.run_import(kind="officers", file=world.put(content, name="b", kind=CSV))["created"] == 2


def test_spreadsheets_are_read(world: DirectoryWorld) -> None:
    file = world.put(as_xlsx(OFFICERS), name="b.xlsx", kind=XLSX)
    assert outcomes(world, world.run_import(kind="officers", file=file)) == EXPECTED


def test_only_administrators_import_and_only_they_see_it(world: DirectoryWorld) -> None:
    file = world.put(as_csv(OFFICERS), name="b.csv", kind=CSV)
    body = {"kind": "officers", "file": file}
    for principal in (SPECIALIST, OPERATOR):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            world.tell("start_import", principal, **body)
    with pytest.raises(NotFound, match="file_not_found"):
        world.tell("start_import", ELSEWHERE, **body)
    started = world.tell("start_import", ADMIN, key="one", **body)
    assert world.tell("start_import", ADMIN, key="one", **body)["id"] == started["id"]
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        world.tell("start_import", ADMIN, key="one", digest="other", **body)
    for operation in ("read_import", "list_import_rows"):
        with pytest.raises(NotFound, match="import_not_here"):
            world.ask(operation, ELSEWHERE, **{"import": started["id"]})
    assert (world.pages("list_imports", ADMIN), world.pages("list_imports", ELSEWHERE)) == ([started], [])
    picture = world.put(b"png", name="b.png", kind="image/png")
    with pytest.raises(Invalid, match="request_invalid"):
        world.tell("start_import", ADMIN, kind="officers", file=picture)
