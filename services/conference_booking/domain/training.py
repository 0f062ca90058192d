"""Training of technicians: courses, trainings with who attended, certificates that end, and who lacks one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta

from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.finding import EVERYBODY, eye_key, position
from shared.errors import Conflict, Invalid, field_error
from shared.working_time import VIETNAM

PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
PASSED = "passed"
LONGEST_MONTHS = 120
"""How long a certificate can be valid; what was held before that need not be looked at."""

STATE_NAMES = {
    PLANNED: {"vi": "dự kiến", "en": "planned"},
    HELD: {"vi": "đã tổ chức", "en": "held"},
    CANCELLED: {"vi": "đã hủy", "en": "cancelled"},
}
_OF_COURSE = ("name", "months", "required", "active")
_OF_TRAINING = ("course", "day", "place", "trainer")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A technician passed a course on one day; it is valid until another, the last on which it is."""

    technician: str
    course: str
    training: str
    issued: date
    until: date

    def is_valid(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.issued <= day <= self.until


def register_course(body: Mapping[str, Any]) -> Decision:
    """A new course."""
    changes: Changes = {name: body[name] for name in _OF_COURSE if name != "active"}
    return Decision("course_registered", changes | {"network": body["network"], "active": True})


def change_course(course: Document, body: Mapping[str, Any]) -> Decision:
    """Another name or validity; certificates that were given follow it."""
    changes = {name: body[name] for name in _OF_COURSE if name in body and body[name] != course[name]}
    if not changes:
        raise Conflict("course_unchanged")
    return Decision("course_changed", changes, reason=body["reason"])


def plan(body: Mapping[str, Any], course: Document) -> Decision:
    """A training of a course on one day.

    Raises:
        Conflict: the course is not held any more.
    """
    if not course["active"]:
        raise Conflict("course_over", course=course["_id"])
    changes: Changes = {name: body[name] for name in _OF_TRAINING}
    changes |= {"network": body["network"], "day": body["day"].isoformat(), "state": PLANNED, "attendance": []}
    return Decision("training_planned", changes)


def record(
    training: Document, body: Mapping[str, Any], technicians: Mapping[str, Document], occasion: Occasion
) -> Decision:
    """Who was there, for which endpoint, and whether they passed; it can be put right later.

    Raises:
        Conflict: it is cancelled, or its day has not come.
        Invalid: naming each row that is about nobody of the network, or not about an endpoint of theirs.
    """
    _check_state(training, PLANNED, HELD)
    if date.fromisoformat(training["day"]) > occasion.now.astimezone(VIETNAM).date():
        raise Conflict("training_not_yet", day=training["day"])
    wrong = []
    for number, row in enumerate(body["attendance"]):
        known = technicians.get(row["technician"])
        if known is None:
            wrong.append(
                field_error(f"attendance.{number}.technician", "technician_not_here", technician=row["technician"])
            )
        elif row["endpoint"] not in known["endpoints"]:
            wrong.append(field_error(f"attendance.{number}.endpoint", "endpoint_of_another", endpoint=row["endpoint"]))
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    changes = {"state": HELD, "attendance": body["attendance"]}
    return Decision("training_held", changes, reason=body["reason"])


def cancel(training: Document, body: Mapping[str, Any]) -> Decision:
    """It will not be."""
    _check_state(training, PLANNED)
    return Decision("training_cancelled", {"state": CANCELLED}, reason=body["reason"])


def _check_state(training: Document, *states: str) -> None:
    if training["state"] not in states:
        raise Conflict("training_action_not_allowed", state=STATE_NAMES[training["state"]])


def settle(before: Document, changes: Changes, now: datetime) -> Changes:
    """The changes with the keys under which the training is found."""
    after = {**before, **changes}
    begins = datetime.combine(date.fromisoformat(after["day"]), time(), VIETNAM)
    keys = [eye_key(EVERYBODY, after["network"], state) for state in ("", after["state"])]
    found = {"search": keys, "position": position(begins, after["_id"]), "begins": begins}
    return changes | found | {"next_due_at": None}


def certificates(trainings: Iterable[Document], courses: Mapping[str, Document]) -> list[Certificate]:
    """The newest certificate of each technician in each course, in order of technicians and courses."""
    newest: dict[tuple[str, str], Certificate] = {}
    for training in trainings:
        course, issued = training["course"], date.fromisoformat(training["day"])
        if training["state"] != HELD or course not in courses:
            continue
        for one in given(training, courses[course]):
            key = (one.technician, course)
            if key not in newest or newest[key].issued < issued:
                newest[key] = one
    return [newest[key] for key in sorted(newest)]


def given(training: Document, course: Document) -> list[Certificate]:
    """The certificates of one training that was held, in the order in which who passed was written down."""
    issued = date.fromisoformat(training["day"])
    until = issued + relativedelta(months=course["months"])
    passed = [row["technician"] for row in training["attendance"] if row["result"] == PASSED]
    return [Certificate(technician, training["course"], training["_id"], issued, until) for technician in passed]


def lacking(
    technician: str, held: Iterable[Certificate], courses: Mapping[str, Document], network: str, day: date
) -> list[str]:
    """The required courses of a network of which a technician has no valid certificate on a day."""
    valid = {one.course for one in held if one.technician == technician and one.is_valid(day)}
    needed = {key for key, one in courses.items() if one["network"] == network and one["required"] and one["active"]}
    return sorted(needed - valid)
