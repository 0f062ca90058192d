"""Checks that the data files speak of each other's entries by names that exist."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.one_stop_shop.adapters.catalogue_words import in_words
from services.one_stop_shop.domain.bundles import check_parts
from shared.data_files import DataFile


@dataclass(frozen=True)
class Entry:
    """One thing read from a file: where it stands, its plain form, and what became of it."""

    file: DataFile
    prefix: str
    plain: dict[str, Any]
    value: Any

    def report(self, path: str, code: str, **params: Any) -> None:
        """Note what is wrong at `path`."""
        self.file.report(self.prefix + path, in_words(code, params))


Entries = Mapping[str, Sequence[Entry]]


def check_references(read: Entries) -> None:
    """Report every name that is used and not defined, and every one that is defined twice."""
    agencies = {entry.plain["code"] for entry in read["agencies"]}
    _check_procedures(read)
    for entry in read["agencies"]:
        _check_known(entry, ("province", "area", "successors"), agencies, "unknown_agency")
        if entry.value.parent not in {None, *agencies}:
            entry.report("parent", "unknown_agency", key=entry.value.parent)
        _check_known(entry, ("timetable",), _codes(read["timetables"], "code"), "unknown_timetable")
        _check_known(entry, ("sectors",), _codes(read["sectors"], "key"), "unknown_sector")
    _check_unique(read["agencies"], lambda plain: [plain["code"], *plain.get("legacy_codes", [])])
    _check_unique(read["procedures"], lambda plain: [plain["code"]])
    _check_unique(read["calendar"], lambda plain: [str(plain["year"])])
    _check_unique(read["timetables"], lambda plain: [plain["code"]])
    for name in ("sectors", "life_events"):
        _check_unique(read[name], lambda plain: [plain["key"]])


def _check_procedures(read: Entries) -> None:
    known = {entry.plain["code"]: entry.value for entry in read["procedures"]}
    for entry in read["procedures"]:
        _check_known(entry, ("sector",), _codes(read["sectors"], "key"), "unknown_sector")
        _check_known(entry, ("life_events",), _codes(read["life_events"], "key"), "unknown_life_event")
        _check_known(entry, ("children",), known, "unknown_procedure")
        for wrong in check_parts(entry.value, known):
            entry.report(wrong["path"], wrong["code"], **wrong["params"])
        if not entry.file.name.startswith(f"procedures/{entry.plain['code']}"):
            entry.report("code", "wrong_file_name", key=entry.plain["code"])


def _codes(entries: Iterable[Entry], name: str) -> set[str]:
    return {entry.plain[name] for entry in entries}


def _check_known(entry: Entry, names: Iterable[str], known: Collection[str], code: str) -> None:
    for name in names:
        value = entry.plain.get(name)
        if isinstance(value, list):
            for n, key in enumerate(value):
                if key not in known:
                    entry.report(f"{name}.{n}", code, key=key)
        elif value is not None and value not in known:
            entry.report(name, code, key=value)


def _check_unique(entries: Iterable[Entry], keys: Callable[[dict[str, Any]], list[str]]) -> None:
    seen: set[str] = set()
    for entry in entries:
        for key in keys(entry.plain):
            if key in seen:
                entry.report("", "duplicate", key=key)
            seen.add(key)
