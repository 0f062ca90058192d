"""Packages, messages and partners of the exchange in MongoDB, with the indexes that serve the questions."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.message_log import MESSAGE_LOG_INDEXES
from services.document_routing.adapters.webhook_store import SUBSCRIPTION_INDEXES, MongoWebhooks
from services.document_routing.ports_exchange import Partner, Row
from shared.as_found import as_found, raw
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

PACKAGE_INDEXES = [
    IndexModel(
        [("agency", ASCENDING), ("offered", ASCENDING), ("position", ASCENDING)],
        name="offered",
        partialFilterExpression={"offered": True},
    ),
    IndexModel([("agency", ASCENDING), ("position", ASCENDING)], name="in_order"),
    IndexModel([("document", ASCENDING), ("agency", ASCENDING)], name="at_receiver"),
    IndexModel([("document", ASCENDING), ("_id", ASCENDING)], name="of_document"),
]
MESSAGE_INDEXES = [
    IndexModel([("agency", ASCENDING), ("newest", DESCENDING)], name="sent"),
    IndexModel([("document", ASCENDING), ("_id", ASCENDING)], name="of_document"),
]
IDENTITY_INDEX = IndexModel(
    [("agency", ASCENDING), ("code", ASCENDING), ("issued_on", ASCENDING)],
    name="identity",
    unique=True,
    partialFilterExpression={"code": {"$gt": ""}},
)
"""An agency issues one document of a number, symbol and day, whether at its desk here or by its own system."""

_CARRIED = ("messages", "packages")
_WITHOUT = {"history": 0, "outbox": 0}
_DERIVED = {"due_work": 0}
"""What follows from the rest and proves nothing."""


def ensure_exchange_indexes(database: Database[Document]) -> None:
    """Create all indexes of the exchange but the one on documents."""
    for name, further in (
        ("packages", PACKAGE_INDEXES),
        ("messages", MESSAGE_INDEXES),
        ("subscriptions", SUBSCRIPTION_INDEXES),
    ):
        Aggregates(database[name], lambda _, __: None).ensure_indexes(*further)
    MongoRefusals(database).ensure_indexes()
    ensure_indexes(database["message_log"], MESSAGE_LOG_INDEXES)
    MongoWebhooks(database).ensure_indexes()


class MongoMailbox:
    """Reads packages, messages and documents; declared in `ports_exchange.Mailbox`."""

    def __init__(self, database: Database[Document]) -> None:
        self._packages = database["packages"]
        self._messages = database["messages"]
        self._documents = database["documents"]
        self._evidence = {name: raw(database[name]) for name in ("documents", "arrivals", *_CARRIED)}

    @unavailable_when_away()
    def package(self, package: str) -> Row | None:
        """One package without its history."""
        return self._packages.find_one({"_id": package}, _WITHOUT, session=session())

    @unavailable_when_away()
    def packages(self, agency: str, *, pending: bool, kind: str | None, after: int | None, limit: int) -> list[Row]:
        """An agency's packages in the order in which they became ready."""
        wanted: Document = {"agency": agency, "position": {"$gt": after or 0}}
        wanted |= {"offered": True} if pending else {}
        wanted |= {"kind": kind} if kind else {}
        found = self._packages.find(wanted, _WITHOUT, session=session()).sort("position", ASCENDING)
        return list(found.limit(limit).hint("offered" if pending else "in_order"))

    @unavailable_when_away()
    def packages_of(self, document: str, agency: str) -> list[str]:
        """The packages that carry a document to one agency."""
        wanted = {"document": document, "agency": agency, "kind": "document"}
        return [row["_id"] for row in self._packages.find(wanted, {"_id": 1}, session=session())]

    @unavailable_when_away()
    def message(self, message: str) -> Row | None:
        """One message without its history."""
        return self._messages.find_one({"_id": message}, _WITHOUT, session=session())

    @unavailable_when_away()
    def messages(self, agency: str, *, after: str | None, limit: int) -> list[Row]:
        """What an agency's system sent, newest first."""
        wanted: Document = {"agency": agency} | ({"newest": {"$lt": after}} if after else {})
        found = self._messages.find(wanted, _WITHOUT, session=session()).sort("newest", DESCENDING)
        return list(found.limit(limit).hint("sent"))

    @unavailable_when_away()
    def document_of(self, agency: str, issued_on: date, code: str) -> Row | None:
        """The document that an agency issued on this day under this number and symbol."""
        named = {"agency": agency, "code": code, "issued_on": issued_on.isoformat()}
        return self._documents.find_one(named, {**_WITHOUT, "search": 0}, session=session())

    @unavailable_when_away()
    def whole_document(self, document: str) -> Row | None:
        """One document with its history."""
        found = self._evidence["documents"].find_one({"_id": document}, _DERIVED, session=session())
        return as_found(found) if found else None

    @unavailable_when_away()
    def whole_arrivals(self, arrivals: Sequence[str]) -> list[Row]:
        """Several arrivals with their histories."""
        return self._whole("arrivals", {"_id": {"$in": list(arrivals)}}, _DERIVED)

    @unavailable_when_away()
    def messages_of(self, document: str) -> list[Row]:
        """All messages about a document, with their histories."""
        return self._whole("messages", {"document": document})

    @unavailable_when_away()
    def all_packages_of(self, document: str) -> list[Row]:
        """All packages of a document, with their histories."""
        return self._whole("packages", {"document": document})

    def _whole(self, kept_in: str, wanted: Document, shown: Document | None = None) -> list[Row]:
        found = self._evidence[kept_in].find(wanted, shown, session=session()).sort("_id", ASCENDING)
        return [as_found(row) for row in found]


