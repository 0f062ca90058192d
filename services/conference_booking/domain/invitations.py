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
invitation; `answer` is its newest, about one session in `sessions`, which `asked` for it later if it was moved."""

NEVER = {"invited": False, "facts": "", "off": [], "longer": [], "sequence": -1, "asked": -1}
"""What a mailbox that was not written to has been told."""

CHANGED = "changed"
"""What a meeting is noted to have told when whom it invites may be others by now: all is compared anew."""

_WHEN_AND_WHERE = ("starts", "minutes", "zone", "rule", "left_out", "chair", "endpoints", "standby")
_WORDS = ("title", "note", "contact")


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mailbox is told: an invitation, that some sessions are longer or moved, or that all or some are off."""

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
    """Digests of when and where it is, and of the words about it, of which a PIN that was renewed is one; sessions that
    are off are not in them.
    """
    renewed = (meeting.get("dial_in") or {}).get("renewed", 0)
    words = [meeting[name] for name in _WORDS] + ([renewed] if renewed else [])
    return " ".join(map(digest, ([meeting[name] for name in _WHEN_AND_WHERE], words)))


def digest(said: Any) -> str:
    """By what it is seen whether something else has to be told."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def off_of(meeting: Document) -> list[int]:
    """The sessions that will not be."""
    return [one["n"] for one in meeting["sessions"] if one["state"] in ("cancelled", "preempted")]


def longer_of(meeting: Document) -> list[list[Any]]:
    """The sessions that are not as the series says, each with the minutes added while it ran; how it ended is no news.

    With when it begins and how long it was to be, if it was moved.
    """
    return [
        [one["n"], one.get("extended", 0), *(one["moved"].values() if "moved" in one else ())]
        for one in meeting["sessions"]
        if one.get("extended") or "moved" in one
    ]


def to_tell(meeting: Document) -> str:
    """What the mailboxes should have been told; while a meeting is not decided on, what they have been told."""
    told: str = meeting.get("told", "")
    if meeting["state"] in WAITING or meeting["state"] == State.ENDED:
        return told
    if meeting["state"] != State.APPROVED:
        return "off" if told else ""
    delegates = sorted(delegate["address"] for delegate in meeting.get("delegates", ()))
    longer = longer_of(meeting)
    return f"{facts_of(meeting)} {off_of(meeting)} {digest(delegates)}" + (f" {longer}" if longer else "")


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
    return {**who, **NEVER, "answer": NO_ANSWER, "answered_at": None, "comment": "", "sessions": []}


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
    if wish is None:
        assert guest is not None, "whoever is not wanted was invited once"
        if not guest["invited"]:
            return guest, []
        sequence = max(meeting["sequence"], guest["sequence"] + 1)
        gone = {"invited": False, "facts": "", "sequence": sequence}
        return {**guest, **gone}, [Letter(guest["address"], CANCEL, sequence)]
    sequence = sequence_of(meeting, guest)
    now = {"invited": True, **_said(meeting), "sequence": sequence}
    if guest is None or not guest["invited"] or _otherwise(guest, wish) or guest["facts"] != now["facts"]:
        return _asked_anew(guest, wish, now["facts"]) | now | {"asked": sequence}, [
            Letter(wish["address"], REQUEST, sequence)
        ]
    told = {row[0]: row for row in guest.get("longer", ()) if row[0] not in guest["off"]}
    fresh = [row for row in now["longer"] if row != told.get(row[0]) and row[0] not in now["off"]]
    moved = tuple(row[0] for row in fresh if row[2:] != told.get(row[0], [])[2:])
    news = (
        (CANCEL, tuple(number for number in now["off"] if number not in guest["off"])),
        (REQUEST, tuple(row[0] for row in fresh if row[0] not in moved)),
        (REQUEST, moved),
    )
    letters = [Letter(guest["address"], method, sequence, numbers) for method, numbers in news if numbers]
    again = [{"session": number, "answer": NO_ANSWER, "asked": sequence} for number in moved]
    rest = [one for one in guest["sessions"] if one["session"] not in moved]
    return ({**guest, **now, "sessions": [*rest, *again]} if letters else guest), letters


def _said(meeting: Document) -> dict[str, Any]:
    return {"facts": facts_of(meeting), "off": off_of(meeting), "longer": longer_of(meeting)}


def sequence_of(meeting: Document, guest: Guest | None) -> int:
    """The SEQUENCE under which a mailbox is, or was, told what is true now.

    It never falls, and rises whenever time or place are others, or who was not invited is again (RFC 5546, 2.1.4).
    """
    sequence: int = meeting["sequence"]
    if guest is None:
        return sequence
    now, words = _said(meeting), guest["facts"].partition(" ")[0]
    same = (words, guest["off"], guest.get("longer", [])) == (now["facts"].partition(" ")[0], now["off"], now["longer"])
    return max(sequence, int(guest["sequence"]) + (0 if same and guest["invited"] else 1))


def _otherwise(guest: Guest, wish: Guest) -> bool:
    """Whether a mailbox stands for another place than before; wherever a delegate sits."""
    return bool((guest["delegate"] or guest["endpoint"]) != (wish["delegate"] or wish["endpoint"]))


def _asked_anew(guest: Guest | None, wish: Guest, facts: str) -> Guest:
    """Whoever answered has to answer again when the time or place is another, not for other words."""
    if guest is None or not guest["invited"] or _otherwise(guest, wish):
        return dict(wish)
    if guest["facts"].partition(" ")[0] != facts.partition(" ")[0]:
        return dict(wish)
    return {**wish, **{name: guest[name] for name in ("answer", "answered_at", "comment", "sessions")}}


def are_others(guests: Iterable[Guest], wish: Mapping[str, Guest]) -> bool:
    """Whether others are wanted than those who are invited."""
    invited = {guest["address"]: guest for guest in guests if guest["invited"]}
    return invited.keys() != wish.keys() or any(_otherwise(invited[key], wish[key]) for key in wish)


def still(letter: Letter, meeting: Document, guest: Guest | None) -> Letter | None:
    """A letter as it is true when it is sent, which may be later; None when it is not any more.

    What has changed since is told here already, under the SEQUENCE that it has then.
    """
    invited = guest is not None and guest["invited"]
    if letter.method == CANCEL and not letter.sessions:
        return None if invited or guest is None else Letter(letter.address, CANCEL, guest["sequence"])
    if guest is None or not invited or meeting["state"] not in (State.APPROVED, State.ENDED):
        return None
    off = off_of(meeting)
    numbers = tuple(number for number in letter.sessions if (number in off) == (letter.method == CANCEL))
    if letter.sessions and not numbers:
        return None
    return Letter(letter.address, letter.method, sequence_of(meeting, guest), numbers)


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

    Answers are in order of their own stamps (RFC 5546, 2.1.5), for mail may overtake mail; of the same second, which
    is all that a stamp tells, in the order in which they come.
    """
    guest = next((one for one in invitation["guests"] if one["address"] == reply.address), None)
    if guest is None or not guest["invited"] or reply.sequence < _asked(guest, session):
        return None
    stamp = min(reply.stamp, now)
    if guest["answered_at"] and (reply.stamp < guest["answered_at"] or _is_known(guest, reply, session, stamp)):
        return None
    changed: Changes = {"answered_at": stamp, "comment": reply.comment}
    if session is None:
        later = [one for one in guest["sessions"] if reply.sequence < one.get("asked", -1)]
        changed |= {"answer": reply.answer, "sessions": later}
    else:
        others = [one for one in guest["sessions"] if one["session"] != session]
        asked = {"asked": _asked(guest, session)} if _asked(guest, session) > guest["asked"] else {}
        changed["sessions"] = [*others, {"session": session, "answer": reply.answer, **asked}]
    guests = [{**one, **changed} if one is guest else one for one in invitation["guests"]]
    data = {
        "endpoint": None if guest["delegate"] else guest["endpoint"],
        "answer": reply.answer,
        "session": session,
        "sequence": reply.sequence,
    }
    return Decision("invitation_answered", {"guests": guests}, data)


def _asked(guest: Guest, session: int | None) -> int:
    """In which invitation a mailbox was asked for its answer, about all or one session."""
    rows = (one.get("asked", -1) for one in guest["sessions"] if one["session"] == session)
    return max(int(guest["asked"]), *map(int, rows), -1)


def _is_known(guest: Guest, reply: Reply, session: int | None, stamp: datetime) -> bool:
    """Whether the same answer came before."""
    row = next((one for one in guest["sessions"] if one["session"] == session), None)
    known = row["answer"] if row else guest["answer"] if session is None else None
    return (stamp, reply.answer, reply.comment) == (guest["answered_at"], known, guest["comment"])
