"""Yearly number series without gaps: the count is part of the transaction that uses the number.

A number is taken by a write to one row per series, so transactions of several processes that want the same series
settle among themselves: one goes on, the others begin again. Within a process callers wait for their turn instead,
which costs less than beginning again.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from pymongo import ReturnDocument
from pymongo.database import Database

from services.document_routing.domain.numbering import Series
from shared.persistence import Document, session, unavailable_when_away


class MongoNumberSeries:
    """Hands out numbers; declared in `ports.NumberSeries`."""

    def __init__(self, database: Database[Document]) -> None:
        self._series = database["number_series"]
        self._turns: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def turn(self, series: Series) -> Iterator[None]:
        """Wait for one's turn in this process."""
        with self._turns[series.agency, series.kind]:
            yield

    @unavailable_when_away()
    def take(self, series: Series, on: date) -> tuple[int, date]:
        """The next number of the series and its date.

        Dates follow the numbers: around midnight a clock that is behind must not give a later number an earlier day.
        Of two that begin a series in the same moment, one goes on and the other begins its transaction again.
        """
        last_on = {"$max": ["$last_on", series.day(on).isoformat()]}
        last = {"$add": [{"$ifNull": ["$last", 0]}, 1]}
        named = {"agency": series.agency, "kind": series.kind, "year": series.year}
        taken: Document | None = self._series.find_one_and_update(
            {"_id": series.key},
            [{"$set": {**named, "last": last, "last_on": last_on}}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=session(),
        )
        assert taken is not None  # an upsert that answers with what is stored afterwards
        return int(taken["last"]), date.fromisoformat(taken["last_on"])
