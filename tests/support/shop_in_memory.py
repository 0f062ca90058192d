"""The one-stop shop's ports, kept in memory."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, cast

import bson

from services.one_stop_shop.adapters.catalogue_files import Catalogue, read_catalogue
from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.codes import issue_application_code
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_versions import version_in_force
from services.one_stop_shop.ports import AlreadyThere, Arrival
from shared.commands import Loaded
from shared.errors import Conflict, NotFound
from shared.files import StoredFile
from shared.history import Entry
from shared.working_time import WorkingTime

FILE = "ab" * 32
"""A file that everybody has uploaded."""


def stored(document: Any) -> Any:
    """A document as MongoDB gives it back: the same values, nothing shared with what was put in."""
    return bson.decode(bson.encode(document), codec_options=_CODEC)


def loaded(found: Any, command: str) -> Loaded | None:
    """What a repository gives of a stored aggregate, and which entry a command left in its history."""
    if found is None:
        return None
    document = stored(found)
    history = document.pop("history")
    same = [entry for entry in history if command and entry.get("command", {}).get("key") == command]
    return Loaded(document, cast(Entry, same[0]) if same else None)


_CODEC: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True)


@cache
def catalogue() -> Catalogue:
    """The data files, read once."""
    return read_catalogue()


class MemoryApplications:
    """Applications in memory, with the same promises as the real ones; declared in `ports`."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self._next = count(1)
        self.before_save: Callable[[], None] = lambda: None

    def add(self, arrival: Arrival) -> dict[str, Any]:
        others = [other for key, other in self.documents.items() if key != arrival.application]
        codes = {other.get(name) for other in others for name in ("code", "national_code")}
        if arrival.national_code is not None and arrival.national_code in codes:
            raise AlreadyThere("national_code")
        document = arrival.write(issue_application_code(arrival.agency, arrival.day, next(self._next)))
        if arrival.application in self.documents:
            raise AlreadyThere("_id")
        self.documents[arrival.application] = stored(document)
        return document

    def find(self, application: str, command: str = "") -> Loaded | None:
        return loaded(self.documents.get(application), command)

    def find_all(self, applications: Iterable[str], *, only: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
        found = {application: loaded.document for application in applications if (loaded := self.find(application))}
        kept = {"_id", *(name.partition(".")[0] for name in only)} if only else None
        return {
            application: {name: value for name, value in document.items() if kept is None or name in kept}
            for application, document in found.items()
        }

    def save(self, application: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        self.before_save()
        found = self.documents[application]
        if found["version"] != version:
            return False
        others = [other.get("waybills", ()) for key, other in self.documents.items() if key != application]
        taken = {waybill for known in others for waybill in known} & {*changes.get("waybills", ())}
        if taken:
            raise Conflict("waybill_taken", waybill=taken.pop())
        found.update(stored({**changes, "version": entry["seq"], "head": entry["hash"]}))
        found["history"].append(stored(entry))
        found["outbox"].append(entry["seq"])
        return True

    def assigned_to(self, officer: str, *, after: str, limit: int) -> list[str]:
        found = (key for key, document in self.documents.items() if document["assignee"] == officer and key > after)
        return sorted(found)[:limit]

    def bundles_of(self, part: str) -> list[str]:
        return [
            key
            for key, found in self.documents.items()
            if any(tie["application"] == part and tie["kind"] == "part" for tie in found["links"])
        ]


class MemoryQueries:
    """What is asked of one application at a time; declared in `ports_read`."""

    def __init__(self, applications: MemoryApplications) -> None:
        self._applications = applications

    def find(self, application: str) -> dict[str, Any] | None:
        loaded = self._applications.find(application)
        return loaded.document if loaded else None

    def history(self, application: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        entries = stored(self._applications.documents[application])["history"]
        return [entry for entry in entries if entry["seq"] > after][:limit]


class MemoryDrafts:
    """Drafts in memory; declared in `ports`."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}

    def add(self, draft: dict[str, Any]) -> dict[str, Any]:
        return stored(self.documents.setdefault(draft["_id"], draft))

    def find(self, draft: str, owner: str) -> dict[str, Any] | None:
        found = self.documents.get(draft)
        return stored(found) if found and found["owner"] == owner else None

    def save(self, draft: str, owner: str, version: int, changes: Mapping[str, Any]) -> dict[str, Any] | None:
        found = self.documents.get(draft)
        if not found or found["owner"] != owner or found["version"] != version:
            return None
        found.update(changes, version=version + 1)
        return stored(found)

    def delete(self, draft: str, owner: str) -> bool:
        return self.find(draft, owner) is not None and self.documents.pop(draft, None) is not None

    def page(self, owner: str, *, after: Any, limit: int) -> tuple[list[dict[str, Any]], Any]:
        own = [draft for draft in self.documents.values() if draft["owner"] == owner and not draft["submitted_as"]]
        rows = sorted(own, key=_newest, reverse=True)
        rows = [draft for draft in rows if after is None or _newest(draft) < after]
        return rows[:limit], _newest(rows[limit - 1]) if len(rows) > limit else None


def _newest(draft: dict[str, Any]) -> tuple[datetime, str]:
    return draft["saved_at"], draft["_id"]


class MemoryPresence:
    """Who is at which application; declared in `ports`."""

    def __init__(self) -> None:
        self.there: dict[tuple[str, str], dict[str, Any]] = {}

    def note(self, application: str, officer: str, name: str, *, now: datetime, until: datetime) -> None:
        former = self.there.get((application, officer))
        since = former["since"] if former and former["until"] > now else now
        self.there[application, officer] = {"name": name, "since": since, "until": until}

    def others(self, application: str, officer: str, now: datetime) -> list[dict[str, Any]]:
        found = [
            {"name": one["name"], "since": one["since"]}
            for (at, who), one in self.there.items()
            if at == application and who != officer and one["until"] > now
        ]
        return sorted(found, key=lambda one: one["since"])


class MemoryNotices:
    """Notices in memory; declared in `ports`."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}

    def add(self, *notices: dict[str, Any]) -> None:
        for notice in notices:
            self.documents.setdefault(notice["_id"], notice)

    def page(self, parties: list[str], *, after: Any, limit: int) -> tuple[list[dict[str, Any]], Any]:
        return [notice for notice in self.documents.values() if set(parties) & set(notice["parties"])], None


class DataFiles:
    """Procedures, agencies and clocks straight from the data files; `ports.Catalogue` and `ports.Offices`."""

    def in_force(self, procedure: str, on: date) -> ProcedureVersion:
        versions = [version for version in catalogue().procedures if version.code == procedure]
        if not versions:
            raise NotFound("procedure_unknown", procedure=procedure)
        return version_in_force(versions, on)

    def version(self, procedure: str, version: int) -> ProcedureVersion:
        return next(v for v in catalogue().procedures if (v.code, v.version) == (procedure, version))

    def directory(self) -> Directory:
        return catalogue().directory

    def working_time(self, agency: str) -> WorkingTime:
        return catalogue().working_time(agency)


class MemoryMessageRequests:
    """Requests for messages; declared in `ports.MessageRequests`."""

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}

    def add(self, *requests: dict[str, Any]) -> None:
        for request in requests:
            self.documents.setdefault(request["_id"], stored(request))

    def find(self, identifier: str) -> dict[str, Any] | None:
        return stored(self.documents[identifier]) if identifier in self.documents else None


class EverybodysFiles:
    """One file that everybody has uploaded; declared in `ports.Files`."""

    def claim(self, file_id: str, owner: str) -> StoredFile:
        if file_id != FILE:
            raise NotFound("file_not_found")
        return StoredFile(FILE, 1000, "application/pdf", "to-khai.pdf")


class PaymentPage:
    """A payment page; declared in `ports.PaymentGateway`."""

    def pay_url(self, payment: str, amount: int, description: str, expires_at: datetime, back: str) -> str:
        return f"https://pay.example.vn/{payment}"
