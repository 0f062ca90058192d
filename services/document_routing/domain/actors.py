"""Who acts, as far as the rules care: roles and the agency acted for."""

from dataclasses import dataclass
from typing import TypedDict

CLERK = "clerk"
LEADER = "head_of_unit"
SPECIALIST = "specialist"
AGENCY_SYSTEM = "agency_system"
OPERATOR = "operator"
SYSTEM = "system"

STAFF = (CLERK, LEADER, SPECIALIST)
"""Who works with documents on the platform: văn thư, lãnh đạo, chuyên viên."""


class Signature(TypedDict):
    """How an actor stands in the history."""

    sub: str
    role: str
    agency: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system who wants something for an agency."""

    subject: str
    name: str
    roles: frozenset[str]
    agency: str = ""

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def sign(self, roles: tuple[str, ...] = ()) -> Signature:
        """The actor with the role used: the first of the `roles` asked for that they hold."""
        held = [role for role in (roles or sorted(self.roles)) if role in self.roles]
        return {"sub": self.subject, "role": held[0] if held else "", "agency": self.agency}


CLOCKWORK = Actor(subject="system", name="Hệ thống", roles=frozenset({SYSTEM}))
"""The platform itself: what follows from an event or from a moment that has come."""
