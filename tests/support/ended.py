"""The list of ended sessions, in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class EndedInMemory:
    """When what began under a name ended."""

    at: dict[str, datetime] = field(default_factory=dict)

    def add(self, name: str, until: datetime) -> None:
        """It ended now."""
        self.at[name] = datetime.now(UTC)

    def has_ended(self, names: Collection[str], began: datetime) -> bool:
        """Whether it ended since it began."""
        return any(self.at[name] >= began for name in names if name in self.at)
