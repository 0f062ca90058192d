"""What is known of SCIM resources beside what was sent: for whom they speak, and what became of their wish."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from scim2_models import ScimProvider

from services.email_provisioning.adapters.scim.documents import (
    GONE,
    SCIM_INDEXES,
    described,
    now_to_the_millisecond,
)
from services.email_provisioning.domain.scim.wishes import EXTENSIONS
from services.email_provisioning.ports_scim import GROUP, USER, Kept, Outcome
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

COLLECTION = "scim_resources"


class MongoScimResources:
    """Implements `ports_scim.ScimResources`."""

    def __init__(self, database: Database[Document], provider: ScimProvider) -> None:
        self._rows = database[COLLECTION]
        self._provider = provider
        self._types = {str(one.name): one for one in provider.resource_types}

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._rows, SCIM_INDEXES)

    @unavailable_when_away()
    def find(self, identifier: str) -> Kept | None:
        """One resource, deleted ones of which something is to be done included."""
        row = self._rows.find_one({"_id": identifier}, {"c": 0, "present": 0, "sort": 0}, session=session())
        return None if row is None else _kept(row)

    @unavailable_when_away()
    def users(self, identifiers: Iterable[str]) -> dict[str, str | None]:
        """Of these identifiers, the users that there are, with the officers they speak for."""
        match = {"_id": {"$in": sorted(set(identifiers))}, "type": USER}
        return {row["_id"]: row.get("officer") for row in self._rows.find(match, {"officer": 1}, session=session())}

    @unavailable_when_away()
    def claim(self, identifier: str, officer: str) -> bool:
        """Let a resource speak for an officer; False when another one does."""
        try:
            self._rows.update_one({"_id": identifier}, {"$set": {"officer": officer}}, session=session())
        except DuplicateKeyError:
            return False
        return True

    @unavailable_when_away()
    def settle(self, kept: Kept, outcome: Outcome) -> bool:
        """Keep what became of it; its version changes if what it is told does. False when it was written meanwhile."""
        fields: Document = {
            "own": outcome.own,
            "tries": 0 if outcome.reached else kept.tries + 1,
            "reached": kept.wish if outcome.reached else kept.reached,
        }
        gone: Document = {}
        for name, value in (("next_due_at", outcome.again_at), ("mailbox", outcome.mailbox)):
            if value is None:
                gone[name] = ""
            else:
                fields[name] = value
        if not kept.gone:
            fields |= {"seen_by": list(outcome.shown_to)} if outcome.shown_to else {}
            fields |= self._told(kept, outcome.told)
        update = {"$set": fields} | ({"$unset": gone} if gone else {})
        unchanged = {"_id": kept.id, "number": kept.number, "wish": kept.wish, "marks": kept.marks}
        return bool(self._rows.update_one(unchanged, update, session=session()).matched_count)

    def _told(self, kept: Kept, told: Document) -> Document:
        """The resource with what it is told of itself, in its next version if that is anything new."""
        urn = EXTENSIONS[kept.kind]
        said = kept.body.get(urn)
        if said is None or all(said.get(name) == value for name, value in told.items()):
            return {}
        known = self._rows.find_one({"_id": kept.id}, {"number": 1, "c.main.meta.created": 1}, session=session())
        if known is None:
            return {}
        resource_type = self._types[kept.kind]
        model: Any = self._provider.model_for(resource_type)
        present = {name: value for name, value in {**said, **told}.items() if value is not None}
        resource = model.model_validate({**kept.body, urn: present})
        return described(resource, resource_type, {**known, "number": kept.number}, now_to_the_millisecond())

    @unavailable_when_away()
    def forget(self, kept: Kept) -> bool:
        """A deleted one of which nothing is left to do; False when it was written meanwhile."""
        unchanged = {"_id": kept.id, "number": kept.number, "type": GONE, "marks": kept.marks}
        return bool(self._rows.delete_one(unchanged, session=session()).deleted_count)

    @unavailable_when_away()
    def wake(self, *, officers: Iterable[str] = (), mailboxes: Iterable[str] = (), at: datetime) -> None:
        """Let due work look at what speaks for these."""
        for name, values in (("officer", sorted(set(officers))), ("mailbox", sorted(set(mailboxes)))):
            if values:
                match = {name: {"$in": values, "$exists": True}}
                self._rows.update_many(match, {"$min": {"next_due_at": at}, "$inc": {"marks": 1}}, session=session())

    @unavailable_when_away()
    def reopen(self, identifier: str, at: datetime) -> None:
        """Let due work fulfil a wish again that was fulfilled, because what it names is otherwise now."""
        update = {"$inc": {"wish": 1, "marks": 1}, "$set": {"tries": 0}, "$min": {"next_due_at": at}}
        self._rows.update_one({"_id": identifier}, update, session=session())

    @unavailable_when_away()
    def groups_with(self, users: Iterable[str]) -> list[str]:
        """The groups that name one of these users."""
        match = {"type": GROUP, "c.main.members.value": {"$in": sorted(set(users))}}
        return sorted(row["_id"] for row in self._rows.find(match, {"_id": 1}, session=session()).hint("members"))


def _kept(row: Document) -> Kept:
    gone = row["type"] == GONE
    return Kept(
        id=row["_id"],
        kind=row["kind"] if gone else row["type"],
        gone=gone,
        body=orjson.loads(row["body"]),
        number=row["number"],
        wish=row["wish"],
        reached=row["reached"],
        tries=row["tries"],
        marks=row.get("marks"),
        by=row["by"],
        own=row["own"],
        officer=row.get("officer"),
        mailbox=row.get("mailbox"),
    )
