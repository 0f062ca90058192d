"""What every use case gets first: the ports, the rules of networks, and the clock on the wall."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.conference_booking import ports, ports_lines
from services.conference_booking.domain.actors import Actor
from services.conference_booking.domain.decisions import Occasion
from services.conference_booking.domain.networks import Networks
from shared.contracts.principal import Principal
from shared.officer_copies import OfficerCopies
from shared.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Context:
    """All that use cases need from outside.

    `began` is since when this process listens. `organizer` is the address that invites, and gets the answers;
    `bridge_of` a network is what commands its bridge; `calendar_past` and `calendar_ahead` are how far back and ahead
    calendars reach that others subscribe to.
    """

    now: Callable[[], datetime]
    began: datetime
    networks: Networks
    meetings: ports.Meetings
    endpoints: ports.OfNetworks
    technicians: ports.OfNetworks
    bridges: ports.Aggregates
    invitations: ports.Aggregates
    scripts: ports.Aggregates
    runs: ports.Aggregates
    readiness: ports.Aggregates
    rooms: ports.Aggregates
    bridge_of: Mapping[str, ports.Bridge]
    feeds: ports.Feeds
    incidents: ports.Meetings
    courses: ports.OfNetworks
    trainings: ports.Meetings
    lines: ports_lines.Lines
    messages: ports.MessageRequests
    calendars: ports.Calendars
    papers: ports.Papers
    charts: ports.Charts
    files: ports.Files
    organizer: str
    calendar_past: timedelta
    calendar_ahead: timedelta
    claims: ports.Claims
    together: ports.Transactions
    agencies: ports.Agencies
    officers: OfficerCopies
    working_time: WorkingTime


def actor_of(principal: Principal) -> Actor:
    """The caller as the rules see them."""
    roles = frozenset(str(role) for role in principal.roles)
    return Actor(principal.subject, principal.name, roles, principal.agency)


def occasion_for(context: Context, actor: Actor, network: str) -> Occasion:
    """This moment in a network.

    Raises:
        NotFound: there is no such network.
    """
    return Occasion(context.now(), actor, context.networks.get(network), context.networks, context.working_time)
