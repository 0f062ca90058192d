"""A one-stop shop without a network: the real rules and data files, ports kept in memory, a clock that is set."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, cast

import bson

from services.one_stop_shop.adapters.catalogue_files import Catalogue, read_catalogue
from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.codes import issue_application_code
from services.one_stop_shop.domain.forms import Lookup
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_versions import version_in_force
from services.one_stop_shop.ports import AlreadyThere, Arrival
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.context import Context, Terms
from services.one_stop_shop.usecases.submit import submit_application
from shared.commands import Loaded
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, NotFound
from shared.files import StoredFile
from shared.history import Entry
from shared.working_time import WorkingTime
from tests.support.officers import MemoryOfficers

COMMUNE = "H13.30.01"
MONDAY = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
"""Monday 5 October 2026, 08:00 in Vietnam."""

FILE = "ab" * 32
"""A file that everybody has uploaded."""


def _officer(subject: str, role: Role, name: str, agency: str = COMMUNE) -> Principal:
    return Principal(subject, name, frozenset({role}), agency=agency)


CITIZEN = Principal("cong-dan-an", "Nguyễn Văn An", frozenset({Role.CITIZEN}), identity="092090000123", verified=True)
STRANGER = Principal("cong-dan-la", "Trần Lạ", frozenset({Role.CITIZEN}), identity="092090000999", verified=True)
RECEPTION = _officer("tiep-nhan", Role.RECEPTION_OFFICER, "Trần Thị Bình")
SPECIALIST = _officer("chuyen-vien", Role.SPECIALIST, "Lê Văn Cường")
OTHER_SPECIALIST = _officer("chuyen-vien-2", Role.SPECIALIST, "Ngô Văn Đạt")
HEAD = _officer("lanh-dao", Role.HEAD_OF_UNIT, "Phạm Thị Dung")
SYSTEM = _officer("he-thong", Role.AGENCY_SYSTEM, "Hệ thống đồng bộ")
ELSEWHERE = _officer("tiep-nhan-khac", Role.RECEPTION_OFFICER, "Người khác", "H13.30.02")
OPERATOR = Principal("van-hanh", "Vận hành", frozenset({Role.OPERATOR}))
STAFF = (RECEPTION, SPECIALIST, OTHER_SPECIALIST, HEAD, ELSEWHERE)
"""Whom the directory knows."""

OWNER = {
    "name": "Nguyễn Văn An",
    "identity_number": "092090000123",
    "phone": "0912345678",
    "address": {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"},
}
SUBMISSION: dict[str, Any] = {
    "procedure": "2.000635",
    "agency": COMMUNE,
    "owner": OWNER,
    "quantities": {"copies": 2},
    "components": [{"component": "to_khai", "originals": 1}],
}
RESULT = {
    "kind": "granted",
    "number": "15/TLHT",
    "issued_by": "UBND phường Ninh Kiều",
    "signer": "Phạm Thị Dung",
    "signed_at": "2026-10-05T08:00:00+07:00",
    "files": [FILE],
}
POST = {"method": "post", "receiver": "Nguyễn Văn An", "phone": "0912345678", "address": OWNER["address"]}


def stored(document: Any) -> Any:
    """A document as MongoDB gives it back: the same values, nothing shared with what was put in."""
    return bson.decode(bson.encode(document), codec_options=_CODEC)


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
        found = self.documents.get(application)
        if found is None:
            return None
        document = stored(found)
        history = document.pop("history")
        same = [entry for entry in history if command and entry.get("command", {}).get("key") == command]
        return Loaded(document, cast(Entry, same[0]) if same else None)

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

    def pay_url(self, payment: str, amount: int, description: str, expires_at: datetime) -> str:
        return f"https://pay.example.vn/{payment}"


@dataclass
class World:
    """The use cases over ports in memory; `now` moves when a test says so."""

    now: datetime = MONDAY
    applications: MemoryApplications = field(default_factory=MemoryApplications)
    drafts: MemoryDrafts = field(default_factory=MemoryDrafts)
    presence: MemoryPresence = field(default_factory=MemoryPresence)
    notices: MemoryNotices = field(default_factory=MemoryNotices)
    messages: MemoryMessageRequests = field(default_factory=MemoryMessageRequests)
    officers: MemoryOfficers = field(default_factory=lambda: MemoryOfficers(*STAFF))
    _keys: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        files: Any = DataFiles()
        unused: Any = None
        self.context = Context(
            now=lambda: self.now,
            applications=self.applications,
            drafts=self.drafts,
            presence=self.presence,
            notices=self.notices,
            messages=self.messages,
            payments=PaymentPage(),
            files=EverybodysFiles(),
            catalogue=files,
            offices=files,
            queries=cast(Any, MemoryQueries(self.applications)),
            reports=unused,
            procedures=unused,
            agencies=unused,
            printed=unused,
            printer=unused,
            sheet=unused,
            together=self._together,
            terms=Terms(
                Lookup(url="https://h/follow/", site="https://h", phone="1022"),
                keep_drafts=timedelta(days=30),
                longest_to_pay=timedelta(days=30),
                catalogue_agency="H13",
            ),
            officers=self.officers,
        )

    def _together(self, work: Callable[[], None]) -> None:
        """All or nothing, as a transaction."""
        before = stored(self.applications.documents)
        try:
            work()
        except BaseException:
            self.applications.documents.clear()
            self.applications.documents.update(before)
            raise

    def command(self, key: str = "", digest: str = "d") -> dict[str, str]:
        """An idempotency key, a new one unless one is given."""
        return {"key": key or f"key-{next(self._keys)}", "digest": digest}

    def submit(self, principal: Principal = CITIZEN, key: str = "", **changes: Any) -> str:
        """Hand an application in and answer with its id."""
        request = {**SUBMISSION, **changes, "_command": self.command(key)}
        return str(submit_application(self.context, request, principal)["id"])

    def act(self, action: str, application: str, principal: Principal, **body: Any) -> dict[str, Any]:
        """Carry out one command on the version that stands."""
        version = self[application]["version"]
        request = {"application": application, "_version": version, "_command": self.command(), **body}
        return carry_out(self.context, action, request, principal)

    def branch(self) -> "World":
        """Another world that has come to the same point and goes on by itself."""
        other = World(self.now)
        other.applications.documents.update(stored(self.applications.documents))
        other._keys = count(1_000_000)
        return other

    def __getitem__(self, application: str) -> dict[str, Any]:
        """An application as it is stored."""
        return self.applications.documents[application]

    def events(self, application: str) -> list[str]:
        """The names of what was announced."""
        return [entry["type"].removesuffix(".v1") for entry in self[application]["history"]]
