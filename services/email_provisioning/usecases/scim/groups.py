"""What a SCIM group wishes: where it has an address, a mail group that leads to those of its members who are known."""

import uuid
from typing import Any

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.guards import GROUP
from services.email_provisioning.domain.mail.states import LIVING, ON_HOST, State
from services.email_provisioning.domain.scim.wishes import GroupWish, group_wish
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail import commands as mail
from services.email_provisioning.usecases.mail import requests
from services.email_provisioning.usecases.mail.changes import change_by_itself, loaded_anew
from services.email_provisioning.usecases.mail.groups import follow_group
from services.email_provisioning.usecases.mail.loading import load_mailbox
from services.email_provisioning.usecases.scim.attempt import REASON, Attempt
from shared.errors import Conflict, Invalid, field_error


def fulfil_group(attempt: Attempt) -> str | None:
    """Try every part of a group's wish; answers which mailbox it speaks for. One without an address is only kept."""
    wish, identifier = group_wish(attempt.kept.body), attempt.kept.mailbox
    with attempt.step():
        if identifier is None and wish.address is None:
            return None
        officers = _known(attempt.context, wish)
        if identifier is None:
            identifier = _ask(attempt, wish, officers)
        load_mailbox(attempt.context, identifier, attempt.actor)
    if identifier is not None and attempt.kept.mailbox is None and attempt.problems:
        return None
    if identifier is not None:
        _bring(attempt, identifier, wish, officers)
    return identifier


def part_with_group(attempt: Attempt) -> None:
    """The address of a deleted group leads nowhere any more."""
    with attempt.step():
        if attempt.kept.mailbox is not None:
            load_mailbox(attempt.context, attempt.kept.mailbox, attempt.actor)
            _close(attempt, loaded_anew(attempt.context, attempt.kept.mailbox))


def told_of_group(context: Context, mailbox: str | None) -> tuple[Document, tuple[str, ...], str | None]:
    """What a group is told of its address, who may see the group, and which mailbox it is."""
    loaded = context.mail.mailboxes.find(mailbox) if mailbox else None
    if loaded is None:
        return {"mailbox": {}}, (), None
    said = {name: str(loaded.document[name]) for name in ("address", "state")}
    return {"mailbox": said}, tuple(loaded.document["within"]), mailbox


def _known(context: Context, wish: GroupWish) -> list[str]:
    """The officers for whom members speak; who is not known, or speaks for nobody yet, is in once that is otherwise."""
    return sorted({officer for officer in context.scim.resources.users(wish.members).values() if officer})


def _ask(attempt: Attempt, wish: GroupWish, officers: list[str]) -> str:
    if wish.agency is None:
        raise Invalid("request_invalid", fields=[field_error("agency", "required")])
    if not officers:
        raise Conflict("scim_group_of_strangers")
    key = f"scim:{attempt.kept.id}"
    body: dict[str, Any] = {
        "kind": GROUP,
        "owner": officers[0],
        "agency": wish.agency,
        "name": wish.name,
        "address": wish.address,
        "members": _members(wish, officers),
    }
    attempt.tell(requests.request_mailbox, key=key, reason=REASON, **body)
    return uuid.uuid5(requests.NAMESPACE, key).hex


def _members(wish: GroupWish, officers: list[str]) -> dict[str, Any]:
    return {"agency": wish.agency, "below": True, "officers": officers}


def _bring(attempt: Attempt, identifier: str, wish: GroupWish, officers: list[str]) -> None:
    """Members and address as they are wished; without an address any more, it is closed."""
    context = attempt.context
    with attempt.step():
        group = loaded_anew(context, identifier)
        if wish.address is None:
            _close(attempt, group)
            return
        if State(group["state"]) not in LIVING:
            raise Conflict("scim_mailbox_ended")
        if wish.agency is not None and (group["members"] or {}).get("officers") != officers:
            attempt.tell(mail.change_group, mailbox=identifier, members=_members(wish, officers), reason=REASON)
    with attempt.step():
        group = loaded_anew(context, identifier)
        if group["state"] == State.REQUESTED and context.scim.policy == "approve":
            change_by_itself(context, group, "approve", {}, CLOCKWORK, REASON)
        if wish.address != group["address"]:
            attempt.tell(mail.rename_mailbox, mailbox=identifier, address=wish.address, reason=REASON)
        if group["state"] == State.SUSPENDED and attempt.own.get("off"):
            attempt.tell(mail.restore_mailbox, mailbox=identifier, reason=REASON)
            attempt.own["off"] = False
    with attempt.step():
        follow_group(context, identifier)


def _close(attempt: Attempt, group: Document) -> None:
    """Mail to the group is sent back from now on; one that was only asked for is refused."""
    attempt.own["off"] = True
    if group["state"] == State.REQUESTED:
        change_by_itself(attempt.context, group, "refuse", {}, CLOCKWORK, REASON)
    elif State(group["state"]) in ON_HOST and group["suspension"] is None:
        attempt.tell(mail.suspend_mailbox, mailbox=group["_id"], suspension="bounce", reason=REASON)
