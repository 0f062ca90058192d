"""The directory over ports in memory: for tests of use cases, and the yardstick for the real repositories."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from pymongo.database import Database

from services.email_provisioning.adapters.agencies import MongoAgencies
from services.email_provisioning.adapters.imports import MongoImports
from services.email_provisioning.adapters.mail_hosts import MongoFollowUps, MongoMailHosts
from services.email_provisioning.adapters.mail_use import MongoMailUse
from services.email_provisioning.adapters.mail_use_sheet import mail_use_sheet
from services.email_provisioning.adapters.mailboxes import MongoMailboxes
from services.email_provisioning.adapters.messages import MongoMessages
from services.email_provisioning.adapters.officers import MongoOfficers
from services.email_provisioning.adapters.scim.door import MongoScimDoor
from services.email_provisioning.adapters.scim.resources import MongoScimResources
from services.email_provisioning.adapters.scim.schemas import provider
from services.email_provisioning.adapters.tables import read_table
from services.email_provisioning.domain.finding import agency_keys
from services.email_provisioning.ports import (
    Document,
)
from services.email_provisioning.ports_scim import Scim
from services.email_provisioning.usecases import agencies, imports, officers, queries, reactions
from services.email_provisioning.usecases.context import Context, Mail
from services.email_provisioning.usecases.mail import commands as mail_commands
from services.email_provisioning.usecases.mail import domains as mail_domains
from services.email_provisioning.usecases.mail import following
from services.email_provisioning.usecases.mail import hosts as mail_hosts
from services.email_provisioning.usecases.mail import queries as mail_queries
from services.email_provisioning.usecases.mail import requests as mail_requests
from services.email_provisioning.usecases.mail import secrets as mail_secrets
from services.email_provisioning.usecases.mail import use as mail_use
from services.email_provisioning.usecases.mail.due import fire_due_mailbox
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.email_provisioning.mail_host import OPERATIONS as HOST_OPERATIONS
from shared.contracts.email_provisioning.operations import OPERATIONS
from shared.contracts.principal import Principal, Role
from shared.history import Entry
from tests.support.directory_in_memory import MemoryAgencies, MemoryFiles, MemoryImports, MemoryOfficers
from tests.support.mailboxes import RULES, memory_mail, no_names, quick_secrets

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, nine o'clock in Viet Nam."""

ADMIN = Principal("quan-tri", "Quản trị", frozenset({Role.DIRECTORY_ADMINISTRATOR}), agency="H13")
WARD_ADMIN = Principal("quan-tri-phuong", "Quản trị", frozenset({Role.DIRECTORY_ADMINISTRATOR}), agency="H13.30.01")
ELSEWHERE = Principal("quan-tri-th", "Quản trị", frozenset({Role.DIRECTORY_ADMINISTRATOR}), agency="H56")
SPECIALIST = Principal("chuyen-vien", "Chuyên viên", frozenset({Role.SPECIALIST}), agency="H13.30.01")
OPERATOR = Principal("van-hanh", "Vận hành", frozenset({Role.OPERATOR}))
CITIZEN = Principal("cong-dan", "Công dân", frozenset({Role.CITIZEN}), identity="092090000123", verified=True)

MODULES = (
    agencies,
    imports,
    officers,
    queries,
    mail_commands,
    mail_hosts,
    mail_queries,
    mail_requests,
    mail_secrets,
    mail_use,
    mail_domains,
)


