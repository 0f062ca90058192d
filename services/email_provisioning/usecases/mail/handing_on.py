"""Mailboxes of units and titles go on when whoever answers for them leaves the agency."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.guards import GROUP, PERSONAL
from services.email_provisioning.domain.mail.states import ON_HOST, State
from services.email_provisioning.domain.posts import holds, lasting
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.changes import change_by_itself
from shared.observability import logger

log = logger(__name__)

HANDED_ON = "Người phụ trách thôi giữ chức vụ tại cơ quan; bàn giao cho người kế nhiệm"
UNOWNED = "Người phụ trách thôi giữ chức vụ tại cơ quan và chưa có người kế nhiệm"


def hand_on(context: Context, officer: Document, mailboxes: Iterable[Document]) -> None:
    """Give what the officer answered for to the successor; without one it is shut until people hand it over.

    A group without a successor stays as it is, because nobody signs in to it.
    """
    for mailbox in mailboxes:
        if mailbox["kind"] == PERSONAL or State(mailbox["state"]) not in ON_HOST:
            continue  # an approved one is looked at again when it is there
        if mailbox["owner"] != officer["_id"] or not _is_gone(officer, str(mailbox["agency"]), context.today()):
            continue
        heir = _heir(context, officer, mailbox)
        if heir is not None:
            change_by_itself(context, mailbox, "hand_over", {"owner": heir}, CLOCKWORK, HANDED_ON)
        elif mailbox["kind"] == GROUP:
            log.warning("group_without_successor", mailbox=mailbox["_id"], officer=officer["_id"])
        else:
            change_by_itself(context, mailbox, "leave_unowned", {}, CLOCKWORK, UNOWNED)


def _is_gone(officer: Mapping[str, Any], agency: str, today: str) -> bool:
    """Whether the officer has left altogether, or worked at this very agency and does no longer."""
    left = lasting(officer["posts"], today)
    worked_there = any(post["agency"] == agency for post in officer["posts"])
    return not left or (worked_there and all(post["agency"] != agency for post in left))


def _heir(context: Context, officer: Document, mailbox: Document) -> str | None:
    """Whom the directory named as successor, if they are in post today at the mailbox's agency or above it."""
    found = context.officers.find(officer["successor"]) if officer.get("successor") else None
    posts = found.document["posts"] if found else ()
    serving = any(holds(post, context.today()) and post["agency"] in mailbox["within"] for post in posts)
    return str(officer["successor"]) if serving else None
