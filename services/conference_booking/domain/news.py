"""What has to be heard of a meeting: by its convener what the approver decided against, what was lost, what is at risk;
by the approver what waits for a decision.

Each is a row of the meeting, written with the change itself, and told to the mailboxes as due work.
"""

from collections.abc import Mapping
from typing import Any

from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
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
        "conference_change_questioned",
    }
)

ASKS = frozenset(
    {"conference_requested", "conference_answered", "conference_change_proposed", "conference_change_answered"}
)
"""What waits for the approver."""

Row = dict[str, Any]
"""`v` is the version that the change made of the meeting; `sessions` are those it took; `alternatives` on its clock.
`asks` is there in what the approver has to hear of."""


def note(before: Document, decision: Decision, occasion: Occasion) -> Changes:
    """The changes of a decision, with the row that tells of it if somebody has to hear of it."""
    asks = decision.event in ASKS and _is_to_decide({**before, **decision.changes}, occasion)
    if decision.event not in NEWS and not asks:
        return decision.changes
    former = {one["n"]: one["state"] for one in before.get("sessions", ())}
    after = decision.changes.get("sessions", ())
    row: Row = {
        "v": before["version"] + 1,
        "what": decision.event.removeprefix("conference_"),
        "at": occasion.now,
        "reason": decision.reason,
        "sessions": [one["n"] for one in after if one["state"] != former.get(one["n"])],
        "alternatives": decision.data.get("alternatives", []),
    } | ({"asks": True} if asks else {})
    return decision.changes | {"news": [*before.get("news", ()), row][-MOST:]}


def _is_to_decide(meeting: Document, occasion: Occasion) -> bool:
    """Whether there is an approver to write to, who did not ask for the meeting."""
    return bool(occasion.network.approver_mailbox) and meeting["convener"] != occasion.network.approver


def untold(meeting: Document) -> list[Row]:
    """What nobody has been told of."""
    return [row for row in meeting.get("news", ()) if row["v"] > meeting.get("news_told", 0)]


def is_noticed(meeting: Document) -> bool:
    """Whether everything has been told."""
    return not untold(meeting)


def of_convener(meeting: Document) -> list[Row]:
    """What the convener has heard of, or will."""
    return [row for row in meeting.get("news", ()) if not row.get("asks")]


def is_news(row: Mapping[str, Any], meeting: Document) -> bool:
    """Whether something is so still: what waited is decided on, questions are answered, and risks pass."""
    if row["what"] in ("change_proposed", "change_answered", "change_questioned"):
        proposed = meeting.get("proposed") or {}
        return bool(proposed) and proposed.get("questioned", False) is (row["what"] == "change_questioned")
    if row.get("asks"):
        return bool(meeting["state"] == State.SUBMITTED)
    if row["what"] == "questioned":
        return bool(meeting["state"] == State.NEEDS_INFO)
    return row["what"] != "at_risk" or bool(meeting["at_risk"])


def addresses(meeting: Document, endpoints: Mapping[str, Document]) -> list[str]:
    """The convener's mailboxes: whom the meeting names as its contact, or else those of the convener's endpoints."""
    named = meeting["contact"].get("address")
    own = [one["mailbox"] for one in endpoints.values() if one["agency"] == meeting["convener"] and one.get("mailbox")]
    return [named] if named else sorted(set(own))
