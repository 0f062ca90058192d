"""Calendar messages in iCalendar (RFC 5545) as mail programs exchange them (RFC 5546), written and read."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, FreeBusy, vCalAddress, vRecur, vText

from services.conference_booking.domain.appointments import Appointment, Attendee, Booked
from services.conference_booking.domain.invitations import CANCEL, Reply
from services.conference_booking.domain.spans import Span
from shared.errors import Invalid

PRODUCT = "-//Truc Chung//Hoi nghi truyen hinh//VI"
NAME = "Trục Chung · Hội nghị truyền hình"
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
MOST_COMMENT = 500
_AROUND = timedelta(days=400)
"""How far around its first and last day a time zone is described: at least one change of the clocks each way."""

_FAR = timedelta(days=3 * 366)


class ICalendar:
    """Implements `ports.Calendars`."""

    def write(self, appointment: Appointment) -> str:
        """The message, with every time zone that it names."""
        calendar = _calendar()
        calendar.add("method", appointment.method)
        for event in _events(appointment):
            calendar.add_component(event)
        first = appointment.starts.date()
        last = first + (_FAR if appointment.rule else timedelta())
        calendar.add_missing_timezones(first_date=first - _AROUND, last_date=last + _AROUND)
        return _text(calendar)

    def write_calendar(self, name: str, entries: Iterable[Booked]) -> str:
        """A calendar that others subscribe to, in UTC, each session for itself."""
        calendar = _calendar()
        calendar.add("x-wr-calname", vText(" ".join(_plain(name).split())))
        for entry in entries:
            event = Event()
            event.add("uid", entry.uid)
            event.add("sequence", entry.sequence)
            event.add("dtstamp", _second(entry.stamp))
            event.add("dtstart", _second(entry.span.start))
            event.add("dtend", _second(entry.span.end))
            if entry.known_by:
                event.add("recurrence-id", _second(entry.known_by))
            _add_words(event, summary=entry.title, location=entry.place, description=entry.text)
            event.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
            calendar.add_component(event)
        return _text(calendar)

    def write_free_busy(self, uid: str, stamp: datetime, within: Span, busy: Iterable[Span]) -> str:
        """When something is booked within a time; what touches is one."""
        calendar, free_busy = _calendar(), FreeBusy()
        free_busy.add("uid", uid)
        free_busy.add("dtstamp", _second(stamp))
        free_busy.add("dtstart", _second(within.start))
        free_busy.add("dtend", _second(within.end))
        for span in _joined(busy):
            free_busy.add("freebusy", (_second(span.start), _second(span.end)), parameters={"fbtype": "BUSY"})
        calendar.add_component(free_busy)
        return _text(calendar)

    def read_replies(self, text: str) -> list[Reply]:
        """The answers in a message.

        Raises:
            Invalid: it is no answer, or not one that can be read.
        """
        try:
            calendar = Calendar.from_ical(text)
            if str(calendar.get("METHOD", "")).upper() != "REPLY":
                raise ValueError("no REPLY")
            return [_reply(event) for event in calendar.walk("VEVENT")]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
            raise Invalid("calendar_reply_malformed", reason=str(error)[:200]) from error


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _text(calendar: Calendar) -> str:
    written: bytes = calendar.to_ical()
    return written.decode()


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _add_words(event: Event, **said: str) -> None:
    for name, text in said.items():
        if _plain(text):
            event.add(name, _plain(text))


def _events(appointment: Appointment) -> Iterator[Event]:
    if not appointment.only:
        yield _event(appointment, appointment.starts)
    overridden = appointment.others if appointment.rule and appointment.method != CANCEL else ()
    for wall in appointment.only or overridden:
        event = _event(appointment, wall, one_of_many=True)
        event.add("recurrence-id", wall.replace(tzinfo=ZoneInfo(appointment.zone)))
        yield event


def _event(appointment: Appointment, starts: datetime, *, one_of_many: bool = False) -> Event:
    zone = ZoneInfo(appointment.zone)
    alone = one_of_many or not appointment.rule
    usual = starts, appointment.minutes
    begins, minutes = appointment.others.get(starts, usual) if alone else usual
    answers = appointment.answers.get(starts, {}) if alone else {}
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _second(appointment.stamp))
    event.add("dtstart", begins.replace(tzinfo=zone))
    event.add("duration", timedelta(minutes=minutes))
    _add_words(event, summary=appointment.title, location=appointment.place, description=appointment.text)
    event.add("status", "CANCELLED" if appointment.method == CANCEL else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{appointment.organizer}")
    organizer.params["CN"] = NAME
    event.add("organizer", organizer, encode=False)
    for attendee in appointment.attendees:
        event.add("attendee", _attendee(attendee, answers.get(attendee.address, attendee.answer)), encode=False)
    if not alone:
        event.add("rrule", _rule(appointment.rule, zone))
        if appointment.left_out:
            event.add("exdate", [wall.replace(tzinfo=zone) for wall in sorted(set(appointment.left_out))])
    return event


def _attendee(attendee: Attendee, answer: str) -> vCalAddress:
    written = vCalAddress(f"mailto:{attendee.address}")
    written.params["CN"] = " ".join(attendee.name.split())
    written.params["CUTYPE"] = "ROOM" if attendee.room else "INDIVIDUAL"
    written.params["ROLE"] = attendee.role
    written.params["PARTSTAT"] = answer.upper().replace("_", "-")
    written.params["RSVP"] = "TRUE"
    return written


def _rule(rule: str, zone: ZoneInfo) -> vRecur:
    """The rule with its end as a moment in UTC, which the RFC wants beside a time zone."""
    written: vRecur = vRecur.from_ical(rule.upper())
    until = written.get("UNTIL")
    if until and not isinstance(until[0], datetime):
        written["UNTIL"] = [datetime.combine(until[0], time(23, 59, 59), zone).astimezone(UTC)]
    return written


def _plain(text: str) -> str:
    """Without the control characters that iCalendar cannot say."""
    return "".join(letter for letter in text if letter == "\n" or letter >= " ").strip()


def _reply(event: Component) -> Reply:
    attendees = event["ATTENDEE"]
    if isinstance(attendees, list):
        raise ValueError("an answer has one attendee")
    answer = str(attendees.params.get("PARTSTAT", "")).upper()
    stamp = event.decoded("DTSTAMP")
    if answer not in ANSWERS or not isinstance(stamp, datetime):
        raise ValueError("neither accepted nor declined, or without its moment")
    return Reply(
        uid=str(event["UID"]),
        sequence=int(event.get("SEQUENCE", 0)),
        stamp=stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC),
        address=str(attendees).lower().removeprefix("mailto:"),
        answer=ANSWERS[answer],
        comment=_comment(event.get("COMMENT")),
        wall=_moment(event.decoded("RECURRENCE-ID")) if "RECURRENCE-ID" in event else None,
    )


def _comment(found: Any) -> str:
    said = found[0] if isinstance(found, list) else found
    return _plain(str(said or ""))[:MOST_COMMENT]


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError("sessions begin at an hour")
    return value
