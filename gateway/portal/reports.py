"""Reports: figures of a period as tables with pictures, to be printed or taken along as a table.

A report says which operation has its figures and how they become tables; choosing the period, showing, printing and
the file are the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import may, page_for
from gateway.downloads import disposition
from gateway.http.call import current_call
from gateway.portal.calls import look
from gateway.portal.charts import Table, percent, picture, write_csv
from gateway.portal.forms import Field, entries_of
from gateway.portal.language import clock, day, said, words
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, page
from shared.errors import FieldError, Invalid, NotFound
from shared.working_time import VIETNAM

READ, MAIL = "reports:read", "mail:read"
FIRST, LAST, AGENCY = "tu_ngay", "den_ngay", "co_quan"
CSV = "text/csv"
_PLACES = {"first_day": FIRST, "last_day": LAST, "agency": AGENCY}

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """The period that the address names, as text: the services judge it."""

    first: str
    last: str

    @classmethod
    def of_request(cls) -> "Choice":
        """What was chosen; this month unless something was."""
        first, last = this_month()
        return cls(request.args.get(FIRST, "").strip() or first, request.args.get(LAST, "").strip() or last)

    @property
    def asked(self) -> dict[str, str]:
        """The period as operations take it."""
        return {"first_day": self.first, "last_day": self.last}

    def address(self, **kept: str) -> str:
        """The period in an address, beside what else is kept there."""
        return urlencode({**kept, FIRST: self.first, LAST: self.last})


@dataclass(frozen=True, slots=True)
class Link:
    """Something to take along."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one report shows besides its figures."""

    place: str
    title: str
    caption: str
    kept: Mapping[str, str]
    links: Sequence[Link] = ()
    back: Link | None = None
    agency: str | None = None


def this_month(today: date | None = None) -> tuple[str, str]:
    """Its first day and its last."""
    first = (today or datetime.now(VIETNAM).date()).replace(day=1)
    return _span(first, 1)


def _span(first: date, months: int) -> tuple[str, str]:
    after = first.month - 1 + months
    last = date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return first.isoformat(), last.isoformat()


