"""Reports: a period is chosen, its figures are shown as numbers and pictures, and can be taken along."""

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from gateway.portal.report_tables import COUNTED
from gateway.portal.reports import Choice, periods
from services.one_stop_shop.domain.indicators import Facts, indicators
from shared.errors import Forbidden
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.conference_answers import NETWORK
from tests.unit.portal.sample_directory import NAMES, agencies

HELD = {"meetings": 12, "sessions": 15, "endpoint_hours": 310.5}
CONFERENCES: dict[str, Any] = {
    "network": "thanh-hoa",
    "first_day": "2026-10-01",
    "last_day": "2026-11-30",
    "counted_at": "2026-11-22T01:00:00Z",
    **HELD,
    "ranks": [{"rank": "department", "name": {"vi": "Họp của sở", "en": "Department"}, **HELD}],
    "months": [{"month": "2026-10", **HELD}, {"month": "2026-11", **HELD, "sessions": 3}],
    "cancelled": 2,
    "preempted": 1,
    "lead": {"on_time": 9, "urgent": 2, "late": 1},
    "connected": {"invited": 400, "connected": 392},
    "without_severe": {"meetings": 11, "without": 10},
    "incidents": [
        {"severity": 1, "incidents": 0, "restored": 0, "mean_minutes": None, "longest_minutes": None},
        {"severity": 2, "incidents": 3, "restored": 3, "mean_minutes": 4.3, "longest_minutes": 9},
    ],
    "peak_ports": 62,
    "usable_ports": 144,
}
ROW_06A = {
    "received": 130, "received_online": 90, "received_direct": 30, "carried_over": 10, "solved": 120,
    "solved_early": 80, "solved_on_time": 38, "solved_late": 2, "in_process": 10, "in_process_in_time": 9,
    "in_process_late": 1,
}  # fmt: skip
MAIL = {
    "coverage": {"numerator": 118, "denominator": 120, "value": 98.33},
    "regular_use": {"numerator": 60, "denominator": 120, "value": 50.0},
    "mailboxes": 120,
    "not_reported": 3,
}
LOW = MAIL | {"regular_use": {"numerator": 1, "denominator": 10, "value": 10.0}}
TWO_MONTHS = "tu_ngay=2026-10-01&den_ngay=2026-11-30"
TAKEN = {"taken_at": "2026-11-22T01:00:00Z"}
SHARE = {"id": "2.1", "key": "x", "name": "Đúng hạn", "numerator": 118, "denominator": 120, "value": 98.3}
COUNT = {"id": "9", "key": "y", "name": "Điểm", "numerator": None, "denominator": None, "value": 4.5, "unit": "hours"}


