"""Reads the catalogue's data files and explains every mistake by file, line, path and reason.

A file with a mistake is left out and named, the others are read: one wrong file never hides the rest.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from marshmallow import Schema

from services.one_stop_shop.adapters.catalogue_references import Entry, check_references
from services.one_stop_shop.adapters.catalogue_shapes import FillerShape, NamedShape, TimetableShape, YearShape
from services.one_stop_shop.adapters.catalogue_words import in_words
from services.one_stop_shop.domain.agencies import Agency, Directory
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_reading import build
from services.one_stop_shop.domain.texts import Text, text
from shared.contracts.one_stop_shop.procedure import ProcedureDefinition
from shared.data_files import DataFile, DataFileError, open_file, shape_problems
from shared.directory.seed import AGENCIES, AgencyShape
from shared.errors import Error, field_error
from shared.words import words
from shared.working_time import Calendar, Timetable, WorkingTime, YearDays

DATA = Path(__file__).parent.parent / "data"
Read = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Catalogue:
    """What the data files say, as domain objects; each keeps the plain form that it was read from."""

    procedures: list[ProcedureVersion] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    timetables: dict[str, Timetable] = field(default_factory=dict)
    years: list[YearDays] = field(default_factory=list)
    sectors: dict[str, Text] = field(default_factory=dict)
    life_events: dict[str, Text] = field(default_factory=dict)
    filler_words: frozenset[str] = frozenset()
    plain: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @cached_property
    def directory(self) -> Directory:
        """The agencies, found by either identifier."""
        return Directory(self.agencies)

    @cached_property
    def calendar(self) -> Calendar:
        """The decided days off; other years are computed."""
        return Calendar(self.years)

    def working_time(self, agency: str) -> WorkingTime:
        """The clock of one agency; agencies of one timetable share it."""
        return self._clocks[self.directory.get(agency).timetable]

    @cached_property
    def _clocks(self) -> dict[str, WorkingTime]:
        return {code: WorkingTime(timetable, self.calendar) for code, timetable in self.timetables.items()}


def load_catalogue(folder: Path = DATA, agencies: Path = AGENCIES) -> Catalogue:
    """The whole catalogue with the agencies of the directory, or `DataFileError` when anything is wrong."""
    catalogue = read_catalogue(folder, agencies)
    if catalogue.problems:
        raise DataFileError(*catalogue.problems)
    return catalogue


def check_folder(folder: Path = DATA, agencies: Path = AGENCIES) -> list[str]:
    """Every mistake in the data files, in words."""
    return read_catalogue(folder, agencies).problems


def read_catalogue(folder: Path = DATA, agencies: Path = AGENCIES) -> Catalogue:
    """What can be read, with the mistakes of the rest in `problems`."""
    reader = _Reader(folder)
    read = {
        "sectors": reader.rows(folder / "sectors.yaml", NamedShape(), _read_named),
        "life_events": reader.rows(folder / "life_events.yaml", NamedShape(), _read_named),
        "filler_words": reader.rows(folder / "filler_words.yaml", FillerShape(), _read_filler),
        "timetables": reader.rows(folder / "timetables.yaml", TimetableShape(), Timetable.from_dict),
        "agencies": reader.rows(agencies, AgencyShape(), Agency.from_dict),
        "calendar": reader.files("calendar", YearShape(), YearDays.from_dict),
        "procedures": reader.files("procedures", ProcedureDefinition(), build),
    }
    check_references(read)
    return Catalogue(
        procedures=_values(read["procedures"]),
        agencies=_values(read["agencies"]),
        timetables={timetable.code: timetable for timetable in _values(read["timetables"])},
        years=_values(read["calendar"]),
        sectors=dict(_values(read["sectors"])),
        life_events=dict(_values(read["life_events"])),
        filler_words=frozenset().union(*_values(read["filler_words"])),
        plain={name: [entry.plain for entry in entries] for name, entries in read.items()},
        problems=reader.problems,
    )


def _values(entries: Iterable[Entry]) -> list[Any]:
    return [entry.value for entry in entries]


def _read_named(plain: Mapping[str, Any]) -> tuple[str, Text]:
    return plain["key"], text(plain["name"])


def _read_filler(plain: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(word for one in plain["words"] for word in words(one))


class _Reader:
    """Opens the files of one folder and collects what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def rows(self, path: Path, shape: Schema, read: Read) -> list[Entry]:
        """The rows of one file that holds a list."""
        file = open_file(path, path.name, self.problems)
        if file is None:
            return []
        if not isinstance(file.content, list):
            file.report("", "this file holds a list")
            return []
        return [entry for n, row in enumerate(file.content) for entry in self._read(file, f"{n}.", row, shape, read)]

    def files(self, name: str, shape: Schema, read: Read) -> list[Entry]:
        """The files of one folder, each of which holds one thing."""
        opened = [self._open(path) for path in sorted((self.folder / name).glob("*.yaml"))]
        return [entry for file in opened if file for entry in self._read(file, "", file.content, shape, read)]

    def _open(self, path: Path) -> DataFile | None:
        return open_file(path, path.relative_to(self.folder).as_posix(), self.problems)

    def _read(self, file: DataFile, prefix: str, plain: Any, shape: Schema, read: Read) -> list[Entry]:
        """One entry, or none when its shape or meaning is wrong."""
        if not isinstance(plain, dict):
            file.report(prefix, "this should be a list of names with values")
            return []
        wrong_shape = list(shape_problems(shape, plain))
        for path, message in wrong_shape:
            file.report(prefix + path, message)
        if wrong_shape:
            return []
        try:
            return [Entry(file, prefix, plain, read(plain))]
        except Error as error:
            for wrong in error.fields or [field_error("", error.code, **error.params)]:
                file.report(prefix + wrong["path"], in_words(wrong["code"], wrong["params"]))
        return []
