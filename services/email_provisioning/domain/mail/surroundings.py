"""What a decision about a mailbox must know beside the mailbox itself."""

from dataclasses import dataclass
from datetime import date

from services.email_provisioning.domain.mail.addresses import Given


@dataclass(frozen=True, slots=True)
class Pool:
    """An agency's grant of storage and how much of it its mailboxes have, in MiB; a grant of None has no end."""

    grant: int | None
    used: int

    def holds(self, more: int) -> bool:
        """Whether so much more fits; giving back always does."""
        return more <= 0 or self.grant is None or self.used + more <= self.grant


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The day, the house's terms, and what others have.

    `others_of_owner` counts the other living personal mailboxes of the same officer, `pool` is that of the agency
    under which the quota will count, `given` what is known of the address that is asked for. `retention_days` is
    how long a revoked mailbox is archived and its addresses are given to nobody; `alias_days` how long an old
    address still leads to a renamed mailbox.
    """

    today: date
    pool: Pool = Pool(None, 0)
    others_of_owner: int = 0
    given: Given | None = None
    retention_days: int = 365
    alias_days: int = 180
