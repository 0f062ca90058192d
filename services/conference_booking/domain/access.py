"""What somebody may know of meetings: all of those that their agency convenes or takes part in, and of a network's
approver and operator all; of others only that, when and by whom an endpoint is held.
"""

from services.conference_booking.domain.actors import OPERATOR_ROLE, STAFF, Actor, Part
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.networks import Network
from shared.errors import Forbidden, NotFound

_HOUSE = frozenset({Part.APPROVER, Part.OPERATOR, Part.SYSTEM})


def sees_all(actor: Actor, network: Network) -> bool:
    """Whether the actor sees every meeting of a network."""
    return bool(actor.parts(network) & _HOUSE)


def sees(actor: Actor, meeting: Document, network: Network) -> bool:
    """Whether the actor may read a meeting."""
    own = bool(actor.agency) and actor.agency in (meeting["convener"], *meeting["taking_part"])
    return sees_all(actor, network) or (own and actor.has(*STAFF, "agency_system"))


def check_sees(actor: Actor, meeting: Document | None, network: Network | None) -> None:
    """Refuse in the same words what is not there and what the actor may not know."""
    if meeting is None or network is None or not sees(actor, meeting, network):
        raise NotFound("meeting_unknown")


def check_reads(actor: Actor) -> None:
    """Networks, endpoints and who is busy are for everybody of an agency.

    Raises:
        Forbidden: for those of no agency.
    """
    if not actor.has(OPERATOR_ROLE) and not (actor.agency and actor.has(*STAFF, "agency_system")):
        raise Forbidden("role_not_allowed", action="read_conferences")


def looks_after(actor: Actor, network: Network) -> bool:
    """Whether the actor is of those who run the network."""
    return Part.OPERATOR in actor.parts(network) or actor.has("system")


def check_looks_after(actor: Actor, network: Network) -> None:
    """Endpoints and bridge are looked after by whoever runs the network.

    Raises:
        Forbidden: for everybody else.
    """
    if not looks_after(actor, network):
        raise Forbidden("role_not_allowed", action="look_after_network")
