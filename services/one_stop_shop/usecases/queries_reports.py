"""Figures and registers: indicators, Biểu II.06a, and form 07 as rows, PDF and spreadsheet."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from services.one_stop_shop.domain.actors import Actor
from services.one_stop_shop.domain.agencies import Agency, Directory
from services.one_stop_shop.domain.form_sets import form_set_on
from services.one_stop_shop.domain.form_words import CHANNELS, RETURN_METHODS, Outcome
from services.one_stop_shop.domain.forms import Register, RegisterRow
from services.one_stop_shop.domain.indicators import indicators
from services.one_stop_shop.domain.paper_parts import address_on_paper, office_letterhead
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.report_06a import report_06a as add_up
from services.one_stop_shop.domain.statuses import status_name
from services.one_stop_shop.domain.visibility import register_agency, reported_agency
from services.one_stop_shop.ports_read import Row, Span
from services.one_stop_shop.usecases.context import Context, actor_of
from services.one_stop_shop.usecases.queries_catalogue import all_rows
from services.one_stop_shop.usecases.queries_files import PDF, store
from shared.contracts.one_stop_shop.query_requests import Period, RegisterPeriod
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound, field_error
from shared.requests import answer_page, page_of, read_query
from shared.working_time import VIETNAM

PRINTED_ROWS = 2000
"""The longest register that is printed in one piece; a longer one is asked for in shorter periods."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_indicators(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Indicators of Decision 766 for an agency with all that stand below it, and for a period."""
    query, actor, now = read_query(Period, request), actor_of(principal), context.now()
    agency = reported_agency(actor, query["agency"], context.offices.directory())
    agencies = _with_those_below(context, agency)
    facts = context.reports.facts(agencies, _span(query, now))
    found = indicators(facts, _in_competence(context, agencies, query["last_day"]))
    return {
        **_heading(agency, query, now),
        "finished_period": query["last_day"] < now.astimezone(VIETNAM).date(),
        "indicators": [indicator.to_dict() for indicator in found],
    }


