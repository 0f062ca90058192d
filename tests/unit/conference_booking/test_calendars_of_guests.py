"""Whatever becomes of a meeting: a calendar that follows the mails as RFC 5546 says shows what is really booked."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal
from shared.errors import Error
from tests.support.calendar_judge import Judgement, judge
from tests.support.conference_world import APPROVER, CLERK, TECHNICIAN, ConferenceWorld

POST = Principal(MAILER, "email_provisioning", frozenset())
PLACES = ["th-01", "th-05", "th-06", "th-08"]
DELEGATES = [{"name": f"Đại biểu {one}", "address": f"{one}@thanhhoa.gov.vn", "endpoint": "th-05"} for one in "ab"]
STEPS = 14
SUMMER_ENDS = ["2027-03-24T08:00", "2027-03-31T22:30", "2027-03-20T14:00"]
"""Weekly from here on, the clocks of Santiago change in between."""

Spans = dict[datetime, datetime]


@dataclass(frozen=True)
class Mail:
    """A calendar message."""

    to: str
    method: str
    text: str


@dataclass
class Guest:
    """A mailbox whose calendar does what it is told."""

    shows: Spans = field(default_factory=dict)
    uid: str = ""
    sequence: int = -1
    stamp: datetime | None = None

    def hear(self, mail: Mail, judged: Judgement) -> None:
        assert judged.complaints == [], mail.text
        events = Calendar.from_ical(mail.text).walk("VEVENT")
        assert {str(event["UID"]) for event in events} <= {self.uid or str(events[0]["UID"])}, "one for all its life"
        (sequence,) = {int(event["SEQUENCE"]) for event in events}
        stamp = events[0].decoded("DTSTAMP")
        assert sequence >= self.sequence
        assert self.stamp is None or stamp > self.stamp or sequence > self.sequence, (
            "the newer one is told from the older"
        )
        before, whole = dict(self.shows), "RECURRENCE-ID" not in events[0]
        if mail.method == "CANCEL":
            assert before, "only who was invited is told that it is off"
            assert {str(event["STATUS"]) for event in events} == {"CANCELLED"}
            for start in [*before] if whole else [start for start, _ in judged.spans]:
                self.shows.pop(start, None)
        else:
            self.shows = ({} if whole else self.shows) | dict(judged.spans)
        if self.shows != before and self.uid:
            assert sequence > self.sequence or not before, "another time or length raises it (RFC 5546, 2.1.4)"
        self.uid, self.sequence, self.stamp = str(events[0]["UID"]), sequence, stamp


@dataclass
class Walk:
    """One meeting to which people do what comes to their minds."""

    world: ConferenceWorld
    dice: random.Random
    meeting: str = ""
    mails: list[list[Mail]] = field(default_factory=list)
    truths: list[tuple[str, Spans]] = field(default_factory=list)

    def begin(self) -> None:
        zone = self.dice.choice(["America/Santiago", "Asia/Ho_Chi_Minh"])
        rule = self.dice.choice(["", "FREQ=WEEKLY;COUNT=4", "FREQ=DAILY;UNTIL=20270410T120000Z"])
        wish: dict[str, Any] = {"starts": self.dice.choice(SUMMER_ENDS), "zone": zone, "rule": rule, "minutes": 60}
        wish |= {"chair": PLACES[0], "endpoints": PLACES[1:], "delegates": DELEGATES[:1]}
        self.meeting = self.world.approved(CLERK, **wish)
        self._deliver()

    def step(self) -> None:
        self.world.now += timedelta(seconds=30)
        acts: list[Callable[[], Any]] = [self._change, self._change, self._drop, self._run, self._run, self._ask]
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
        if self.dice.random() < 0.2:
            self._do("reject_meeting", APPROVER, reason="Trùng")
        else:
            self._do("approve_meeting", APPROVER)

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

    def _deliver(self) -> None:
        """Everything due is done, and every mail is sent at once."""
        before = set(self.world.messages.documents)
        self.world.fire()
        fresh = [key for key in self.world.messages.documents if key not in before]
        sent = [self.world.ask("read_message", POST, message=key) for key in fresh]
        self.mails.append([Mail(one["to"], **one["calendar"]) for one in sent if one["to"] and one["calendar"]])
        self.truths.append((self.world.meeting(self.meeting)["state"], self._booked()))

    def _booked(self) -> Spans:
        minutes = self.world.meeting(self.meeting)["minutes"]
        return {
            one["start"]: one["start"] + timedelta(minutes=minutes + one.get("extended", 0))
            for one in self._sessions()
            if one["state"] not in ("cancelled", "preempted")
        }

    def invited(self) -> set[str]:
        meeting = self.world.meeting(self.meeting)
        return {f"{key}@hop.vn" for key in meeting["things"]} | {one["address"] for one in meeting["delegates"]}


@pytest.mark.parametrize("seed", range(8))
def test_calendars_show_what_is_booked(seed: int) -> None:
    world = ConferenceWorld()
    for key in PLACES:
        world.ask("change_endpoint", TECHNICIAN, endpoint=key, mailbox=f"{key}@hop.vn")
    walk, guests = Walk(world, random.Random(seed)), dict[str, Guest]()
    walk.begin()
    for _ in range(STEPS):
        walk.step()
    judged = iter(judge([mail.text for mails in walk.mails for mail in mails]))
    assert sum(map(len, walk.mails)) >= 5, "all were invited"
    for mails, (state, booked) in zip(walk.mails, walk.truths, strict=True):
        for mail in mails:
            guests.setdefault(mail.to, Guest()).hear(mail, next(judged))
        shown = [guest.shows for guest in guests.values() if guest.shows]
        if state == "approved":
            assert all(shows == booked for shows in shown)
        elif state in ("cancelled", "rejected", "expired", "preempted"):
            assert shown == []
    if walk.truths[-1][0] == "approved":
        assert {address for address, guest in guests.items() if guest.shows} == walk.invited()
