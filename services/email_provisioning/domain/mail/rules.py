"""The terms of the house for mail: its domains, how long things are kept, how much each agency may have.

They are data (`data/mail.yaml`, or the file that `MAIL_RULES` names), because every province decides them itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.email_provisioning.domain.mail.addresses import NamingPolicy
from services.email_provisioning.domain.mail.mailbox import revocation_day
from shared.words import fold, words


@dataclass(frozen=True, slots=True)
class MailDomain:
    """A domain, the agency at and below which it is used, and its mail hosts, the first of which is the home.

    With `automatic` every officer there gets a mailbox without asking. `mail_names` are names of agencies in
    addresses, such as `stttt`. `mx` are the names under which its servers take mail from outside, and
    `dkim_selectors` the keys by which it is signed, for the check of the domain.
    """

    policy: NamingPolicy
    agency: str
    hosts: tuple[str, ...]
    automatic: bool = False
    mail_names: Mapping[str, str] = field(default_factory=dict)
    mx: tuple[str, ...] = ()
    dkim_selectors: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What stands behind the @."""
        return self.policy.domain


@dataclass(frozen=True, slots=True)
class MailRules:
    """All terms; quotas and grants are in MiB, a grant of None has no end.

    A mailbox in regular use is used on `regular_days` of 30 days.
    """

    domains: tuple[MailDomain, ...]
    retention_days: int = 365
    alias_days: int = 180
    link_hours: int = 72
    regular_days: int = 4
    default_quota: int = 2048
    default_grant: int | None = None
    grants: Mapping[str, int] = field(default_factory=dict)
    leader_titles: tuple[str, ...] = ()

    def domain_for(self, within: Sequence[str]) -> MailDomain | None:
        """The domain of an agency: its own, or that of the nearest agency above it."""
        known = {domain.agency: domain for domain in reversed(self.domains)}
        return next((known[code] for code in within if code in known), None)

    def domains_for(self, within: Sequence[str]) -> list[str]:
        """The names of all domains in which an agency may have addresses."""
        return [domain.name for domain in self.domains if domain.agency in within]

    def domain_of(self, address: str) -> MailDomain | None:
        """The domain of an address."""
        name = address.partition("@")[2]
        return next((domain for domain in self.domains if domain.name == name), None)

    def hosts_of(self, address: str) -> list[str]:
        """The hosts that know an address, the home first."""
        domain = self.domain_of(address)
        return list(domain.hosts) if domain else []

    def all_hosts(self) -> list[str]:
        """The hosts of all domains, each once."""
        return list(dict.fromkeys(host for domain in self.domains for host in domain.hosts))

    def grant_of(self, agency: str) -> int | None:
        """How much storage an agency may give to its mailboxes."""
        return self.grants.get(agency, self.default_grant)

    def leaves_on(self, last_day: date, titles: Sequence[str], today: date) -> date:
        """When the mailbox of somebody who left is revoked; a day that is past already becomes tomorrow."""
        leader = any(fold(title).startswith(fold(known)) for title in titles for known in self.leader_titles)
        return max(revocation_day(last_day, leader=leader), today + timedelta(days=1))


def mail_name(domain: MailDomain, agency: Mapping[str, Any]) -> str:
    """What stands for an agency in addresses: as the rules say, else the first letters of its name."""
    named = domain.mail_names.get(agency["code"])
    return named or "".join(word[0] for word in words(agency["name"]["vi"]))
