"""Agencies, timetables and the calendar in MongoDB, as the directory, the data files and the editors left them.

Agencies are a copy: the directory owns them. The seed file fills it before the first event arrives; what the
directory has announced is never overwritten by the file again.
"""

from typing import Any

from pymongo import ASCENDING, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.one_stop_shop.adapters.catalogue_files import Catalogue
from services.one_stop_shop.domain.agencies import Agency, Directory
from shared.persistence import Document, session, unavailable_when_away
from shared.working_time import Calendar, Timetable, YearDays


class Agencies:
    """Reads and keeps agencies, timetables and years; declared in `ports_read`."""

    def __init__(self, database: Database[Document]) -> None:
        self._agencies = database["agencies"]
        self._timetables = database["timetables"]
        self._years = database["calendar"]

    @unavailable_when_away()
    def directory(self) -> Directory:
        """All agencies."""
        return Directory(Agency.from_dict(plain) for plain in _all(self._agencies))

    @unavailable_when_away()
    def calendar(self) -> Calendar:
        """The years that were entered; the others are computed."""
        return Calendar(YearDays.from_dict(plain) for plain in _all(self._years))

    @unavailable_when_away()
    def timetables(self) -> dict[str, Timetable]:
        """The timetables by their codes."""
        return {plain["code"]: Timetable.from_dict(plain) for plain in _all(self._timetables)}

    @unavailable_when_away()
    def year(self, year: int) -> tuple[YearDays, int] | None:
        """What was entered for a year, and how often it was over the API."""
        found = self._years.find_one({"_id": year}, {"_id": 0}, session=session())
        return (YearDays.from_dict(found), found.get("version", 0)) if found else None

    @unavailable_when_away()
    def set_year(self, days: YearDays, version: int, reason: str = "") -> bool:
        """Enter one year's days; deadlines that were promised before stay as they are."""
        match = {"_id": days.year, "version": version or None}  # None is what has none
        entered = {**_plain(days), "entered": True, "version": version + 1, "reason": reason}
        try:
            done = self._years.replace_one(match, entered, upsert=not version, session=session())
        except DuplicateKeyError:  # somebody entered it first
            return False
        return bool(done.matched_count or done.upserted_id)

    @unavailable_when_away()
    def keep(self, agency: Document, sequence: int) -> None:
        """Keep an agency as the directory announced it with its event of this number."""
        kept = {"_id": agency["code"], **agency, "heard": sequence}
        self._agencies.replace_one({"_id": agency["code"]}, kept, upsert=True, session=session())

    @unavailable_when_away()
    def load(self, catalogue: Catalogue) -> list[str]:
        """Bring the data files in, as often as one likes.

        An agency that the directory has announced stays, and so does a year that was entered over the API.
        """
        entered = {plain["year"] for plain in _all(self._years) if plain.get("entered")}
        heard = {known["_id"] for known in self._agencies.find({}, {"heard": 1}).hint("_id_") if "heard" in known}
        rows: list[tuple[Collection[Document], Any, Document]] = [
            *(
                (self._agencies, agency.code, dict(agency.definition))
                for agency in catalogue.agencies
                if agency.code not in heard
            ),
            *((self._timetables, plain["code"], plain) for plain in catalogue.plain["timetables"]),
            *((self._years, days.year, _plain(days)) for days in catalogue.years if days.year not in entered),
        ]
        told = []
        for collection in (self._agencies, self._timetables, self._years):
            writes = [
                ReplaceOne({"_id": key}, {"_id": key, **plain}, upsert=True)
                for own, key, plain in rows
                if own is collection
            ]
            done = collection.bulk_write(writes, ordered=False) if writes else None
            if done and (done.upserted_count or done.modified_count):
                new, changed = done.upserted_count, done.modified_count
                told.append(f"{collection.name}: {new} mới, {changed} thay đổi · {new} new, {changed} changed")
        return told


def _all(collection: Collection[Document]) -> list[Document]:
    return list(collection.find({}, {"_id": 0, "heard": 0}, session=session()).sort("_id", ASCENDING).hint("_id_"))


def _plain(days: YearDays) -> Document:
    def written(named: Any) -> Document:
        return {day.isoformat(): name for day, name in sorted(named.items())}

    return {"year": days.year, "days_off": written(days.days_off), "made_up": written(days.made_up)}
