"""The rooms of live sessions on a bridge: what should be there, what is, who is inside.

A room is wanted open while its session is live. That follows from what is stored of the meeting; the bridge comes after
as soon as it can, so that one which does not answer holds up no meeting.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.actors import Actor, Part, who
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.needs import connected
from services.conference_booking.domain.networks import BridgeAccess, Network
from services.conference_booking.domain.transitions import State
from shared.errors import Conflict, NotFound

OPEN, CLOSED = "open", "closed"
OPENING, CLOSING = "opening", "closing"

LOOK_AGAIN = timedelta(seconds=10)
"""How often an open room is looked into."""

PAUSES = (2, 5, 15, 30, 60)
"""Seconds until a bridge that failed is tried again; from then on the last of them."""

TRIES_IN_SILENCE = 3
"""How often a bridge may fail before an incident is opened."""

MOST_STAYS = 1000
"""How many stays of participants are kept of a room; its first ones go before the newest do."""

Stay = dict[str, Any]
"""One participant from `since` on, `until` null while inside; `sends` once picture or sound came from there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A room as the bridge should have it: `key` is for ever its own, `number` and `pin` are what people dial."""

    key: str
    number: str
    pin: str
    title: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in a room now, under the id that the bridge gave."""

    id: str
    name: str
    sends: bool


def with_dial_in(meeting: Document, decision: Decision, access: BridgeAccess) -> Decision:
    """A meeting that takes place gets a number for life, and a PIN, which nobody can guess from others.

    The PIN is another as soon as somebody who was told it is not invited any more.
    """
    after = {**meeting, **decision.changes}
    given = after.get("dial_in")
    if given and access.dials and _who_knows(meeting) - _who_knows(after):
        return replace(decision, changes={**decision.changes, "dial_in": _renewed(given, _new_pin())})
    if given or after["state"] != State.APPROVED:
        return decision
    first = {"number": str(10**8 + secrets.randbelow(9 * 10**8)), "pin": _new_pin()}
    return replace(decision, changes={**decision.changes, "dial_in": first})


def _new_pin() -> str:
    return f"{secrets.randbelow(10**8):08}"


def _renewed(given: Mapping[str, Any], pin: str) -> dict[str, Any]:
    """With another PIN, and how often that was, by which invitations know that they have to tell it."""
    return {**given, "pin": pin, "renewed": given.get("renewed", 0) + 1}


def _who_knows(meeting: Document) -> set[str]:
    """The endpoints and delegates who are told the PIN, as `words_to` has it."""
    delegates = {one["address"] for one in meeting.get("delegates", ()) if not one["endpoint"]}
    return {meeting["chair"], *meeting["endpoints"], *meeting["standby"]} | delegates


def renewed_by(room: Document, meeting: Document) -> Decision | None:
    """The meeting's PIN follows that of its room, after somebody had to leave; None when it has."""
    given = meeting.get("dial_in")
    if not given or given["pin"] == room["pin"]:
        return None
    changes: Changes = {"dial_in": _renewed(given, room["pin"])}
    return Decision("conference_changed", changes, reason=room["kicks"][-1]["reason"])


def dial_in_for(meeting: Document, network: Network, actor: Actor) -> dict[str, Any] | None:
    """Number, PIN and addresses of a meeting, for those who look after it or one of its endpoints; None for others."""
    parts = actor.parts(network, meeting["convener"]) | actor.as_host(meeting["taking_part"])
    given = meeting.get("dial_in")
    if given is None or not parts - {Part.SYSTEM}:
        return None
    return {"number": given["number"], "pin": given["pin"], "ways": ways_in(meeting, network.bridge)}


def ways_in(meeting: Document, access: BridgeAccess) -> list[dict[str, Any]]:
    """How one dials in, number and PIN filled in; `codecs` are the models that a way is for, none for all."""
    given = meeting.get("dial_in")
    if given is None:
        return []
    return [
        {"kind": dial.kind, "address": dial.address.format(**given), "codecs": list(dial.codecs)}
        for dial in access.dials
    ]


def ways_for(ways: Iterable[Mapping[str, Any]], model: str | None) -> list[Mapping[str, Any]]:
    """Those that are for a codec, or for somebody who has none: what is for its model goes before what is for all."""
    ways = list(ways)
    own = [way for way in ways if model is not None and model in way["codecs"]]
    return own or [way for way in ways if not way["codecs"]]


def words_to(guest: Mapping[str, Any], meeting: Document, model: str | None, access: BridgeAccess) -> dict[str, str]:
    """How an invited mailbox gets in, in both languages: an endpoint by what is for its codec, a delegate by what is
    for all. A delegate who sits at an endpoint need not, and where no way is known nobody is told a number.
    """
    given, ways = meeting.get("dial_in"), ways_for(ways_in(meeting, access), model)
    if given is None or not ways or (guest["delegate"] and guest["endpoint"]):
        return {"vi": "", "en": ""}
    addresses = ", ".join(way["address"] for way in ways)
    return {
        "vi": f"Kết nối: {addresses}; phòng {given['number']}, mã PIN {given['pin']}.",
        "en": f"Connect to: {addresses}; room {given['number']}, PIN {given['pin']}.",
    }


def wanted(meeting: Document) -> list[dict[str, int]]:
    """The rooms that should be open: of live sessions, each with as many places as endpoints are connected, and how
    often their PIN was renewed.

    What was live before there were rooms has none.
    """
    if not meeting.get("dial_in"):
        return []
    room = {"capacity": len(connected(meeting))}
    if "renewed" in meeting["dial_in"]:
        room["renewed"] = meeting["dial_in"]["renewed"]
    return [{"n": one["n"], **room} for one in meeting["sessions"] if one["state"] == "live"]


