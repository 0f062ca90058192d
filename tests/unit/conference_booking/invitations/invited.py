"""Mailboxes that are invited, and what they are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal
from tests.support.calendar_judge import complaints
from tests.support.conference_world import APPROVER, CLERK, ConferenceWorld

POST = Principal(MAILER, "email_provisioning", frozenset())
DELEGATE = {"name": "Trần Văn Bình; “đại biểu”, TP", "address": "tvbinh@thanhhoa.gov.vn", "endpoint": "th-05"}
SERIES = {"rule": "FREQ=WEEKLY;UNTIL=20270118", "left_out": ["2026-12-28T08:00"], "starts": "2026-12-07T08:00"}

Said = dict[str, Any]


def address(key: str) -> str:
    return f"{key}@hop.thanhhoa.gov.vn"


def post(world: ConferenceWorld) -> list[Said]:
    """Do what is due, and read all messages that were asked for since, as the sender of mail does."""
    before = set(world.messages.documents)
    world.fire()
    fresh = [key for key in world.messages.documents if key not in before]
    read = [world.ask("read_message", POST, message=key) for key in fresh]
    letters = [one for one in read if one["calendar"]]
    for letter in letters:
        assert complaints(letter["calendar"]["text"]) == [], letter["calendar"]["text"]
        letter["event"] = Calendar.from_ical(letter["calendar"]["text"]).walk("VEVENT")[0]
    return letters


def change(world: ConferenceWorld, meeting: str, **body: Any) -> None:
    world.ask("change_meeting", APPROVER, meeting=meeting, **body)


def reply(letter: Said, answer: str, at: datetime, /, **changes: Any) -> str:
    """What a mail program answers to an invitation."""
    calendar, event, asked = Calendar(), Event(), letter["event"]
    for name, value in (("prodid", "-//Somebody//EN"), ("version", "2.0"), ("method", changes.get("method", "REPLY"))):
        calendar.add(name, value)
    event.add("uid", changes.get("uid", str(asked["UID"])))
    event.add("sequence", changes.get("sequence", int(asked["SEQUENCE"])))
    event.add("dtstamp", at)
    event.add("organizer", str(asked["ORGANIZER"]))
    attendee = vCalAddress(f"MAILTO:{letter['to'].upper()}")
    attendee.params["PARTSTAT"] = answer
    event.add("attendee", attendee, encode=False)
    event.add("comment", "Có 30 đại biểu")
    if "session" in changes:
        event.add("recurrence-id", changes["session"])
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def bring(world: ConferenceWorld, text: str, sender: str) -> int:
    return int(world.ask("take_calendar_reply", POST, sender=sender, text=text)["kept"])


def answers(world: ConferenceWorld, meeting: str) -> Mapping[str, str]:
    shown = world.ask("read_invitations", CLERK, meeting=meeting)
    return {guest["endpoint"]: guest["answer"] for guest in shown["guests"] if not guest["delegate"]}
