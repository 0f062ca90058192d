"""Questions about documents and arrivals; each is asked within the caller's own agency."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from services.document_routing.domain import search
from services.document_routing.domain.access import check_own, reading_agency
from services.document_routing.domain.actors import OPERATOR
from services.document_routing.domain.duties import NEAR
from services.document_routing.domain.evidence import judge_signatures, logged_under
from services.document_routing.domain.statuses import ARRIVED, OPEN, REGISTERED
from services.document_routing.domain.transitions import DRAFT, IN_REVIEW, ISSUED, SIGNED
from services.document_routing.ports_read import Filter, Questions, Row
from services.document_routing.usecases.changes import DERIVED
from services.document_routing.usecases.context import Context, reader_of
from services.document_routing.usecases.views import arrival_row, arrival_view, document_row, document_view
from shared.actors import Actor
from shared.contracts.document_routing.requests import ListArrivals, ListDocuments
from shared.contracts.principal import Principal
from shared.errors import NotFound
from shared.requests import answer_history, answer_page, answer_verified, page_of, read_query
from shared.words import words
from shared.working_time import VIETNAM

_ME, _OPEN, _TROUBLED = "me", "open", "troubled"

Request = dict[str, Any]


def list_documents(context: Context, request: Request, principal: Principal) -> Request:
    """The agency's outgoing documents, newest first."""
    query = read_query(ListDocuments, request)
    agency = reading_agency(reader_of(context, principal))
    other = [search.agency_key(_known_as(context, query["receiver"]))] if query["receiver"] else []
    if query["application"]:
        other.insert(0, search.application_key(query["application"]))
    if query["status"] == _TROUBLED:
        other.insert(0, search.TROUBLED)
    wanted = Filter(
        agency,
        _keys(query, other),
        _statuses(query),
        issued_from=_day(query["issued_from"]),
        issued_to=_day(query["issued_to"]),
    )
    limit, after = page_of(request)
    if _means_nothing(query):
        return answer_page([], None)
    page = context.outgoing.page(wanted, after=after, limit=limit)
    types = context.offices.types()
    return answer_page([document_row(row, types) for row in page.rows], page.next)


def list_arrivals(context: Context, request: Request, principal: Principal) -> Request:
    """The agency's incoming documents, newest first."""
    query = read_query(ListArrivals, request)
    actor = reader_of(context, principal)
    agency, now = reading_agency(actor), context.now()
    other = [search.agency_key(_known_as(context, query["sender"]))] if query["sender"] else []
    officer = actor.subject if query["assignee"] == _ME else query["assignee"]
    only_open = query["status"] == _OPEN
    if officer and not only_open:
        other.insert(0, search.handler_key(officer))
    wanted = Filter(
        agency,
        _keys(query, other),
        _statuses(query),
        handler=officer if only_open else None,
        issued_from=_day(query["issued_from"]),
        issued_to=_day(query["issued_to"]),
        arrived_from=_midnight(query["arrived_from"]),
        arrived_before=_midnight(query["arrived_to"], 1),
        due_from=now if query["due"] == "near" else None,
        due_before=_due_before(context, agency, query["due"]),
    )
    limit, after = page_of(request)
    if _means_nothing(query):
        return answer_page([], None)
    page = context.incoming.page(wanted, after=after, limit=limit)
    types = context.offices.types()
    return answer_page([arrival_row(row, types, now) for row in page.rows], page.next)


def _keys(query: Request, other: list[str]) -> tuple[str, ...]:
    """The keys of a search, the one that means the fewest first: a number, the longest word, the other side, a kind."""
    found = [search.code_key(query["code"])] if query["code"] else []
    sought = dict.fromkeys(words(query["q"] or ""))
    found += sorted(sought, key=lambda word: (word.isdigit(), len(word)), reverse=True)
    found += other
    found += [search.kind_key(query["kind"])] if query["kind"] else []
    return tuple(found)


def _statuses(query: Request) -> tuple[str, ...]:
    """The statuses that one word of a filter means."""
    if query["status"] == _OPEN:
        return tuple(sorted(OPEN))
    if query["status"] == _TROUBLED:
        return ()  # a key says it
    return (query["status"],) if query["status"] else ()


def _means_nothing(query: Request) -> bool:
    """Whether something is sought in which there is no letter and no digit; nothing fits that."""
    return bool(query["q"]) and not words(query["q"])


def _known_as(context: Context, code: str) -> str:
    agency = context.offices.directory().find(code)
    return agency.code if agency else code


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _midnight(day: Any, later: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time(0), VIETNAM) if day else None


def _due_before(context: Context, agency: str, due: str | None) -> datetime | None:
    now = context.now()
    return {None: None, "overdue": now}.get(due) or (
        context.offices.working_time(agency).add(now, NEAR) if due == "near" else None
    )


def count_documents(context: Context, request: Request, principal: Principal) -> Request:
    """Numbers for the menu."""
    agency, now = reading_agency(reader_of(context, principal)), context.now()
    today = _midnight(now.astimezone(VIETNAM).date())
    conditions: dict[str, Any] = {status: {"status": status} for status in (DRAFT, IN_REVIEW, SIGNED)}
    conditions["issued_today"] = {"status": ISSUED, "position": {"$gte": search.position(today or now, "")}}
    conditions["troubled"] = {"search": search.TROUBLED}
    conditions["issue_late"] = {"status": SIGNED, "issue_by": {"$lt": now}}
    return context.outgoing.count(agency, conditions)