def is_bridged(meeting: Document) -> bool:
    """Whether the rooms have been told which of them should be open."""
    return wanted(meeting) == list(meeting.get("bridged", ()))


def room_key(meeting: Document, number: int) -> str:
    """The id of a session's room."""
    return f"{meeting['_id']}-{number}"


def ask_open(room: Document, meeting: Document, wish: Mapping[str, int], now: datetime) -> Decision:
    """The session is live: the room should be there, with this many places."""
    changes: Changes = {"wanted": OPEN, "state": OPENING, "capacity": wish["capacity"], "closed_at": None}
    changes |= {name: meeting["dial_in"][name] for name in ("number", "pin")}
    if not room["version"]:
        about = {"network": meeting["network"], "meeting": meeting["_id"], "session": wish["n"]}
        nothing: Changes = {"opened_at": None, "present": [], "stays": [], "kicks": [], "looked_at": None}
        changes |= about | nothing | {"title": meeting["title"]}
    return Decision("room_asked", changes | _soon(now))


def ask_closed(room: Document, now: datetime) -> Decision:
    """The session is not live any more."""
    return Decision("room_asked", {"wanted": CLOSED, "state": CLOSING} | _soon(now))


def _soon(now: datetime) -> Changes:
    return {"trouble": None, "tries": 0, "next_due_at": now}


def opened(room: Document, now: datetime, *, again: bool) -> Decision:
    """The bridge has the room; `again` when it had lost it."""
    changes = {"state": OPEN, "opened_at": room["opened_at"] or now, "trouble": None, "tries": 0, "next_due_at": now}
    return Decision("room_opened", changes, {"again": again})


def closed(room: Document, now: datetime) -> Decision:
    """The bridge has the room no more."""
    stays = [stay if stay["until"] else {**stay, "until": now} for stay in room["stays"]]
    changes = {"state": CLOSED, "closed_at": now, "present": [], "stays": stays, "trouble": None, "tries": 0}
    return Decision("room_closed", {**changes, "next_due_at": None})


def failed(room: Document, said: str, now: datetime) -> Decision | Changes:
    """The bridge did not do it: a fact the first time and when it says something else, otherwise one more try."""
    pause = timedelta(seconds=PAUSES[min(room["tries"], len(PAUSES) - 1)])
    again: Changes = {"tries": room["tries"] + 1, "next_due_at": now + pause}
    trouble = room["trouble"]
    if trouble is not None and trouble["said"] == said:
        return again
    since = trouble["since"] if trouble else now
    return Decision("room_in_trouble", again | {"trouble": {"since": since, "said": said}}, {"said": said})


def recovered() -> Decision:
    """The bridge answers again."""
    return Decision("room_opened", {"trouble": None, "tries": 0}, {"again": False})


def looked(room: Document, present: Sequence[Present], now: datetime) -> Changes:
    """Who is inside now, and since when; it follows from what the bridge says and is no fact of ours."""
    inside = {one.id: one for one in present}
    stays = [_stay(stay, inside, now) for stay in room["stays"]]
    known = {stay["id"] for stay in stays if stay["until"] is None}
    stays += [_come(one, now) for one in present if one.id not in known]
    rows = [{"id": one.id, "name": one.name, "sends": one.sends} for one in present]
    return {"present": rows, "stays": stays[-MOST_STAYS:], "looked_at": now, "next_due_at": now + LOOK_AGAIN}


def _come(one: Present, now: datetime) -> Stay:
    return {"id": one.id, "name": one.name, "since": now, "until": None, "sends": one.sends}


def _stay(stay: Stay, inside: Mapping[str, Present], now: datetime) -> Stay:
    if stay["until"] is not None:
        return stay
    one = inside.get(stay["id"])
    return {**stay, "until": now} if one is None else {**stay, "sends": stay["sends"] or one.sends}


def kick(room: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Somebody has to leave the room, whose PIN is another from then on.

    Raises:
        Conflict: the room is not open, or the bridge takes no commands.
        NotFound: nobody of this id was seen inside.
    """
    if not occasion.network.bridge.commanded:
        raise Conflict("bridge_not_commanded", network=occasion.network.key)
    if not room["version"] or room["state"] != OPEN:
        raise Conflict("room_not_open")
    there = next((one for one in room["present"] if one["id"] == body["participant"]), None)
    if there is None:
        raise NotFound("participant_unknown", participant=body["participant"])
    asked = {**who(occasion.actor), "participant": there["id"], "display": there["name"]}
    row = {**asked, "at": occasion.now, "reason": body["reason"], "done_at": None}
    changes = {"kicks": [*room["kicks"], row], "pin": _new_pin(), "next_due_at": occasion.now}
    return Decision("participant_kicked", changes, {"participant": there["id"]}, body["reason"])


def kicks_left(room: Document) -> list[str]:
    """Whom the bridge still has to put out."""
    return [row["participant"] for row in room["kicks"] if row["done_at"] is None]


def kicks_done(room: Document, now: datetime) -> Decision:
    """Everybody who had to leave has left."""
    rows = [row if row["done_at"] else {**row, "done_at": now} for row in room["kicks"]]
    return Decision("participant_gone", {"kicks": rows, "trouble": None, "tries": 0}, {})


def plan_of(room: Document) -> Plan:
    """The room as the bridge should have it."""
    return Plan(room["_id"], room["number"], room["pin"], room["title"], room["capacity"])