class MongoPartners:
    """Keeps what is registered of agencies' systems; declared in `ports_exchange.Partners`."""

    def __init__(self, database: Database[Document]) -> None:
        self._partners = database["partners"]

    @unavailable_when_away()
    def find(self, agency: str) -> Partner:
        """What is registered of an agency's system."""
        found = self._partners.find_one({"_id": agency}, session=session())
        return _partner(found) if found else Partner(agency)

    @unavailable_when_away()
    def keep(self, partner: Partner) -> None:
        """Register."""
        plain = {"certificates": list(partner.certificates), "signature_required": partner.signature_required}
        self._partners.replace_one({"_id": partner.agency}, plain, upsert=True, session=session())

    @unavailable_when_away()
    def page(self, *, after: str | None, limit: int) -> list[Partner]:
        """In order of the agencies."""
        found = self._partners.find({"_id": {"$gt": after or ""}}, session=session()).sort("_id", ASCENDING)
        return [_partner(row) for row in found.limit(limit)]


def _partner(row: Mapping[str, Any]) -> Partner:
    return Partner(row["_id"], row["certificates"], row["signature_required"])


class MongoRefusals:
    """Notes what was refused; declared in `ports_exchange.Refusals`."""

    def __init__(self, database: Database[Document]) -> None:
        self._refusals = database["refused_messages"]

    def ensure_indexes(self) -> None:
        """An operator looks at the newest refusals, of one agency or of all; the latter are in order of their ids."""
        ensure_indexes(self._refusals, [IndexModel([("agency", ASCENDING), ("_id", DESCENDING)], name="newest_of_one")])

    @unavailable_when_away()
    def note(self, refusal: Mapping[str, Any]) -> None:
        """Keep who was refused what, when and why."""
        self._refusals.insert_one({"_id": f"{refusal['at']:%Y%m%d%H%M%S%f}{secrets.token_hex(6)}", **refusal})

    @unavailable_when_away()
    def page(self, agency: str | None, *, after: str | None, limit: int) -> list[Row]:
        """An agency's refusals, or everybody's, newest first."""
        wanted: Document = {"agency": agency} if agency else {}
        wanted |= {"_id": {"$lt": after}} if after else {}
        return list(self._refusals.find(wanted, session=session()).sort("_id", DESCENDING).limit(limit))
