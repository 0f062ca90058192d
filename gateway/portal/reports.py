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
from gateway.portal.agencies import agency_choices
from gateway.portal.calls import look
from gateway.portal.charts import Table, picture
from gateway.portal.forms import Field, entries_of
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.pages import Routes, page
from gateway.portal.report_files import Heading, as_csv, as_workbook
from gateway.portal.report_tables import documents, form_06a, indicators, mail_use
from shared.errors import FieldError, Invalid, NotFound
from shared.working_time import VIETNAM

READ, MAIL = "reports:read", "mail:read"
FIRST, LAST, AGENCY = "tu_ngay", "den_ngay", "co_quan"
FORMS = {
    "csv": (as_csv, "text/csv"),
    "xlsx": (as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""The files of a report: how each is written, and its media type."""

_PLACES = {"first_day": FIRST, "last_day": LAST, "agency": AGENCY}

Figures = Mapping[str, Any]
Read = tuple[str, list[Table]]
"""When the figures were taken, and their tables."""


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
    agencies: Sequence[Mapping[str, str]] = ()
    """Those to choose from."""


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


def show_report(sheet: Sheet, choice: Choice, read: Callable[[], Read]) -> Response:
    """The page of a report, of which `read` gives the moment and the tables; a wrong period is told beside its form."""
    wrong: list[FieldError] = []
    taken, tables = "", list[Table]()
    try:
        taken, tables = read()
    except Invalid as error:
        wrong = [{**fault, "path": _PLACES.get(fault["path"], fault["path"])} for fault in error.fields]
        if not wrong:
            raise
    fields = [Field(FIRST, _("Từ ngày")), Field(LAST, _("Đến ngày")), Field(AGENCY, _("Cơ quan"))]
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
        files={form: f"{sheet.place}/{form}?{choice.address(**sheet.kept)}" for form in FORMS},
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
    )


def send_table(form: str, name: str, sheet: Sheet, choice: Choice, read: Callable[[], Read]) -> Response:
    """The tables of a report as a file of this form.

    Raises:
        NotFound: there is no such form.
    """
    if form not in FORMS:
        raise NotFound("route_unknown")
    taken, tables = read()
    heading = Heading(sheet.title, sheet.caption, choice.first, choice.last, taken)
    written, kind = FORMS[form]
    response = Response(written(heading, tables), mimetype=kind)
    response.headers["Content-Disposition"] = disposition(f"{name}-{choice.first}-{choice.last}.{form}")
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its name, its operation, the scope that it needs, and its tables."""

    name: str
    operation: str
    tables: Callable[[Figures], list[Table]]
    scope: str = READ


USE = "thu"
REPORTS: dict[str, Report] = {
    "chi-so": Report(said("Bộ chỉ số phục vụ"), "report_indicators", indicators),
    "06a": Report(said("Giải quyết thủ tục (II.06a)"), "report_06a", form_06a),
    "van-ban": Report(said("Văn bản điện tử"), "report_documents", documents),
    USE: Report(said("Hộp thư công vụ"), "report_mail_use", mail_use, MAIL),
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
def take_figures(report: str, form: str) -> Response:
    """The same as a file."""
    return _take(report, form)


@page_for(MAIL)
def show_mail_figures() -> Response:
    """How mail is used, for those who look after mailboxes."""
    return _show(USE)


@page_for(MAIL)
def take_mail_figures(form: str) -> Response:
    """The same as a file."""
    return _take(USE, form)


def _show(key: str) -> Response:
    choice, report = Choice.of_request(), _report(key)
    return show_report(_sheet(key, report), choice, lambda: _read(report, choice))


def _take(key: str, form: str) -> Response:
    choice, report = Choice.of_request(), _report(key)
    return send_table(form, f"bao-cao-{key}", _sheet(key, report), choice, lambda: _read(report, choice))


def _report(key: str) -> Report:
    if key not in REPORTS:
        raise NotFound("route_unknown")
    return REPORTS[key]


def _agency() -> str:
    principal = current_call().principal
    return request.args.get(AGENCY, "").strip() or str((principal and principal.agency) or "")


def _read(report: Report, choice: Choice) -> Read:
    agency = _agency()
    found = look(report.operation, {**choice.asked, **({"agency": agency} if agency else {})})
    return str(found.get("taken_at") or ""), report.tables(found)


def _sheet(key: str, report: Report) -> Sheet:
    agency = _agency()
    back = Link(_("Hộp thư"), "/danh-ba/hop-thu") if key == USE else Link(_("Báo cáo"), "/bao-cao")
    listed = agency_choices(agency)
    return Sheet(
        f"/bao-cao/{key}",
        _(report.name),
        next((one["text"] for one in listed if one["value"] == agency), agency),
        {AGENCY: agency},
        back=back,
        agency=agency,
        agencies=listed,
    )


ROUTES: Routes = (
    ("GET", "/bao-cao", list_reports),
    ("GET", f"/bao-cao/{USE}", show_mail_figures),
    ("GET", f"/bao-cao/{USE}/<name:form>", take_mail_figures),
    ("GET", "/bao-cao/<name:report>", show_figures),
    ("GET", "/bao-cao/<name:report>/<name:form>", take_figures),
)