@pytest.fixture
def figures(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= {
        "find_agencies": agencies,
        "list_networks": {"items": [NETWORK | {"sees_all": True}], "next": None},
        "list_endpoints": {"items": [], "next": None},
        "list_lines": {"items": [], "next": None},
        "list_meetings": {"items": [], "next": None},
        "read_conference_figures": CONFERENCES,
        "report_indicators": {**TAKEN, "indicators": [SHARE | {"unit": "percent"}, COUNT]},
        "report_06a": {**TAKEN, "rows": [{"field": "Hộ tịch", **ROW_06A}], "total": {"field": "", **ROW_06A}},
        "report_documents": {"figures": [SHARE | {"unit": "percent"}, COUNT]},
        "report_mail_use": {
            **TAKEN,
            "least_days": 5,
            "total": MAIL,
            "agencies": [{"name": "Sở Xây dựng", **MAIL}, {"name": "Phường Ninh Kiều", **LOW}],
        },
    }
    return gateway


def table(reader: Reader, title: str) -> list[list[str]]:
    rows = reader.page.xpath(f"//section[h2='{title}']//tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_the_figures_of_meetings_stand_beside_their_pictures(figures: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-van-phong-thanh-hoa").open("/hop/so-lieu?tu_ngay=2026-10-01&den_ngay=2026-11-30")
    asked = figures.bus.last.request
    assert (str(asked["first_day"]), str(asked["last_day"]), asked["network"]) == (
        "2026-10-01", "2026-11-30", "thanh-hoa",
    )  # fmt: skip
    assert table(reader, "Chất lượng phục vụ")[1:] == [
        ["Điểm cầu kết nối trước giờ họp 30 phút", "392", "400", "98%"],
        ["Cuộc họp không có sự cố mức 1, 2", "10", "11", "90,9%"],
        ["Cuộc họp đăng ký đúng thời hạn", "11", "12", "91,7%"],
        ["Cổng MCU dùng lúc cao nhất", "62", "144", "43,1%"],
    ]
    assert table(reader, "Theo mức ưu tiên")[1:] == [
        ["Họp của sở", "12", "15", "310,5"],
        ["Tổng số", "12", "15", "310,5"],
    ]
    assert table(reader, "Buổi họp theo tháng")[2] == ["11/2026", "12", "3", "310,5"]
    assert len(reader.page.xpath("//section[h2='Theo mức ưu tiên']//rect[@class='tc-figure__bar']")) == 1, "no total"
    assert table(reader, "Thời gian khôi phục sau sự cố")[1:] == [
        ["Nghiêm trọng", "0", "0", "–", "–"],
        ["Ảnh hưởng một phần", "3", "3", "4,3 phút", "9 phút"],
    ]
    assert len(reader.page.xpath("//*[@class='tc-figure' or @class='tc-bars'][@aria-hidden='true']")) == 5
    assert reader.page.xpath("//polyline")
    assert not reader.page.xpath("//*[@style]"), "the policy of pages takes no styles"
    assert "2026-01-01" in str(reader.page.xpath("//a[contains(., 'cả năm 2026')]/@href")[0])


def test_only_who_sees_all_meetings_is_led_to_the_figures(figures: GatewayInHand, reader: Reader) -> None:
    there = "//nav[@class='tc-sides']/a[starts-with(@href, '/hop/so-lieu')]"
    assert reader.sign_in("head-van-phong-thanh-hoa").open("/hop").page.xpath(there)
    figures.bus.answers["list_networks"] = {"items": [NETWORK | {"sees_all": False}], "next": None}
    assert not reader.open("/hop").page.xpath(there)
    figures.bus.answers["read_conference_figures"] = Forbidden("role_not_allowed", action="read_conference_figures")
    assert reader.open("/hop/so-lieu").answer.status_code == 403


@pytest.mark.parametrize("place", ["/hop/so-lieu", "/bao-cao/chi-so"])
@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-12-31", "2026-01-01", "Ngày cuối không được trước ngày đầu"),
        ("2024-01-01", "2026-01-01", "cách không quá một năm"),
        ("hom-nay", "2026-01-01", "Từ ngày"),
    ],
)
def test_a_period_that_cannot_be_is_told_beside_the_form(
    figures: GatewayInHand, reader: Reader, place: str, first: str, last: str, said: str
) -> None:
    reader.sign_in("head-van-phong-thanh-hoa").open(f"{place}?tu_ngay={first}&den_ngay={last}")
    assert reader.answer.status_code == 422
    assert said in reader.page.xpath("string(//div[contains(@class,'govuk-error-summary')])")
    assert reader.page.xpath("//input[@name='tu_ngay']/@value") == [first]
    assert not reader.page.xpath("//section")
    assert reader.client.get(f"{place}/csv?tu_ngay={first}&den_ngay={last}").status_code == 422


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("/hop/so-lieu/csv?mang=thanh-hoa", ["Cổng MCU dùng lúc cao nhất", "62", "144", "43.1"]),
        ("/bao-cao/chi-so/csv", ["Đúng hạn", "118", "120", "98.3"]),
        ("/bao-cao/06a/csv", ["Hộ tịch", "98.3"]),
        ("/bao-cao/van-ban/csv", ["Điểm", "4.5", "giờ"]),
    ],
)
def test_the_numbers_can_be_taken_along(figures: GatewayInHand, reader: Reader, path: str, cell: list[str]) -> None:
    answer = reader.sign_in("head-ninh-kieu").client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert cell in list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/hop/so-lieu/xlsx?mang=thanh-hoa", [("Cổng MCU dùng lúc cao nhất", 62, 144, 43.1)]),
        ("/bao-cao/chi-so/xlsx", [("Đúng hạn", 118, 120, 98.3)]),
        ("/bao-cao/06a/xlsx", [("Hộ tịch", *ROW_06A.values()), ("Tổng số", *ROW_06A.values())]),
        ("/bao-cao/van-ban/xlsx", [("Đúng hạn", 118, 120, 98.3)]),
    ],
)
def test_a_workbook_has_numbers_days_and_headings_that_stay(
    figures: GatewayInHand, reader: Reader, path: str, rows: list[tuple[Any, ...]]
) -> None:
    answer = reader.sign_in("head-ninh-kieu").client.get(f"{path}{'&' if '?' in path else '?'}{TWO_MONTHS}")
    assert answer.status_code == 200
    assert "2026-10-01-2026-11-30.xlsx" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    found = list(sheet.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(found) if sheet.cell(number + 1, 2).fill.fgColor.rgb != "00000000")
    assert sheet.freeze_panes == f"B{top + 2}"
    days = [sheet.cell(line, 2).value for line in range(1, top + 1) if sheet.cell(line, 2).is_date]
    assert days[:2] == [datetime(2026, 10, 1), datetime(2026, 11, 30)]
    for row in rows:
        assert any(line[: len(row)] == row for line in found)


