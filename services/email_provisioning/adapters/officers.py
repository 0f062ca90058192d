"""Officers in MongoDB, found by staff number, by words, by role, and by the agencies above their posts."""

from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from services.email_provisioning.adapters.aggregates import MongoAggregates
from services.email_provisioning.domain.finding import left, role_key, word_key
from services.email_provisioning.ports import OfficerFilter, Page, Position
from shared.aggregates import WITHOUT_HISTORY, Announce
from shared.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.officer_store import officer_of
from shared.officers import Officer
from shared.persistence import Document, session, unavailable_when_away
from shared.words import keys_for

INDEXES = [
    IndexModel([("search", ASCENDING), ("position", ASCENDING)], name="search"),
    IndexModel([("number", ASCENDING)], name="number", unique=True, sparse=True),
    IndexModel([("account", ASCENDING)], name="account", unique=True, sparse=True),
    IndexModel([("places.within", ASCENDING), ("_id", ASCENDING)], name="within"),
    IndexModel([("posts.agency", ASCENDING), ("_id", ASCENDING)], name="holding"),
    OUTBOX_INDEX,
    DUE_INDEX,
]


class MongoOfficers(MongoAggregates):
    """Implements `ports.Officers`."""

    absent = frozenset({"next_due_at", "number", "account"})

    def __init__(self, database: Database[Document], announce: Announce) -> None:
        super().__init__(database["officers"], announce, INDEXES)

    @unavailable_when_away()
    def by_number(self, numbers: Iterable[str]) -> dict[str, Document]:
        """The officers of these staff numbers."""
        found = self._collection.find({"number": {"$in": sorted(set(numbers))}}, WITHOUT_HISTORY, session=session())
        return {officer["number"]: officer for officer in map(self._whole, found.hint("number"))}

    @unavailable_when_away()
    def with_accounts(self, accounts: Iterable[str]) -> dict[str, str]:
        """Whose these accounts are: the officers' identifiers."""
        match = {"account": {"$in": sorted(set(accounts))}}
        found = self._collection.find(match, {"account": 1}, session=session()).hint("account")
        return {officer["account"]: officer["_id"] for officer in found}

    @unavailable_when_away()
    def page(self, wanted: OfficerFilter, *, after: Position | None, limit: int) -> Page:
        """Officers in the order of their given names."""
        scope = left(wanted.scope) if wanted.left else wanted.scope
        if wanted.role and not wanted.left:
            match: Document = {"search": role_key(scope, wanted.role)}
        else:
            keys, _ = keys_for(wanted.words)
            match = {"search": {"$in": [word_key(scope, key) for key in keys]}}

        def keep(officer: Document) -> bool:
            return wanted.unit is None or any(
                post["unit"] == wanted.unit and post["agency"] == wanted.scope for post in officer["posts"]
            )

        return self._sift(
            match,
            wanted.words,
            order="position",
            index="search",
            after=after,
            limit=limit,
            keep=keep,
            sifting=wanted.unit is not None,
        )

    @unavailable_when_away()
    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The officers with a place at an agency or below it, in order of their ids."""
        return self._following({"places.within": agency}, "within", after, limit)

    @unavailable_when_away()
    def holding(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The officers any of whose posts is or was at this very agency, in order of their ids."""
        return self._following({"posts.agency": agency}, "holding", after, limit)

    @unavailable_when_away()
    def posts_at(self, agencies: Iterable[str]) -> dict[str, list[Document]]:
        """The posts, by officer, of all who ever held one at these very agencies."""
        match = {"posts.agency": {"$in": sorted(set(agencies))}}
        return {
            officer["_id"]: officer["posts"] for officer in self._collection.find(match, {"posts": 1}).hint("holding")
        }

    def of_account(self, account: str) -> Officer | None:
        """The officer of an account, with the posts."""
        return officer_of(self._collection, account)
