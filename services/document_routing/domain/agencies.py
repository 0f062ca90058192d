"""Agencies as routing needs them: how they are called, who took over from them, how documents reach them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from shared.errors import Conflict, NotFound

_PLACE = re.compile(r"\s+(thành phố|tỉnh|xã|phường|đặc khu)\s+.*$", re.IGNORECASE)
_SEAT = re.compile("^Ủy ban nhân dân (thành phố |tỉnh |phường |xã |đặc khu )?")
_SYMBOLS = {"people_committee": "UBND", "people_council": "HĐND", "police": "CA"}


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency of the directory; `successors` took over when it closed, the first is the one to turn to."""

    code: str
    name: str
    level: str
    kind: str
    parent: str | None
    province: str | None
    area: str | None
    legacy_codes: tuple[str, ...]
    opened_on: date
    closed_on: date | None
    successors: tuple[str, ...]
    sample: bool

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read the form of the directory's events."""
        return cls(
            code=plain["code"],
            name=plain["name"]["vi"],
            level=plain["level"],
            kind=plain["kind"],
            parent=plain.get("parent"),
            province=plain.get("province"),
            area=plain.get("area"),
            legacy_codes=tuple(plain.get("legacy_codes", ())),
            opened_on=_day(plain.get("opened_on")) or date.min,
            closed_on=_day(plain.get("closed_on")),
            successors=tuple(plain.get("successors", ())),
            sample=bool(plain.get("sample")),
        )

    def is_open(self, on: date) -> bool:
        """Whether it works on this day; `closed_on` is its last one."""
        return self.opened_on <= on <= (self.closed_on or date.max)

    @property
    def usual_symbol(self) -> str:
        """Its abbreviation in symbols when nothing else was said: `UBND`, or the initials: `SXD`."""
        return _SYMBOLS.get(self.kind) or "".join(word[0] for word in _PLACE.sub("", self.name).split()).upper()


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Connection:
    """How one agency gets its documents; agencies of other exchanges have a name here and no place in the directory."""

    agency: str
    mode: str = "desk"
    symbol: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """The agency that a document addressed to somebody really goes to, and how."""

    code: str
    name: str
    mode: str


class Directory:
    """All agencies with their connections, found by the current or a legacy identifier."""

    def __init__(self, agencies: Iterable[Agency], connections: Iterable[Connection] = ()) -> None:
        self._agencies = {agency.code: agency for agency in agencies}
        self._known_as = {old: agency.code for agency in self for old in agency.legacy_codes}
        self._connections = {connection.agency: connection for connection in connections}

    def __iter__(self) -> Iterator[Agency]:
        return iter(self._agencies.values())

    def find(self, code: str) -> Agency | None:
        """The agency of this identifier, of either generation."""
        return self._agencies.get(self._known_as.get(code, code))

    def get(self, code: str) -> Agency:
        """The agency of this identifier, of either generation.

        Raises:
            NotFound: there is none.
        """
        agency = self.find(code)
        if agency is None:
            raise NotFound("agency_unknown", agency=code)
        return agency

    def current(self, code: str) -> str:
        """The current identifier of an agency; what nobody knows stays as it is."""
        return self._known_as.get(code, code)

    def connection(self, code: str) -> Connection:
        """How this agency gets its documents: at its desk on the platform unless something else was said."""
        return self._connections.get(code, Connection(code))

    def place(self, code: str) -> str:
        """Where an agency issues its documents: "Ninh Kiều", the unit in which it has its seat (Decree 30, Annex I)."""
        own = self.get(code)
        seat = own.area or own.province or (own.parent if own.kind != "people_committee" else None)
        return _SEAT.sub("", self.name(seat or own.code))

    def symbol(self, code: str) -> str:
        """The abbreviation of an agency in the symbols of its documents."""
        return self.connection(code).symbol or self.get(code).usual_symbol

    def name(self, code: str) -> str:
        """What an agency is called; the identifier itself when nobody knows."""
        agency = self.find(code)
        return agency.name if agency else self.connection(code).name or code

    def reach(self, asked_for: str, on: date) -> Reached:
        """Whom a document reaches that is addressed to `asked_for`: the agency, or whoever took over from it.

        Raises:
            NotFound: neither the directory nor a connection knows the identifier.
            Conflict: it is closed and nobody took over, or not open yet.
        """
        agency = self.find(asked_for)
        if agency is None:
            return self._reach_outside(asked_for)
        passed: set[str] = set()
        while not agency.is_open(on):
            passed.add(agency.code)
            following = next((code for code in agency.successors if code not in passed), None)
            if following is None:
                raise Conflict("agency_closed", agency=agency.code)
            agency = self.get(following)
        return Reached(agency.code, agency.name, self.connection(agency.code).mode)

    def _reach_outside(self, asked_for: str) -> Reached:
        known = self._connections.get(asked_for)
        if known is None:
            raise NotFound("agency_unknown", agency=asked_for)
        return Reached(known.agency, known.name or known.agency, known.mode)

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether the agency is `ancestor` or stands below it."""
        agency: Agency | None = self.get(code)
        above = self.get(ancestor).code
        while agency is not None and agency.code != above:
            agency = self.find(agency.parent) if agency.parent else None
        return agency is not None
