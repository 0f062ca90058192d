"""Who is invited to a meeting, what each mailbox has been told of it, and what it has to be told next (RFC 5546).

What was told is compared with what is true, so that of quick changes only the last one is sent, and nothing is lost
when a process ends in between.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.conference_booking.domain.decisions import Changes, Decision, Document
from services.conference_booking.domain.transitions import WAITING, State

REQUEST, CANCEL = "REQUEST", "CANCEL"
NO_ANSWER = "needs_action"

Guest = dict[str, Any]
"""A mailbox: `facts`, `off` and `longer` are what it has been told, `sequence` in which message, `asked` in which
invitation; `answer` is its newest, about one session in `sessions`."""

_WHEN_AND_WHERE = ("starts", "minutes", "zone", "rule", "left_out", "chair", "endpoints", "standby")
_WORDS = ("title", "note", "contact")


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mailbox is told: an invitation, that some sessions take longer, or that all or some are off."""

    address: str
    method: str
    sequence: int
    sessions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it was read; `wall` is the beginning of the one session of a series that it is about."""

    uid: str
    sequence: int
    stamp: datetime
    address: str
    answer: str
    comment: str = ""
    wall: datetime | None = None


def facts_of(meeting: Document) -> str:
    """Digests of when and where it is, and of the words about it; sessions that are off are not in them."""
    return " ".join(_digest([meeting[name] for name in names]) for names in (_WHEN_AND_WHERE, _WORDS))


def _digest(said: Any) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def off_of(meeting: Document) -> list[int]:
    """The sessions that will not be."""
    return [one["n"] for one in meeting["sessions"] if one["state"] in ("cancelled", "preempted")]


def longer_of(meeting: Document) -> list[list[int]]:
    """The sessions that were extended while they ran, each with its minutes added; how they ended is no news."""
    return [[one["n"], one["extended"]] for one in meeting["sessions"] if one.get("extended")]


def to_tell(meeting: Document) -> str:
    """What the mailboxes should have been told; while a meeting is not decided on, what they have been told."""
    told: str = meeting.get("told", "")
    if meeting["state"] in WAITING or meeting["state"] == State.ENDED:
        return told
    if meeting["state"] != State.APPROVED:
        return "off" if told else ""
    delegates = sorted(delegate["address"] for delegate in meeting.get("delegates", ()))
    longer = longer_of(meeting)
    return f"{facts_of(meeting)} {off_of(meeting)} {_digest(delegates)}" + (f" {longer}" if longer else "")


def is_told(meeting: Document) -> bool:
    """Whether everybody has been told what is true now."""
    told: str = meeting.get("told", "")
    return to_tell(meeting) == told


def wanted(meeting: Document, endpoints: Mapping[str, Document]) -> dict[str, Guest]:
    """Whom the meeting invites, by address: the mailboxes of its endpoints, then the delegates."""
    found: dict[str, Guest] = {}
    for key in meeting["things"]:
        address = endpoints[key].get("mailbox") if key in endpoints else None
        if address and address not in found:
            found[address] = _guest(address, endpoints[key]["name"]["vi"], key, delegate=False)
    for delegate in meeting.get("delegates", ()):
        if delegate["address"] not in found:
            found[delegate["address"]] = _guest(
                delegate["address"], delegate["name"], delegate["endpoint"], delegate=True
            )
    return found


def without_mailbox(meeting: Document, endpoints: Mapping[str, Document]) -> list[str]:
    """The endpoints that nobody can write to."""
    return [key for key in meeting["things"] if key in endpoints and not endpoints[key].get("mailbox")]


def _guest(address: str, name: str, endpoint: str | None, *, delegate: bool) -> Guest:
    who = {"address": address, "name": name, "endpoint": endpoint, "delegate": delegate}
    told = {"invited": False, "facts": "", "off": [], "longer": [], "sequence": -1, "asked": -1}
    return {**who, **told, "answer": NO_ANSWER, "answered_at": None, "comment": "", "sessions": []}


def tell(meeting: Document, guests: Iterable[Guest], wish: Mapping[str, Guest]) -> tuple[list[Guest], list[Letter]]:
    """The mailboxes as they will have been told, and the letters that tell them."""
    former = {guest["address"]: guest for guest in guests}
    approved = meeting["state"] == State.APPROVED
    after, letters = [], []
    for address in dict.fromkeys((*former, *(wish if approved else ()))):
        guest, wishes = former.get(address), wish.get(address) if approved else None
        told, fresh = _told(meeting, guest, wishes)
        after.append(told)
        letters += fresh
    return after, letters


def _told(meeting: Document, guest: Guest | None, wish: Guest | None) -> tuple[Guest, list[Letter]]:
    sequence = meeting["sequence"]
    if wish is None:
        assert guest is not None, "whoever is not wanted was invited once"
        if not guest["invited"]:
            return guest, []
        sequence = max(sequence, guest["sequence"] + 1)
        gone = {"invited": False, "facts": "", "sequence": sequence}
        return {**guest, **gone}, [Letter(guest["address"], CANCEL, sequence)]
    facts, off, longer = facts_of(meeting), off_of(meeting), longer_of(meeting)
    now = {"invited": True, "facts": facts, "off": off, "longer": longer, "sequence": sequence}
    if guest is None or not guest["invited"] or guest["facts"] != facts:
        return _asked_anew(guest, wish, facts) | now | {"asked": sequence}, [Letter(wish["address"], REQUEST, sequence)]
    news = {
        CANCEL: tuple(number for number in off if number not in guest["off"]),
        REQUEST: tuple(one[0] for one in longer if one not in guest.get("longer", ())),
    }
    letters = [Letter(guest["address"], method, sequence, numbers) for method, numbers in news.items() if numbers]
    return ({**guest, **now} if letters else guest), letters


def _asked_anew(guest: Guest | None, wish: Guest, facts: str) -> Guest:
    """Whoever answered has to answer again when the time or place is another, not for other words."""
    if guest is None or not guest["invited"] or guest["facts"].partition(" ")[0] != facts.partition(" ")[0]:
        return dict(wish)
    return {**wish, **{name: guest[name] for name in ("answer", "answered_at", "comment", "sessions")}}


def sent(meeting: Document, guests: list[Guest], letters: Iterable[Letter]) -> Decision:
    """Invitations and cancellations were handed over to be sent."""
    methods = [letter.method for letter in letters]
    data = {
        "sequence": meeting["sequence"],
        "invited": methods.count(REQUEST),
        "cancelled": methods.count(CANCEL),
    }
    return Decision("invitations_sent", {"network": meeting["network"], "guests": guests}, data)


def answered(invitation: Document, reply: Reply, session: int | None, now: datetime) -> Decision | None:
    """A mailbox answered; None when it is not invited, or the answer is to an older invitation or an older one itself.

    Answers are in order of their own stamps (RFC 5546, 2.1.5): mail may overtake mail.
    """
    guest = next((one for one in invitation["guests"] if one["address"] == reply.address), None)
    if guest is None or not guest["invited"] or reply.sequence < guest["asked"]:
        return None
    if guest["answered_at"] and reply.stamp <= guest["answered_at"]:
        return None
    stamp = min(reply.stamp, now)
    changed: Changes = {"answered_at": stamp, "comment": reply.comment}
    if session is None:
        changed |= {"answer": reply.answer, "sessions": []}
    else:
        others = [one for one in guest["sessions"] if one["session"] != session]
        changed["sessions"] = [*others, {"session": session, "answer": reply.answer}]
    guests = [{**one, **changed} if one is guest else one for one in invitation["guests"]]
    data = {
        "endpoint": None if guest["delegate"] else guest["endpoint"],
        "answer": reply.answer,
        "session": session,
        "sequence": reply.sequence,
    }
    return Decision("invitation_answered", {"guests": guests}, data)
