"""A table of officers or agencies: tried, read row by row with what each changes, then imported once."""

import csv
import io

import pytest

from local.demo.papers import make_paper
from shared.errors import Invalid, field_error
from shared.table_columns import COLUMNS, Column
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.sample_directory import DIRECTORY, FILE, ID, JOB, NAMES, ROWS, asked


@pytest.fixture
def directory(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= DIRECTORY
    return gateway


def test_a_table_is_tried_then_imported_once(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open("/danh-ba/nhap?loai=agencies")
    form = dict(reader.forms[-1].form_values())
    file = (io.BytesIO(make_paper("Bảng", "Cơ quan")), "co-quan.pdf", "application/pdf")  # what this gateway takes
    answer = reader.client.post("/danh-ba/nhap?loai=agencies", data=form | {"tep": file})
    assert answer.status_code == 303, answer.text
    tried = asked(directory, "start_import")[-1]
    assert (tried["kind"], tried["dry_run"]) == ("agencies", True)
    assert answer.location == f"/danh-ba/nhap/{ID}?tep={tried['file']}"
    reader.open(answer.location)
    assert "CT-9" in reader.words
    form = dict(reader.forms[-1].form_values())
    for _time in range(2):
        assert reader.client.post(f"/danh-ba/nhap/{ID}", data=form).status_code == 303
    first, second = asked(directory, "start_import")[1:]
    assert first == second
    assert (first["dry_run"], first["file"], first["kind"]) == (False, tried["file"], "officers")


def test_what_is_no_table_is_said_at_the_field(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open("/danh-ba/nhap")
    form = dict(reader.forms[-1].form_values())
    answer = reader.client.post("/danh-ba/nhap", data=form | {"tep": (io.BytesIO(b""), "")})
    assert answer.status_code == 422
    assert asked(directory, "start_import") == []


@pytest.mark.parametrize(
    ("name", "kind"), [("co-quan.exe", "application/x-msdownload"), ("co-quan.pdf", "application/pdf")]
)
def test_of_a_file_that_is_no_table_the_kinds_of_tables_are_named(
    directory: GatewayInHand, reader: Reader, name: str, kind: str
) -> None:
    directory.bus.answers["start_import"] = Invalid("request_invalid", fields=[field_error("file", "not_a_table")])
    reader.sign_in("directory-can-tho").open("/danh-ba/nhap")
    reader.send(tep=(io.BytesIO(make_paper("Bảng", "Cơ quan")), name, kind))
    assert reader.answer.status_code == 422
    (advice,) = reader.page.xpath("//a[@href='#tep']")
    assert advice.text_content().endswith("Cần tệp CSV (UTF-8) hoặc XLSX.")


def test_an_import_that_runs_renews_itself_and_a_broken_table_says_why(
    directory: GatewayInHand, reader: Reader
) -> None:
    directory.bus.answers["read_import"] = JOB | {"finished_at": None, "state": "running", "done": 1}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert "1 trên 4 hàng" in reader.words
    assert reader.page.xpath("//*[@hx-trigger='every 2s']")
    directory.bus.answers["read_import"] = JOB | {
        "state": "failed", "problem": {"code": "column_missing", "params": {"column": "name"}},
    }  # fmt: skip
    reader.open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert not reader.page.xpath("//*[@hx-trigger]")
    assert reader.page.xpath("//strong[@class='tc-late']/text()")


def cells(reader: Reader, caption: str) -> list[str]:
    """The last cell of each row of a table, line by line."""
    lists = reader.page.xpath(f"//table[starts-with(normalize-space(caption), '{caption}')]/tbody/tr/td[last()]//li")
    return [" ".join(one.text_content().split()) for one in lists]


def test_what_is_added_and_changed_is_listed_before_it_is_imported(directory: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    here = NAMES["H13.30.01"]
    assert cells(reader, "Hàng thay đổi (1)") == [
        "Cảnh báo: Mã này đang là của Phạm Thu Hà.",
        f"Cảnh báo: Mất vai trò tại {here} (H13.30.01) sau ngày 22/11/2026: Tiếp nhận hồ sơ.",
        "Họ tên: Phạm Thu Hà → Trùng Mã",
        f"Mã định danh cơ quan: {here} (H13.30.01) → H13.99",
        "Vai trò: Tiếp nhận hồ sơ, Chuyên viên → –",
        "Từ ngày: 01/10/2026 → 23/11/2026",
    ]
    assert cells(reader, "Hàng thêm mới (1)") == ["Chức vụ: Chuyên viên"]


def test_what_is_wrong_names_the_column_by_its_heading_and_none_where_the_row_is_meant(
    directory: GatewayInHand, reader: Reader
) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert cells(reader, "Hàng không được nhận (1)") == [
        "Mã định danh cơ quan: Không có cơ quan mang mã này. Hãy tra cứu trong danh mục cơ quan.",
        "Dòng 2 đã nêu cùng mã này; dòng sau không được nhập.",
    ]


def test_what_is_no_value_of_a_column_names_those_that_are_as_a_table_has_them(
    directory: GatewayInHand, reader: Reader
) -> None:
    wrong = [field_error("post.roles.0", "not_a_choice", choices="clerk, specialist")]
    directory.bus.answers["list_import_rows"] = {"items": [ROWS["refused"] | {"problems": wrong}], "next": None}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert cells(reader, "Hàng không được nhận (1)") == [
        "Vai trò: Hãy ghi một trong các giá trị: văn thư, chuyên viên, tiếp nhận, lãnh đạo, quản trị danh bạ."
    ]


def test_of_many_rows_the_next_are_a_page_further(directory: GatewayInHand, reader: Reader) -> None:
    def rows(given: dict[str, object]) -> dict[str, object]:
        return {"items": [ROWS[str(given["outcome"])]], "next": "200" if given["outcome"] == "changed" else None}

    directory.bus.answers |= {"read_import": JOB | {"changed": 201}, "list_import_rows": rows}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    (further,) = reader.page.xpath("//a[normalize-space()='Xem các hàng tiếp theo']/@href")
    reader.open(further)
    sent = asked(directory, "list_import_rows")[-1]
    assert (sent["outcome"], sent["limit"], sent["cursor"]) == ("changed", 200, "200")
    assert [" ".join(one.split()) for one in reader.page.xpath("//caption/text()")] == ["Hàng thay đổi (201)"]
    assert "Nhập thật" in reader.words


@pytest.mark.parametrize(("refused", "said"), [(4, "Hãy sửa bảng rồi thử lại"), (0, "danh bạ đã đúng như bảng")])
def test_a_table_that_would_write_nothing_is_not_offered_to_be_imported(
    directory: GatewayInHand, reader: Reader, refused: int, said: str
) -> None:
    directory.bus.answers["read_import"] = JOB | {"created": 0, "changed": 0, "refused": refused}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert said in reader.words
    assert "Nhập thật" not in reader.words


def test_a_directory_of_before_tells_what_is_wrong_alone(directory: GatewayInHand, reader: Reader) -> None:
    row = {name: value for name, value in ROWS["refused"].items() if name not in ("name", "changes", "warnings")}
    directory.bus.answers["list_import_rows"] = {"items": [row], "next": None}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert "Không có cơ quan mang mã này" in reader.words


@pytest.mark.parametrize(("kind", "columns"), COLUMNS.items())
def test_the_columns_are_told_with_examples_and_an_empty_table_has_them(
    directory: GatewayInHand, reader: Reader, kind: str, columns: tuple[Column, ...]
) -> None:
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap?loai={kind}")
    told = [" ".join(one.text_content().split()) for one in reader.page.xpath("//details//tbody//td[1]")]
    assert told == [one.heading + (" (bắt buộc)" if one.required else "") for one in columns]
    examples = [one.text_content() for one in reader.page.xpath("//details//tbody//td[2]")]
    assert all(shown.startswith(one.example) for shown, one in zip(examples, columns, strict=True))
    (address,) = reader.page.xpath("//a[@download]/@href")
    answer = reader.client.get(address)
    assert f'filename="bang-mau-{kind}.csv"' in answer.headers["Content-Disposition"]
    (header,) = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header == [one.heading for one in columns]


def test_a_day_in_a_table_is_asked_for_as_people_write_it(directory: GatewayInHand, reader: Reader) -> None:
    wrong = [{"path": "post.starts_on", "code": "not_a_date", "params": {}}]
    directory.bus.answers["list_import_rows"] = {"items": [ROWS["refused"] | {"problems": wrong}], "next": None}
    reader.sign_in("directory-can-tho").open(f"/danh-ba/nhap/{ID}?tep={FILE}")
    assert cells(reader, "Hàng không được nhận") == ["Từ ngày: Ngày chưa đúng; hãy viết như 05/10/2026."]
