"""The count of dossier codes, per agency and day.

The counter is durable before a code is used: a crash in between leaves a gap, never a code given twice.
"""

from datetime import date

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.one_stop_shop.domain.codes import issue_application_code
from shared.persistence import Document, unavailable_when_away


class DossierCodes:
    """Hands out the codes of an agency and day in order."""

    def __init__(self, database: Database[Document]) -> None:
        self._counters = database["counters"]

    @unavailable_when_away()
    def take(self, agency: str, day: date, count: int) -> list[str]:
        """The next `count` codes, all for one durable write."""
        last = self._advance(f"{agency}-{day.isoformat()}", count)
        return [issue_application_code(agency, day, number) for number in range(last - count + 1, last + 1)]

    def _advance(self, counter: str, count: int) -> int:
        try:
            return self._add(counter, count)
        except DuplicateKeyError:  # two at once began the day; now there is a counter
            return self._add(counter, count)

    def _add(self, counter: str, count: int) -> int:
        # No session: a transaction that is rolled back must not hand its codes out again.
        after: Document | None = self._counters.find_one_and_update(
            {"_id": counter}, {"$inc": {"last": count}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert after is not None  # an upsert that answers with what is stored afterwards
        last: int = after["last"]
        return last
