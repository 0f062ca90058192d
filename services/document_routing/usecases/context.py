"""What every use case gets first: the ports, and the clock on the wall."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.document_routing import ports, ports_exchange, ports_read
from services.document_routing.domain.actors import AGENCY_SYSTEM
from services.document_routing.domain.aggregate import Occasion
from shared.actors import Actor
from shared.contracts.principal import Principal
from shared.officer_copies import OfficerCopies


@dataclass(frozen=True, slots=True)
class Context:
    """All that use cases need from outside."""

    now: Callable[[], datetime]
    documents: ports.Aggregates
    arrivals: ports.Aggregates
    series: ports.NumberSeries
    together: ports.Transactions
    at_one_moment: ports.OneMoment
    files: ports.Files
    offices: ports.Offices
    copies: ports.AgencyCopies
    reader: ports.TextReader
    outgoing: ports_read.Questions
    incoming: ports_read.Questions
    registers: ports_read.Registers
    printer: ports_read.BookPrinter
    exchange: ports_exchange.Exchange
    officers: OfficerCopies


def actor_of(principal: Principal) -> Actor:
    """The caller as the rules see them."""
    roles = frozenset(str(role) for role in principal.roles)
    return Actor(subject=principal.subject, name=principal.name, roles=roles, agency=principal.agency)


def reader_of(context: Context, principal: Principal) -> Actor:
    """The caller as far as reading goes: the system of an agency that works at a desk has no business with documents.

    Such a system serves the one-stop shop; what its agency sends and receives, its people read here.
    """
    actor = actor_of(principal)
    at_desk = context.offices.directory().connection(actor.agency).mode == "desk"
    return replace(actor, roles=actor.roles - {AGENCY_SYSTEM}) if at_desk else actor


def occasion_for(context: Context, actor: Actor, agency: str) -> Occasion:
    """This moment, by the working time of that agency."""
    offices = context.offices
    return Occasion(context.now(), actor, offices.directory(), offices.types(), offices.working_time(agency))
