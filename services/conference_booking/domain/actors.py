"""Who acts, as far as conferences care: roles, the agency acted for, and what both mean for a network."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.conference_booking.domain.networks import Network
from shared.actors import Actor as AnyActor

OPERATOR_ROLE = "operator"
LEADER = "head_of_unit"
SYSTEM_ROLE = "system"
STAFF = ("clerk", "specialist", "reception_officer", LEADER)
"""Who may ask for a meeting of their agency."""


class Part(StrEnum):
    """What somebody is to a meeting."""

    CONVENER = "convener"
    APPROVER = "approver"
    OPERATOR = "operator"
    HOST = "host"
    SYSTEM = "system"


ROLES = {
    Part.CONVENER: STAFF,
    Part.APPROVER: (LEADER, OPERATOR_ROLE),
    Part.OPERATOR: ("specialist", LEADER, OPERATOR_ROLE),
    Part.HOST: ("specialist", LEADER),
    Part.SYSTEM: (SYSTEM_ROLE,),
}
"""Which roles can play a part; but for the platform's operators they do so at the part's agency only."""


@dataclass(frozen=True, slots=True)
class Actor(AnyActor):
    """A person or system who wants something for an agency."""

    def parts(self, network: Network, convener: str = "") -> frozenset[Part]:
        """What the actor is in a network, and to a meeting that `convener` convenes."""
        at = {Part.CONVENER: convener, Part.APPROVER: network.approver, Part.OPERATOR: network.operator}
        own = {part for part, agency in at.items() if agency and agency == self.agency and self.has(*ROLES[part])}
        everywhere = {Part.APPROVER, Part.OPERATOR} if self.has(OPERATOR_ROLE) else set()
        return frozenset(own | everywhere | ({Part.SYSTEM} if self.has(SYSTEM_ROLE) else set()))

    def as_host(self, agencies: Collection[str]) -> frozenset[Part]:
        """What the actor is at endpoints of these agencies: their own people look after them."""
        own = self.agency in agencies and self.has(*ROLES[Part.HOST])
        return frozenset({Part.HOST} if own else ())


CLOCKWORK = Actor("system", "Hệ thống", frozenset({SYSTEM_ROLE}))
"""The platform itself: what follows from another change, or from a moment that has come."""


def who(actor: Actor) -> Mapping[str, Any]:
    """The actor as a decision names them."""
    return {"by": actor.subject, "name": actor.name, "agency": actor.agency}
