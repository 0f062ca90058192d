"""What lines were like during a session is kept with it for good, since samples go after some weeks."""

from datetime import datetime, timedelta

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.sessions import Session

LAST_REPORTS = timedelta(hours=1)
"""After a session's tear-down: probes that could not report meanwhile have done so by then."""


def sessions_measured(meeting: Document, now: datetime) -> list[Session]:
    """The sessions that are over, and of which it is not kept yet."""
    return [session for session in _unkept(meeting) if session["until"] + LAST_REPORTS <= now]


def next_keeping(meeting: Document) -> datetime | None:
    """When what the lines of a session were like has to be kept; None when there is no such session."""
    return min((session["until"] + LAST_REPORTS for session in _unkept(meeting)), default=None)


def _unkept(meeting: Document) -> list[Session]:
    kept = meeting.get("lines_kept", ())
    return [one for one in meeting["sessions"] if one["state"] == "ended" and one["n"] not in kept]
