"""Who may know that an application exists: its own people and the officers of its agencies."""

from collections.abc import Mapping
from typing import Any

from services.one_stop_shop.domain.actors import AGENCY_SYSTEM, CITIZEN, OFFICERS, Actor
from shared.errors import NotFound


def party_keys(actor: Actor) -> list[str]:
    """The keys under which an application lists this citizen or organisation among its parties."""
    if not actor.has(CITIZEN):
        return []
    by_identity = [identity_key(actor.identity)] if actor.verified and actor.identity else []
    return [subject_key(actor.subject), *by_identity]


def subject_key(subject: str) -> str:
    """An account as a party; kept apart from identity numbers, which it might resemble."""
    return f"sub:{subject}"


def identity_key(identity: str) -> str:
    """An identity number as a party."""
    return f"id:{identity}"


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
