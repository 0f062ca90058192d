"""The copy of the directory: what agencies are called, and who took over from them."""

from collections.abc import Iterable
from datetime import date

from shared.agency_store import MongoAgencyRows
from shared.persistence import session, unavailable_when_away


class MongoAgencies(MongoAgencyRows):
    """Implements `ports.Agencies`."""

    @unavailable_when_away()
    def names(self, codes: Iterable[str]) -> dict[str, dict[str, str]]:
        """What agencies are called."""
        wanted = {"_id": {"$in": sorted(set(codes))}}
        found = self._agencies.find(wanted, {"name": 1}, session=session()).hint("_id_")
        return {row["_id"]: row["name"] for row in found}

    @unavailable_when_away()
    def same_office(self, agency: str, day: date) -> frozenset[str]:
        """An agency and, once it is closed, the first that took over."""
        shown = {"closed_on": 1, "successors": 1}
        known = self._agencies.find_one({"_id": agency}, shown, session=session()) or {}
        closed = (known.get("closed_on") or "9999-12-31") < day.isoformat()
        return frozenset((agency, *(known.get("successors", [])[:1] if closed else ())))
