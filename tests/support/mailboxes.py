"""Mailboxes over ports in memory, beside the directory of `tests.support.directory`."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from services.email_provisioning.adapters.mail_rules import read_mail_rules
from services.email_provisioning.adapters.mail_use_sheet import mail_use_sheet
from services.email_provisioning.domain.finding import role_key, word_key
from services.email_provisioning.ports import Document, Page, Position
from services.email_provisioning.ports_mail import Draw, MailboxFilter, Names, Place, PoolExhausted, Secrets
from services.email_provisioning.usecases.context import Mail
from shared.history import Entry
from shared.words import matches
from tests.support.aggregates import MemoryAggregates, shown

RULES = read_mail_rules()


class MemoryMailboxes(MemoryAggregates):
    """Mailboxes and pools in memory."""

    unique = ("held", "person")

    def __init__(self) -> None:
        super().__init__()
        self.pools: dict[str, int] = {}

    def save_drawing(
        self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry, draws: Sequence[Draw]
    ) -> bool:
        for draw in draws:
            used = self.pools.get(draw.agency, 0)
            if draw.more > 0 and draw.grant is not None and used + draw.more > draw.grant:
                raise PoolExhausted(draw, used)
        saved = self.save(identifier, version, changes, entry)
        for draw in draws if saved else ():
            self.pools[draw.agency] = self.pools.get(draw.agency, 0) + draw.more
        return saved

    def used(self, agency: str) -> int:
        return self.pools.get(agency, 0)

    def holders(self, addresses: Iterable[str]) -> dict[str, Document]:
        wanted = set(addresses)
        found = self.stored.values()
        return {address: shown(one) for one in found for address in one["held"] or () if address in wanted}

    def of_owners(self, officers: Iterable[str]) -> list[Document]:
        wanted = set(officers)
        return self._those(lambda one: one["owner"] in wanted)

    def of_agency(self, agency: str, *, after: str, limit: int) -> list[Document]:
        return self._those(lambda one: one["agency"] == agency and one["_id"] > after)[:limit]

    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        return self._those(lambda one: agency in one["within"] and one["_id"] > after)[:limit]

    def groups_over(self, agencies: Iterable[str], addresses: Iterable[str]) -> list[str]:
        asked, led = set(agencies), set(addresses)
        found = self._those(lambda one: (one["members"] or {}).get("agency") in asked or led & set(one["targets"]))
        return [one["_id"] for one in found]

    def page(self, wanted: MailboxFilter, *, after: Position | None, limit: int) -> Page:
        key = role_key(wanted.scope, wanted.state) if wanted.state else word_key(wanted.scope, "")
        found = (
            one
            for one in self.stored.values()
            if key in one["search"]
            and matches(one["words"].split(), wanted.words)
            and wanted.kind in (None, one["kind"])
        )
        return self._page(found, "position", after, limit)

    def several(self, identifiers: Iterable[str]) -> list[Document]:
        wanted = set(identifiers)
        return self._those(lambda one: one["_id"] in wanted)

    def on_host(self, host: str, *, after: str, limit: int) -> list[Document]:
        return self._those(lambda one: host in one["hosts"] and one["_id"] > after)[:limit]

    def note_applied(self, host: str, generations: Mapping[str, int]) -> None:
        for identifier, generation in generations.items():
            one = self.stored.get(identifier)
            if one and one["generation"] <= generation:
                one["waiting"] = [other for other in one["waiting"] if other != host]

    def lag(self, host: str, most: int) -> tuple[int, datetime | None]:
        waiting = self._those(lambda one: host in one["waiting"])
        return min(len(waiting), most), min((one["waiting_since"] for one in waiting), default=None)

    def _those(self, wanted: Any) -> list[Document]:
        return [shown(self.stored[key]) for key in sorted(self.stored) if wanted(self.stored[key])]


class MemoryMailHosts:
    """What hosts report, in memory."""

    def __init__(self) -> None:
        self.hosts: dict[str, Document] = {}
        self.reports: dict[tuple[str, str], Document] = {}

    def note_contact(self, host: str, at: datetime) -> None:
        self.hosts.setdefault(host, {})["last_contact"] = at

    def note_applied(self, host: str, reports: Sequence[Document], at: datetime) -> None:
        for report in reports:
            known = self.reports.setdefault((report["mailbox"], host), {"generation": 0, "host": host})
            if known["generation"] <= report["generation"]:
                known |= {"error": report["error"], "at": at}
                known["generation"] = known["generation"] if report["error"] else report["generation"]

    def note_drift(self, host: str, drift: Document) -> None:
        self.hosts.setdefault(host, {})["drift"] = drift

    def all(self) -> dict[str, Document]:
        return copy.deepcopy(self.hosts)

    def applied(self, mailbox: str) -> list[Document]:
        return [row for key, row in sorted(self.reports.items()) if key[0] == mailbox]


class MemoryMailUse:
    """How mailboxes are used, in memory; figures and lists are MongoDB's."""

    def __init__(self) -> None:
        self.used: dict[str, Document] = {}
        self.places: dict[str, Place] = {}

    def note(self, host: str, rows: Sequence[Document], at: datetime) -> None:
        for row in rows:
            known = self.used.setdefault(row["mailbox"], {})
            known |= {"host": host, "at": at}
            known |= {name: row[name] for name in ("bytes", "messages") if row[name] is not None}
            for name in ("last_login", "last_sent"):
                known[name] = max(filter(None, (known.get(name), row[name])), default=None)

    def place(self, place: Place, at: datetime) -> None:
        self.places[place.mailbox] = place

    def read(self, mailbox: str) -> Document | None:
        return self.used.get(mailbox)


