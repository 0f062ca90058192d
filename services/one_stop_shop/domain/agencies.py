"""The agencies that support, receive and decide, with both identifiers, their dates and what became of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.texts import Text, text
from shared.agency_codes import agency_id, parent_agency_id
from shared.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency. `area` is the commune that it serves, when it serves only one; `province` the one it lies in.
    Its parent is the one that its identifier names, unless the file says otherwise: districts are gone.

    Ministries keep units in provinces (police, social insurance), so neither follows from the identifier.
    `reception` is the name of its reception point, if it has one; `sectors` what a department decides on.
    """

    code: str
    name: Text
    level: str
    kind: str
    parent: str | None
    province: str | None
    area: str | None
    timetable: str
    legacy_codes: tuple[str, ...]
    sectors: tuple[str, ...]
    reception: Text | None
    opened_on: date
    closed_on: date | None
    successors: tuple[str, ...]
    definition: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read the form of the data file."""
        area = plain.get("area")
        if area is None and (plain["level"], plain["kind"]) == ("commune", "people_committee"):
            area = plain["code"]
        return cls(
            code=plain["code"],
            name=text(plain["name"]),
            level=plain["level"],
            kind=plain["kind"],
            parent=plain.get("parent", parent_agency_id(plain["code"])),
            province=plain.get("province"),
            area=area,
            timetable=plain.get("timetable", "office-hours"),
            legacy_codes=tuple(plain.get("legacy_codes", [])),
            sectors=tuple(plain.get("sectors", [])),
            reception=text(plain["reception"]) if plain.get("reception") else None,
            opened_on=date.fromisoformat(plain["opened_on"]) if plain.get("opened_on") else date.min,
            closed_on=date.fromisoformat(plain["closed_on"]) if plain.get("closed_on") else None,
            successors=tuple(plain.get("successors", [])),
            definition=plain,
        )

    def to_dict(self) -> Mapping[str, Any]:
        """The form that it was read from."""
        return self.definition

    @property
    def successor(self) -> str | None:
        """The one to turn to of those that took over."""
        return self.successors[0] if self.successors else None

    def is_open(self, on: date) -> bool:
        """Whether it works on this day; `closed_on` is its last one."""
        return self.opened_on <= on <= (self.closed_on or date.max)


class Directory:
    """All agencies, found by the current or a legacy identifier."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._agencies = {agency.code: agency for agency in agencies}
        self._known_as = {old: agency.code for agency in self for old in agency.legacy_codes}
        self._of_sort: dict[tuple[str, str, str | None], list[Agency]] = defaultdict(list)
        for agency in sorted(self, key=lambda agency: agency.code):
            self._of_sort[agency.level, agency.kind, agency.province].append(agency)

    def __iter__(self) -> Iterator[Agency]:
        return iter(self._agencies.values())

    def get(self, code: str) -> Agency:
        """The agency of this identifier, of either generation."""
        identifier = agency_id(code)
        agency = self._agencies.get(self._known_as.get(identifier, identifier))
        if agency is None:
            raise NotFound("agency_unknown", agency=identifier)
        return agency

    def current(self, code: str, on: date) -> Agency:
        """The agency that has taken over from this one by that day, or itself."""
        agency, passed = self.get(code), set()
        while not agency.is_open(on):
            passed.add(agency.code)
            if agency.successor is None or agency.successor in passed:
                raise Conflict("agency_closed", agency=agency.code)
            agency = self.get(agency.successor)
        return agency

    def province_of(self, code: str) -> str:
        """The province in which an agency stands, or which it is."""
        agency = self.get(code)
        return agency.province or agency.code

    def is_within(self, code: str, ancestor: str) -> bool:
        """Whether the agency is `ancestor` or stands below it."""
        agency: Agency | None = self.get(code)
        above = self.get(ancestor).code
        while agency is not None and agency.code != above:
            agency = self.get(agency.parent) if agency.parent else None
        return agency is not None

    def reception_point(self, code: str, on: date) -> Agency:
        """The open agency at which an application can be handed in under this identifier."""
        agency = self.current(code, on)
        if agency.reception is None:
            raise Invalid("agency_receives_nothing", agency=agency.code, name=agency.name.to_dict())
        return agency

    def reception_points(self, version: ProcedureVersion, on: date) -> list[Agency]:
        """Every open agency at which this procedure can be handed in, because somebody decides on it there."""
        points = [agency for agency in self if agency.reception and agency.is_open(on)]
        return [point for point in points if self.competent_for(version, point.code, on)]

    def competent_agencies(self, version: ProcedureVersion, province: str, on: date) -> list[Agency]:
        """Every open agency of the province that decides on this procedure, in order of their codes."""
        return [
            agency
            for agency in self._of_sort.get((version.competent.level, version.competent.kind, province), [])
            if (not agency.sectors or version.sector in agency.sectors) and agency.is_open(on)
        ]

    def competent_for(self, version: ProcedureVersion, received_at: str, on: date) -> Agency | None:
        """The agency that decides on what is received there; None when the applicant must name the commune."""
        point = self.get(received_at)
        candidates = self.competent_agencies(version, self.province_of(received_at), on)
        if version.competent.level == "commune":
            candidates = [agency for agency in candidates if agency.area == point.area]
        return candidates[0] if len(candidates) == 1 else None
