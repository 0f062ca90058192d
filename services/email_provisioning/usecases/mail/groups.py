"""Who is in a group today, as the directory says, and to which addresses it therefore leads."""

from collections.abc import Iterator
from typing import Any

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.guards import GROUP, PERSONAL
from services.email_provisioning.domain.mail.states import WANTED_ON_HOST, State
from services.email_provisioning.domain.posts import holds
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.changes import change_by_itself

BATCH = 500


def follow_group(context: Context, identifier: str) -> None:
    """Let a group lead to the mailboxes of who is in it today."""
    loaded = context.mail.mailboxes.find(identifier)
    if loaded is None or loaded.document["kind"] != GROUP:
        return
    group = loaded.document
    if State(group["state"]) not in WANTED_ON_HOST:
        return
    targets = sorted(set(_targets(context, group["members"])))
    if targets != group["targets"]:
        change_by_itself(context, group, "refresh", {"targets": targets}, CLOCKWORK)


def is_member(officer: Document, members: Document, today: str) -> bool:
    """Whether one of the officer's posts that count today is what the group asks for."""
    agency, below, listed = members["agency"], members["below"], members.get("officers")
    if listed is not None and officer["_id"] not in listed:
        return False
    inside = {place["agency"] for place in officer["places"] if below and agency in place["within"]} | {agency}
    return any(
        holds(post, today)
        and post["agency"] in inside
        and members["unit"] in (None, post["unit"])
        and (members["role"] is None or members["role"] in post["roles"])
        for post in officer["posts"]
    )


def _targets(context: Context, members: Document) -> Iterator[str]:
    today, after = context.today(), ""
    while officers := context.officers.within(members["agency"], after=after, limit=BATCH):
        chosen = [officer["_id"] for officer in officers if is_member(officer, members, today)]
        yield from (mailbox["address"] for mailbox in _personal(context, chosen))
        after = officers[-1]["_id"]


def _personal(context: Context, officers: list[str]) -> list[dict[str, Any]]:
    found = context.mail.mailboxes.of_owners(officers) if officers else []
    return [one for one in found if one["kind"] == PERSONAL and State(one["state"]) in WANTED_ON_HOST]
