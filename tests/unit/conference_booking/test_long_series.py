"""A series of the greatest length is lived to its end, and its document stays far from what MongoDB keeps."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import bson

from services.conference_booking.domain import meetings, sessions
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.decisions import Decision, Document
from services.conference_booking.usecases.changes import MEETING, meeting_receipt, write
from services.conference_booking.usecases.context import occasion_for
from shared.commands import first_document
from shared.contracts.base import Event
from tests.support.conference_world import APPROVER, CLERK, ConferenceWorld

MOST = 2 * 2**20
"""Bytes; MongoDB keeps 16 MB."""

LENGTH = 366


def test_every_session_of_the_longest_series_begins_goes_on_and_ends() -> None:
    world = ConferenceWorld()
    places = [f"th-{number:02d}" for number in range(2, 32)]
    wish = {"rule": f"FREQ=DAILY;COUNT={LENGTH}", "endpoints": places, "set_up": 0, "tear_down": 0, "minutes": 60}
    stored = world.meeting(world.approved(**wish))
    meeting, history = dict(stored), stored["history"]
    for decision in lived(world, meeting):
        occasion = occasion_for(world.context, CLOCKWORK, meeting["network"])
        command = {"key": f"a-key-of-forty-letters-{len(history):020d}", "digest": "0" * 64, "answer": {}}
        signature = CLOCKWORK.sign()
        written = write(MEETING, meeting, decision, occasion, signature, meeting_receipt, command)  # type: ignore[arg-type]
        history.append(written.entry)
        kept = first_document(meeting, written.changes, written.entry)
        meeting |= written.changes | {"version": kept["version"], "head": kept["head"]}
    assert (meeting["state"], len(history)) == ("ended", 2 + 3 * LENGTH + 1)
    assert len(bson.encode({**meeting, "history": history})) < MOST


def lived(world: ConferenceWorld, meeting: Document) -> Iterator[Decision]:
    occasion: Any = None
    for number in range(1, LENGTH + 1):
        world.now = meeting["sessions"][number - 1]["start"]
        occasion = occasion_for(world.context, CLOCKWORK, meeting["network"])
        yield sessions.start(meeting, str(number), {"reason": ""}, occasion)
        yield sessions.extend(meeting, str(number), {"minutes": 15, "reason": ""}, occasion)
        yield sessions.end(meeting, str(number), {"reason": ""}, occasion)
    world.now += timedelta(days=1)
    over = meetings.finish(meeting, world.now)
    assert over is not None
    yield over


def test_an_event_names_the_sessions_that_it_changed() -> None:
    world = ConferenceWorld()
    meeting = world.request(rule="FREQ=DAILY;COUNT=4")
    world.ask("approve_meeting", APPROVER, meeting=meeting)
    world.ask("cancel_session", CLERK, meeting=meeting, session="2", reason="Bận")
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    assert [told(entry) for entry in world.meeting(meeting)["history"]] == [
        ([1, 2, 3, 4], 4),
        ([], 4),
        ([2], 4),
        ([1, 3, 4], 4),
    ]


def told(entry: dict[str, Any]) -> tuple[list[int], int]:
    data = Event.registry[f"conference_booking.{entry['type']}"].load(entry["data"])
    return [one["n"] for one in data["sessions"]], data["sessions_in_all"]
