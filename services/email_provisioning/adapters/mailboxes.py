"""Mailboxes in MongoDB: one document each, unique by every address that it holds; and what agencies drew of grants."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.database import Database

from services.email_provisioning.adapters.aggregates import MongoAggregates
from services.email_provisioning.domain.finding import role_key, word_key
from services.email_provisioning.ports import Page, Position
from services.email_provisioning.ports_mail import Draw, MailboxFilter, PoolExhausted
from shared.aggregates import WITHOUT_HISTORY, Announce
from shared.history import Entry
from shared.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, in_transaction, session, unavailable_when_away
from shared.words import keys_for

INDEXES = [
    IndexModel([("held", ASCENDING)], name="held", unique=True, sparse=True),
    IndexModel([("person", ASCENDING)], name="person", unique=True, sparse=True),
    IndexModel([("search", ASCENDING), ("position", ASCENDING)], name="search"),
    IndexModel([("owner", ASCENDING), ("_id", ASCENDING)], name="owner"),
    IndexModel([("agency", ASCENDING), ("_id", ASCENDING)], name="agency"),
    IndexModel([("within", ASCENDING), ("_id", ASCENDING)], name="within"),
    IndexModel([("hosts", ASCENDING), ("_id", ASCENDING)], name="hosts"),
    IndexModel([("waiting", ASCENDING), ("waiting_since", ASCENDING)], name="waiting"),
    IndexModel([("members.agency", ASCENDING)], name="members", sparse=True),
    IndexModel([("targets", ASCENDING)], name="targets"),
    OUTBOX_INDEX,
    DUE_INDEX,
]


class MongoMailboxes(MongoAggregates):
    """Implements `ports_mail.Mailboxes`."""

    absent = frozenset({"next_due_at", "held", "person", "members"})

    def __init__(self, database: Database[Document], announce: Announce) -> None:
        super().__init__(database["mailboxes"], announce, INDEXES)
        self._client = database.client
        self._pools = database["mail_pools"]
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def save_drawing(
        self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry, draws: Sequence[Draw]
    ) -> bool:
        """As `save`, and draw from the agencies' grants, both or neither.

        Whoever draws from the same grant in the same process waits here, which costs less than transactions that
        find each other in the way and begin again. The grant comes last: should the process be killed, others wait
        for the database to give the transaction up (`transactionLifetimeLimitSeconds`) only if it happens then.
        """
        if not draws:
            return self.save(identifier, version, changes, entry)

        def work() -> bool:
            if not self.save(identifier, version, changes, entry):
                return False
            for draw in draws:
                self._draw(draw)
            return True

        with self._turns[draws[0].agency]:
            return in_transaction(self._client, work)

    @unavailable_when_away()
    def used(self, agency: str) -> int:
        """How much of its grant an agency has drawn, in MiB."""
        pool = self._pools.find_one({"_id": agency}, session=session())
        return int(pool["used"]) if pool else 0

    @unavailable_when_away()
    def holders(self, addresses: Iterable[str]) -> dict[str, Document]:
        """Whose these addresses are, or lately were: the mailboxes by address."""
        wanted = set(addresses)
        found = self._collection.find({"held": {"$in": sorted(wanted)}}, WITHOUT_HISTORY, session=session())
        mailboxes = list(map(self._whole, found.hint("held")))
        return {address: mailbox for mailbox in mailboxes for address in mailbox["held"] if address in wanted}

    @unavailable_when_away()
    def of_owners(self, officers: Iterable[str]) -> list[Document]:
        """The mailboxes of some officers, given up ones too."""
        match = {"owner": {"$in": sorted(set(officers))}}
        return list(map(self._whole, self._collection.find(match, WITHOUT_HISTORY, session=session()).hint("owner")))

    @unavailable_when_away()
    def of_agency(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The mailboxes of this very agency, in order of their ids."""
        return self._following({"agency": agency}, "agency", after, limit)

    @unavailable_when_away()
    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The mailboxes of an agency and those below it, in order of their ids."""
        return self._following({"within": agency}, "within", after, limit)

    @unavailable_when_away()
    def groups_over(self, agencies: Iterable[str], addresses: Iterable[str]) -> list[str]:
        """The groups that ask for members of these agencies, or lead to one of the addresses."""
        asking = self._collection.find({"members.agency": {"$in": sorted(set(agencies))}}, {"_id": 1})
        leading = self._collection.find({"targets": {"$in": sorted(set(addresses))}}, {"_id": 1})
        return sorted({found["_id"] for found in (*asking.hint("members"), *leading.hint("targets"))})

    @unavailable_when_away()
    def page(self, wanted: MailboxFilter, *, after: Position | None, limit: int) -> Page:
        """Mailboxes in order of their addresses."""
        if wanted.state is not None:
            match: Document = {"search": role_key(wanted.scope, wanted.state)}
        else:
            keys, _ = keys_for(wanted.words)
            match = {"search": {"$in": [word_key(wanted.scope, key) for key in keys]}}

        def keep(mailbox: Document) -> bool:
            return wanted.kind in (None, mailbox["kind"])

        return self._sift(
            match,
            wanted.words,
            order="position",
            index="search",
            after=after,
            limit=limit,
            keep=keep,
            sifting=wanted.kind is not None,
        )

    def several(self, identifiers: Iterable[str]) -> list[Document]:
        """Those of these identifiers that there are."""
        return list(map(self._whole, self.find_all(sorted(set(identifiers))).values()))

    @unavailable_when_away()
    def on_host(self, host: str, *, after: str, limit: int) -> list[Document]:
        """The mailboxes that a host has to know, in order of their ids."""
        return self._following({"hosts": host}, "hosts", after, limit)

    @unavailable_when_away()
    def note_applied(self, host: str, generations: Mapping[str, int]) -> None:
        """A host no longer lags behind with those whose present generation it has applied."""
        updates = [
            UpdateOne({"_id": mailbox, "generation": {"$lte": generation}}, {"$pull": {"waiting": host}})
            for mailbox, generation in sorted(generations.items())
        ]
        if updates:
            self._collection.bulk_write(updates, ordered=False)

    @unavailable_when_away()
    def lag(self, host: str, most: int) -> tuple[int, datetime | None]:
        """How many changes a host has not applied, and since when the oldest waits."""
        count = self._collection.count_documents({"waiting": host}, hint="waiting", limit=most)
        shown = {"waiting_since": 1}
        oldest = self._collection.find({"waiting": host}, shown).sort("waiting_since", ASCENDING).hint("waiting")
        first = next(iter(oldest.limit(1)), None)
        return count, first["waiting_since"] if first else None

    def _draw(self, draw: Draw) -> None:
        """Change what an agency has drawn, if its grant holds it; giving back always does."""
        pool: Document = {"_id": draw.agency}
        if draw.more > 0 and draw.grant is not None:
            pool["used"] = {"$lte": draw.grant - draw.more}
        update = {"$inc": {"used": draw.more}}
        if self._pools.update_one(pool, update, session=session()).matched_count:
            return
        known = self._pools.find_one({"_id": draw.agency}, session=session())
        used = known["used"] if known else 0
        if known or (draw.grant is not None and draw.more > draw.grant):
            raise PoolExhausted(draw, used)
        self._pools.insert_one({"_id": draw.agency, "used": draw.more}, session=session())
