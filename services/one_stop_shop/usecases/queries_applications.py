"""Questions about applications: the officers' queues and search, the citizens' own, and one application."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.one_stop_shop.domain.access import check_visible, is_party, works_for
from services.one_stop_shop.domain.actors import OFFICERS, Actor
from services.one_stop_shop.domain.clock import NEAR_DUE
from services.one_stop_shop.domain.codes import end_of_code, read_application_code
from services.one_stop_shop.domain.statuses import APPLICANTS_TURN, CLOSED, RUNNING, WAITING, Status
from services.one_stop_shop.domain.transitions import allowed_actions, is_allowed
from services.one_stop_shop.domain.visibility import OPERATOR, Scope, scope_of
from services.one_stop_shop.ports_read import ApplicationFilter, Row
from services.one_stop_shop.usecases.application_views import application_row, application_view
from services.one_stop_shop.usecases.context import Context, actor_of
from shared.contracts.one_stop_shop.query_requests import ListApplications
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound
from shared.requests import answer_page, answer_verified, page_of, read_query
from shared.words import words

DUPLICATES_SINCE = timedelta(days=365)
DUPLICATES_SHOWN = 10

OF_SEVERAL = ("claim", "assign")
"""What may be done to several applications of a list at once."""

_ME, _NOBODY = "me", "none"
_IDENTITY = re.compile(r"\d{9,13}|\d{10}-\d{3}|(?=.*\d)[A-Z0-9]{6,12}")
"""A citizen's, an old card's or a tax number, or a passport's, as they stand on papers (D 6.1)."""
_GROUPED = re.compile(r"\+?\d[\d .]{6,18}\d")
"""A telephone or identity number as people group it; two numbers beside each other are longer."""