def test_a_file_of_another_form_is_not_there(figures: GatewayInHand, reader: Reader) -> None:
    client = reader.sign_in("head-ninh-kieu").client
    for place in ("/bao-cao/chi-so/ods", "/hop/so-lieu/ods?mang=thanh-hoa"):
        assert client.get(place).status_code == 404


def test_each_report_is_of_an_agency_and_a_period(figures: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-ninh-kieu").open("/bao-cao")
    offered = [str(link) for link in reader.page.xpath("//main//a/@href")]
    assert offered == ["/bao-cao/chi-so", "/bao-cao/06a", "/bao-cao/van-ban"]
    for place in offered:
        reader.open(f"{place}?co_quan=H13.30&tu_ngay=2026-10-01&den_ngay=2026-10-31")
        assert reader.answer.status_code == 200
        sent = [one.request for one in figures.bus.asked if one.method.startswith("report_")]
        assert sent[-1]["agency"] == "H13.30"
        assert reader.page.xpath("//section//svg")
        assert "co_quan=H13.30" in str(reader.page.xpath("//a[contains(@href, '/csv')]/@href")[0])
        assert reader.page.xpath("//select[@name='co_quan']/option[@selected]/@value") == ["H13.30"]
    reader.open("/bao-cao/chi-so")
    options = [(option.get("value"), option.text) for option in reader.page.xpath("//select[@name='co_quan']/option")]
    assert options == [("H13.30.01", NAMES["H13.30.01"]), ("H13", NAMES["H13"])], "one's own first"
    assert reader.page.xpath("//select[@name='co_quan']/option[@selected]/@value") == ["H13.30.01"]
    assert NAMES["H13.30.01"] in reader.page.xpath("string(//span[contains(@class,'govuk-caption-l')])")
    assert reader.client.get("/bao-cao/nothing").status_code == 404
    assert reader.client.get("/bao-cao/thu").status_code == 403


def test_names_in_vietnamese_are_said_to_be_so_in_english(figures: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-ninh-kieu").open("/ngon-ngu?ngon_ngu=en&tiep=/bao-cao/06a")
    rows = reader.page.xpath("//section[1]//th[@scope='row']")
    assert [(row.text_content(), row.get("lang")) for row in rows] == [("Hộ tịch", "vi"), ("Total", None)]


def test_figures_that_the_platform_defines_have_english_names(figures: GatewayInHand, reader: Reader) -> None:
    share = SHARE | {"unit": "percent", "name": "Hồ sơ giải quyết sớm hoặc đúng hạn"}
    figures.bus.answers["report_indicators"] = {**TAKEN, "indicators": [share]}
    reader.sign_in("head-ninh-kieu").open("/ngon-ngu?ngon_ngu=en&tiep=/bao-cao/chi-so")
    rows = reader.page.xpath("//section[1]//th[@scope='row']")
    assert [(row.text, row.get("lang")) for row in rows] == [("Applications settled early or on time", None)]


def test_each_indicator_says_what_it_counts(figures: GatewayInHand, reader: Reader) -> None:
    assert COUNTED.keys() == {one.id for one in indicators(Facts(), ())}
    share = SHARE | {"id": "5.4", "name": "Mức độ hài lòng", "unit": "percent"}
    figures.bus.answers["report_indicators"] = {**TAKEN, "indicators": [share, COUNT]}
    reader.sign_in("head-ninh-kieu").open("/bao-cao/chi-so")
    (named,) = reader.page.xpath("//th[@scope='row'][contains(., 'Mức độ hài lòng')]")
    assert "hồ sơ chưa ai chấm vì vậy được tính là hài lòng" in named.text_content()


def test_the_agencies_with_the_least_use_of_mail_come_first(figures: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("directory-can-tho").open("/bao-cao/thu")
    assert [row[0] for row in table(reader, "Hộp thư công vụ, thấp nhất trước")[1:]] == [
        "Phường Ninh Kiều",
        "Sở Xây dựng",
        "Tổng số",
    ]
    assert reader.client.get("/bao-cao/thu/csv").mimetype == "text/csv"


def test_the_usual_periods_are_whole_ones(gateway: GatewayInHand) -> None:
    with gateway.app.test_request_context("/"):
        found = [one for _name, one in periods(date(2026, 1, 31))]
    assert found == [
        Choice("2026-01-01", "2026-01-31"),
        Choice("2025-12-01", "2025-12-31"),
        Choice("2026-01-01", "2026-03-31"),
        Choice("2026-01-01", "2026-12-31"),
        Choice("2025-01-01", "2025-12-31"),
    ]
