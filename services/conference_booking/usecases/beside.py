"""Changes of what stands beside a meeting and has a version of its own, so that neither is in the other's way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.conference_booking.domain.actors import ROLES, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.transitions import check_allowed
from services.conference_booking.usecases.changes import Answer, Kind, keep, write
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.meetings import load_meeting
from shared.commands import Loaded, attempts, check_version, command_of, new_aggregate, repeated_answer
from shared.contracts.base import Request as Contract
from shared.contracts.principal import Principal
from shared.errors import Stale
from shared.requests import read_request

Request = dict[str, Any]
Decide = Callable[[Document, Document, Request, Occasion], Decision]
"""What is decided about what stands beside the meeting, the meeting, and the body."""

PATH = ("meeting", "session", "endpoint")


@dataclass(frozen=True, slots=True)
class Beside:
    """One kind of what stands beside meetings, and under which id it does: the meeting's, or one for each session."""

    kind: Kind
    of_session: bool
    answer: Answer

    def identifier(self, request: Mapping[str, Any]) -> str:
        """The id."""
        meeting: str = request["meeting"]
        return f"{meeting}-{request['session']}" if self.of_session else meeting

    def load(self, context: Context, request: Mapping[str, Any], command: str = "") -> Loaded:
        """What stands there; one that has no version yet when nothing does."""
        identifier = self.identifier(request)
        return self.kind.kept_in(context).find(identifier, command) or Loaded(new_aggregate(identifier), None)


def carry_out(
    context: Context,
    beside: Beside,
    action: str,
    contract: type[Contract],
    decide: Decide,
    request: Request,
    principal: Principal,
    further: Callable[[Document], frozenset[Part]] = lambda _: frozenset(),
) -> Request:
    """Do what one row of the transition table says; `further` parts follow from the meeting and the request.

    Raises:
        NotFound, Forbidden, Conflict: as for the meeting itself.
        Stale: somebody changed it since the version that the caller saw.
    """
    actor, command = actor_of(principal), command_of(request)
    body = read_request(contract, request, path=PATH)
    for _ in attempts(request):
        meeting = load_meeting(context, request["meeting"], actor).document
        occasion = occasion_for(context, actor, meeting["network"])
        loaded = beside.load(context, request, command["key"])
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        parts = actor.parts(occasion.network, meeting["convener"]) | further(meeting)
        _, part = check_allowed(meeting, parts, action)
        check_version(loaded.document, request)
        decision = decide(loaded.document, meeting, body, occasion)
        signature = actor.sign(ROLES[part])
        written = write(beside.kind, loaded.document, decision, occasion, signature, beside.answer, command)
        if keep(context, beside.kind, written):
            return written.answer
    raise Stale("version_stale")
