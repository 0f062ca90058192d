"""The registers of Annex IV as rows, PDF and spreadsheet, the assignment slip, and the figures of a period."""

import io
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from services.document_routing.domain import books
from services.document_routing.domain.access import register_agency, reported_agency
from services.document_routing.domain.duties import day_of
from services.document_routing.domain.figures import figures
from services.document_routing.domain.numbering import Series, faults
from services.document_routing.ports_read import Page, Row, Span
from services.document_routing.usecases.context import Context, reader_of
from services.document_routing.usecases.questions import own_arrival
from shared.actors import Actor
from shared.contracts.document_routing.requests import DocumentPeriod, DocumentRegisterPeriod, VerifyRegister
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, NotFound
from shared.observability import logger
from shared.requests import answer_page, page_of, read_query
from shared.working_time import VIETNAM

log = logger(__name__)

PRINTED_LINES = 2000
"""The longest register that is printed in one piece; a longer one is asked for in shorter periods."""

MOST_BYTES = 50 * 1024 * 1024
PRINTER = "printer"
"""Who uploads what the platform prints."""

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Request = dict[str, Any]
Ask = Callable[[Context, str, Request, Any, int], Page]


def list_outgoing_register(context: Context, request: Request, principal: Principal) -> Request:
    """Lines of the register of outgoing documents."""
    return _lines(context, request, principal, _outgoing)


def list_incoming_register(context: Context, request: Request, principal: Principal) -> Request:
    """Lines of the register of incoming documents."""
    return _lines(context, request, principal, _incoming)


def _lines(context: Context, request: Request, principal: Principal, ask: Ask) -> Request:
    query = read_query(DocumentRegisterPeriod, request)
    agency = register_agency(reader_of(context, principal), query["agency"], context.offices.directory())
    limit, after = page_of(request)
    page = ask(context, agency, query, after, limit)
    return answer_page(page.rows, page.next)


def _outgoing(context: Context, agency: str, query: Request, after: Any, limit: int) -> Page:
    found = context.registers.outgoing(agency, query["first_day"], query["last_day"], after=after, limit=limit)
    types = context.offices.types()
    return Page([books.outgoing_line(row, types.name(row["kind"])) for row in found.rows], found.next)


def _incoming(context: Context, agency: str, query: Request, after: Any, limit: int) -> Page:
    span = _span(query, context.now())
    found = context.registers.incoming(agency, span, after=after, limit=limit)
    types = context.offices.types()
    return Page([books.incoming_line(row, types.name(row["kind"]), day_of) for row in found.rows], found.next)


def verify_register(context: Context, request: Request, principal: Principal) -> Request:
    """Whether every number that a year's series gave stands in the register, once: what was removed leaves a gap."""
    query = read_query(VerifyRegister, request)
    agency = register_agency(reader_of(context, principal), query["agency"], context.offices.directory())
    series = Series(agency, query["register"], query["year"])
    registers = context.registers
    last, skipped, found = context.at_one_moment(
        lambda: (registers.last_number(series), registers.skipped(series), registers.numbers(series))
    )
    rows = [{"first": first, "last": end, "problem": problem} for first, end, problem in faults(found, last, skipped)]
    if rows:
        log.error("register_altered", agency=agency, register=series.kind, year=series.year, faults=len(rows))
    answer = {"agency": agency, "register": series.kind, "year": series.year, "given": last}
    return {**answer, "intact": not rows, "findings": rows, "skipped": skipped}


def print_outgoing_register(context: Context, request: Request, principal: Principal) -> Request:
    """The register of outgoing documents as PDF or spreadsheet."""
    return _print(
        context, request, principal, _outgoing, "Sổ đăng ký văn bản đi", books.OUTGOING_COLUMNS, "so-van-ban-di"
    )


def print_incoming_register(context: Context, request: Request, principal: Principal) -> Request:
    """The register of incoming documents as PDF or spreadsheet."""
    return _print(
        context, request, principal, _incoming, "Sổ đăng ký văn bản đến", books.INCOMING_COLUMNS, "so-van-ban-den"
    )


def _print(
    context: Context,
    request: Request,
    principal: Principal,
    ask: Ask,
    title: str,
    columns: tuple[books.Column, ...],
    name: str,
) -> Request:
    query = read_query(DocumentPeriod, request, path=("format",))
    actor = reader_of(context, principal)
    agency = register_agency(actor, query["agency"], context.offices.directory())
    formats: Mapping[str, tuple[Callable[[books.Book], bytes], str]] = {
        "pdf": (context.printer.print_book, PDF),
        "xlsx": (context.printer.book_sheet, XLSX),
    }
    if request["format"] not in formats:
        raise NotFound("format_unknown", format=request["format"])
    page = ask(context, agency, query, None, PRINTED_LINES)
    if page.next:
        raise Invalid("register_too_long", most=PRINTED_LINES)
    book = books.Book(
        title,
        columns,
        _letterhead(context, agency),
        query["first_day"],
        query["last_day"],
        actor.name,
        tuple(page.rows),
    )
    write, media_type = formats[request["format"]]
    return _store(context, write(book), f"{name}-{query['first_day']}.{request['format']}", media_type)


def print_assignment_slip(context: Context, request: Request, principal: Principal) -> Request:
    """The slip of one incoming document, with every assignment.

    Raises:
        Conflict: it is not in the register yet.
    """
    arrival = own_arrival(context, request["arrival"], reader_of(context, principal))
    if arrival["arrival_number"] is None:
        raise Conflict("arrival_not_registered")
    types = context.offices.types()
    slip = books.Slip(
        _letterhead(context, arrival["agency"]),
        arrival["arrival_number"],
        day_of(arrival["arrived_at"]),
        arrival["code"],
        date.fromisoformat(arrival["issued_on"]),
        arrival["sender_name"],
        books.kind_and_subject(types.name(arrival["kind"]), arrival["subject"]),
        books.slip_rows(arrival, day_of),
    )
    return _store(context, context.printer.print_slip(slip), f"phieu-giai-quyet-{arrival['arrival_number']}.pdf", PDF)


def _letterhead(context: Context, agency: str) -> books.Letterhead:
    directory = context.offices.directory()
    own = directory.get(agency)
    parent = directory.name(own.parent) if own.parent else ""
    return books.Letterhead(own.name, parent, directory.place(agency), _midnight(day_of(context.now())), own.sample)


def _store(context: Context, content: bytes, name: str, media_type: str) -> Request:
    stored = context.files.put(
        io.BytesIO(content), limit=MOST_BYTES, name=name, declared_type=media_type, owner=PRINTER
    )
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def report_documents(context: Context, request: Request, principal: Principal) -> Request:
    """The figures of an agency with all that stand below it, and of a period."""
    query = read_query(DocumentPeriod, request)
    actor = reader_of(context, principal)
    agencies = _reported(context, actor, query["agency"])
    span = _span(query, context.now())
    facts = context.registers.facts(agencies, query["first_day"], query["last_day"], span)
    rows: list[Row] = [asdict(figure) for figure in figures(facts)]
    period = {name: query[name].isoformat() for name in ("first_day", "last_day")}
    return {"agency": agencies[0], **period, "figures": rows}


def _reported(context: Context, actor: Actor, asked: str | None) -> list[str]:
    directory = context.offices.directory()
    agency = reported_agency(actor, asked, directory)
    below = [one.code for one in directory if one.code != agency and directory.is_within(one.code, agency)]
    return [agency, *below]


def _span(query: Request, now: datetime) -> Span:
    end = _midnight(query["last_day"] + timedelta(days=1))
    return Span(_midnight(query["first_day"]), end, min(now, end))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), VIETNAM)
