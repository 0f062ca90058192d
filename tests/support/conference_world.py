"""Conference booking over ports in memory: both provinces' networks, a clock that is set, due work done on demand."""

import copy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from services.conference_booking.adapters.calendars import ICalendar
from services.conference_booking.adapters.charts import SvgCharts
from services.conference_booking.adapters.networks_file import read_networks
from services.conference_booking.adapters.papers import TypstPapers
from services.conference_booking.usecases import (
    certificates,
    feeds,
    figures,
    formal_letters,
    incident_papers,
    incidents,
    invitations,
    lines,
    meetings,
    queries,
    readiness,
    resources,
    rooms,
    screens,
    scripts,
    technicians,
    training,
)
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.due import fire_bridge, fire_endpoint, fire_meeting
from services.conference_booking.usecases.lines import fire_line
from services.conference_booking.usecases.rooms import fire_room
from services.conference_booking.usecases.seeding import seed
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.contracts.principal import Principal, Role
from shared.errors import Stale
from shared.history import Entry
from shared.working_time import WorkingTime
from tests.support.conferences_in_memory import (
    Document,
    MemoryAgencies,
    MemoryClaims,
    MemoryFeeds,
    MemoryFiles,
    MemoryMeetings,
    T,
)
from tests.support.memory_bridge import MemoryBridge
from tests.support.memory_lines import MemoryLines
from tests.support.officers import MemoryOfficers
from tests.support.shop_in_memory import MemoryMessageRequests

FILE = read_networks()
MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
"""Monday 30 November 2026, 08:00 in Vietnam, a week before most meetings of the tests."""

USE_CASES = (
    meetings,
    queries,
    resources,
    technicians,
    scripts,
    readiness,
    rooms,
    formal_letters,
    figures,
    invitations,
    feeds,
    screens,
    lines,
    incidents,
    incident_papers,
    training,
    certificates,
)

ROUNDS = 3
"""More than any change needs to settle."""

ORGANIZER = "hop-truc-tuyen@truc-chung.localhost"
OFFICE, DEPARTMENT, WARD, SAM_SON = "H56.01", "H56.04", "H56.30.01", "H56.31.01"


def person(subject: str, role: Role, agency: str) -> Principal:
    """Somebody of an agency."""
    return Principal(subject, subject, frozenset({role}), agency=agency)


CLERK = person("van-thu-hac-thanh", Role.CLERK, WARD)
NEIGHBOUR = person("van-thu-sam-son", Role.CLERK, SAM_SON)
STRANGER = person("van-thu-can-tho", Role.CLERK, "H13.30.01")
APPROVER = person("lanh-dao-van-phong", Role.HEAD_OF_UNIT, OFFICE)
TECHNICIAN = person("ky-thuat-vien", Role.SPECIALIST, DEPARTMENT)
OPERATOR = person("van-hanh", Role.OPERATOR, "H13")
PROBE = person("probe-th-05", Role.LINE_PROBE, WARD)
CITIZEN = Principal("cong-dan", "Nguyễn Văn An", frozenset({Role.CITIZEN}))


