"""The directory's ports, kept in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.email_provisioning.domain.access import is_open
from services.email_provisioning.domain.finding import agency_keys, left, role_key, word_key
from services.email_provisioning.ports import (
    AgencyFilter,
    Document,
    OfficerFilter,
    Page,
    Position,
)
from shared.errors import NotFound
from shared.files import StoredFile
from shared.history import Entry
from shared.officers import Officer
from shared.words import matches
from tests.support.aggregates import MemoryAggregates, shown


class MemoryAgencies(MemoryAggregates):
    """Agencies in memory."""

    unique = ("known_as",)

    def known(self, identifiers: Iterable[str]) -> dict[str, Document]:
        wanted = set(identifiers)
        return {name: shown(one) for one in self.stored.values() for name in one["known_as"] if name in wanted}

    def parts(self, code: str, after: str) -> list[str]:
        below = (one for one in self.stored.values() if one["parent"] == code)
        return sorted(one["_id"] for one in below if one["closed_on"] is None or one["closed_on"] > after)

    def page(self, wanted: AgencyFilter, *, after: Position | None, limit: int) -> Page:
        found = (
            one
            for one in self.stored.values()
            if word_key(wanted.scope, "") in one["search"]
            and matches(one["words"].split(), wanted.words)
            and wanted.level in (None, one["level"])
            and wanted.kind in (None, one["kind"])
            and (wanted.closed or is_open(one, wanted.day) or (one["opened_on"] or "") > wanted.day)
        )
        return self._page(found, "_id", after, limit)

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        saved = super().save(identifier, version, changes, entry)
        for one in self.stored.values() if saved and "within" in changes else ():
            if identifier in one["within"] and one["_id"] != identifier:
                one["within"] = [*one["within"][: one["within"].index(identifier)], *changes["within"]]
                one |= agency_keys(one)
        return saved

    def seeds(self) -> dict[str, tuple[int, str]]:
        return {one["_id"]: (one["version"], one.get("seed", "")) for one in self.stored.values()}


class MemoryOfficers(MemoryAggregates):
    """Officers in memory."""

    unique = ("number", "account")

    def by_number(self, numbers: Iterable[str]) -> dict[str, Document]:
        wanted = set(numbers)
        return {one["number"]: shown(one) for one in self.stored.values() if one["number"] in wanted}

    def of_account(self, account: str) -> Officer | None:
        found = (one for one in self.stored.values() if one["account"] == account)
        return next(map(Officer.from_dict, found), None)

    def with_accounts(self, accounts: Iterable[str]) -> dict[str, str]:
        wanted = set(accounts)
        return {one["account"]: one["_id"] for one in self.stored.values() if one["account"] in wanted}

    def page(self, wanted: OfficerFilter, *, after: Position | None, limit: int) -> Page:
        scope = left(wanted.scope) if wanted.left else wanted.scope
        key = role_key(scope, wanted.role) if wanted.role and not wanted.left else word_key(scope, "")
        found = (
            one
            for one in self.stored.values()
            if key in one["search"]
            and matches(one["words"].split(), wanted.words)
            and (
                wanted.unit is None
                or any((post["unit"], post["agency"]) == (wanted.unit, wanted.scope) for post in one["posts"])
            )
        )
        return self._page(found, "position", after, limit)

    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        found = (one for one in self.stored.values() if any(agency in place["within"] for place in one["places"]))
        return self._page(found, "_id", after, limit).rows

    def holding(self, agency: str, *, after: str, limit: int) -> list[Document]:
        found = (one for one in self.stored.values() if any(post["agency"] == agency for post in one["posts"]))
        return self._page(found, "_id", after, limit).rows


class MemoryImports:
    """Imports in memory."""

    def __init__(self) -> None:
        self.stored: dict[str, Document] = {}
        self.rows: dict[str, Document] = {}

    def add(self, document: Document) -> Document:
        return self.stored.setdefault(document["_id"], document)

    def find(self, identifier: str) -> Document | None:
        found = self.stored.get(identifier)
        return dict(found) if found else None

    def page(self, owner: str, *, after: Position | None, limit: int) -> Page:
        own = sorted((one for one in self.stored.values() if one["owner"] == owner), key=lambda one: one["position"])
        rest = [one for one in reversed(own) if after is None or one["position"] < after]
        return Page(rest[:limit], rest[limit - 1]["position"] if len(rest) >= limit else None)

    def keep_rows(self, identifier: str, rows: Sequence[Document]) -> None:
        for row in rows:
            self.rows.setdefault(row["_id"], {**row, "import": identifier})

    def _of(self, identifier: str) -> list[Document]:
        return [dict(self.rows[key]) for key in sorted(self.rows) if self.rows[key]["import"] == identifier]

    def open_rows(self, identifier: str, limit: int) -> list[Document]:
        return [row for row in self._of(identifier) if row["outcome"] is None][:limit]

    def rows_before(self, identifier: str, row: str) -> list[Document]:
        return [found for found in self._of(identifier) if found["_id"] < row and found["outcome"] != "refused"]

    def settle_rows(self, rows: Sequence[Document]) -> None:
        for row in rows:
            kept = ("outcome", "subject", "problems", "changes", "warnings")
            self.rows[row["_id"]] |= {name: row[name] for name in kept}

    def count(self, identifier: str) -> dict[str, int]:
        rows = self._of(identifier)
        outcomes = [row["outcome"] for row in rows if row["outcome"]]
        return {outcome: outcomes.count(outcome) for outcome in outcomes} | {"all": len(rows)}

    def update(self, identifier: str, changes: Mapping[str, Any]) -> None:
        self.stored[identifier] |= changes

    def rows_page(self, identifier: str, outcome: str | None, *, after: Position | None, limit: int) -> Page:
        rows = [row for row in self._of(identifier) if outcome in (None, row["outcome"])]
        rest = [row for row in rows if after is None or row["_id"] > after]
        return Page(rest[:limit], rest[limit - 1]["_id"] if len(rest) >= limit else None)


@dataclass
class MemoryFiles:
    """Files that the tests put in, as (owner, name, type, content) by id."""

    kept: dict[str, tuple[str, str, str, bytes]] = field(default_factory=dict)

    def claim(self, file_id: str, owner: str) -> StoredFile:
        if file_id not in self.kept or self.kept[file_id][0] != owner:
            raise NotFound("file_not_found")
        _, name, kind, content = self.kept[file_id]
        return StoredFile(file_id, len(content), kind, name)

    def keep(self, content: bytes, name: str, media_type: str) -> StoredFile:
        file_id = f"{len(self.kept):064x}"
        self.kept[file_id] = ("printer", name, media_type, content)
        return self.claim(file_id, "printer")

    def read(self, file_id: str, limit: int) -> bytes:
        return self.kept[file_id][3]
