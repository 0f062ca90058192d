"""Who may know that an application exists: its own people and the officers of its agencies."""

from collections.abc import Mapping
from typing import Any

from services.one_stop_shop.domain.actors import AGENCY_SYSTEM, CITIZEN, OFFICERS, Actor
from shared.errors import NotFound


def party_keys(actor: Actor) -> list[str]:
    """The keys under which an application lists this citizen or organisation among its parties."""
    if not actor.has(CITIZEN):
        return []
    by_identity = [proven_identity_key(actor.identity)] if actor.verified and actor.identity else []
    return [subject_key(actor.subject), *by_identity]


def subject_key(subject: str) -> str:
    """An account as a party; kept apart from identity numbers, which it might resemble."""
    return f"sub:{subject}"


def is_account(party: str) -> bool:
    """Whether a party is an account and not an identity."""
    return party.startswith("sub:")


IDENTITY_KINDS = ("cccd", "cmnd", "passport", "tax_code")
_KIND_BY_DIGITS = {12: "cccd", 9: "cmnd", 10: "tax_code", 13: "tax_code"}


def identity_key(kind: str, number: str) -> str:
    """An identity number as a party, with its kind: a passport may have the same digits as somebody's card."""
    return f"id:{kind}:{number.replace('-', '')}"


def identity_of(person: Mapping[str, Any]) -> str:
    """A person who is named in an application, as a party."""
    return identity_key(person["identity_kind"], person["identity_number"])


def proven_identity_key(number: str) -> str:
    """The identity that a caller has proven; sign-in gives only the number, whose kind its digits tell (D 6.1)."""
    digits = number.replace("-", "")
    return identity_key(_KIND_BY_DIGITS.get(len(digits), "passport") if digits.isdecimal() else "passport", number)


def is_party(application: Mapping[str, Any], actor: Actor) -> bool:
    """Whether the actor is the applicant, the owner or the submitter."""
    return not set(party_keys(actor)).isdisjoint(application["parties"])


def works_for(application: Mapping[str, Any], actor: Actor) -> bool:
    """Whether the actor is an officer or system of one of the application's agencies."""
    return actor.has(*OFFICERS, AGENCY_SYSTEM) and bool(actor.agency) and actor.agency in application["visible_to"]


def check_visible(application: Mapping[str, Any] | None, actor: Actor) -> None:
    """Refuse in the same words what is not there and what the actor may not know of."""
    if application is None or not (is_party(application, actor) or works_for(application, actor)):
        raise NotFound("application_unknown")
