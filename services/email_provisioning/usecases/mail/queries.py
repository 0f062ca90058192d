"""Questions about mailboxes, each within the caller's own agency and those below it."""

from typing import Any

from services.email_provisioning.domain.access import EVERYWHERE
from services.email_provisioning.domain.mail.states import allowed_actions
from services.email_provisioning.ports_mail import MailboxFilter
from services.email_provisioning.usecases.changes import DERIVED
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.loading import (
    check_in_scope,
    load_mail_agency,
    load_mailbox,
    mail_scope,
    narrowed,
    officer_of,
)
from services.email_provisioning.usecases.mail.surroundings import free_addresses
from services.email_provisioning.usecases.mail.views import mailbox_row, mailbox_view
from services.email_provisioning.usecases.queries import history_page
from shared.contracts.email_provisioning.mail_requests import MailboxQuery, SuggestionQuery
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound, field_error
from shared.requests import answer_page, answer_verified, page_of, read_query
from shared.words import words

SUGGESTIONS = 5

Request = dict[str, Any]


def find_mailboxes(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Mailboxes in order of their addresses; those of one officer come all at once."""
    actor, query = actor_of(principal), read_query(MailboxQuery, request)
    scope = mail_scope(actor)
    if query["agency"]:
        scope = narrowed(context, request["agency"], scope)
    if query["owner"]:
        found = context.mail.mailboxes.of_owners([query["owner"]])
        seen = [one for one in found if scope == EVERYWHERE or scope in one["within"]]
        return answer_page([mailbox_row(one) for one in seen], None)
    wanted = MailboxFilter(
        scope=scope,
        words=tuple(dict.fromkeys(words(query["q"] or ""))),
        state=query["state"],
        kind=query["kind"],
    )
    limit, after = page_of(request)
    page = context.mail.mailboxes.page(wanted, after=after, limit=limit)
    return answer_page([mailbox_row(mailbox) for mailbox in page.rows], page.next)


def list_own_mailboxes(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """The mailboxes that the caller answers for; nobody has more than fit on a page."""
    officer = officer_of(context, actor_of(principal))
    found = context.mail.mailboxes.of_owners([officer]) if officer else []
    return answer_page([mailbox_row(one) for one in found], None)


def read_mailbox(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """One mailbox with what its hosts said of it."""
    actor = actor_of(principal)
    mailbox = load_mailbox(context, request["mailbox"], actor).document
    applied, usage = context.mail.hosts.applied(mailbox["_id"]), context.mail.use.read(mailbox["_id"])
    return mailbox_view(mailbox, applied, usage, allowed_actions(mailbox, actor))


def read_mailbox_history(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """A mailbox's history in order: who did what, when, on which ground."""
    mailbox = load_mailbox(context, request["mailbox"], actor_of(principal)).document
    return history_page(context.mail.mailboxes, mailbox["_id"], request)


def verify_mailbox_history(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """Whether a mailbox's history is what was written."""
    scope, found = mail_scope(actor_of(principal)), context.mail.mailboxes.whole(request["mailbox"])
    unknown = NotFound("mailbox_not_here")
    return answer_verified(found, principal, lambda mailbox: check_in_scope(scope, mailbox), unknown, DERIVED)


def suggest_addresses(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """The best addresses that a person of this name could have now."""
    actor, query = actor_of(principal), read_query(SuggestionQuery, request)
    agency = load_mail_agency(context, query["agency"], actor)
    domain = context.mail.rules.domain_for(agency["within"])
    if domain is None:
        wrong = field_error("agency", "mail_domain_missing", agency=agency["code"])
        raise Invalid("request_invalid", fields=[wrong])
    free = free_addresses(context, query["name"], domain, agency)
    return {"domain": domain.name, "addresses": [next(free) for _ in range(SUGGESTIONS)]}


def read_mail_pool(context: Context, request: Request, principal: Principal) -> dict[str, Any]:
    """How much of its grant an agency has drawn."""
    actor = actor_of(principal)
    code = narrowed(context, request["agency"], mail_scope(actor))
    grant = context.mail.rules.grant_of(code)
    return {"agency": code, "grant": grant, "used": context.mail.mailboxes.used(code)}
