"""Whose applications and figures a caller may ask for at all; what one application shows is in `access`."""

from dataclasses import dataclass

from services.one_stop_shop.domain.access import party_keys
from services.one_stop_shop.domain.actors import AGENCY_SYSTEM, CITIZEN, OFFICERS, Actor
from services.one_stop_shop.domain.agencies import Directory
from shared.errors import Forbidden, Invalid, field_error

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Scope:
    """Either the applications of one agency, or those to which a citizen is a party."""

    agency: str = ""
    parties: tuple[str, ...] = ()


def scope_of(actor: Actor) -> Scope:
    """What lists show; operators and editors of the catalogue keep the platform running without personal data."""
    if _works_at_an_agency(actor):
        return Scope(agency=actor.agency)
    if actor.has(CITIZEN):
        return Scope(parties=tuple(party_keys(actor)))
    raise Forbidden("role_not_allowed", action="read")


def register_agency(actor: Actor, asked: str | None, directory: Directory) -> str:
    """Whose register: it names people, so only the agency's own."""
    if not _works_at_an_agency(actor):
        raise Forbidden("role_not_allowed", action="read")
    if asked is not None and directory.get(asked).code != actor.agency:
        raise Forbidden("other_agency", action="read")
    return actor.agency


def reported_agency(actor: Actor, asked: str | None, directory: Directory) -> str:
    """Whose figures: those of one's own agency and of those below it, for operators everybody's."""
    if not (_works_at_an_agency(actor) or actor.has(OPERATOR)):
        raise Forbidden("role_not_allowed", action="report")
    if not asked and not actor.agency:
        raise Invalid("request_invalid", fields=[field_error("agency", "required")])
    agency = directory.get(asked or actor.agency).code
    if not actor.has(OPERATOR) and not directory.is_within(agency, actor.agency):
        raise Forbidden("other_agency", action="report")
    return agency


def _works_at_an_agency(actor: Actor) -> bool:
    return actor.has(*OFFICERS, AGENCY_SYSTEM) and bool(actor.agency)
