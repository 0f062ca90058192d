"""Whatever becomes of a meeting: a calendar that follows the mails as RFC 5546 says shows what is really booked."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal
from shared.errors import Error
from shared.working_time import VIETNAM
from tests.support.calendar_judge import Judgement, judge
from tests.support.conference_world import APPROVER, CLERK, TECHNICIAN, ConferenceWorld

POST = Principal(MAILER, "email_provisioning", frozenset())
PLACES = ["th-01", "th-05", "th-06", "th-08"]
DELEGATES = [{"name": f"Đại biểu {one}", "address": f"{one}@thanhhoa.gov.vn", "endpoint": "th-05"} for one in "ab"]
STEPS = 18
SUMMER_ENDS = ["2027-03-24T08:00", "2027-03-31T22:30", "2027-03-20T14:00"]
"""Weekly from here on, the clocks of Santiago change in between."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Mail:
    """A calendar message; `late` is one that was asked for before the last change."""

    to: str
    method: str
    text: str
    late: bool


@dataclass
class Guest:
    """A mailbox whose calendar does what it is told: sessions by when they were to begin, with when they do."""

    shows: dict[datetime, Span] = field(default_factory=dict)
    uid: str = ""
    sequences: dict[datetime | None, int] = field(default_factory=dict)
    stamp: datetime | None = None

    def hear(self, mail: Mail, judged: Judgement) -> None:
        assert judged.complaints == [], mail.text
        events = Calendar.from_ical(mail.text).walk("VEVENT")
        assert {str(event["UID"]) for event in events} <= {self.uid or str(events[0]["UID"])}, "one for all its life"
        (sequence,) = {int(event["SEQUENCE"]) for event in events}
        stamp = events[0].decoded("DTSTAMP")
        single = {event.decoded("RECURRENCE-ID").astimezone(UTC): span_of(event) for event in events[1:] or events
                  if "RECURRENCE-ID" in event}  # fmt: skip
        whole = "RECURRENCE-ID" not in events[0]
        told = max(
            (self.sequences.get(key, -1) for key in (None, *([*self.sequences] if whole else single))), default=-1
        )
        assert sequence >= told, "it never falls"
        assert self.stamp is None or stamp > self.stamp or sequence > told, "the newer one is told from the older"
        before = dict(self.shows)
        if mail.method == "CANCEL":
            assert before or mail.late, "only who was invited is told that it is off"
            assert {str(event["STATUS"]) for event in events} == {"CANCELLED"}
            for start in [*before] if whole else single:
                self.shows.pop(start, None)
        else:
            usual = list(judged.spans)
            for span in single.values():
                usual.remove(span)
            self.shows = ({span[0]: span for span in usual} if whole else self.shows) | single
        if self.shows != before and before:
            assert sequence > told, "another time or length raises it (RFC 5546, 2.1.4)"
        self.uid, self.stamp = str(events[0]["UID"]), stamp
        self.sequences = {None: sequence} if whole else self.sequences | dict.fromkeys(single, sequence)


def span_of(event: Any) -> Span:
    start = event.decoded("DTSTART").astimezone(UTC)
    return start, start + event.decoded("DURATION")


