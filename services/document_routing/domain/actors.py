"""Who acts, as far as the rules care: roles and the agency acted for."""

from shared.actors import Actor

CLERK = "clerk"
LEADER = "head_of_unit"
SPECIALIST = "specialist"
AGENCY_SYSTEM = "agency_system"
OPERATOR = "operator"
SYSTEM = "system"

STAFF = (CLERK, LEADER, SPECIALIST)
"""Who works with documents on the platform: văn thư, lãnh đạo, chuyên viên."""


CLOCKWORK = Actor(subject="system", name="Hệ thống", roles=frozenset({SYSTEM}))
"""The platform itself: what follows from an event or from a moment that has come."""
