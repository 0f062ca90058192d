"""What a meeting's convener has to hear of: what the approver decided against, what was lost, what is at risk.

Each is a row of the meeting, written with the change itself, and told to the convener's mailboxes as due work.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.conference_booking.domain.decisions import Changes, Decision, Document
from services.conference_booking.domain.transitions import State

MOST = 10
"""Rows that are kept; the history has them all."""

NEWS = frozenset(
    {
        "conference_preempted",
        "conference_rejected",
        "conference_expired",
        "conference_questioned",
        "conference_at_risk",
        "conference_change_rejected",
        "conference_change_expired",
    }
)

Row = dict[str, Any]
"""`v` is the version that the change made of the meeting; `sessions` are those it took; `alternatives` on its clock."""


def note(before: Document, decision: Decision, now: datetime) -> Changes:
    """The changes of a decision, with the row that tells of it if the convener has to hear of it."""
    if decision.event not in NEWS:
        return decision.changes
    former = {one["n"]: one["state"] for one in before["sessions"]}
    after = decision.changes.get("sessions", ())
    row: Row = {
        "v": before["version"] + 1,
        "what": decision.event.removeprefix("conference_"),
        "at": now,
        "reason": decision.reason,
        "sessions": [one["n"] for one in after if one["state"] != former.get(one["n"])],
        "alternatives": decision.data.get("alternatives", []),
    }
    return decision.changes | {"news": [*before.get("news", ()), row][-MOST:]}


def untold(meeting: Document) -> list[Row]:
    """What the convener has not been told of."""
    return [row for row in meeting.get("news", ()) if row["v"] > meeting.get("news_told", 0)]


def is_noticed(meeting: Document) -> bool:
    """Whether the convener has been told of everything."""
    return not untold(meeting)


def is_news(row: Mapping[str, Any], meeting: Document) -> bool:
    """Whether something is so still: questions are answered, and risks pass."""
    if row["what"] == "questioned":
        return bool(meeting["state"] == State.NEEDS_INFO)
    return row["what"] != "at_risk" or bool(meeting["at_risk"])


def addresses(meeting: Document, endpoints: Mapping[str, Document]) -> list[str]:
    """The convener's mailboxes: whom the meeting names as its contact, or else those of the convener's endpoints."""
    named = meeting["contact"].get("address")
    own = [one["mailbox"] for one in endpoints.values() if one["agency"] == meeting["convener"] and one.get("mailbox")]
    return [named] if named else sorted(set(own))
