"""Conference booking's ports, kept in memory."""

import copy
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from services.conference_booking.domain.occupancy import Claim, Counts, Occupancy, Want
from services.conference_booking.domain.spans import Span
from services.conference_booking.ports import Page
from shared.files import StoredFile
from tests.support.documents_in_memory import MemoryAggregates
from tests.support.shop_in_memory import stored

T = TypeVar("T")
Document = dict[str, Any]


class MemoryClaims:
    """Declared in `ports.Claims`."""

    def __init__(self) -> None:
        self.held: dict[str, Occupancy] = {}

    def prepare(self, network: str, wants: Iterable[Want], counted: Iterable[str]) -> None:
        self.held.setdefault(network, Occupancy({}))

    def take(self, network: str, claims: Sequence[Claim], capacity: Counts) -> bool:
        seen = self.held.setdefault(network, Occupancy({}))
        seen.capacity = capacity
        if not seen.is_free(claim.want for claim in claims):
            return False
        seen.take(claims)
        return True

    def give_back(self, network: str, claims: Iterable[Claim]) -> None:
        self.held.setdefault(network, Occupancy({})).give_back(claims)

    def occupancy(self, network: str, first: date, last: date, capacity: Counts) -> Occupancy:
        seen = copy.deepcopy(self.held.setdefault(network, Occupancy({})))
        seen.capacity = capacity
        begin = datetime.combine(first, time(), UTC)
        days = Span(begin, begin + (last - first + timedelta(days=1)))
        for thing, holds in seen.holds.items():
            seen.holds[thing] = [hold for hold in holds if hold.span.overlaps(days)]
        for name, used in seen.used.items():
            seen.used[name] = {moment: count for moment, count in used.items() if days.start <= moment < days.end}
        return seen


class MemoryMeetings(MemoryAggregates):
    """Declared in `ports.Meetings` and `ports.OfNetworks`."""

    def page(
        self,
        key: str,
        *,
        since: str,
        before: datetime | None,
        after: str | None,
        limit: int,
        newest: bool = False,
        backwards: bool = False,
    ) -> Page:
        found = [one for one in self.documents.values() if key in one["search"] and one["position"] >= since]
        found = sorted(found, key=lambda one: str(one["position"]), reverse=backwards)
        if after:
            found = [one for one in found if (one["position"] < after if backwards else one["position"] > after)]
        rest = [
            shown(one) | ({"history": one["history"][-1:]} if newest else {})
            for one in found
            if before is None or one["begins"] < before
        ]
        return Page(rest[:limit], rest[limit - 1]["position"] if len(rest) > limit else None)

    def of_network(self, network: str | None) -> dict[str, Document]:
        found = {key: shown(self.documents[key]) for key in sorted(self.documents)}
        return {key: one for key, one in found.items() if network in (None, one["network"])}

    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        return list(self.documents[identifier]["history"])[after : after + limit]

    def whole(self, identifier: str) -> Document | None:
        return self.documents.get(identifier)


class MemoryFeeds(MemoryMeetings):
    """Declared in `ports.Feeds`."""

    def of_agency(self, agency: str, *, after: str, limit: int) -> list[Document]:
        found = (shown(one) for key, one in sorted(self.documents.items()) if key > after)
        return [one for one in found if one["agency"] == agency and one["open"]][:limit]


class MemoryFiles:
    """Declared in `ports.Files`."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, stream: Any, *, limit: int, name: str, declared_type: str, owner: str) -> StoredFile:
        content = stream.read(limit)
        self.contents[name] = content
        return StoredFile(hashlib.sha256(content).hexdigest(), len(content), declared_type, name)


class MemoryAgencies:
    """Declared in `ports.Agencies`."""

    def __init__(self) -> None:
        self.rows: dict[str, Document] = {}

    def keep(self, agency: Any, sequence: int) -> None:
        self.rows[agency["code"]] = dict(agency)

    def names(self, codes: Iterable[str]) -> dict[str, dict[str, str]]:
        return {code: {"vi": f"Cơ quan {code}", "en": f"Agency {code}"} for code in codes}

    def same_office(self, agency: str, day: date) -> frozenset[str]:
        return frozenset({agency})


def shown(document: Document) -> Document:
    return stored({name: value for name, value in document.items() if name not in ("history", "search", "outbox")})