def periods(today: date) -> list[tuple[str, Choice]]:
    """Those that are asked for most."""
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    quarter, year = first.replace(month=(first.month - 1) // 3 * 3 + 1), first.replace(month=1)
    return [
        (_("Tháng này"), Choice(*_span(first, 1))),
        (_("Tháng trước"), Choice(*_span(before, 1))),
        (_("Quý này"), Choice(*_span(quarter, 3))),
        (_("Năm nay"), Choice(*_span(year, 12))),
        (_("Năm trước"), Choice(*_span(year.replace(year=year.year - 1), 12))),
    ]


def show_report(sheet: Sheet, choice: Choice, read: Callable[[], tuple[str, list[Table]]]) -> Response:
    """The page of a report, of which `read` gives the moment and the tables; a wrong period is told beside its form."""
    wrong: list[FieldError] = []
    taken, tables = "", list[Table]()
    try:
        taken, tables = read()
    except Invalid as error:
        wrong = [{**fault, "path": _PLACES.get(fault["path"], fault["path"])} for fault in error.fields]
        if not wrong:
            raise
    fields = [Field(FIRST, _("Từ ngày")), Field(LAST, _("Đến ngày")), Field(AGENCY, _("Mã cơ quan"))]
    return page(
        "report.html",
        422 if wrong else 200,
        sheet=sheet,
        choice=choice,
        taken=taken,
        tables=[{"table": one, "picture": picture(one)} for one in tables],
        periods=[
            {"name": name, "href": f"{sheet.place}?{one.address(**sheet.kept)}", "current": one == choice}
            for name, one in periods(datetime.now(VIETNAM).date())
        ],
        csv=f"{sheet.place}/csv?{choice.address(**sheet.kept)}",
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
    )


def send_csv(name: str, sheet: Sheet, choice: Choice, taken: str, tables: Sequence[Table]) -> Response:
    """The tables of a report as a file."""
    heading = [
        (sheet.title, sheet.caption),
        (_("Từ ngày"), day(choice.first)),
        (_("Đến ngày"), day(choice.last)),
        (_("Số liệu lúc"), clock(taken) if taken else ""),
    ]
    response = Response(write_csv(heading, tables), mimetype=CSV)
    response.headers["Content-Disposition"] = disposition(f"{name}-{choice.first}-{choice.last}.csv")
    response.headers["Cache-Control"] = "no-store"
    return response


def _shares(rows: Sequence[Figures], title: str) -> list[Table]:
    """Indicators: what is a share is drawn, what is counted stands in a table of its own."""
    head = (_("Chỉ tiêu"), _("Số đạt"), _("Tổng số"), _("Tỷ lệ"))
    shares = [(one["name"], one["numerator"], one["denominator"], one["value"]) for one in rows if _is_share(one)]
    rest = [(one["name"], one["value"]) for one in rows if not _is_share(one)]
    tables = [Table(title, head, shares, 3, top=100, units=("", "", "", "%"), vietnamese=True)] if shares else []
    return tables + ([Table(_("Số liệu khác"), (_("Chỉ tiêu"), _("Giá trị")), rest, vietnamese=True)] if rest else [])


def _is_share(one: Figures) -> bool:
    return bool(one["unit"] == "percent")


def _indicators(found: Figures) -> list[Table]:
    return _shares(found["indicators"], _("Bộ chỉ số phục vụ người dân, doanh nghiệp"))


def _documents(found: Figures) -> list[Table]:
    return _shares(found["figures"], _("Gửi, nhận văn bản điện tử"))


_OF_06A = (
    ("received", said("Tiếp nhận")), ("received_online", said("Trực tuyến")), ("received_direct", said("Trực tiếp")),
    ("carried_over", said("Kỳ trước chuyển sang")), ("solved", said("Đã giải quyết")),
    ("solved_early", said("Trước hạn")), ("solved_on_time", said("Đúng hạn")), ("solved_late", said("Quá hạn")),
    ("in_process", said("Đang giải quyết")), ("in_process_in_time", said("Trong hạn")),
    ("in_process_late", said("Đang quá hạn")),
)  # fmt: skip


def _form_06a(found: Figures) -> list[Table]:
    rows = [(one["field"], *(one[name] for name, _name in _OF_06A)) for one in found["rows"]]
    total = (_("Tổng số"), *(found["total"][name] for name, _name in _OF_06A))
    head = (_("Lĩnh vực"), *(_(name) for _key, name in _OF_06A))
    late = [
        (row["field"], percent(row["solved_early"] + row["solved_on_time"], row["solved"])) for row in found["rows"]
    ]
    return [
        Table(_("Biểu II.06a: tình hình giải quyết"), head, rows, total=total, vietnamese=True),
        Table(
            _("Giải quyết đúng hạn theo lĩnh vực"),
            (_("Lĩnh vực"), _("Đúng hạn")),
            late,
            1,
            top=100,
            units=("", "%"),
            vietnamese=True,
        ),
    ]


def _mail_use(found: Figures) -> list[Table]:
    def row(name: str, one: Figures) -> tuple[Any, ...]:
        shares = (one["coverage"], one["regular_use"])
        return (name, *(percent(part["numerator"], part["denominator"]) for part in shares), one["mailboxes"],
                one["not_reported"])  # fmt: skip

    lowest = sorted(
        found["agencies"], key=lambda one: (one["regular_use"]["value"] is None, one["regular_use"]["value"])
    )
    head = (_("Cơ quan"), _("Có hộp thư"), _("Dùng thường xuyên"), _("Hộp thư"), _("Chưa có số đo"))
    rows = [row(words(one["name"]), one) for one in lowest]
    note = _("Dùng thường xuyên là có dùng ít nhất %(days)s ngày trong kỳ.", days=found["least_days"])
    units = ("", "%", "%")
    return [
        Table(
            _("Hộp thư công vụ, thấp nhất trước"),
            head,
            rows,
            2,
            top=100,
            units=units,
            note=note,
            vietnamese=True,
            total=row(_("Tổng số"), found["total"]),
        )
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its name, its operation, the scope that it needs, and its tables."""

    name: str
    operation: str
    tables: Callable[[Figures], list[Table]]
    scope: str = READ


USE = "thu"
REPORTS: dict[str, Report] = {
    "chi-so": Report(said("Bộ chỉ số phục vụ"), "report_indicators", _indicators),
    "06a": Report(said("Giải quyết thủ tục (II.06a)"), "report_06a", _form_06a),
    "van-ban": Report(said("Văn bản điện tử"), "report_documents", _documents),
    USE: Report(said("Hộp thư công vụ"), "report_mail_use", _mail_use, MAIL),
}


@page_for(READ)
def list_reports() -> Response:
    """All reports that the reader may open."""
    principal = current_call().principal
    shown = [(key, one) for key, one in REPORTS.items() if principal and may(principal, one.scope)]
    return page("reports.html", reports=[{"href": f"/bao-cao/{key}", "name": _(one.name)} for key, one in shown])


@page_for(READ)
def show_figures(report: str) -> Response:
    """One report of an agency with all below it."""
    return _show(report)


@page_for(READ)
def take_figures(report: str) -> Response:
    """The same as a file."""
    return _take(report)


@page_for(MAIL)
def show_mail_figures() -> Response:
    """How mail is used, for those who look after mailboxes."""
    return _show(USE)


@page_for(MAIL)
def take_mail_figures() -> Response:
    """The same as a file."""
    return _take(USE)


def _show(key: str) -> Response:
    choice, report = Choice.of_request(), _report(key)
    return show_report(_sheet(key, report), choice, lambda: _read(report, choice))


def _take(key: str) -> Response:
    choice, report = Choice.of_request(), _report(key)
    taken, tables = _read(report, choice)
    return send_csv(f"bao-cao-{key}", _sheet(key, report), choice, taken, tables)


def _report(key: str) -> Report:
    if key not in REPORTS:
        raise NotFound("route_unknown")
    return REPORTS[key]


def _agency() -> str:
    principal = current_call().principal
    return request.args.get(AGENCY, "").strip() or str((principal and principal.agency) or "")


def _read(report: Report, choice: Choice) -> tuple[str, list[Table]]:
    agency = _agency()
    found = look(report.operation, {**choice.asked, **({"agency": agency} if agency else {})})
    return str(found.get("taken_at") or ""), report.tables(found)


def _sheet(key: str, report: Report) -> Sheet:
    agency = _agency()
    back = Link(_("Hộp thư"), "/danh-ba/hop-thu") if key == USE else Link(_("Báo cáo"), "/bao-cao")
    return Sheet(f"/bao-cao/{key}", _(report.name), agency, {AGENCY: agency}, back=back, agency=agency)


ROUTES: Routes = (
    ("GET", "/bao-cao", list_reports),
    ("GET", f"/bao-cao/{USE}", show_mail_figures),
    ("GET", f"/bao-cao/{USE}/csv", take_mail_figures),
    ("GET", "/bao-cao/<name:report>", show_figures),
    ("GET", "/bao-cao/<name:report>/csv", take_figures),
)
