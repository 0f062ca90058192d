"""Procedures, agencies and calendars kept in memory for a few seconds: every submission asks for them.

A change of the catalogue holds after at most `KEEP_SECONDS` in every process; what was received keeps its
version anyway, so nothing depends on the moment.
"""

import time
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_versions import version_in_force
from services.one_stop_shop.ports_read import Agencies, Procedures
from shared.errors import NotFound
from shared.working_time import WorkingTime

KEEP_SECONDS = 5.0
USUAL_TIMETABLE = "office-hours"

T = TypeVar("T")


class _Kept(Generic[T]):
    """Values by key. One too old is read again by one caller, while the others still get the old one.

    Nothing is kept of keys that mean nothing: anybody may ask for as many of those as they like.
    """

    def __init__(self, read: Callable[[str], T], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._values: dict[str, T] = {}
        self._good_until: dict[str, float] = {}

    def __call__(self, key: str) -> T:
        now = time.monotonic()
        if key not in self._values or now > self._good_until[key]:
            if key in self._values:
                self._good_until[key] = now + self._seconds
            value = self._read(key)
            if not value:
                return value
            self._values[key], self._good_until[key] = value, now + self._seconds
        return self._values[key]


class CachedCatalogue:
    """Procedure versions for the rules; declared in `ports.Catalogue`."""

    def __init__(self, procedures: Procedures, seconds: float = KEEP_SECONDS) -> None:
        self._versions = _Kept(procedures.versions, seconds)

    def in_force(self, procedure: str, on: date) -> ProcedureVersion:
        """The version of that day."""
        versions = self._versions(procedure)
        if not versions:
            raise NotFound("procedure_unknown", procedure=procedure)
        return version_in_force(versions, on)

    def version(self, procedure: str, version: int) -> ProcedureVersion:
        """One certain version."""
        for known in self._versions(procedure):
            if known.version == version:
                return known
        raise NotFound("procedure_version_unknown", procedure=procedure, version=version)


class CachedOffices:
    """Agencies and their clocks; declared in `ports.Offices`."""

    def __init__(self, agencies: Agencies, seconds: float = KEEP_SECONDS) -> None:
        self._agencies = agencies
        self._kept: _Kept[tuple[Directory, dict[str, WorkingTime]]] = _Kept(self._read, seconds)

    def directory(self) -> Directory:
        """All agencies."""
        return self._kept("")[0]

    def working_time(self, agency: str) -> WorkingTime:
        """The clock of that agency's timetable."""
        directory, clocks = self._kept("")
        timetable = directory.get(agency).timetable  # the directory may name one that nobody has entered here
        return clocks[timetable if timetable in clocks else USUAL_TIMETABLE]

    def _read(self, _: str) -> tuple[Directory, dict[str, WorkingTime]]:
        calendar = self._agencies.calendar()
        clocks = {code: WorkingTime(table, calendar) for code, table in self._agencies.timetables().items()}
        return self._agencies.directory(), clocks
