"""Mailboxes follow an agency that is closed or moved in the hierarchy."""

from collections.abc import Callable, Iterator

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.guards import PERSONAL
from services.email_provisioning.domain.mail.settling import settle
from services.email_provisioning.domain.mail.states import WANTED_ON_HOST, State
from services.email_provisioning.domain.posts import day_after
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.changes import change_by_itself
from shared.errors import Conflict, Stale
from shared.observability import logger

log = logger(__name__)

BATCH = 200
CLOSED = "{old} kết thúc hoạt động → {new}"


def follow_agency(context: Context, code: str) -> str | None:
    """Place the mailboxes below an agency anew; after its last day, those of its units go to its first successor.

    Personal ones follow their officers. Answers when to look again.
    """
    agency = context.agencies.known([code]).get(code)
    if agency is None:
        return None
    for mailbox in _each(lambda after: context.mail.mailboxes.within(code, after=after, limit=BATCH)):
        _place_anew(context, mailbox)
    last_day = agency["closed_on"]
    if last_day and last_day >= context.today():
        return day_after(last_day)
    successors = context.agencies.known(agency["successors"][:1]) if last_day else {}
    for successor in successors.values():
        _hand_on(context, agency, successor)
    return None


def _place_anew(context: Context, mailbox: Document) -> None:
    within = context.agencies.known([mailbox["agency"]])[mailbox["agency"]]["within"]
    if list(within) == mailbox["within"]:
        return
    derived = settle(mailbox, within, context.mail.rules, context.today_as_date())
    if not context.mail.mailboxes.derive(mailbox["_id"], mailbox["version"], derived):
        raise Stale("version_stale")


def _hand_on(context: Context, closed: Document, successor: Document) -> None:
    """Mailboxes of units and titles, and groups, go on at the successor; so do groups that ask for its people."""
    new, reason = successor["code"], CLOSED.format(old=closed["code"], new=successor["code"])
    for mailbox in _each(lambda after: context.mail.mailboxes.of_agency(closed["code"], after=after, limit=BATCH)):
        if mailbox["kind"] != PERSONAL and State(mailbox["state"]) in WANTED_ON_HOST:
            _try(context, mailbox, "transfer", {"agency": new}, reason)
    for mailbox in context.mail.mailboxes.several(context.mail.mailboxes.groups_over([closed["code"]], [])):
        if State(mailbox["state"]) in WANTED_ON_HOST:
            _try(context, mailbox, "change_group", {"members": {**mailbox["members"], "agency": new}}, reason)


def _try(context: Context, mailbox: Document, action: str, body: dict[str, object], reason: str) -> None:
    """Change it, unless the successor's grant is exhausted: then people have to decide."""
    try:
        change_by_itself(context, mailbox, action, body, CLOCKWORK, reason)
    except Conflict as error:
        log.warning("mailbox_cannot_follow", mailbox=mailbox["_id"], error=str(error))


def _each(page: Callable[[str], list[Document]]) -> Iterator[Document]:
    after = ""
    while found := page(after):
        yield from found
        after = found[-1]["_id"]
