"""What the use cases of line monitoring need from outside. Every method may raise `Unavailable`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured on one line within a time, each list in no certain order."""

    endpoint: str
    line: str
    bands: list[str]
    loss: list[float]
    rtt: list[float]
    longest: list[float]
    jitter: list[float]


@dataclass(frozen=True, slots=True)
class Asked:
    """Samples of one line from one moment until before another."""

    endpoint: str
    line: str
    since: datetime | None
    until: datetime | None


class Lines(Protocol):
    """Keeps samples for a time, and for each line where it stands."""

    def known(self, samples: Collection[str]) -> set[str]:
        """Which of these samples are kept already."""

    def add(self, samples: Sequence[Document]) -> None:
        """Keep samples until each one's `expires_at`."""

    def standing(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """Where lines stand; of those never heard nothing is there."""

    def keep(self, identifier: str, version: int, line: Mapping[str, Any]) -> bool:
        """Note where a line stands, if it still has this version, 0 for none; False when it has not."""

    def of_network(self, network: str, band: str | None, *, after: str, limit: int) -> list[Document]:
        """The lines of a network, or those of one band, behind an identifier, in order of their identifiers."""

    def page(self, asked: Asked, *, newest_first: bool, after: Any, limit: int) -> tuple[list[Document], Any]:
        """Samples of a line in order of time from a position on, and the position behind them, None at the end."""

    def keep_session(self, identifier: str, lines: Mapping[str, Any]) -> None:
        """Keep for good what the lines of a session were like; what is kept already stays."""

    def kept_session(self, identifier: str) -> Document | None:
        """What is kept of a session, if it is."""

    def within(self, endpoints: Collection[str], first: datetime, last: datetime) -> list[Measured]:
        """What was measured on these endpoints' lines from one moment until before another."""
