"""Yearly number series without gaps: the count is part of the transaction that uses the number.

A number is taken by a write to one row per series, so transactions of several processes that want the same series
settle among themselves: one goes on, the others begin again. Within a process callers wait for their turn instead,
which costs less than beginning again.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.document_routing.domain.numbering import Series
from shared.persistence import Document, session, unavailable_when_away


class MongoNumberSeries:
    """Hands out numbers; declared in `ports.NumberSeries`."""

    def __init__(self, database: Database[Document]) -> None:
        self._series = database["number_series"]
        self._turns: dict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self._begun: set[str] = set()

    @contextmanager
    def turn(self, series: Series) -> Iterator[None]:
        """Wait for one's turn in this process; the series is there afterwards."""
        self._begin(series)
        with self._turns[series.agency, series.kind]:
            yield

    @unavailable_when_away()
    def take(self, series: Series, on: date) -> tuple[int, date]:
        """The next number of the series and its date.

        Dates follow the numbers: around midnight a clock that is behind must not give a later number an earlier day.
        """
        last_on = {"$max": ["$last_on", series.day(on).isoformat()]}
        taken = self._series.find_one_and_update(
            {"_id": series.key},
            [{"$set": {"last": {"$add": ["$last", 1]}, "last_on": last_on}}],
            return_document=ReturnDocument.AFTER,
            session=session(),
        )
        assert taken is not None  # whoever takes had a turn
        return int(taken["last"]), date.fromisoformat(taken["last_on"])

    @unavailable_when_away()
    def _begin(self, series: Series) -> None:
        """Make the row of a new year outside of any transaction, where two that do it at once harm nobody."""
        if series.key in self._begun:
            return
        row = {"agency": series.agency, "kind": series.kind, "year": series.year, "last": 0, "last_on": ""}
        with suppress(DuplicateKeyError):  # another process began it in the same moment
            self._series.update_one({"_id": series.key}, {"$setOnInsert": row}, upsert=True)
        self._begun.add(series.key)