@dataclass
class DirectoryWorld:
    """The use cases; `ask` and `tell` go by the operations' names, `now` moves when a test says so."""

    now: datetime = NOW
    agencies: Any = field(default_factory=MemoryAgencies)
    officers: Any = field(default_factory=MemoryOfficers)
    imports: Any = field(default_factory=MemoryImports)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    mail: Mail = field(default_factory=memory_mail)
    scim: Any = None
    _keys: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        parts = (self.agencies, self.officers, self.imports, self.files, read_table, self.mail, self.scim)
        self.context = Context(lambda: self.now, *parts)

    def pass_days(self, days: int) -> None:
        """Let days go by, and what is due be done."""
        self.now += timedelta(days=days)
        for officer in list(self.officers.stored.values()):
            due = officer.get("next_due_at")
            if due and due <= self.now:
                reactions.fire_due_officer(self.context, officer["_id"])
        for mailbox in list(self.mail.mailboxes.stored.values()):
            due = mailbox.get("next_due_at")
            if due and due <= self.now:
                fire_due_mailbox(self.context, mailbox["_id"])

    def ask(self, operation: str, principal: Principal, **request: Any) -> Any:
        """The answer to a question."""
        return _use_case(operation)(self.context, request, principal)

    def pages(self, operation: str, principal: Principal, **request: Any) -> list[dict[str, Any]]:
        """All rows of a list, page by page."""
        rows: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = self.ask(operation, principal, **request, cursor=cursor)
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows

    def tell(self, operation: str, principal: Principal, *, key: str = "", digest: str = "d", **request: Any) -> Any:
        """Carry a command out, by a new key unless one is given."""
        command = {"key": f"{principal.subject}:{key or f'key-{next(self._keys)}'}", "digest": digest}
        return _use_case(operation)(self.context, {**request, "_command": command}, principal)

    def register(self, code: str, principal: Principal = OPERATOR, **more: Any) -> str:
        """An agency with little said of it."""
        plain = {"code": code, "name": {"vi": f"Cơ quan {code}", "en": f"Agency {code}"}}
        plain |= {"level": "commune", "kind": "people_committee"} | more
        return str(self.tell("register_agency", principal, **plain)["code"])

    def appoint(self, agency: str, principal: Principal = ADMIN, *, name: str = "Lê Văn An", **more: Any) -> str:
        """An officer with a first post."""
        post = {"agency": agency, "title": "Chuyên viên", "roles": ["specialist"]} | more.pop("post", {})
        answer = self.tell("appoint_officer", principal, name=name, reason="QĐ 1", post=post, **more)
        return str(answer["id"])

    def hear(self) -> None:
        """Let what follows from the agencies' events follow, each once."""
        while self.agencies.announced:
            received = _received(*self.agencies.announced.pop(0))
            if received.event.name == "agency_closed":
                reactions.follow_closed_agency(self.context, received)
            if received.event.name == "agency_changed":
                reactions.place_officers_anew(self.context, received)
            following.mark_agencies(self.context, received)

    def follow(self) -> None:
        """Let mailboxes follow whatever was announced, until nothing follows any more."""
        self.hear()
        for _ in range(100):
            officers, self.officers.announced[:] = list(self.officers.announced), []
            mailboxes, self.mail.mailboxes.announced[:] = list(self.mail.mailboxes.announced), []
            following.mark_officers(self.context, [_received(*one) for one in officers])
            following.mark_mailboxes(self.context, [_received(*one) for one in mailboxes])
            due = [key for key, at in self.mail.followups.due.items() if at <= self.now + following.GATHERING]
            if not officers and not mailboxes and not due:
                return
            for key in sorted(due):
                following.fire_follow_up(self.context, key)
        raise AssertionError("something follows for ever")

    def put(self, content: bytes, *, name: str, kind: str, owner: Principal = ADMIN) -> str:
        """A file of somebody's."""
        file_id = f"{len(self.files.kept):064x}"
        self.files.kept[file_id] = (owner.subject, name, kind, content)
        return file_id

    def run_import(self, principal: Principal = ADMIN, **request: Any) -> dict[str, Any]:
        """Start an import and work on it until it is done."""
        started = self.tell("start_import", principal, **request)
        for _ in range(200):
            found: dict[str, Any] = self.ask("read_import", principal, **{"import": started["id"]})
            if found["state"] in ("done", "failed"):
                return found
            imports.fire_import(self.context, started["id"])
        raise AssertionError("the import never ends")


def mongo_world(store: Database[Document], **more: Any) -> DirectoryWorld:
    """The use cases over MongoDB; what the repositories announce stands in `announced`."""
    announced: list[tuple[str, Entry]] = []

    def announce(identifier: str, entries: Sequence[Entry]) -> None:
        announced.extend((identifier, entry) for entry in entries)

    parts = MongoAgencies(store, announce, agency_keys), MongoOfficers(store, announce), MongoImports(store)
    posts = MongoMailboxes(store, announce), MongoMailHosts(store), MongoMailUse(store), MongoFollowUps(store)
    messages = MongoMessages(store, announce)
    for part in (*parts, *posts, messages):
        part.ensure_indexes()
    mail = Mail(RULES, *posts, quick_secrets(), messages, mail_use_sheet, no_names())
    speaks = provider(most_bytes=100_000)
    resources = MongoScimResources(store, speaks)
    resources.ensure_indexes()
    ticks = count()  # requests came a minute ago, so that what they leave for soon is due
    door = MongoScimDoor(store, speaks, b"a secret", lambda: NOW - timedelta(minutes=1, milliseconds=-next(ticks)))
    scim = Scim(door, resources)
    return DirectoryWorld(agencies=parts[0], officers=parts[1], imports=parts[2], mail=mail, scim=scim, **more)


def small_world(world: DirectoryWorld | None = None) -> DirectoryWorld:
    """A city with a department and two wards, one of them closed into the other, and a province beside it."""
    world = world or DirectoryWorld()
    for code, name, more in (
        ("H13", "Ủy ban nhân dân thành phố Cần Thơ", {"level": "province"}),
        ("H13.06", "Sở Khoa học và Công nghệ", {"level": "province", "kind": "department"}),
        ("H13.30.01", "Ủy ban nhân dân phường Ninh Kiều", {"parent": "H13", "legacy_codes": ["001.30.00.H13"]}),
        ("H13.30.02", "Ủy ban nhân dân phường Cái Khế", {"parent": "H13"}),
        ("H56", "Ủy ban nhân dân tỉnh Thanh Hóa", {"level": "province"}),
        ("H56.30.01", "Ủy ban nhân dân phường Hạc Thành", {"parent": "H56"}),
    ):
        world.register(code, name={"vi": name, "en": name}, **more)  # type: ignore[arg-type]  # a mapping of several kinds
    return world


def _received(subject: str, entry: Entry) -> ReceivedEvent:
    event = Event.registry[f"email_provisioning.{entry['type']}"]
    return ReceivedEvent(event, entry["id"], subject, entry["seq"], entry["at"], event.load(entry["data"]))


def _use_case(operation: str) -> Any:
    assert operation in {known.name for known in (*OPERATIONS, *HOST_OPERATIONS)}
    return next(getattr(module, operation) for module in MODULES if hasattr(module, operation))
