"""Whose documents somebody may know of: those that their own agency sent, or those that it received."""

from collections.abc import Mapping
from typing import Any

from services.document_routing.domain.actors import AGENCY_SYSTEM, OPERATOR, STAFF
from services.document_routing.domain.agencies import Directory
from shared.actors import Actor
from shared.errors import Forbidden, Invalid, NotFound, field_error


def reading_agency(actor: Actor) -> str:
    """The agency whose documents the actor reads.

    Raises:
        Forbidden: the actor works for no agency, or not with documents.
    """
    if not actor.agency or not actor.has(*STAFF, AGENCY_SYSTEM):
        raise Forbidden("role_not_allowed", action="read")
    return actor.agency


def check_own(aggregate: Mapping[str, Any] | None, actor: Actor, unknown: str) -> None:
    """Refuse in the same words what is not there and what belongs to another agency."""
    if aggregate is None or not actor.has(*STAFF, AGENCY_SYSTEM) or aggregate["agency"] != actor.agency:
        raise NotFound(unknown)


def reported_agency(actor: Actor, asked: str | None, directory: Directory) -> str:
    """Whose figures: those of one's own agency and of those below it, for operators everybody's."""
    if not (actor.has(*STAFF, AGENCY_SYSTEM, OPERATOR) and (actor.agency or actor.has(OPERATOR))):
        raise Forbidden("role_not_allowed", action="report")
    if not asked and not actor.agency:
        raise Invalid("request_invalid", fields=[field_error("agency", "required")])
    agency = directory.get(asked or actor.agency).code
    if not actor.has(OPERATOR) and not directory.is_within(agency, actor.agency):
        raise Forbidden("other_agency", action="report")
    return agency


def register_agency(actor: Actor, asked: str | None, directory: Directory) -> str:
    """Whose register: only the agency's own."""
    own = reading_agency(actor)
    if asked is not None and directory.get(asked).code != own:
        raise Forbidden("other_agency", action="read")
    return own