def list_applications(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The work queue by deadline, a search newest first, or one's own applications."""
    actor, now = actor_of(principal), context.now()
    scope, query = scope_of(actor), read_query(ListApplications, request)
    limit, after = page_of(request)
    wanted = _filter(context, scope, actor, query)
    if not wanted.statuses or (query["q"] and not (wanted.words or wanted.code or wanted.identity)):
        return answer_page([], None)
    page = context.queries.page(wanted, after=after, limit=limit, back=bool(query["back"]))
    rows = [application_row(row, now, [one for one in OF_SEVERAL if is_allowed(row, actor, one)]) for row in page.rows]
    return answer_page(rows, page.next)


def count_applications(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """How much waits, by status; what is closed waits for nobody and is not counted."""
    actor, now = actor_of(principal), context.now()
    scope = scope_of(actor)
    counted = context.queries.count(
        ApplicationFilter(agency=scope.agency, parties=scope.parties),
        officer=actor.subject,
        now=now,
    )
    near = _filter(context, scope, actor, read_query(ListApplications, {"due": "near"}))
    return {
        "by_status": {str(count.status): count.all for count in sorted(counted, key=lambda count: count.status)},
        "mine": sum(count.mine for count in counted),
        "near_due": context.queries.count_queue(near) if scope.agency else 0,
        "overdue": sum(count.overdue for count in counted),
        "unclaimed": sum(count.unclaimed for count in counted),
        "at": now,
    }


def get_application(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One application with what the reader may do; officers also see what may be the same matter twice.

    Of the ties its people see those to applications that are theirs too.
    """
    actor, now = actor_of(principal), context.now()
    document = visible_application(context, request["application"], actor)
    duplicates: list[Row] = []
    if works_for(document, actor):
        duplicates = context.queries.same_matter(
            document, agency=actor.agency, since=now - DUPLICATES_SINCE, limit=DUPLICATES_SHOWN
        )
    tied = context.applications.find_all({tie["application"] for tie in document["links"]}, only=("parties", "status"))
    if not works_for(document, actor):
        tied = {other: found for other, found in tied.items() if is_party(found, actor)}
    return application_view(
        document,
        now,
        actions=allowed_actions(document, actor),
        duplicates=duplicates,
        statuses={other: found["status"] for other, found in tied.items()},
        officer=works_for(document, actor),
    )


def get_history(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Who did what, when, for which agency and why; entry by entry, in order. Colleagues are told the names."""
    actor = actor_of(principal)
    document = visible_application(context, request["application"], actor)
    named = works_for(document, actor)
    limit, after = page_of(request)
    start = int(after or 0)
    entries = context.queries.history(document["_id"], after=start, limit=limit)
    end = start + len(entries)
    shown = [
        {
            **{name: entry[name] for name in _SHOWN},
            "actor": {name: value for name, value in entry["actor"].items() if name != "name"},
            "officer": officer_name(context, entry) if named else None,
        }
        for entry in entries
    ]
    return answer_page(shown, end if end < document["version"] else None)


def officer_name(context: Context, entry: Row) -> str | None:
    """An officer's name when they acted, today's in entries of before it was kept; others are told by their role."""
    actor = entry["actor"]
    if "name" in actor:
        return str(actor["name"])
    officer = context.officers.of_account(actor["sub"]) if actor["role"] in OFFICERS else None
    return officer.name if officer else None


_SHOWN = ("seq", "type", "at", "actor", "reason", "data", "prev", "hash")


def verify_history(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Whether the history is what was written; operators may ask as well, for the answer names nobody."""
    actor = actor_of(principal)

    def check(row: Mapping[str, Any]) -> None:
        if not actor.has(OPERATOR):
            check_visible(row, actor)

    found = context.queries.whole(request["application"])
    return answer_verified(found, principal, check, NotFound("application_unknown"))


def visible_application(context: Context, application: str, actor: Actor) -> Row:
    """The application, if the caller may know that it exists."""
    document = context.queries.find(application)
    check_visible(document, actor)
    if document is None:
        raise NotFound("application_unknown")
    return document


def _filter(context: Context, scope: Scope, actor: Actor, query: dict[str, Any]) -> ApplicationFilter:
    due, assignee = query["due"], query["assignee"]
    now, near = context.now(), due == "near"
    return ApplicationFilter(
        agency=scope.agency,
        parties=scope.parties,
        statuses=tuple(sorted(int(status) for status in _statuses(query))),
        waiting=_waits(query),
        closed=bool(query["closed"]),
        step=query["step"],
        procedure=query["procedure"],
        assignee=actor.subject if assignee == _ME else None if assignee == _NOBODY else assignee,
        unassigned=assignee == _NOBODY,
        collected=query["turn"] is not None,
        due_from=now if near else None,
        due_before=_latest_near(context, scope) if near else now if due else None,
        near_at=now if near else None,
        **_sought(query["q"] or "", scope),
    )


def _statuses(query: dict[str, Any]) -> set[Status]:
    """The statuses that can match: a deadline runs only in some, and nobody has what is closed."""
    possible = {Status(query["status"])} if query["status"] else set(Status)
    if query["turn"]:
        possible &= APPLICANTS_TURN
    if query["due"]:
        possible &= RUNNING
    if _waits(query):
        possible &= WAITING
    if query["closed"]:
        possible &= CLOSED
    return possible


def _waits(query: dict[str, Any]) -> bool:
    return bool(query["step"] or query["assignee"] or query["closed"] is False)


def _sought(text: str, scope: Scope) -> dict[str, Any]:
    """A search for a whole code, the end of one, an identity number, or else for words."""
    try:
        return {"code": read_application_code(text).text}
    except Invalid:
        pass
    if end := end_of_code(text):
        return {"words": (end.rpartition("-")[2],), "code_end": end}
    sought = text.strip().upper()
    digits = "".join(filter(str.isdecimal, sought))
    if _GROUPED.fullmatch(sought) and 8 <= len(digits) <= 13:
        sought = digits
    if scope.agency and _IDENTITY.fullmatch(sought):
        return {"identity": sought}
    return {"words": tuple(dict.fromkeys(words(sought)))}


def _latest_near(context: Context, scope: Scope) -> Any:
    """Until when a deadline may be near; for a short time limit it is near later than that."""
    now = context.now()
    return context.offices.working_time(scope.agency).add(now, NEAR_DUE) if scope.agency else now
