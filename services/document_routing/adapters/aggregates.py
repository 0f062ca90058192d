"""Documents, arrivals and what the exchange keeps as aggregates, in MongoDB."""

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared import aggregates
from shared.errors import Conflict
from shared.history import Entry
from shared.persistence import unavailable_when_away


class Aggregates(aggregates.Aggregates):
    """Writes one kind of aggregate; declared in `ports`."""

    @unavailable_when_away()
    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry, if it still has this version.

        Raises:
            Conflict: its agency has issued another document of this number, symbol and day.
        """
        try:
            return super().save(identifier, version, changes, entry)
        except DuplicateKeyError as error:
            raise self._taken(error) from error

    def _taken(self, error: DuplicateKeyError) -> Exception:
        """What a collision in the index `identity` means; any other is a mistake of ours."""
        key = (error.details or {}).get("keyValue", {})
        return Conflict("document_code_taken", document=key["code"]) if "code" in key else error
