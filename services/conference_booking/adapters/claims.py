"""Claims on endpoints and capacity in MongoDB: no two meetings hold one thing, no counter goes above its capacity.

Each day of a network is one document. A claim is an update of it whose filter says that everything wanted is free:
the database looks at the filter and applies the update on one version of the document, so that what is true of the
day stays true, whoever else writes. Claims over several days are made in one transaction with the meeting itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.results import BulkWriteResult

from services.conference_booking.domain.occupancy import STEP, Claim, Counts, Hold, Occupancy, Want, bins
from services.conference_booking.domain.spans import MINUTE, Piece, Span, midnight
from shared.persistence import Document, session, unavailable_when_away

Update = tuple[Document, Document]
"""Filter and change."""

_STEPS = 24 * 60 // STEP


class MongoClaims:
    """Implements `ports.Claims`."""

    def __init__(self, database: Database[Document]) -> None:
        self._days = database["days"]

    @unavailable_when_away()
    def prepare(self, network: str, wants: Iterable[Want], counted: Iterable[str]) -> None:
        """Make sure that every day has its document; to be done before the transaction, which could not."""
        names = sorted({_key(network, piece.day) for want in wants for piece in want.span.pieces()})
        known = {found["_id"] for found in self._days.find({"_id": {"$in": names}}, {"_id": 1})}
        empty = {"holds": {}, "used": {name: [0] * _STEPS for name in counted}}
        missing = [name for name in names if name not in known]
        if missing:
            fresh = [UpdateOne({"_id": name}, {"$setOnInsert": empty}, upsert=True) for name in missing]
            self._days.bulk_write(fresh, ordered=False)

    @unavailable_when_away()
    def take(self, network: str, claims: Sequence[Claim], capacity: Counts) -> bool:
        """Claim everything, inside the transaction that runs; False when something is not free, which must end it."""
        updates = sorted(_taking(network, claims, capacity), key=_day_of)
        return not updates or self._write(updates).matched_count == len(updates)

    @unavailable_when_away()
    def give_back(self, network: str, claims: Iterable[Claim]) -> None:
        """Free what these claims hold, inside the transaction that runs; each may be given back once."""
        updates = sorted(_giving_back(network, claims), key=_day_of)
        if updates:
            self._write(updates)

    def _write(self, updates: Sequence[Update]) -> BulkWriteResult:
        """In order of the days, so that two who want the same days wait for each other instead of both failing."""
        changes = [UpdateOne(match, change) for match, change in updates]
        return self._days.bulk_write(changes, session=session())

    @unavailable_when_away()
    def occupancy(self, network: str, first: date, last: date, capacity: Counts) -> Occupancy:
        """What is held and counted on these days, the last included."""
        seen = Occupancy(capacity)
        names = {"$gte": _key(network, first), "$lte": _key(network, last)}
        for found in self._days.find({"_id": names}, session=session()).sort("_id", 1).hint("_id_"):
            begin = midnight(date.fromisoformat(found["_id"].rpartition(":")[2]))
            for thing, holds in found["holds"].items():
                seen.holds[thing] += [_hold(begin, hold) for hold in holds]
            for name, steps in found["used"].items():
                seen.used[name] |= {begin + n * STEP * MINUTE: used for n, used in enumerate(steps) if used}
        for held in seen.holds.values():
            held.sort()
        return seen


def _key(network: str, day: date) -> str:
    return f"{network}:{day.isoformat()}"


def _day_of(update: Update) -> str:
    day: str = update[0]["_id"]
    return day


def _taking(network: str, claims: Iterable[Claim], capacity: Counts) -> Iterator[Update]:
    for claim, piece in _pieces(claims):
        taken = {"$not": {"$elemMatch": {"s": {"$lt": piece.end}, "e": {"$gt": piece.start}}}}
        held = {"s": piece.start, "e": piece.end, "b": claim.meeting, "n": claim.session}
        counts = dict(_counted(claim.want, piece))
        left = {field: {"$lte": capacity.get(field.split(".")[1], 0) - count} for field, count in counts.items()}
        holds = _fields_of(claim.want)
        match = {"_id": _key(network, piece.day), **dict.fromkeys(holds, taken), **left}
        yield match, _without_empty({"$push": dict.fromkeys(holds, held), "$inc": counts})


def _giving_back(network: str, claims: Iterable[Claim]) -> Iterator[Update]:
    for claim, piece in _pieces(claims):
        mine = {"b": claim.meeting, "n": claim.session}
        counts = {field: -count for field, count in _counted(claim.want, piece)}
        change = _without_empty({"$pull": dict.fromkeys(_fields_of(claim.want), mine), "$inc": counts})
        yield {"_id": _key(network, piece.day)}, change


def _pieces(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Piece]]:
    return ((claim, piece) for claim in claims for piece in claim.want.span.pieces())


def _fields_of(want: Want) -> list[str]:
    return [f"holds.{thing}" for thing in sorted(want.things)]


def _without_empty(update: Document) -> Document:
    """MongoDB refuses operators without fields."""
    return {operator: fields for operator, fields in update.items() if fields}


def _counted(want: Want, piece: Piece) -> Iterator[tuple[str, int]]:
    return ((f"used.{name}.{n}", count) for name, count in sorted(want.counts.items()) if count for n in bins(piece))


def _hold(begin: datetime, hold: dict[str, Any]) -> Hold:
    span = Span(begin + timedelta(minutes=hold["s"]), begin + timedelta(minutes=hold["e"]))
    return Hold(span, hold["b"], hold["n"])