def report_06a(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Biểu II.06a for an agency with all that stand below it, and for a period."""
    query, actor, now = read_query(Period, request), actor_of(principal), context.now()
    agency = reported_agency(actor, query["agency"], context.offices.directory())
    cells = context.reports.processing(_with_those_below(context, agency), _span(query, now))
    report = add_up(cells, context.procedures.sectors())
    return {
        **_heading(agency, query, now),
        "rows": [row.to_dict() for row in report.rows],
        "total": report.total.to_dict(),
    }


def list_register(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The register of one's own reception point; the number runs through the period."""
    query, actor = read_query(RegisterPeriod, request), actor_of(principal)
    agency = register_agency(actor, query["agency"], context.offices.directory())
    limit, position = page_of(request)
    number, after = position or (0, None)
    span = _span(query, context.now())
    page = context.queries.register(agency, span.first, span.end, after=after, limit=limit)
    rows = [_register_view(row, number + n) for n, row in enumerate(page.rows, start=1)]
    return answer_page(rows, [number + len(rows), page.next] if page.next else None)


def print_register(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Form 07 as `pdf` or `xlsx`."""
    query, actor = read_query(Period, request, path=("format",)), actor_of(principal)
    wanted = request["format"]
    if wanted not in ("pdf", "xlsx"):
        raise NotFound("format_unknown", format=wanted)
    agency = context.offices.directory().get(register_agency(actor, query["agency"], context.offices.directory()))
    register = _register(context, agency, query, actor)
    name = f"so-theo-doi-{agency.code}-{query['first_day']:%Y%m%d}-{query['last_day']:%Y%m%d}.{wanted}"
    if wanted == "pdf":
        return store(context, context.printer.print(register), name, PDF)
    return store(context, context.sheet(register), name, XLSX)


def _heading(agency: str, query: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "agency": agency,
        "first_day": query["first_day"].isoformat(),
        "last_day": query["last_day"].isoformat(),
        "taken_at": now,
    }


def _span(query: Mapping[str, Any], now: datetime) -> Span:
    """The period in moments; of one that has not begun nothing can be said."""
    if query["first_day"] > now.astimezone(VIETNAM).date():
        raise Invalid("request_invalid", fields=[field_error("first_day", "in_future")])
    first, end = _midnight(query["first_day"]), _midnight(query["last_day"]) + timedelta(days=1)
    return Span(first, end, min(now, end))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _with_those_below(context: Context, agency: str) -> list[str]:
    directory = context.offices.directory()
    return [other.code for other in directory if directory.is_within(other.code, agency)]


def _in_competence(context: Context, agencies: list[str], on: date) -> list[ProcedureVersion]:
    """The procedures in force on that day on which one of these agencies decides."""
    directory, wanted = context.offices.directory(), set(agencies)
    provinces = {directory.get(code).province for code in agencies} - {None}
    found = []
    for row in all_rows(context):
        if not any(_covers(version, on) for version in row["versions"]):
            continue
        version = context.catalogue.in_force(row["_id"], on)
        deciding = (directory.competent_agencies(version, str(province), on) for province in provinces)
        if any(agency.code in wanted for some in deciding for agency in some):
            found.append(version)
    return found


def _covers(version: Row, on: date) -> bool:
    return bool(version["effective_from"] <= on.isoformat() <= (version.get("effective_to") or on.isoformat()))


def _register_view(row: Row, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "code": row["code"],
        "procedure_name": row["procedure"]["name"],
        "submitter_name": _submitter(row)["name"],
        "channel": row["channel"],
        "components": len(row["components"]),
        "received_at": row["received_at"],
        "due_at": row["due_at"],
        "returned_at": row["returned_at"],
        "agency": row["competent_agency"],
        "outcome": row["outcome"],
        "return_method": _returned_by(row),
        "note": (row["returned"] or {}).get("note", ""),
    }


def _register(context: Context, agency: Agency, query: Mapping[str, Any], actor: Actor) -> Register:
    now = context.now()
    span = _span(query, now)
    page = context.queries.register(agency.code, span.first, span.end, after=None, limit=PRINTED_ROWS)
    if page.next:
        raise Invalid("register_too_long", most=PRINTED_ROWS)
    directory = context.offices.directory()
    letterhead = office_letterhead(
        agency,
        directory,
        form_set=form_set_on(query["last_day"]),
        issued_at=_midnight(now.astimezone(VIETNAM).date()),
        sample=bool(agency.definition.get("sample")),
    )
    return Register(
        letterhead=letterhead,
        first_day=query["first_day"],
        last_day=query["last_day"],
        keeper=actor.name,
        rows=tuple(_register_row(row, directory) for row in page.rows),
    )


def _register_row(row: Row, directory: Directory) -> RegisterRow:
    person = _submitter(row)
    returned = row["returned"] or {}
    return RegisterRow(
        code=row["code"],
        procedure=row["procedure"]["name"],
        submitter=person["name"],
        agency=directory.get(row["competent_agency"]).name.vi,
        channel=CHANNELS[row["channel"] or 1],
        received_at=row["received_at"],
        components=len(row["components"]),
        subject=row["content"],
        address=address_on_paper(person.get("address") or {}),
        phone=person.get("phone") or "",
        due_at=row["due_at"],
        returned_at=row["returned_at"],
        status=status_name(row["status"]),
        outcome=_OUTCOMES.get(row["outcome"] or ""),
        return_method=RETURN_METHODS.get(_returned_by(row) or "", ""),
        receipt_signature=(returned.get("receiver") or {}).get("name", ""),
        note=returned.get("note", ""),
    )


_OUTCOMES = {"early": Outcome.EARLY, "on_time": Outcome.ON_TIME, "late": Outcome.LATE}


def _submitter(row: Row) -> Row:
    person: Row = row.get("submitter") or row["owner"]
    return person


def _returned_by(row: Row) -> str | None:
    return (row["returned"] or {}).get("method")
