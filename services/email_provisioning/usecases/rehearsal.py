"""A dry run does everything that the real run does, on repositories that keep their writes in memory."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from services.email_provisioning.ports import (
    Agencies,
    AgencyFilter,
    Aggregates,
    AlreadyThere,
    Document,
    OfficerFilter,
    Officers,
    Page,
    Position,
)
from services.email_provisioning.usecases.context import Context
from shared.commands import Loaded
from shared.history import Entry
from shared.officers import Officer

Stored = TypeVar("Stored", bound=Aggregates)


def rehearsing(context: Context) -> Context:
    """The same context, in which nothing that is written reaches the database."""
    return replace(context, agencies=RehearsedAgencies(context.agencies), officers=RehearsedOfficers(context.officers))


class _Rehearsed(ABC, Generic[Stored]):
    """Aggregates as they would be; what was written here covers what is stored."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._written: dict[str, Document] = {}

    def add(self, document: Document) -> None:
        """Remember a new one."""
        self._refuse_taken(document, new=True)
        self._written[document["_id"]] = document

    def add_all(self, documents: Sequence[Document]) -> list[AlreadyThere | None]:
        """Remember many."""
        return [self._attempt(document) for document in documents]

    def find(self, identifier: str, command: str = "") -> Loaded | None:
        """One of them; no command was ever carried out here."""
        written = self._written.get(identifier)
        return Loaded(written, None) if written else self._stored.find(identifier)

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Remember changes."""
        loaded = self.find(identifier)
        assert loaded is not None
        after = {**loaded.document, **changes, "version": entry["seq"], "head": entry["hash"]}
        self._refuse_taken(after, new=False)
        self._written[identifier] = after
        return True

    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        """As stored."""
        return self._stored.history(identifier, after=after, limit=limit)

    def whole(self, identifier: str) -> Document | None:
        """As stored."""
        return self._stored.whole(identifier)

    def _attempt(self, document: Document) -> AlreadyThere | None:
        try:
            self.add(document)
        except AlreadyThere as error:
            return error
        return None

    @abstractmethod
    def _refuse_taken(self, document: Document, *, new: bool) -> None:
        """Raise `AlreadyThere` when an identifier of it belongs to another one."""


class RehearsedAgencies(_Rehearsed[Agencies]):
    """Agencies as they would be."""

    def known(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """The agencies of these identifiers."""
        wanted = set(identifiers)
        found = self._stored.known(wanted)
        known = {name: self._written.get(agency["_id"], agency) for name, agency in found.items()}
        return known | {
            name: agency for agency in self._written.values() for name in agency["known_as"] if name in wanted
        }

    def parts(self, code: str, after: str) -> list[str]:
        """The agencies right below one that would be open after this day."""
        closed = {
            agency["_id"]
            for agency in self._written.values()
            if agency["parent"] != code or (agency["closed_on"] and agency["closed_on"] <= after)
        }
        added = {agency["_id"] for agency in self._written.values() if agency["parent"] == code} - closed
        return sorted({*self._stored.parts(code, after), *added} - closed)

    def page(self, wanted: AgencyFilter, *, after: Position | None, limit: int) -> Page:
        """As stored."""
        return self._stored.page(wanted, after=after, limit=limit)

    def seeds(self) -> dict[str, tuple[int, str]]:
        """As stored."""
        return self._stored.seeds()

    def _refuse_taken(self, agency: Document, *, new: bool) -> None:
        if new and self.known(agency["known_as"]):
            raise AlreadyThere("known_as")


class RehearsedOfficers(_Rehearsed[Officers]):
    """Officers as they would be."""

    def by_number(self, numbers: Iterable[str]) -> dict[str, Document]:
        """The officers of these staff numbers."""
        wanted = set(numbers)
        found = {
            number: self._written.get(officer["_id"], officer)
            for number, officer in self._stored.by_number(wanted).items()
        }
        return found | {officer["number"]: officer for officer in self._written.values() if officer["number"] in wanted}

    def with_accounts(self, accounts: Iterable[str]) -> dict[str, str]:
        """Whose these accounts are."""
        wanted = set(accounts)
        found = self._stored.with_accounts(wanted)
        return found | {
            officer["account"]: officer["_id"] for officer in self._written.values() if officer["account"] in wanted
        }

    def of_account(self, account: str) -> Officer | None:
        """As stored."""
        return self._stored.of_account(account)

    def page(self, wanted: OfficerFilter, *, after: Position | None, limit: int) -> Page:
        """As stored."""
        return self._stored.page(wanted, after=after, limit=limit)

    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """As stored."""
        return self._stored.within(agency, after=after, limit=limit)

    def holding(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """As stored."""
        return self._stored.holding(agency, after=after, limit=limit)

    def posts_at(self, agencies: Iterable[str]) -> dict[str, list[Document]]:
        """As stored."""
        return self._stored.posts_at(agencies)

    def derive(self, officer: str, version: int, derived: Mapping[str, Any]) -> bool:
        """Nothing follows in a rehearsal."""
        return True

    def _refuse_taken(self, officer: Document, *, new: bool) -> None:
        if officer["number"]:
            holder = self.by_number([officer["number"]]).get(officer["number"])
            if holder is not None and holder["_id"] != officer["_id"]:
                raise AlreadyThere("number")
        holders = self.with_accounts([officer["account"]] if officer["account"] else [])
        if holders.get(officer["account"], officer["_id"]) != officer["_id"]:
            raise AlreadyThere("account")
