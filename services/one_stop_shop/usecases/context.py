"""What every use case gets first: the ports, the clock on the wall, and terms of the house."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.one_stop_shop import ports, ports_read
from services.one_stop_shop.domain.actors import OFFICERS, Actor
from services.one_stop_shop.domain.application import Application, Occasion
from services.one_stop_shop.domain.forms import Lookup
from services.one_stop_shop.domain.procedure import ProcedureVersion
from shared.actors import Signature
from shared.contracts.principal import Principal
from shared.officer_copies import OfficerCopies


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of the house: where applicants look their application up, how long a draft is kept and one may pay, whose
    editors change the catalogue and the calendar."""

    lookup: Lookup
    keep_drafts: timedelta
    longest_to_pay: timedelta
    catalogue_agency: str


@dataclass(frozen=True, slots=True)
class Context:
    """All that use cases need from outside."""

    now: Callable[[], datetime]
    applications: ports.Applications
    drafts: ports.Drafts
    presence: ports.Presence
    notices: ports.Notices
    messages: ports.MessageRequests
    payments: ports.PaymentGateway
    files: ports.Files
    catalogue: ports.Catalogue
    offices: ports.Offices
    queries: ports_read.ApplicationQueries
    reports: ports_read.Reports
    procedures: ports_read.Procedures
    agencies: ports_read.Agencies
    printed: ports_read.PrintedForms
    printer: ports.FormPrinter
    sheet: ports.RegisterSheet
    terms: Terms
    officers: OfficerCopies
    together: Callable[[Callable[[], None]], None]
    """Runs work so that all its writes become visible together or not at all."""


def actor_of(principal: Principal) -> Actor:
    """The caller as the rules see them."""
    return Actor(
        subject=principal.subject,
        name=principal.name,
        roles=frozenset(str(role) for role in principal.roles),
        agency=principal.agency,
        identity=principal.identity,
        verified=principal.verified,
    )


def signed(context: Context, actor: Actor, roles: tuple[str, ...]) -> Signature:
    """The actor with the role used; an officer also by the name that the directory has of them at this moment."""
    signature = actor.sign(roles)
    officer = context.officers.of_account(actor.subject) if signature["role"] in OFFICERS else None
    return {**signature, "name": officer.name} if officer else signature


def occasion_for(context: Context, actor: Actor, version: ProcedureVersion, agency: str) -> Occasion:
    """This moment, by the working time of that agency."""
    return Occasion(
        context.now(),
        actor,
        version,
        context.offices.working_time(agency),
        context.offices.directory(),
        context.terms.lookup,
        context.terms.longest_to_pay,
    )


def occasion_on(context: Context, actor: Actor, application: Application) -> Occasion:
    """This moment of an application, under the procedure version that it keeps."""
    procedure = application["procedure"]
    version = context.catalogue.version(procedure["code"], procedure["version"])
    return occasion_for(context, actor, version, application["received_agency"])
