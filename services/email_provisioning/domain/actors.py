"""Who acts, as far as the directory cares: roles, and the agency they act for."""

from dataclasses import dataclass

from shared.actors import Signature

ADMINISTRATOR = "directory_administrator"
OPERATOR = "operator"
SYSTEM = "system"
OWNER = "owner"
"""The officer who answers for the mailbox in hand; no role of a token, found out from the directory."""

LINK_HOLDER = "link_holder"
"""Whoever proves to have the one-time link of a mailbox; no role of a token either."""

READERS = (ADMINISTRATOR, "reception_officer", "specialist", "head_of_unit", "clerk", "agency_system")
"""Who may look things up, each within their own agency and those below it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system who wants something."""

    subject: str
    roles: frozenset[str]
    agency: str = ""

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def sign(self) -> Signature:
        """The actor with the role used: the strongest here that they hold."""
        used = next((role for role in (SYSTEM, ADMINISTRATOR, OPERATOR, OWNER, LINK_HOLDER) if role in self.roles), "")
        return {"sub": self.subject, "role": used, "agency": self.agency}


CLOCKWORK = Actor(subject="system", roles=frozenset({SYSTEM}))
"""The platform itself, when one change follows from another or a day has come."""

SETUP = Actor(subject="setup", roles=frozenset({SYSTEM}))
"""The set-up job, which loads the data files."""