class MemoryFollowUps:
    """What has to be looked at again, in memory."""

    def __init__(self) -> None:
        self.due: dict[str, datetime] = {}
        self.marks: dict[str, int] = {}

    def mark(self, keys: Iterable[str], at: datetime) -> None:
        for key in keys:
            self.marks[key] = self.marks.get(key, 0) + 1
            self.due[key] = min(at, self.due.get(key, at))

    def read(self, key: str) -> int:
        return self.marks.get(key, 0)

    def settle(self, key: str, marks: int, again_at: datetime | None) -> None:
        if self.marks.get(key) == marks and again_at is None:
            del self.due[key], self.marks[key]
        elif self.marks.get(key) == marks and again_at is not None:
            self.due[key] = again_at


class MemoryMessages(MemoryAggregates):
    """Outgoing messages in memory."""

    def request(self, message: Document) -> None:
        self.stored.setdefault(message["_id"], {**message, "history": [], "outbox": []})

    def begin(self, identifier: str, now: datetime, until: datetime) -> Document | None:
        message = self.stored[identifier]
        if message["state"] != "queued" or message["busy_until"] > now:
            return None
        message |= {"attempts": message["attempts"] + 1, "busy_until": until, "next_due_at": until}
        return shown(message)

    def newest(self, state: str, *, after: Any, limit: int) -> tuple[list[Document], Any]:
        return [shown(one) for one in self.stored.values() if one["state"] == state][:limit], None


def quick_secrets() -> Secrets:
    """Secrets in order, and hashes that cost nothing."""
    numbers = count(1)
    return Secrets(
        hash_password=lambda password: f"{{HASH}}{password[::-1]}",
        hash_app_password=lambda secret: f"{{APP}}{secret[::-1]}",
        matches=lambda password, stored: stored == f"{{HASH}}{password[::-1]}",
        token=lambda: f"token-{next(numbers)}",
        app_password=lambda: f"app-password-{next(numbers)}",
    )


def no_names() -> Names:
    """Name servers that know nothing."""
    return Names(lambda: lambda name, kind: [], lambda text: None)


def memory_mail() -> Mail:
    """Everything that mailboxes need, in memory."""
    parts = MemoryMailboxes(), MemoryMailHosts(), MemoryMailUse(), MemoryFollowUps()
    return Mail(RULES, *parts, quick_secrets(), MemoryMessages(), mail_use_sheet, no_names())


A_LITTLE = timedelta(seconds=5)
