"""A service's copy of the agencies in MongoDB, kept from the directory's events."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pymongo.database import Database

from shared.persistence import Document, session, unavailable_when_away


class MongoAgencyRows:
    """The collection `agencies`: one row each, as the directory's newest event says; days are ISO texts."""

    def __init__(self, database: Database[Document]) -> None:
        self._agencies = database["agencies"]

    @unavailable_when_away()
    def keep(self, agency: Mapping[str, Any], sequence: int) -> None:
        """Keep the newest that was said of an agency; an older event changes nothing."""
        kept = self._agencies.find_one({"_id": agency["code"]}, {"sequence": 1}, session=session())
        if kept is not None and kept["sequence"] > sequence:
            return
        plain = {name: _storable(value) for name, value in agency.items()} | {"sequence": sequence}
        self._agencies.replace_one({"_id": agency["code"]}, plain, upsert=True, session=session())


def _storable(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _storable(one) for name, one in value.items()}
    return value
