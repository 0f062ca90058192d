"""What every use case gets first: the ports, and the clock on the wall."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.email_provisioning import ports, ports_mail, ports_scim
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Occasion
from services.email_provisioning.domain.mail.rules import MailRules
from shared.contracts.principal import Principal
from shared.working_time import VIETNAM


@dataclass(frozen=True, slots=True)
class Mail:
    """What use cases of mailboxes need beside the directory."""

    rules: MailRules
    mailboxes: ports_mail.Mailboxes
    hosts: ports_mail.MailHosts
    use: ports_mail.MailUse
    followups: ports_mail.FollowUps
    secrets: ports_mail.Secrets
    messages: ports_mail.Messages
    use_sheet: ports_mail.UseSheet
    names: ports_mail.Names


@dataclass(frozen=True, slots=True)
class Context:
    """All that use cases need from outside."""

    now: Callable[[], datetime]
    agencies: ports.Agencies
    officers: ports.Officers
    imports: ports.Imports
    files: ports.Files
    read_table: ports.ReadTable
    mail: Mail
    scim: ports_scim.Scim

    def today(self) -> str:
        """This day in Viet Nam."""
        return self.today_as_date().isoformat()

    def today_as_date(self) -> date:
        """This day in Viet Nam, to be counted with."""
        return self.now().astimezone(VIETNAM).date()


def actor_of(principal: Principal) -> Actor:
    """The caller as the rules see them."""
    return Actor(principal.subject, frozenset(str(role) for role in principal.roles), principal.agency)


def occasion_of(context: Context, actor: Actor) -> Occasion:
    """This moment."""
    return Occasion(actor, context.now().astimezone(VIETNAM).date())
