"""What a meeting holds, and what a change of it gives back and takes: it all follows from its sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.occupancy import Claim, Want
from services.conference_booking.domain.spans import Span

HOLDING = frozenset({"planned", "live", "ended"})
"""Sessions that hold, or held, their endpoints."""

PROPOSED = 1000
"""Added to the numbers of sessions that a change would have, for what it holds until it is decided on."""


@dataclass(frozen=True, slots=True)
class Swap:
    """What a change gives back and takes; `kept` is part of what is given back and stays, whatever the capacity."""

    given: list[Claim]
    taken: list[Claim]
    kept: list[Claim]


def claims_of(meeting: Document) -> list[Claim]:
    """Everything that a meeting holds or held, and what a change that waits for approval needs beyond that."""
    return [*_approved(meeting), *claims_beyond(meeting)]


def claims_beyond(meeting: Document) -> list[Claim]:
    """What a change that waits for approval needs and the meeting does not hold already."""
    proposed = meeting.get("proposed")
    if not proposed:
        return []
    held = [claim.want for claim in _approved(meeting)]
    sessions = proposed["sessions"] or [one for one in meeting["sessions"] if one["state"] == "planned"]
    return [
        Claim(meeting["_id"], PROPOSED + session["n"], rest)
        for session in sessions
        for rest in want_of(session, proposed).beyond(held)
    ]


def _approved(meeting: Document) -> list[Claim]:
    """Sessions that are over may have held other things than the meeting names now."""
    return [
        Claim(meeting["_id"], session["n"], want_of(session, session.get("held") or meeting))
        for session in meeting.get("sessions", ())
        if session["state"] in HOLDING
    ]


def want_of(session: Mapping[str, Any], needs: Mapping[str, Any]) -> Want:
    """What one session needs."""
    return Want(Span(session["from"], session["until"]), frozenset(needs["things"]), needs["counts"])


def swap_of(before: Document, after: Document) -> Swap:
    """What has to be given back and taken when a meeting becomes another; what stays the same is not touched."""
    old, new = _approved(before), _approved(after)
    former = {claim.session: claim for claim in old}
    given, taken = [claim for claim in old if claim not in new], []
    for claim in new:
        held = former.get(claim.session)
        if held == claim:
            continue
        if held is not None and _same_but_end(held, claim) and claim.want.span.end > held.want.span.end:
            given.remove(held)
            more = Span(held.want.span.end, claim.want.span.end)
            taken.append(Claim(claim.meeting, claim.session, Want(more, claim.want.things, claim.want.counts)))
        else:
            taken.append(claim)
    was, will = claims_beyond(before), claims_beyond(after)
    if was != will:
        given, taken = given + was, taken + will
    free = [claim.want for claim in given]
    fresh = [claim for claim in taken if any(claim.want.beyond(free))]
    return Swap(given, fresh, [claim for claim in taken if claim not in fresh])


def _same_but_end(one: Claim, other: Claim) -> bool:
    return one == Claim(
        other.meeting, other.session, Want(Span(other.want.span.start, one.want.span.end), *_needs(other.want))
    )


def _needs(want: Want) -> tuple[frozenset[str], Mapping[str, int]]:
    return want.things, want.counts
