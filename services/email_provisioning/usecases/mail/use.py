"""How official mail is used: coverage and regular use by agency, what is unused, what is nearly full."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from services.email_provisioning.domain.access import EVERYWHERE
from services.email_provisioning.domain.mail.guards import GROUP
from services.email_provisioning.domain.mail.states import ON_HOST, State
from services.email_provisioning.domain.mail.use import count, in_post, is_there, least_days
from services.email_provisioning.ports import AgencyFilter, Document, Page
from services.email_provisioning.ports_mail import Place
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.loading import mail_scope, narrowed
from services.email_provisioning.usecases.mail.views import mailbox_row, usage_view
from shared.contracts.email_provisioning.mail_requests import FullQuery, MailPeriod, UnusedQuery
from shared.contracts.principal import Principal
from shared.errors import Invalid, field_error
from shared.requests import answer_page, page_of, read_query

Request = dict[str, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVERY_AGENCY = "Tất cả cơ quan"
_AGENCIES_AT_ONCE = 1000


def follow_use(context: Context, identifier: str) -> None:
    """Count the use of a mailbox where it belongs today; a group has none."""
    for mailbox in context.mail.mailboxes.several([identifier]):
        if mailbox["kind"] == GROUP:
            continue
        state = State(mailbox["state"])
        place = Place(
            mailbox=identifier,
            kind=mailbox["kind"],
            owner=mailbox["owner"],
            agency=mailbox["agency"],
            within=(EVERYWHERE, *mailbox["within"]),
            quota=mailbox["quota"],
            there=state in ON_HOST,
            open=state in ON_HOST and mailbox["suspension"] is None,
            until=mailbox["revoked_on"],
        )
        context.mail.use.place(place, context.now())


def report_mail_use(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Coverage on the last day of a period, and regular use in it, of an agency and of each below it."""
    query = read_query(MailPeriod, request)
    first, last = query["first_day"], query["last_day"]
    if first > context.today_as_date():
        raise Invalid("request_invalid", fields=[field_error("first_day", "in_future")])
    scope = _scope(context, request, principal)
    day = min(last, context.today_as_date())
    names = _agencies(context, scope)
    officers = in_post(context.officers.posts_at(names), names, str(day))
    rows = [row for row in context.mail.use.personal(scope, str(day)) if is_there(row, str(day))]
    owners = {row["owner"] for row in rows}
    elsewhere = set().union(*officers.values()) - owners
    owners |= {row["owner"] for row in context.mail.use.of_owners(elsewhere) if is_there(row, str(day))}
    least = least_days(first, day, context.mail.rules.regular_days)
    total, each = count(officers, owners, rows, (first, day), least)
    return {
        "agency": scope or None,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "taken_at": context.now(),
        "finished_period": last < context.today_as_date(),
        "least_days": least,
        "total": total.to_dict(),
        "agencies": [
            {"agency": code, "name": names.get(code, code)} | figures.to_dict() for code, figures in each.items()
        ],
    }


def print_mail_use(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """The same as a spreadsheet."""
    report = report_mail_use(context, request, principal)
    names = _agencies(context, report["agency"]) if report["agency"] else {}
    content = context.mail.use_sheet(report, names.get(report["agency"], EVERY_AGENCY))
    name = f"thong-ke-hop-thu-{report['first_day']}-{report['last_day']}.xlsx"
    stored = context.files.keep(content, name, XLSX)
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def find_unused_mailboxes(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Mailboxes that nobody used for so many days since they were made or used last, the longest unused first."""
    query = read_query(UnusedQuery, request)
    since = context.now() - timedelta(days=query["days"])
    limit, after = page_of(request)
    return _listed(
        context, context.mail.use.unused(_scope(context, request, principal), since, after=after, limit=limit)
    )


def find_full_mailboxes(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Mailboxes of whose quota more than so many percent are used, the fullest first."""
    query = read_query(FullQuery, request)
    limit, after = page_of(request)
    least = 10 * query["percent"]
    return _listed(context, context.mail.use.full(_scope(context, request, principal), least, after=after, limit=limit))


def _scope(context: Context, request: Request, principal: Principal) -> str:
    """The agency that was asked for, else the caller's own; everything for those who run the mail."""
    scope = mail_scope(actor_of(principal))
    return narrowed(context, request["agency"], scope) if request.get("agency") else scope


def _agencies(context: Context, scope: str) -> dict[str, str]:
    """The agencies of a scope by code, closed ones too, with their names."""
    wanted, after = AgencyFilter(scope, context.today(), closed=True), None
    names: dict[str, str] = {}
    while True:
        page = context.agencies.page(wanted, after=after, limit=_AGENCIES_AT_ONCE)
        names |= {row["code"]: row["name"]["vi"] for row in page.rows}
        after = page.next
        if after is None:
            return names


def _listed(context: Context, page: Page) -> dict[str, Any]:
    """The rows with what is known of their mailboxes now."""
    mailboxes = {one["_id"]: one for one in context.mail.mailboxes.several(row["_id"] for row in page.rows)}
    return answer_page(list(_with_use(page.rows, mailboxes)), page.next)


def _with_use(rows: Sequence[Document], mailboxes: dict[str, Document]) -> Any:
    for row in rows:
        more = {"unused_since": row["unused_since"], "percent": row["filled"] / 10, "usage": usage_view(row)}
        yield mailbox_row(mailboxes[row["_id"]]) | more
