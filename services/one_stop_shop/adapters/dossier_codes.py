"""The count of dossier codes, per agency and day.

The counter is durable before a code is used: a crash in between leaves a gap, never a code given twice. Who is
busy takes some codes ahead, so that most submissions wait for one durable write and not for two; at a quiet
reception point codes follow each other without a gap.
"""

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import date

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.one_stop_shop.domain.codes import issue_application_code
from shared.persistence import Document, unavailable_when_away

AHEAD_SECONDS = 1.0
MOST_AHEAD = 100


class DossierCodes:
    """Hands out the codes of an agency and day."""

    def __init__(self, database: Database[Document]) -> None:
        self._counters = database["counters"]
        self._reserves: dict[tuple[str, date], _Reserve] = {}

    def take(self, agency: str, day: date, count: int) -> list[str]:
        """The next `count` codes."""
        reserve = self._reserve(agency, day)
        codes = reserve.draw(count)
        lacking = count - len(codes)
        if lacking:
            try:
                fresh = self._count_up(agency, day, lacking + reserve.ahead())
            except BaseException:
                reserve.codes.extendleft(reversed(codes))
                raise
            codes += fresh[:lacking]
            reserve.codes.extend(fresh[lacking:])
        reserve.given += count
        return codes

    def _reserve(self, agency: str, day: date) -> "_Reserve":
        if (agency, day) not in self._reserves:
            self._reserves = {key: kept for key, kept in self._reserves.items() if key[1] >= day}
        return self._reserves.setdefault((agency, day), _Reserve())

    @unavailable_when_away()
    def _count_up(self, agency: str, day: date, count: int) -> list[str]:
        """That many codes that nobody else will ever get."""
        counter = f"{agency}-{day.isoformat()}"
        try:
            last = self._add(counter, count)
        except DuplicateKeyError:  # two at once began the day; now there is a counter
            last = self._add(counter, count)
        return [issue_application_code(agency, day, number) for number in range(last - count + 1, last + 1)]

    def _add(self, counter: str, count: int) -> int:
        # No session: a transaction that is rolled back must not hand its codes out again.
        after: Document | None = self._counters.find_one_and_update(
            {"_id": counter}, {"$inc": {"last": count}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert after is not None  # an upsert that answers with what is stored afterwards
        last: int = after["last"]
        return last


@dataclass(slots=True)
class _Reserve:
    """Codes of one agency and day that are taken but not yet given out, and how many were given out of late."""

    codes: deque[str] = field(default_factory=deque)
    since: float = 0.0
    given: int = 0

    def draw(self, count: int) -> list[str]:
        """At most that many codes."""
        drawn: list[str] = []
        while self.codes and len(drawn) < count:
            drawn.append(self.codes.popleft())
        return drawn

    def ahead(self) -> int:
        """How many to take beyond what is needed: what was given out in the last second, none when it was quiet."""
        now = time.monotonic()
        busy = now - self.since < AHEAD_SECONDS
        ahead = min(self.given, MOST_AHEAD) if busy else 0
        self.since, self.given = now, 0
        return ahead