def count_arrivals(context: Context, request: Request, principal: Principal) -> Request:
    """Numbers for the menu."""
    actor = reader_of(context, principal)
    agency, now = reading_agency(actor), context.now()
    is_open = {"status": {"$in": sorted(OPEN)}}
    conditions = {
        "unconfirmed": {"status": ARRIVED},
        "unconfirmed_late": {"status": ARRIVED, "confirm_by": {"$lt": now}},
        "to_assign": {"status": REGISTERED},
        "open": is_open,
        "overdue": {"open": True, "due_at": {"$lt": now}},
        "mine": {"open": True, "handlers": actor.subject},
        "requests": {"asked": True},
    }
    return context.incoming.count(agency, conditions)


def get_document(context: Context, request: Request, principal: Principal) -> Request:
    """One outgoing document."""
    actor = reader_of(context, principal)
    return document_view(own_document(context, request["document"], actor), context.offices.types(), actor)


def get_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """One incoming document."""
    actor = reader_of(context, principal)
    arrival = own_arrival(context, request["arrival"], actor)
    return arrival_view(arrival, context.offices.types(), context.now(), actor)


def own_document(context: Context, identifier: str, actor: Actor) -> Row:
    """The document, if the actor's agency issues it."""
    return _own(context.outgoing, identifier, actor, "document_unknown")


def own_arrival(context: Context, identifier: str, actor: Actor) -> Row:
    """The arrival, if the actor's agency received it."""
    return _own(context.incoming, identifier, actor, "arrival_unknown")


def _own(questions: Questions, identifier: str, actor: Actor, unknown: str) -> Row:
    found = questions.find(identifier)
    check_own(found, actor, unknown)
    if found is None:
        raise NotFound(unknown)
    return found


def get_document_history(context: Context, request: Request, principal: Principal) -> Request:
    """The history of a document, entry by entry."""
    own_document(context, request["document"], reader_of(context, principal))
    return _history(context.outgoing, request["document"], request)


def get_arrival_history(context: Context, request: Request, principal: Principal) -> Request:
    """The history of an arrival, entry by entry."""
    own_arrival(context, request["arrival"], reader_of(context, principal))
    return _history(context.incoming, request["arrival"], request)


def _history(questions: Questions, identifier: str, request: Request) -> Request:
    return answer_history(request, lambda after, limit: questions.history(identifier, after=after, limit=limit))


def verify_document_history(context: Context, request: Request, principal: Principal) -> Request:
    """Whether a document is what its history says; operators may ask of any, for the answer names nobody."""
    return _verify(context, context.outgoing, request["document"], principal, "document_unknown")


def verify_arrival_history(context: Context, request: Request, principal: Principal) -> Request:
    """Whether an arrival is what its history says."""
    return _verify(context, context.incoming, request["arrival"], principal, "arrival_unknown")


def _verify(context: Context, questions: Questions, identifier: str, principal: Principal, unknown: str) -> Request:
    actor = reader_of(context, principal)
    found, log = context.at_one_moment(lambda: _whole_with_log(context, questions, identifier))

    def check(row: Mapping[str, Any]) -> None:
        if not actor.has(OPERATOR):
            check_own(row, actor, unknown)

    answer = answer_verified(found, principal, check, NotFound(unknown), DERIVED)
    if found is not None and answer["intact"] and any(judge_signatures("", found, log)):
        answer |= {"intact": False, "first_altered": answer["entries"]}
    return answer


def _whole_with_log(context: Context, questions: Questions, identifier: str) -> tuple[Row | None, list[Row]]:
    found = questions.whole(identifier)
    return found, context.exchange.log.rows(logged_under(found)) if found is not None else []


def authorise_document_file(context: Context, request: Request, principal: Principal) -> Request:
    """A file of an outgoing document, counted from 1."""
    return _ticket(own_document(context, request["document"], reader_of(context, principal)), request["file"])


def authorise_arrival_file(context: Context, request: Request, principal: Principal) -> Request:
    """A file of an incoming document, counted from 1."""
    return _ticket(own_arrival(context, request["arrival"], reader_of(context, principal)), request["file"])


def _ticket(aggregate: Row, key: str) -> Request:
    files = aggregate["files"]
    if not key.isdecimal() or not 1 <= int(key) <= len(files):
        raise NotFound("document_file_unknown")
    file = files[int(key) - 1]
    return {"file": file["id"], "name": file["name"], "type": file["type"], "size": file["size"]}


def list_document_types(context: Context, request: Request, principal: Principal | None) -> Request:
    """The kinds of document, in the order of the decree."""
    limit, position = page_of(request)
    after, types = position or 0, list(context.offices.types())
    items = [
        {"kind": one.kind, "name": one.name, "name_en": one.name_en, "abbreviation": one.abbreviation} for one in types
    ]
    return answer_page(items[after : after + limit], after + limit if after + limit < len(items) else None)
