"""Rooms on bridges: told which should be open, brought there however often it takes, looked into, cleared by hand."""

from typing import Any

from services.conference_booking.domain import rooms as rules
from services.conference_booking.domain.access import sees_all
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.finding import settle
from services.conference_booking.domain.sessions import session_of
from services.conference_booking.ports import Bridge, BridgeTrouble
from services.conference_booking.usecases.alarms import open_by_bridge
from services.conference_booking.usecases.beside import Beside, carry_out
from services.conference_booking.usecases.changes import ROOM, Written, follow, keep, write
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.meetings import load_meeting
from shared.commands import new_aggregate
from shared.contracts.conference_booking.rooms import KickParticipant
from shared.contracts.principal import Principal
from shared.errors import Stale
from shared.requests import answer_history

Request = dict[str, Any]


def _receipt(room: Document) -> Request:
    return {"meeting": room["meeting"], "session": room["session"], "state": room["state"], "version": room["version"]}


BESIDE = Beside(ROOM, True, _receipt)


def tell_rooms(context: Context, meeting: Document) -> None:
    """Note with the rooms of a meeting which of them should be open, and with the meeting that they know.

    Raises:
        Stale: somebody changed the meeting or a room meanwhile; whoever looks for what is due looks again.
    """
    occasion = occasion_for(context, CLOCKWORK, meeting["network"])
    wishes = {wish["n"]: wish for wish in rules.wanted(meeting)}
    concerned = wishes.keys() | {wish["n"] for wish in meeting.get("bridged", ())}
    found = context.rooms.find_all(rules.room_key(meeting, number) for number in concerned)
    written = []
    for number in sorted(concerned):
        key = rules.room_key(meeting, number)
        room = found.get(key) or new_aggregate(key)
        wish = wishes.get(number)
        if wish is not None and _differs(room, wish, meeting):
            written.append(_by_itself(room, rules.ask_open(room, meeting, wish, occasion.now), occasion))
        elif wish is None and room.get("wanted") == rules.OPEN:
            written.append(_by_itself(room, rules.ask_closed(room, occasion.now), occasion))
    told = settle(meeting, {"bridged": list(wishes.values())}, occasion.now)

    def work() -> None:
        if not all(keep(context, ROOM, one) for one in written):
            raise Stale("version_stale")
        if not context.meetings.derive(meeting["_id"], meeting["version"], told):
            raise Stale("version_stale")

    context.together(work)


def _differs(room: Document, wish: dict[str, int], meeting: Document) -> bool:
    has = (room.get("wanted"), room.get("capacity"), room.get("pin"))
    return has != (rules.OPEN, wish["capacity"], meeting["dial_in"]["pin"])


def _by_itself(room: Document, decision: Decision, occasion: Occasion) -> Written:
    return write(ROOM, room, decision, occasion, CLOCKWORK.sign(), _receipt)


def fire_room(context: Context, key: str) -> None:
    """Bring the bridge to what is wanted of a room, see who is inside; what fails is noted and tried again.

    Raises:
        Stale: somebody changed the room meanwhile; the loop looks again.
    """
    loaded = context.rooms.find(key)
    if loaded is None:
        return
    room = loaded.document
    occasion = occasion_for(context, CLOCKWORK, room["network"])
    _tell_of_pin(context, room, occasion)
    try:
        outcome = _step(context.bridge_of[room["network"]], room, occasion)
    except BridgeTrouble as trouble:
        _tell_of_trouble(context, room, str(trouble))
        outcome = rules.failed(room, str(trouble), occasion.now)
    if isinstance(outcome, Decision):
        kept = keep(context, ROOM, _by_itself(room, outcome, occasion))
    else:
        kept = context.rooms.derive(key, room["version"], outcome)
    if not kept:
        raise Stale("version_stale")


def _tell_of_pin(context: Context, room: Document, occasion: Occasion) -> None:
    """Whoever is still invited is told the PIN that others do not know, also while the bridge is away."""
    meeting = context.meetings.find(room["meeting"]) if rules.kicks_left(room) else None
    decision = rules.renewed_by(room, meeting.document) if meeting else None
    if meeting and decision:
        follow(context, meeting.document, decision, occasion)


def _tell_of_trouble(context: Context, room: Document, said: str) -> None:
    """Those who run the network are told by an incident, once it is more than a start of the bridge anew."""
    meeting = context.meetings.find(room["meeting"])
    if meeting is not None and room["wanted"] == rules.OPEN and room["tries"] >= rules.TRIES_IN_SILENCE:
        open_by_bridge(context, room, said, meeting.document)


def _step(bridge: Bridge, room: Document, occasion: Occasion) -> Decision | Changes:
    """The next thing that the bridge has to do, or has to be asked; each is one write, and asks for the next."""
    plan, now = rules.plan_of(room), occasion.now
    if room["wanted"] == rules.CLOSED:
        bridge.close(plan)
        return rules.closed(room, now)
    if room["state"] != rules.OPEN:
        bridge.open(plan)
        return rules.opened(room, now, again=False)
    left = rules.kicks_left(room)
    if left:
        bridge.open(plan)  # with the new PIN, before anybody who knows the former one is outside
    for participant in left:
        bridge.kick(plan, participant)
    if left:
        return rules.kicks_done(room, now)
    present = bridge.look(plan)
    if present is None:
        bridge.open(plan)
        return rules.opened(room, now, again=True)
    if room["trouble"] is not None:
        return rules.opened(room, now, again=False)
    if not occasion.network.bridge.commanded:
        return {"next_due_at": None}
    return rules.looked(room, present, now)


def kick_participant(context: Context, request: Request, principal: Principal) -> Request:
    """Put somebody out of a room; the bridge does it within a second or two."""

    def decide(room: Document, _: Document, body: Request, occasion: Occasion) -> Decision:
        return rules.kick(room, body, occasion)

    return carry_out(context, BESIDE, "kick_participant", KickParticipant, decide, request, principal)


def read_room(context: Context, request: Request, principal: Principal) -> Request:
    """How the room of a session stands, and for those who have to do with the meeting, who is inside.

    Raises:
        NotFound: there is no such meeting or session.
    """
    actor = actor_of(principal)
    meeting = load_meeting(context, request["meeting"], actor).document
    session = session_of(meeting, request["session"])
    network = context.networks.get(meeting["network"])
    room = BESIDE.load(context, request).document
    inside = room if sees_all(actor, network) or actor.parts(network, meeting["convener"]) else {}
    names = ("state", "capacity", "trouble", "opened_at", "closed_at", "looked_at")
    return {
        "meeting": meeting["_id"],
        "session": session["n"],
        "commanded": network.bridge.commanded,
        **{name: room.get(name) for name in names},
        "state": room.get("state", "none"),
        "dial_in": rules.dial_in_for(meeting, network, actor),
        "present": inside.get("present", []),
        "stays": inside.get("stays", []),
        "kicks": [_kick(row) for row in inside.get("kicks", ())],
        "version": room["version"],
    }


def _kick(row: Document) -> Request:
    names = ("participant", "display", "by", "name", "at", "reason", "done_at")
    return {name: row[name] for name in names}


def read_room_history(context: Context, request: Request, principal: Principal) -> Request:
    """What was done with the room of a session, and what went wrong."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    session = session_of(meeting, request["session"])
    key = rules.room_key(meeting, session["n"])
    return answer_history(request, lambda after, limit: context.rooms.history(key, after=after, limit=limit))
