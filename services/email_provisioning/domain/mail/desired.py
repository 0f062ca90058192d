"""What a mail host should do with a mailbox: derived from it, so that state and instruction cannot disagree."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.email_provisioning.domain.mail.guards import GROUP
from services.email_provisioning.domain.mail.states import ON_HOST, WANTED_ON_HOST, Mailbox, State, Suspension


class Delivery(StrEnum):
    """What becomes of mail that arrives."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEFER = "defer"


@dataclass(frozen=True, slots=True)
class Desired:
    """The instruction of one generation; a host that knows a later one ignores it.

    `secrets` counts how often passwords, app passwords and tokens were made void: those of an earlier count are
    refused. `addresses` are the mailbox's own first, then the aliases that still lead to it.
    """

    mailbox: str
    generation: int
    exists: bool
    login: bool
    delivery: Delivery
    addresses: tuple[str, ...]
    quota: int
    secrets: int


def desired(mailbox: Mailbox, today: date) -> Desired:
    """What its host should do with the mailbox on this day."""
    exists = State(mailbox["state"]) in WANTED_ON_HOST
    suspension = _suspension(mailbox)
    return Desired(
        mailbox=mailbox["_id"],
        generation=mailbox["generation"],
        exists=exists,
        login=State(mailbox["state"]) in ON_HOST and suspension is None and mailbox["kind"] != GROUP,
        delivery=_delivery(exists, suspension),
        addresses=_addresses(mailbox, today) if exists else (),
        quota=mailbox["quota"] if exists else 0,
        secrets=mailbox["secrets"],
    )


def prevails(new: Desired, known: Desired | None) -> bool:
    """Whether an instruction is to be followed by a host that knows another one; the same one again may be."""
    return known is None or new.generation >= known.generation


def _suspension(mailbox: Mailbox) -> Suspension | None:
    return Suspension(mailbox["suspension"]) if mailbox["suspension"] else None


def _delivery(exists: bool, suspension: Suspension | None) -> Delivery:
    if not exists or suspension is Suspension.BOUNCE:
        return Delivery.REJECT
    return Delivery.DEFER if suspension is Suspension.HOLD else Delivery.ACCEPT


def _addresses(mailbox: Mailbox, today: date) -> tuple[str, ...]:
    aliases = [alias["address"] for alias in mailbox["aliases"] if alias["until"] >= today.isoformat()]
    return (mailbox["address"], *aliases)