@dataclass
class ConferenceWorld:
    """The use cases with a clock that is set."""

    now: datetime = MONDAY
    told: list[tuple[str, Entry]] = field(default_factory=list)
    keys: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        kept = [MemoryMeetings(self._hear) for _ in range(8)]
        self.meetings, self.endpoints, self.bridges, self.invitations, self.technicians, *kept = kept
        self.scripts, self.runs, self.readiness = kept
        self.messages, self.feeds = MemoryMessageRequests(), MemoryFeeds(self._hear)
        self.lines, self.incidents = MemoryLines(), MemoryMeetings(self._hear)
        self.courses, self.trainings = MemoryMeetings(self._hear), MemoryMeetings(self._hear)
        self.rooms, self.bridge = MemoryMeetings(self._hear), MemoryBridge()
        self.claims = MemoryClaims()
        self.files = MemoryFiles()
        self.context = Context(
            now=lambda: self.now,
            began=MONDAY - timedelta(hours=1),
            networks=FILE.networks,
            meetings=self.meetings,
            endpoints=self.endpoints,
            technicians=self.technicians,
            scripts=self.scripts,
            runs=self.runs,
            readiness=self.readiness,
            rooms=self.rooms,
            bridge_of={network.key: self.bridge for network in FILE.networks},
            bridges=self.bridges,
            invitations=self.invitations,
            messages=self.messages,
            feeds=self.feeds,
            lines=self.lines,
            incidents=self.incidents,
            courses=self.courses,
            trainings=self.trainings,
            calendars=ICalendar(),
            papers=TypstPapers(),
            charts=SvgCharts(),
            files=self.files,
            organizer=ORGANIZER,
            calendar_past=timedelta(days=14),
            calendar_ahead=timedelta(days=180),
            claims=self.claims,
            together=self._together,
            agencies=MemoryAgencies(),
            officers=MemoryOfficers(),
            working_time=WorkingTime(),
        )
        seed(self.context, FILE.bridges, FILE.endpoints)

    def _hear(self, aggregate: str, entry: Entry) -> None:
        self.told.append((aggregate, entry))

    def _together(self, work: Callable[[], T]) -> T:
        """All or nothing, as a transaction."""
        parts = (
            *(
                kept.documents
                for kept in (
                    self.meetings,
                    self.endpoints,
                    self.technicians,
                    self.readiness,
                    self.rooms,
                    self.invitations,
                    self.messages,
                )
            ),
            self.claims.held,
            *(self.lines.samples, self.lines.documents, self.incidents.documents),
        )
        before = [copy.deepcopy(part) for part in parts]
        heard = len(self.told)
        try:
            return work()
        except Exception:
            for part, former in zip(parts, before, strict=True):
                part.clear()
                part.update(former)  # type: ignore[arg-type]  # each is like itself
            del self.told[heard:]
            raise

    def ask(self, operation: str, principal: Principal | None, /, **request: Any) -> Any:
        """Any operation; a command gets a key of its own unless one is given."""
        key = request.pop("key_", None) or f"{principal and principal.subject}:{next(self.keys)}"
        command = (
            {"_command": {"key": key, "digest": "d"}} if not operation.startswith(("list", "read", "verify")) else {}
        )
        module = next(one for one in USE_CASES if hasattr(one, operation))
        return getattr(module, operation)(self.context, {**request, **command}, principal)

    def request(self, principal: Principal = CLERK, **wish: Any) -> str:
        """Ask for a meeting like the example, and answer its id."""
        return str(self.ask("request_meeting", principal, **{**MEETING_EXAMPLE, **wish})["id"])

    def approved(self, principal: Principal = CLERK, **wish: Any) -> str:
        """A meeting that takes place."""
        meeting = self.request(principal, **wish)
        self.ask("approve_meeting", APPROVER, meeting=meeting)
        return meeting

    def meeting(self, identifier: str) -> Document:
        """A meeting as it is stored."""
        return self.meetings.documents[identifier]

    def events(self, aggregate: str) -> list[str]:
        """The names of all that was announced of something."""
        return [entry["type"].partition(".")[0] for about, entry in self.told if about == aggregate]

    def fire(self) -> None:
        """Do all that is due, as often as the loop would until nothing is."""
        parts: Any = (
            (self.meetings, fire_meeting),
            (self.endpoints, fire_endpoint),
            (self.bridges, fire_bridge),
            (self.lines, fire_line),
            (self.rooms, fire_room),
        )
        for _ in range(ROUNDS):
            due = [
                (act, key)
                for kept, act in parts
                for key, one in kept.documents.items()
                if one["next_due_at"] and one["next_due_at"] <= self.now
            ]
            for act, key in due:
                with suppress(Stale):
                    act(self.context, key)

    def at(self, wall: str) -> None:
        """Set the clock by what it shows in Viet Nam."""
        self.now = datetime.fromisoformat(wall).replace(tzinfo=UTC) - timedelta(hours=7)
