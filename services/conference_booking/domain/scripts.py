"""The run-of-show of a meeting: what comes when, who speaks, what is seen and heard; and where a session stands in it.

It is written as a draft and released; the newest release is what a session is run by, while the next is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.actors import who
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.networks import minutes
from shared.errors import Conflict, FieldError, Invalid, NotFound, field_error

DRAFT, RELEASED = "draft", "released"
STATES = {DRAFT: "Dự thảo", RELEASED: "Đã chốt"}
MOST_RELEASES = 40
"""Of one meeting; all are kept, and a document of the database holds no more."""

MOST_MOVES = 500

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """An item of a run-of-show with its number and its time, on the plan of one session."""

    number: int
    item: Item
    starts: datetime
    ends: datetime


def placed(items: Iterable[Item], start: datetime) -> Iterator[Placed]:
    """The items one after the other from the beginning of a session."""
    for number, item in enumerate(items, start=1):
        end = start + minutes(item["minutes"])
        yield Placed(number, item, start, end)
        start = end


def write(script: Document, meeting: Document, body: Mapping[str, Any], connected: Sequence[str]) -> Decision:
    """A new draft; what was released before stays in force.

    Raises:
        Invalid: an endpoint that is on screen or open is not in the meeting.
        Conflict: it says what was written already.
    """
    wrong = list(_strangers(body["items"], connected))
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    if script["version"] and body["items"] == script["items"]:
        raise Conflict("script_unchanged")
    return Decision("script_written", _draft(script, meeting, body["items"]), reason=body["reason"])


def _strangers(items: Iterable[Item], connected: Sequence[str]) -> Iterator[FieldError]:
    for number, item in enumerate(items):
        named = [("on_screen", item["on_screen"])] if item["on_screen"] else []
        named += [(f"open.{place}", key) for place, key in enumerate(item["open"])]
        for path, key in named:
            if key not in connected:
                yield field_error(f"items.{number}.{path}", "endpoint_not_in_meeting", endpoint=key)


def _draft(script: Document, meeting: Document, items: Sequence[Item]) -> Changes:
    first = {} if script["version"] else {"network": meeting["network"], "releases": []}
    return {**first, "items": list(items), "state": DRAFT}


def copy(script: Document, meeting: Document, source: Document, connected: Sequence[str]) -> Decision:
    """The newest of another meeting as a draft; endpoints that are not in this one are left open.

    Raises:
        NotFound: the other has none.
    """
    items = in_force(source)["items"] if source.get("releases") else source.get("items")
    if not items:
        raise NotFound("script_unknown")
    there = set(connected)
    fitting = [
        {
            **item,
            "on_screen": item["on_screen"] if item["on_screen"] in there else None,
            "open": [key for key in item["open"] if key in there],
        }
        for item in items
    ]
    return Decision("script_written", _draft(script, meeting, fitting), {"copied_from": source["_id"]})


def release(script: Document, occasion: Occasion, reason: str) -> Decision:
    """Sessions are run by this draft from now on.

    Raises:
        Conflict: it is released already, or empty, or was released too often.
    """
    if script["state"] == RELEASED:
        raise Conflict("script_released_already")
    if not script["items"]:
        raise Conflict("script_empty")
    if len(script["releases"]) >= MOST_RELEASES:
        raise Conflict("script_released_too_often", most=MOST_RELEASES)
    one = {"n": len(script["releases"]) + 1, "at": occasion.now, "items": script["items"], **who(occasion.actor)}
    return Decision("script_released", {"state": RELEASED, "releases": [*script["releases"], one]}, reason=reason)


def release_of(script: Document, number: str) -> Mapping[str, Any]:
    """One release.

    Raises:
        NotFound: there is none of this number.
    """
    for one in script.get("releases", ()):
        if str(one["n"]) == number:
            found: Mapping[str, Any] = one
            return found
    raise NotFound("script_release_unknown", release=number)


def in_force(script: Document) -> Mapping[str, Any]:
    """The newest release.

    Raises:
        Conflict: nothing was released yet.
    """
    if not script.get("releases"):
        raise Conflict("script_not_released")
    newest: Mapping[str, Any] = script["releases"][-1]
    return newest


def move(
    run: Document,
    meeting: Document,
    script: Document,
    session: Mapping[str, Any],
    body: Mapping[str, Any],
    occasion: Occasion,
) -> Decision:
    """Where a live session stands in its run-of-show from now on; the newest release counts.

    Raises:
        Conflict: the session is not live, nothing was released, or there is nothing in that direction.
    """
    if session["state"] != "live":
        raise Conflict("session_not_live", session=session["n"])
    newest = in_force(script)
    moves = run.get("moves", [])
    if len(moves) >= MOST_MOVES:
        raise Conflict("script_moved_too_often", most=MOST_MOVES)
    number = _target(moves[-1] if moves else None, body, len(newest["items"]))
    one = {"action": body["action"], "item": number, "release": newest["n"], "at": occasion.now, **who(occasion.actor)}
    about = {"meeting": meeting["_id"], "network": meeting["network"], "session": session["n"]}
    data = {"action": body["action"], "item": number, "release": newest["n"]}
    return Decision("script_moved", {**about, "moves": [*moves, one]}, data)


def _target(last: Mapping[str, Any] | None, body: Mapping[str, Any], count: int) -> int | None:
    """The number of the item that is on next; None when all are over.

    Raises:
        Conflict: there is none there.
    """
    action = body["action"]
    if (action == "start") != (last is None):
        raise Conflict("script_begun" if last else "script_not_begun")
    at = last["item"] if last else 0
    if action == "jump":
        target: int = body["item"]
    elif action == "back":
        target = (count + 1 if at is None else min(at, count + 1)) - 1
    elif at is None:
        raise Conflict("script_over")
    else:
        target = at + 1
    if action == "next" and target > count:
        return None
    if not 1 <= target <= count:
        raise Conflict("script_item_unknown", item=target)
    return target


def late_by(moves: Sequence[Mapping[str, Any]], script: Document, start: datetime, now: datetime) -> timedelta | None:
    """How late a session runs against its plan, below zero when it is early; None before it begins.

    An item that began late stays late; one that takes longer than planned makes it later with every minute. When all
    are over it is by how much later than planned the last one ended.
    """
    if not moves:
        return None
    last = moves[-1]
    plan = list(placed(release_of(script, str(last["release"]))["items"], start))
    if last["item"] is None:
        ended: datetime = last["at"]
        return ended - plan[-1].ends
    current: Placed = plan[last["item"] - 1]
    begun: datetime = last["at"]
    return max(begun - current.starts, now - current.ends)
