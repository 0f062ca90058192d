"""Lines in memory, for conference booking without a database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.conference_booking.ports_lines import Asked, Measured
from tests.support.shop_in_memory import stored

Document = dict[str, Any]


class MemoryLines:
    """Declared in `ports_lines.Lines`."""

    def __init__(self) -> None:
        self.samples: dict[str, Document] = {}
        self.documents: dict[str, Document] = {}
        self.sessions: dict[str, Document] = {}

    def known(self, samples: Iterable[str]) -> set[str]:
        return set(samples) & set(self.samples)

    def add(self, samples: Sequence[Document]) -> None:
        self.samples.update({one["_id"]: stored(one) for one in samples})

    def standing(self, identifiers: Iterable[str]) -> dict[str, Document]:
        return {one: stored(self.documents[one]) for one in identifiers if one in self.documents}

    def keep(self, identifier: str, version: int, line: Document) -> bool:
        before = self.documents.get(identifier, {"_id": identifier, "version": 0})
        if before["version"] == version:
            self.documents[identifier] = {**before, **stored(line), "version": version + 1}
        return bool(before["version"] == version)

    def of_network(self, network: str, band: str | None, *, after: str, limit: int) -> list[Document]:
        found = [one for key, one in sorted(self.documents.items()) if key > after and one["network"] == network]
        return [stored(one) for one in found if band in (None, one["band"])][:limit]

    def page(self, asked: Asked, *, newest_first: bool, after: Any, limit: int) -> tuple[list[Document], Any]:
        since, until = asked.since, asked.until
        found = [one for one in self.samples.values() if (one["endpoint"], one["line"]) == (asked.endpoint, asked.line)]
        found = [one for one in found if (not since or one["at"] >= since) and (not until or one["at"] < until)]
        found = sorted(found, key=lambda one: (one["at"], one["_id"]), reverse=newest_first)
        places = [[one["at"].isoformat(), one["_id"]] for one in found]
        rest = found[places.index(after) + 1 :] if after else found
        last = rest[limit - 1] if len(rest) > limit else None
        return rest[:limit], [last["at"].isoformat(), last["_id"]] if last else None

    def keep_session(self, identifier: str, lines: Document) -> None:
        self.sessions.setdefault(identifier, stored(lines))

    def kept_session(self, identifier: str) -> Document | None:
        return self.sessions.get(identifier)

    def within(self, endpoints: Iterable[str], first: datetime, last: datetime) -> list[Measured]:
        found = [one for one in self.samples.values() if one["endpoint"] in endpoints and first <= one["at"] < last]
        lines = sorted({(one["endpoint"], one["line"]) for one in found}, key=lambda key: (key[0], key[1] != "primary"))
        names = ("band", "loss", "rtt_p50_ms", "rtt_max_ms", "jitter")
        of = {line: [one for one in found if (one["endpoint"], one["line"]) == line] for line in lines}
        return [Measured(*line, *([one[name] for one in rows] for name in names)) for line, rows in of.items()]
