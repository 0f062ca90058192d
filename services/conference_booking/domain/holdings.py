"""What a meeting holds, and what a change of it gives back and takes: it all follows from its sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.occupancy import Claim, Want
from services.conference_booking.domain.spans import Span

HOLDING = frozenset({"planned", "live", "ended"})
"""Sessions that hold, or held, their endpoints."""


@dataclass(frozen=True, slots=True)
class Swap:
    """What a change gives back and takes; `kept` is part of what is given back and stays, whatever the capacity."""

    given: list[Claim]
    taken: list[Claim]
    kept: list[Claim]


def claims_of(meeting: Document) -> list[Claim]:
    """Everything that a meeting holds or held; sessions that are over may have held other things than it names now."""
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
    old, new = claims_of(before), claims_of(after)
    former = {claim.session: claim for claim in old}
    given, taken, kept = [claim for claim in old if claim not in new], [], []
    for claim in new:
        held = former.get(claim.session)
        if held == claim:
            continue
        if held is None or not _same_but_end(held, claim):
            taken.append(claim)
        elif claim.want.span.end < held.want.span.end:
            kept.append(claim)
        else:
            given.remove(held)
            more = Span(held.want.span.end, claim.want.span.end)
            taken.append(Claim(claim.meeting, claim.session, Want(more, claim.want.things, claim.want.counts)))
    return Swap(given, taken, kept)


def _same_but_end(one: Claim, other: Claim) -> bool:
    return one == Claim(
        other.meeting, other.session, Want(Span(other.want.span.start, one.want.span.end), *_needs(other.want))
    )


def _needs(want: Want) -> tuple[frozenset[str], Mapping[str, int]]:
    return want.things, want.counts
