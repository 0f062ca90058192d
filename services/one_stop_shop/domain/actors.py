"""Who acts, as far as the rules care: roles, agency and proven identity."""

from dataclasses import dataclass
from typing import TypedDict

CITIZEN = "citizen"
RECEPTION_OFFICER = "reception_officer"
SPECIALIST = "specialist"
HEAD_OF_UNIT = "head_of_unit"
AGENCY_SYSTEM = "agency_system"
SYSTEM = "system"

ROLE_NAMES = {
    CITIZEN: {"vi": "người nộp hồ sơ", "en": "applicant"},
    RECEPTION_OFFICER: {"vi": "cán bộ tiếp nhận", "en": "reception officer"},
    SPECIALIST: {"vi": "chuyên viên thụ lý", "en": "specialist"},
    HEAD_OF_UNIT: {"vi": "lãnh đạo đơn vị", "en": "head of unit"},
    AGENCY_SYSTEM: {"vi": "hệ thống của cơ quan", "en": "agency's system"},
}
"""What people call the roles."""

OFFICERS = (RECEPTION_OFFICER, SPECIALIST, HEAD_OF_UNIT)


class Signature(TypedDict):
    """How an actor stands in the history."""

    sub: str
    role: str
    agency: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system who wants something; `identity` counts only once it is `verified`."""

    subject: str
    name: str
    roles: frozenset[str]
    agency: str = ""
    identity: str = ""
    verified: bool = False

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def sign(self, roles: tuple[str, ...] = ()) -> Signature:
        """The actor with the role used: the first of the `roles` asked for that they hold."""
        held = [role for role in (roles or sorted(self.roles)) if role in self.roles]
        return {"sub": self.subject, "role": held[0] if held else "", "agency": self.agency}


CLOCKWORK = Actor(subject="system", name="Hệ thống", roles=frozenset({SYSTEM}))
"""The platform itself, when a moment that the law names has come."""
