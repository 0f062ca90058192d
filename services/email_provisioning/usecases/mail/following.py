"""Mailboxes follow their people and agencies: given, transferred, shut, and led to as the directory says today.

An event only marks what has to be looked at, in the inbox's own transaction. The look itself is due work: it goes by
what is so when it runs, never by what the event said, so it may run twice, late, or after a crash half-way.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.guards import GROUP, PERSONAL
from services.email_provisioning.domain.mail.states import LIVING, ON_HOST, WANTED_ON_HOST, State
from services.email_provisioning.domain.posts import Post, day_after, holds, lasting, next_change
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.agencies import follow_agency
from services.email_provisioning.usecases.mail.automatic import give_mailbox
from services.email_provisioning.usecases.mail.changes import change_by_itself
from services.email_provisioning.usecases.mail.groups import follow_group
from services.email_provisioning.usecases.mail.handing_on import hand_on
from services.email_provisioning.usecases.mail.use import follow_use
from shared.contracts.base import ReceivedEvent
from shared.errors import Conflict
from shared.observability import logger
from shared.working_time import VIETNAM

log = logger(__name__)

GATHERING = timedelta(seconds=2)
"""How long a group waits for further changes of its members."""

LEFT = "Thôi giữ mọi chức vụ từ ngày {day}"
MOVED = "Chuyển công tác: {old} → {new}"


def mark_officers(context: Context, happened: Sequence[ReceivedEvent]) -> None:
    """The mailboxes of these officers have to be looked at."""
    context.mail.followups.mark({f"officer/{event.subject}" for event in happened}, context.now())


def mark_agencies(context: Context, event: ReceivedEvent) -> None:
    """The mailboxes of an agency, and those below it, have to be looked at."""
    context.mail.followups.mark([f"agency/{event.subject}"], context.now())


def mark_mailboxes(context: Context, happened: Sequence[ReceivedEvent]) -> None:
    """Whoever answers or answered for these mailboxes may write as somebody else now; groups have other members.

    Their use may be counted elsewhere.
    """
    keys = {f"use/{event.subject}" for event in happened}
    for mailbox in context.mail.mailboxes.several(event.subject for event in happened):
        keys |= {f"officer/{owner['officer']}" for owner in mailbox["owners"]}
        keys |= {f"group/{mailbox['_id']}"} if mailbox["kind"] == GROUP else set()
    context.mail.followups.mark(keys, context.now())


def fire_follow_up(context: Context, key: str) -> None:
    """Look at what was marked, and again on the next day on which something about it changes by itself."""
    marks = context.mail.followups.read(key)
    kind, _, identifier = key.partition("/")
    again_on = _FOLLOW[kind](context, identifier)
    context.mail.followups.settle(key, marks, _midnight(again_on) if again_on else None)


def follow_officer(context: Context, identifier: str) -> str | None:
    """Bring the mailboxes of an officer to what the directory says of them today; answers when to look again."""
    loaded = context.officers.find(identifier)
    if loaded is None:
        return None
    officer, today = loaded.document, context.today()
    mailboxes = context.mail.mailboxes.of_owners([identifier])
    personal = next((one for one in mailboxes if one["kind"] == PERSONAL and State(one["state"]) in LIVING), None)
    held = [post for post in officer["posts"] if holds(post, today)]
    hand_on(context, officer, mailboxes)
    try:
        if held:
            personal = _keep(context, officer, personal, held, mailboxes)
        elif personal is not None and not lasting(officer["posts"], today):
            personal = _take_leave(context, officer, personal)
    except Conflict as error:  # a grant is exhausted, a state forbids it: people have to decide
        log.warning("mailbox_cannot_follow", officer=identifier, error=str(error))
    _mark_groups(context, officer, [*mailboxes, *([personal] if personal else [])])
    return next_change(officer["posts"], today)


def _keep(
    context: Context,
    officer: Document,
    personal: Document | None,
    held: Sequence[Post],
    mailboxes: Iterable[Document],
) -> Document | None:
    """Who works has a mailbox where it is given without asking; it belongs to where they work."""
    personal = give_mailbox(context, officer, personal, str(held[0]["agency"]))
    if personal is None or State(personal["state"]) not in WANTED_ON_HOST:
        return personal
    if all(post["agency"] != personal["agency"] for post in held):
        new = held[0]["agency"]
        reason = MOVED.format(old=personal["agency"], new=new)
        personal = change_by_itself(context, personal, "transfer", {"agency": new}, CLOCKWORK, reason)
    return _refreshed(context, officer, personal, mailboxes)


def _refreshed(context: Context, officer: Document, personal: Document, mailboxes: Iterable[Document]) -> Document:
    """The officer's name, and the addresses of units and titles as which they may write."""
    answered_for = (one for one in mailboxes if one["kind"] in ("unit", "role") and one["owner"] == officer["_id"])
    open_ones = [one for one in answered_for if State(one["state"]) in ON_HOST and one["suspension"] is None]
    wanted = {"name": officer["name"], "sends_as": sorted(one["address"] for one in open_ones)}
    if all(personal[name] == value for name, value in wanted.items()):
        return personal
    return change_by_itself(context, personal, "refresh", wanted, CLOCKWORK)


def _take_leave(context: Context, officer: Document, personal: Document) -> Document:
    """Who left signs in no more, mail is kept, and on the day that the rules say the mailbox is revoked.

    It is done once for each leaving, so that people may decide otherwise afterwards.
    """
    last_day = max(post["ends_on"] for post in officer["posts"])
    reason = LEFT.format(day=day_after(last_day))
    state = State(personal["state"])
    if state is State.REQUESTED:
        return change_by_itself(context, personal, "refuse", {}, CLOCKWORK, reason)
    if state not in ON_HOST or personal["left"] == last_day:
        return personal  # an approved one is looked at again when it is there
    if personal["suspension"] is None:
        personal = change_by_itself(context, personal, "suspend", {"suspension": "receive"}, CLOCKWORK, reason)
    titles = [post["title"] for post in officer["posts"] if post["ends_on"] == last_day]
    by_rule = context.mail.rules.leaves_on(date.fromisoformat(last_day), titles, context.today_as_date())
    sooner = min(filter(None, (personal["revoke_on"], by_rule.isoformat())))
    body = {"revoke_on": date.fromisoformat(sooner), "left": last_day}
    return change_by_itself(context, personal, "schedule_revocation", body, CLOCKWORK, reason)


def _mark_groups(context: Context, officer: Document, mailboxes: Iterable[Document]) -> None:
    agencies = {code for place in officer["places"] for code in place["within"]}
    addresses = {one["address"] for one in mailboxes}
    addresses |= {alias["address"] for one in mailboxes for alias in one["aliases"]}
    groups = context.mail.mailboxes.groups_over(agencies, addresses)
    context.mail.followups.mark([f"group/{group}" for group in groups], context.now() + GATHERING)


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.min, VIETNAM)


_FOLLOW: Mapping[str, Any] = {
    "officer": follow_officer,
    "agency": follow_agency,
    "group": follow_group,
    "use": follow_use,
}
