"""Who acts, as far as the rules care: roles, agency and proven identity."""

from dataclasses import dataclass

from shared.actors import Actor as AnyActor

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


@dataclass(frozen=True, slots=True)
class Actor(AnyActor):
    """A person or system who wants something; `identity` counts only once it is `verified`."""

    identity: str = ""
    verified: bool = False


CLOCKWORK = Actor(subject="system", name="Hệ thống", roles=frozenset({SYSTEM}))
"""The platform itself, when a moment that the law names has come."""
