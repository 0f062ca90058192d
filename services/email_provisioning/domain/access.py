"""Delegated administration: everybody sees and changes only their own agency and what is below it.

Operators keep the platform running: they see and change all agencies, and no officers, who are people.
"""

from collections.abc import Sequence

from services.email_provisioning.domain.actors import ADMINISTRATOR, OPERATOR, READERS, SYSTEM, Actor
from services.email_provisioning.domain.decisions import Document
from shared.errors import Conflict, Forbidden, NotFound, field_error

EVERYWHERE = ""
"""The scope of those who are bound to no agency."""


def agencies_scope(actor: Actor) -> str:
    """The agency below which the actor sees agencies; `EVERYWHERE` for operators."""
    if actor.has(OPERATOR, SYSTEM):
        return EVERYWHERE
    return officers_scope(actor)


def officers_scope(actor: Actor) -> str:
    """The agency below which the actor sees officers.

    Raises:
        Forbidden: `role_not_allowed`, for citizens, operators, and whoever acts for no agency.
    """
    if not actor.has(*READERS) or not actor.agency:
        raise Forbidden("role_not_allowed", action="read_directory")
    return actor.agency


def check_sees_agency(actor: Actor, agency: Document | None) -> None:
    """Refuse in the same words what is not there and what the actor may not know."""
    scope = agencies_scope(actor)
    if agency is None or (scope != EVERYWHERE and scope not in agency["within"]):
        raise NotFound("agency_not_here")


def check_changes_agency(actor: Actor, agency: Document) -> None:
    """Only its administrators, those above it, and operators change an agency."""
    if not actor.has(ADMINISTRATOR, OPERATOR, SYSTEM):
        raise Forbidden("role_not_allowed", action="edit_directory")
    check_sees_agency(actor, agency)


def check_may_place(actor: Actor, above: Document | None, named_in: str = "parent") -> None:
    """Whether something may be put below an agency; only operators put something at the top, where `above` is None.

    `named_in` is the field in which that agency stands.
    """
    if not actor.has(ADMINISTRATOR, OPERATOR, SYSTEM):
        raise Forbidden("role_not_allowed", action="edit_directory")
    if actor.has(OPERATOR, SYSTEM):
        return
    if above is None or actor.agency not in above["within"]:
        raise _of_others("edit_directory", named_in)


def check_may_identify(actor: Actor, code: str) -> None:
    """Administrators give identifiers only out of their own agency's; `H13` owns `H13.33.01`, not `H56.33.01`."""
    if actor.has(OPERATOR, SYSTEM) or code.startswith(f"{actor.agency}."):
        return
    raise _of_others("edit_directory", "code")


def check_appoints_at(actor: Actor, agencies: Sequence[Document], named_in: str = "") -> None:
    """Only whoever administers all of these agencies gives or ends posts there.

    `named_in` is the field in which they stand; empty where none was written.
    """
    if actor.has(SYSTEM):
        return
    if not actor.has(ADMINISTRATOR):
        raise Forbidden("role_not_allowed", action="edit_officers")
    if not all(actor.agency in agency["within"] for agency in agencies):
        raise _of_others("edit_officers", named_in)


def _of_others(action: str, named_in: str) -> Forbidden:
    """A refusal that says in which field the agency of others stands."""
    fields = [field_error(named_in, "agency_not_here")] if named_in else []
    return Forbidden("other_agency", action=action, fields=fields)


def sees_officer(actor: Actor, officer: Document | None) -> bool:
    """Whether one of the officer's places is below the actor's agency."""
    scope = officers_scope(actor)
    return officer is not None and any(scope in place["within"] for place in officer["places"])


def check_sees_officer(actor: Actor, officer: Document | None) -> None:
    """Refuse in the same words who is not there and whom the actor may not know of."""
    if not actor.has(SYSTEM) and not sees_officer(actor, officer):
        raise NotFound("officer_not_here")


def check_open(agency: Document, day: str) -> None:
    """Refuse an agency that does not work on this day.

    Raises:
        Conflict: `agency_not_open`, naming its successors.
    """
    if not is_open(agency, day):
        raise Conflict("agency_not_open", agency=agency["code"], successors=agency["successors"])


def is_open(agency: Document, day: str) -> bool:
    """Whether an agency or unit works on this day; `closed_on` is its last one."""
    return (agency["opened_on"] or "") <= day <= (agency["closed_on"] or "9999-12-31")
