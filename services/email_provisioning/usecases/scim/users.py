"""What a SCIM user wishes: an officer, their posts, their mailbox; and, once deleted, their leaving."""

from services.email_provisioning.domain.posts import lasting
from services.email_provisioning.domain.scim.wishes import UserWish, user_wish
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases import officers as commands
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.loading import load_officer
from services.email_provisioning.usecases.mail.following import follow_officer
from services.email_provisioning.usecases.scim.attempt import REASON, Attempt
from services.email_provisioning.usecases.scim.mailboxes import (
    change_mailbox,
    give,
    mailbox_of,
    schedule,
    shut,
    take_leave,
)
from services.email_provisioning.usecases.scim.officers import change_officer, officer_of_user
from shared.errors import NotFound

CAUSE = "end_of_contract"
"""Why somebody leaves whom the identity provider deletes: it does not say, so that the widest holds."""


def fulfil_user(attempt: Attempt) -> str | None:
    """Try every part of a user's wish; answers for whom the user speaks.

    Who is no longer active is shut out before anything else, whatever else is refused.
    """
    wish = user_wish(attempt.kept.body)
    officer: Document | None = None
    with attempt.step():
        officer = officer_of_user(attempt, wish)
    if officer is None:
        return None
    identifier = str(officer["_id"])
    mailbox = mailbox_of(attempt.context, identifier)
    if mailbox is not None and not wish.active:
        shut(attempt, mailbox)
    moved = change_officer(attempt, officer, wish)
    _fulfil_mailbox(attempt, officer, wish)
    if moved:
        follow_officer(attempt.context, identifier)
    return identifier


def _fulfil_mailbox(attempt: Attempt, officer: Document, wish: UserWish) -> None:
    context = attempt.context
    if wish.active:
        give(attempt, officer, wish)
    mailbox = mailbox_of(context, officer["_id"])
    if mailbox is None:
        return
    if wish.active:
        change_mailbox(attempt, mailbox, wish)
    schedule(attempt, mailbox, wish)


def part_with_user(attempt: Attempt) -> None:
    """The officer of a deleted user leaves today, and the mailbox is shut and scheduled."""
    context, officer = attempt.context, attempt.kept.officer
    if officer is None:
        return
    with attempt.step():
        found = load_officer(context, officer, attempt.actor).document
        titles = [post["title"] for post in lasting(found["posts"], context.today())]
        mailbox = mailbox_of(context, officer)
        if mailbox is not None:
            take_leave(attempt, mailbox, context.today(), titles)
    with attempt.step():
        _leave(attempt, officer)


def _leave(attempt: Attempt, officer: str) -> None:
    found = load_officer(attempt.context, officer, attempt.actor).document
    today = attempt.context.today()
    if any((post["ends_on"] or "9999") > today for post in lasting(found["posts"], today)):
        attempt.tell(commands.record_leaving, officer=officer, cause=CAUSE, last_day=today, reason=REASON)


def told_of_user(context: Context, officer: str | None) -> tuple[Document, tuple[str, ...], str | None]:
    """What a user is told of the officer and the mailbox, who may see the user, and which mailbox it is."""
    if officer is None:
        return {"officer": None, "mailbox": {}}, (), None
    loaded = context.officers.find(officer)
    if loaded is None:
        raise NotFound("officer_not_here")
    mailbox = mailbox_of(context, officer)
    said = {name: str(mailbox[name]) for name in ("address", "state")} if mailbox else {}
    shown_to = sorted({code for place in loaded.document["places"] for code in place["within"]})
    return {"officer": officer, "mailbox": said}, tuple(shown_to), mailbox["_id"] if mailbox else None
