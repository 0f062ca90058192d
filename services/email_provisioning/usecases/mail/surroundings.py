"""What a decision on a mailbox has to know of everything else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from services.email_provisioning.domain.mail.addresses import Given, candidates
from services.email_provisioning.domain.mail.guards import PERSONAL, current_owner
from services.email_provisioning.domain.mail.rules import MailDomain, mail_name
from services.email_provisioning.domain.mail.settling import held_addresses, settle
from services.email_provisioning.domain.mail.states import COUNTED, State
from services.email_provisioning.domain.mail.surroundings import Pool, Surroundings
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context

FIRST_LOOK = 16
"""How many candidates for an address are looked up at once; each further look takes twice as many."""


def surroundings(context: Context, mailbox: Document, body: Mapping[str, Any]) -> Surroundings:
    """The day, the house's terms, and what others have."""
    rules, agency = context.mail.rules, body.get("agency", mailbox["agency"])
    return Surroundings(
        today=context.today_as_date(),
        pool=Pool(rules.grant_of(agency), context.mail.mailboxes.used(agency)),
        others_of_owner=len(others_of_owner(context, mailbox)),
        given=given(context, body["address"]) if "address" in body else None,
        retention_days=rules.retention_days,
        alias_days=rules.alias_days,
    )


def others_of_owner(context: Context, mailbox: Document) -> list[Document]:
    """The other personal mailboxes of the same officer that count."""
    owner = current_owner(mailbox)
    if mailbox["kind"] != PERSONAL or owner is None:
        return []
    found = personal_ones(context, owner)
    return [one for one in found if one["_id"] != mailbox["_id"] and State(one["state"]) in COUNTED]


def personal_ones(context: Context, officer: str) -> list[Document]:
    """Every personal mailbox that an officer has or had."""
    return [one for one in context.mail.mailboxes.of_owners([officer]) if one["kind"] == PERSONAL]


def given(context: Context, address: str) -> Given | None:
    """Who has an address or had it lately."""
    holder = context.mail.mailboxes.holders([address]).get(address)
    if holder is None or let_go(context, holder, address):
        return None
    released = [one["on"] for one in holder["released"] if one["address"] == address]
    return Given(holder["_id"], date.fromisoformat(released[-1]) if released else None)


def let_go(context: Context, holder: Document, address: str) -> bool:
    """Take an address from who keeps it only because its due work was not done yet."""
    rules, today = context.mail.rules, context.today_as_date()
    if address in held_addresses(holder, rules, today):
        return False
    derived = settle(holder, holder["within"], rules, today)
    return context.mail.mailboxes.derive(holder["_id"], holder["version"], derived)


def free_addresses(context: Context, name: str, domain: MailDomain, agency: Document) -> Iterator[str]:
    """The addresses that a person of this name could have now, the best first; others may be faster."""
    names, look = candidates(name, domain.policy, mail_name(domain, agency)), FIRST_LOOK
    while True:
        batch = list(islice(names, look))
        yield from _free(context, batch)
        look = min(2 * look, 1024)


def _free(context: Context, addresses: Sequence[str]) -> Iterator[str]:
    holders = context.mail.mailboxes.holders(addresses)
    for address in addresses:
        if address not in holders or let_go(context, holders[address], address):
            yield address
