"""A one-stop shop without a network: the real rules and data files, ports kept in memory, a clock that is set."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, cast

from services.one_stop_shop.domain.forms import Lookup
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.context import Context, Terms
from services.one_stop_shop.usecases.submit import submit_application
from shared.contracts.principal import Principal, Role
from tests.support.officers import MemoryOfficers
from tests.support.shop_in_memory import (
    FILE,
    DataFiles,
    EverybodysFiles,
    MemoryApplications,
    MemoryDrafts,
    MemoryMessageRequests,
    MemoryNotices,
    MemoryPresence,
    MemoryQueries,
    PaymentPage,
    stored,
)

COMMUNE = "H13.30.01"
MONDAY = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
"""Monday 5 October 2026, 08:00 in Vietnam."""


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