@dataclass
class Walk:
    """One meeting to which people do what comes to their minds."""

    world: ConferenceWorld
    dice: random.Random
    meeting: str = ""
    mails: list[list[Mail]] = field(default_factory=list)
    truths: list[tuple[str, list[Span] | None]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def begin(self) -> None:
        zone = self.dice.choice(["America/Santiago", "Asia/Ho_Chi_Minh"])
        rule = self.dice.choice(["", "FREQ=WEEKLY;COUNT=4", "FREQ=DAILY;UNTIL=20270410T120000Z"])
        wish: dict[str, Any] = {"starts": self.dice.choice(SUMMER_ENDS), "zone": zone, "rule": rule, "minutes": 60}
        wish |= {"chair": PLACES[0], "endpoints": PLACES[1:], "delegates": DELEGATES[:1]}
        self.meeting = self.world.approved(CLERK, **wish)
        self._deliver()

    def step(self) -> None:
        self.world.now += timedelta(seconds=30)
        acts: list[Callable[[], Any]] = [self._change, self._change, self._drop, self._run, self._ask, self._ask]
        acts += [self._move, self._move, self._swap, self._rewire, self._lapse]
        acts += [self._give_way] if self.dice.random() < 0.3 else []
        if len(self.truths) > STEPS / 2 and self.dice.random() < 0.1:
            acts = [lambda: self._do("cancel_meeting", CLERK, reason="Hoãn")]
        with suppress(Error):  # what may not be now
            self.dice.choice(acts)()
        self._deliver()

    def _do(self, operation: str, who: Principal, **body: Any) -> None:
        self.world.ask(operation, who, meeting=self.meeting, **body)

    def _change(self) -> None:
        other: dict[str, Any] = {
            "starts": self.dice.choice(SUMMER_ENDS),
            "minutes": self.dice.choice([45, 60, 90]),
            "note": f"Ghi chú; {self.dice.random()}, dài " + "x" * 80,
            "standby": [],
            "endpoints": self.dice.sample(PLACES[1:], self.dice.randint(0, 3)),
            "delegates": self.dice.sample(DELEGATES, self.dice.randint(0, 2)),
            "chair": "th-01",
        }
        chosen = self.dice.choice([*other])
        self._do("change_meeting", APPROVER, **{chosen: other[chosen]})

    def _ask(self) -> None:
        """The convener's own change is told when it is approved, or is off for good when it is refused."""
        self._do("change_meeting", CLERK, starts=self.dice.choice(SUMMER_ENDS), minutes=self.dice.choice([30, 60]))
        self._deliver()
        if self.dice.random() < 0.3:
            self._do("reject_change", APPROVER, reason="Trùng")
        else:
            self._do("approve_change", APPROVER)

    def _lapse(self) -> None:
        """Nobody decides on the convener's change: everything stays."""
        self._do("change_meeting", CLERK, starts=self.dice.choice(SUMMER_ENDS), minutes=self.dice.choice([30, 60]))
        self._deliver()
        self.world.now = self.world.meeting(self.meeting)["proposed"]["hold_until"]

    def _move(self) -> None:
        """One session at another time, now and then at one where another is."""
        session = self.dice.choice(self._sessions())
        start = session["start"] + timedelta(hours=self.dice.choice([-20, 3, 26, 24 * 7]))
        wall = f"{start.astimezone(ZoneInfo(self.world.meeting(self.meeting)['zone'])):%Y-%m-%dT%H:%M}"
        self._do("move_session", APPROVER, session=str(session["n"]), starts=wall)

    def _swap(self) -> None:
        """A standby takes the place of an endpoint, or the other way round."""
        places = self.dice.sample(PLACES[1:], 3)
        self._do("change_meeting", APPROVER, endpoints=places[:2], standby=places[2:])

    def _rewire(self) -> None:
        """An endpoint gets another mailbox, or none."""
        key, mailbox = self.dice.choice(PLACES), f"{self.dice.choice(PLACES)}-{self.dice.randint(1, 3)}@hop.vn"
        other = self.dice.choice([mailbox, mailbox, None])
        self.world.ask("change_endpoint", TECHNICIAN, endpoint=key, mailbox=other)

    def _give_way(self) -> None:
        """A meeting of a higher rank takes what one session holds."""
        session = self.dice.choice(self._sessions())
        wall = f"{session['start'].astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
        higher = {"rank": "government", "preempt": True, "starts": wall, "minutes": 30, "chair": PLACES[0]}
        self.world.request(APPROVER, **higher, endpoints=[], set_up=0, tear_down=0)

    def _drop(self) -> None:
        number = self.dice.choice(self._sessions())["n"]
        self._do("cancel_session", CLERK, session=str(number), reason="Bận")

    def _run(self) -> None:
        """The next session begins; one that runs takes longer, or ends."""
        ahead = [one for one in self._sessions() if one["state"] in ("planned", "live")]
        for session in ahead[:1]:
            self.world.now, number = max(self.world.now, session["from"]), str(session["n"])
            if session["state"] == "planned":
                self._do("start_session", TECHNICIAN, session=number)
            elif self.dice.random() < 0.7:
                self._do("extend_session", TECHNICIAN, session=number, minutes=self.dice.choice([5, 15, 40]))
            else:
                self._do("end_session", TECHNICIAN, session=number)

    def _sessions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.meeting(self.meeting)["sessions"]
        return found

    def settle(self) -> None:
        """The sender of mail gets to the end of what waits for it."""
        self.world.now += timedelta(seconds=90)
        for _ in range(20):
            self._deliver()

    def _deliver(self) -> None:
        """Everything due is done; the sender of mail comes at once, or later, to what is true by then."""
        before = set(self.world.messages.documents)
        self.world.fire()
        fresh = [key for key in self.world.messages.documents if key not in before]
        late, self.unread = self.unread, [*self.unread, *fresh]
        mails = []
        for key in self.unread if self.dice.random() < 0.7 else ():
            self.world.now += timedelta(seconds=1)
            one = self.world.ask("read_message", POST, message=key)
            if one["to"] and one["calendar"]:
                mails.append(Mail(one["to"], **one["calendar"], late=key in late))
            self.unread = self.unread[1:]
        self.mails.append(mails)
        self.truths.append((self.world.meeting(self.meeting)["state"], None if self.unread else self._booked()))

    def _booked(self) -> list[Span]:
        meeting = self.world.meeting(self.meeting)
        lengths = [(one.get("moved") or meeting)["minutes"] + one.get("extended", 0) for one in meeting["sessions"]]
        return sorted(
            (one["start"], one["start"] + timedelta(minutes=length))
            for one, length in zip(meeting["sessions"], lengths, strict=True)
            if one["state"] not in ("cancelled", "preempted")
        )

    def invited(self) -> set[str]:
        meeting = self.world.meeting(self.meeting)
        boxes = {self.world.endpoints.documents[key].get("mailbox") for key in meeting["things"]} - {None}
        return boxes | {one["address"] for one in meeting["delegates"]}


@pytest.mark.parametrize("seed", range(12))
def test_calendars_show_what_is_booked(seed: int) -> None:
    world = ConferenceWorld()
    for key in PLACES:
        world.ask("change_endpoint", TECHNICIAN, endpoint=key, mailbox=f"{key}@hop.vn")
    walk, guests = Walk(world, random.Random(seed)), dict[str, Guest]()
    walk.begin()
    for _ in range(STEPS):
        if walk.truths[-1][0] == "approved":
            walk.step()
    walk.settle()
    judged = iter(judge([mail.text for mails in walk.mails for mail in mails]))
    for mails, (state, booked) in zip(walk.mails, walk.truths, strict=True):
        for mail in mails:
            guests.setdefault(mail.to, Guest()).hear(mail, next(judged))
        shown = [sorted(guest.shows.values()) for guest in guests.values() if guest.shows]
        if state == "approved" and booked is not None:
            assert all(shows == booked for shows in shown)
        elif state in ("cancelled", "rejected", "expired", "preempted") and booked is not None:
            assert shown == []
    if walk.truths[-1][0] == "approved":
        assert {address for address, guest in guests.items() if guest.shows} == walk.invited()
