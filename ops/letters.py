"""Letters that did not arrive: of the outgoing messages of the last days those that failed or came back, by cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import MongoClient

from services.email_provisioning.adapters.messages import MongoMessages
from services.email_provisioning.domain.mail.failed_letters import FOR_OPERATORS, UNWANTED, cause_of
from shared.persistence import Document, database
from shared.settings import Settings

WITHIN = timedelta(days=3)
"""How long ago one was asked for at most: sending is tried for a day, and a weekend may pass before somebody looks."""
MOST_COUNTED = 1000
"""More letters than that are counted as so many: someone has to look anyway."""


@dataclass(slots=True)
class Failed:
    """Letters of one service that one cause kept from arriving, and when the first of them was asked for."""

    cause: str
    source: str
    since: datetime
    count: int = 0

    @property
    def well(self) -> bool:
        """Whether nobody who runs the platform has to see to it."""
        return self.cause not in FOR_OPERATORS


def look(client: MongoClient[Document], settings: Settings) -> Iterator[Failed]:
    """What failed, except for those who want no mail.

    Raises:
        Unavailable: the database does not answer.
    """
    messages = MongoMessages(database(client, settings, "email_provisioning"), lambda _, __: None)
    found: dict[tuple[str, str], Failed] = {}
    for row in messages.undelivered(datetime.now(UTC) - WITHIN, MOST_COUNTED):
        cause = cause_of(row["last_error"])
        one = found.setdefault((cause, row["source"]), Failed(cause, row["source"], row["requested_at"]))
        one.count += 1
        one.since = min(one.since, row["requested_at"])
    return (one for one in found.values() if one.cause != UNWANTED)
