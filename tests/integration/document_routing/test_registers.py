"""Registers and the slip, from a real exchange of documents."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pypdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships without types
import pytest
from pymongo import MongoClient

from services.document_routing.adapters.registers import MongoRegisters
from services.document_routing.domain.numbering import Series
from services.document_routing.usecases import registers
from shared.errors import Conflict, Error, Invalid, NotFound
from tests.integration.document_routing.month import NOVEMBER, PERIOD, a_month
from tests.support.document_house import DocumentHouse
from tests.support.document_world import CLERK, MONDAY, THEIR_CLERK, THEIR_LEADER
from tests.support.documents_in_memory import DEPARTMENT
from tests.unit.document_routing.test_incoming import ASSIGNMENT


@pytest.fixture(scope="module")
def month(house: DocumentHouse) -> dict[str, str]:
    return a_month(house)


def words_of(house: DocumentHouse, ticket: dict[str, Any]) -> str:
    content = b"".join(house.files.store.open(ticket["file"]).chunks)
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_the_outgoing_register_has_every_number_in_order(house: DocumentHouse, month: dict[str, str]) -> None:
    rows, cursor = [], None
    while True:
        page = registers.list_outgoing_register(house.context, {**PERIOD, "limit": 3, "cursor": cursor}, CLERK)
        rows += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [row["number"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["kind_and_subject"] == "Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng"
    assert rows[0]["receivers"].startswith("Sở Xây dựng thành phố Cần Thơ")
    assert [row["note"] for row in rows] == ["", "", "Văn bản giấy", "Đã đề nghị thu hồi"]


@pytest.fixture
def checked(house: DocumentHouse) -> Any:
    """Verifies a register of the year in which the documents were issued."""

    def verify(register: str, principal: Any = CLERK, **more: Any) -> dict[str, Any]:
        return registers.verify_register(house.context, {"register": register, "year": MONDAY.year, **more}, principal)

    return verify


def test_a_register_that_nobody_touched_is_whole(month: dict[str, str], checked: Any) -> None:
    whole = checked("outgoing")
    assert (whole["agency"], whole["year"], whole["given"]) == (CLERK.agency, MONDAY.year, 4)
    assert (whole["intact"], whole["findings"]) == (True, [])
    assert (checked("incoming", THEIR_CLERK)["given"], checked("incoming", THEIR_CLERK)["intact"]) == (3, True)
    assert checked("incoming")["given"] == 0, "nothing was received"


def test_a_document_removed_with_its_log_leaves_a_gap(
    house: DocumentHouse, month: dict[str, str], checked: Any
) -> None:
    rows = {number: house.database["documents"].find_one({"number": number}) for number in (2, 3, 4)}
    for row in rows.values():
        house.database["documents"].delete_one({"_id": row["_id"]})
    try:
        assert checked("outgoing")["findings"] == [{"first": 2, "last": 4, "problem": "missing"}]
        house.database["documents"].insert_many([rows[4], {**rows[4], "_id": "of my own making", "number": 9}])
        assert checked("outgoing")["findings"] == [
            {"first": 2, "last": 3, "problem": "missing"},
            {"first": 9, "last": 9, "problem": "beyond"},
        ]
    finally:
        house.database["documents"].delete_many({"number": {"$in": [4, 9]}})
        house.database["documents"].insert_many(rows.values())
    assert checked("outgoing")["intact"]


def test_a_number_given_while_the_register_is_checked_stands_beyond_nothing(
    client: MongoClient[dict[str, Any]], mongo_prefix: str
) -> None:
    house = DocumentHouse(database=client[f"{mongo_prefix}meanwhile"], client=client)
    house.issued()

    class GivenMeanwhile(MongoRegisters):
        """The registers, in which one more document gets its number as soon as the last number was read."""

        def last_number(self, series: Series) -> int:
            last = super().last_number(series)
            with ThreadPoolExecutor(1) as other:  # which sees nothing of what this thread has begun
                other.submit(house.issued).result()
            return last

    context = replace(house.context, registers=GivenMeanwhile(client[f"{mongo_prefix}meanwhile"]))
    asked = {"register": "outgoing", "year": MONDAY.year}
    assert registers.verify_register(context, asked, CLERK) == ANY_INTACT | {"given": 1}
    assert registers.verify_register(house.context, asked, CLERK) == ANY_INTACT | {"given": 2}


ANY_INTACT = {
    "agency": CLERK.agency,
    "register": "outgoing",
    "year": MONDAY.year,
    "intact": True,
    "findings": [],
    "skipped": [],
}


def test_nobody_checks_the_register_of_others(month: dict[str, str], checked: Any) -> None:
    with pytest.raises(Error, match="other_agency"):
        checked("outgoing", agency=DEPARTMENT)


def test_the_incoming_register_has_paper_and_electronic_in_one_series(
    house: DocumentHouse, month: dict[str, str]
) -> None:
    rows, cursor = [], None
    while True:
        page = registers.list_incoming_register(house.context, {**PERIOD, "limit": 2, "cursor": cursor}, THEIR_CLERK)
        rows += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [row["arrival_number"] for row in rows] == [1, 2, 3]
    assert [row["author"] for row in rows] == [
        "Ủy ban nhân dân phường Ninh Kiều",
        "Công ty TNHH Ninh Kiều",
        "Ủy ban nhân dân phường Ninh Kiều",
    ]
    assert rows[0]["handler"] == "Phòng Quy hoạch – Trương Văn Nam"
    assert rows[1]["note"] == "Văn bản giấy"


def test_registers_are_printed_with_the_columns_of_annex_iv(house: DocumentHouse, month: dict[str, str]) -> None:
    ticket = registers.print_incoming_register(house.context, {**PERIOD, "format": "pdf"}, THEIR_CLERK)
    words = words_of(house, ticket)
    for heading in ("Số đến", "Tác giả", "Ngày chuyển", "Ký nhận", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"):
        assert heading in words
    assert "01/UBND-VP" in words
    again = registers.print_incoming_register(house.context, {**PERIOD, "format": "pdf"}, THEIR_CLERK)
    assert again["file"] == ticket["file"]
    outgoing = words_of(house, registers.print_outgoing_register(house.context, {**PERIOD, "format": "pdf"}, CLERK))
    assert "Nơi nhận văn bản" in outgoing
    assert "Người ký" in outgoing


def test_the_sheet_has_real_days_and_no_formulas(house: DocumentHouse, month: dict[str, str]) -> None:
    ticket = registers.print_outgoing_register(house.context, {**PERIOD, "format": "xlsx"}, CLERK)
    content = b"".join(house.files.store.open(ticket["file"]).chunks)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert lines[0][:4] == [
        "Số, ký hiệu văn bản",
        "Ngày tháng văn bản",
        "Tên loại và trích yếu nội dung văn bản",
        "Người ký",
    ]
    assert lines[1][1].date().isoformat() == "2026-10-05"
    assert lines[2][2] == 'Công văn =HYPERLINK("x") 100% & #chú ý'
    assert lines[1][6] == 1


def test_the_slip_shows_every_assignment(house: DocumentHouse, month: dict[str, str]) -> None:
    ticket = registers.print_assignment_slip(house.context, {"arrival": month["arrival"]}, THEIR_LEADER)
    words = words_of(house, ticket)
    for said in ("PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN", "Tham mưu trả lời", "Thanh tra Sở", "09/10/2026", "Đặng Quốc Việt"):
        assert said in words
    waiting = house.arrival_of(month["recalled"])
    with pytest.raises(Conflict, match="arrival_not_registered"):
        registers.print_assignment_slip(house.context, {"arrival": waiting}, THEIR_LEADER)


def test_unknown_formats_and_backward_periods_are_refused(house: DocumentHouse) -> None:
    with pytest.raises(NotFound, match="format_unknown"):
        registers.print_outgoing_register(house.context, {**PERIOD, "format": "docx"}, CLERK)
    backwards = {"first_day": "2026-10-31", "last_day": "2026-10-01"}
    with pytest.raises(Invalid):
        registers.list_outgoing_register(house.context, backwards, CLERK)


@pytest.fixture
def later(house: DocumentHouse, month: dict[str, str]) -> DocumentHouse:
    """The house in November, when nothing has been issued yet."""
    house.now = MONDAY + timedelta(days=35)
    return house


def test_the_day_that_the_leader_gave_is_printed(later: DocumentHouse) -> None:
    house = later
    arrival = house.arrival_of(house.issued())
    house.on_arrival("register_arrival", arrival, THEIR_CLERK)
    saturday = "2026-12-05"
    house.on_arrival("assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT | {"due_on": saturday})
    house.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": None})
    assert house.arrivals.documents[arrival]["due_at"].date().isoformat() == "2026-12-07", "the next working day"
    rows = registers.list_incoming_register(house.context, NOVEMBER, THEIR_CLERK)["items"]
    assert [row["due_on"].isoformat() for row in rows if row["id"] == arrival] == [saturday]
    slip = words_of(house, registers.print_assignment_slip(house.context, {"arrival": arrival}, THEIR_LEADER))
    assert slip.count("05/12/2026") == 2
    assert "07/12/2026" not in slip


def test_what_an_agencys_own_system_numbered_is_counted_and_listed(later: DocumentHouse) -> None:
    """Its numbers are of a series that is kept there: two may be the same here."""
    house = later
    own = house.documents.documents[house.issued(main=None, attachments=[], medium="paper")]
    base = {**own, "agency": "H13.19", "number": None, "source": "exchange", "medium": "electronic"}
    coded = ["7/SXD-QH", "7/SXD-VP", "8/SXD-QH", "9/SXD-QH"]
    rows = [
        {**base, "_id": f"own-{place}", "code": one, "position": f"{place:011x}own-{place}"}
        for place, one in enumerate(coded)
    ]
    house.database["documents"].insert_many([*rows[:3], {**rows[3], "number": 9}])
    page, listed = {"next": None}, []
    system = CLERK.__class__("van-thu-x", "X", CLERK.roles, agency="H13.19")
    while True:
        request = {**NOVEMBER, "limit": 1, "cursor": page["next"]}
        page = registers.list_outgoing_register(house.context, request, system)
        listed += [(row["code"], row["number"]) for row in page["items"]]
        if page["next"] is None:
            break
    house.database["documents"].delete_many({"agency": "H13.19"})
    assert listed == [("7/SXD-QH", None), ("7/SXD-VP", None), ("8/SXD-QH", None), ("9/SXD-QH", 9)]


def test_papers_say_where_and_when_as_the_decree_does_and_hold_long_words(later: DocumentHouse) -> None:
    house = later
    house.issued(subject="w" * 140, receivers=[{"agency": DEPARTMENT}])
    ticket = registers.print_outgoing_register(house.context, {**NOVEMBER, "format": "pdf"}, CLERK)
    content = b"".join(house.files.store.open(ticket["file"]).chunks)
    text = " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert "Ninh Kiều, ngày 09 tháng 11 năm 2026" in text
    document = pdfium.PdfDocument(content)
    page = document[0].get_textpage()
    incoming = words_of(
        house, registers.print_incoming_register(house.context, {**NOVEMBER, "format": "pdf"}, THEIR_CLERK)
    )
    assert "Cần Thơ, ngày 09 tháng 11 năm 2026" in incoming
    letters = (place for place in range(page.count_chars()) if page.get_text_range(place, 1) == "w")
    across = [page.get_charbox(place)[0] for place in letters]
    assert len(across) == 140
    assert max(across) - min(across) < 220, "its own column holds it"
