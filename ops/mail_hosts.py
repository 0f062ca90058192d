"""Mail hosts as the directory knows them: when each last asked or reported, since when changes wait for it.

Their agents run on machines of their own, which need not let anybody in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pymongo import MongoClient

from services.email_provisioning.adapters.mail_hosts import MongoMailHosts
from services.email_provisioning.adapters.mail_rules import read_mail_rules
from services.email_provisioning.adapters.mailboxes import MongoMailboxes
from shared.contracts.email_provisioning.mail_host import agent_queue
from shared.persistence import Document, database
from shared.settings import Settings

MOST_COUNTED = 10_000
"""More changes than that are counted as so many: someone has to look anyway."""

LAG_SECONDS = 600.0
"""A change that waits for longer is late; alerts and `status` judge alike."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail host of the rules; `contact` is None for one that never came."""

    host: str
    contact: datetime | None
    waiting: int
    waiting_since: datetime | None
    differences: Mapping[str, int] = field(default_factory=dict)

    @property
    def queue(self) -> str:
        """Where its agent hears what changed."""
        return agent_queue(self.host)


def look(client: MongoClient[Document], settings: Settings) -> Iterator[Seen]:
    """Each host that the rules name.

    Raises:
        DataFileError: the rules cannot be read.
        Unavailable: the database does not answer.
    """
    store = database(client, settings, "email_provisioning")
    known = MongoMailHosts(store).all()
    mailboxes = MongoMailboxes(store, lambda _, __: None)
    for host in read_mail_rules(settings.mail_rules).all_hosts():
        told = known.get(host, {})
        drift = told.get("drift") or {}
        differences = {what: drift[f"{what}_count"] for what in ("missing", "surplus", "stale") if drift}
        yield Seen(host, told.get("last_contact"), *mailboxes.lag(host, MOST_COUNTED), differences)
