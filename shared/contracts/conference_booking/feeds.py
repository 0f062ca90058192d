"""Calendars behind secret addresses, for programs that cannot sign in, and screens of rooms, where nobody does."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from shared.contracts.base import Event, Payload, Request, View
from shared.contracts.conference_booking.events import OWNER
from shared.contracts.conference_booking.offers import READ, get, post
from shared.contracts.conference_booking.requests import PerhapsWithReason
from shared.contracts.conference_booking.values import key_of, words_like
from shared.contracts.operations import Operation
from shared.contracts.values import Page, moment, number_like, one_of, string_like

DETAILS = ("full", "busy", "screen")
CALENDAR = "text/calendar"
_ID = "0f8fad5bd9cb469fa16570867728950e"
_PLACE = f"/api/v1/conferences/calendars/{_ID}.Jx2mV8c0QeW1rT5yU9oPaA"
_SECRET = "Whoever has the secret address may read this one calendar; it can be closed at any time."
_SEEN = "Whoever has the secret address may see what is on in this one room today; it can be closed at any time."


class FeedPayload(Payload):
    """What a calendar shows and to whom it belongs; never its address."""

    network = fields.String(required=True)
    endpoint = fields.String(required=True, allow_none=True)
    agency = fields.String(required=True)
    detail = fields.String(required=True)


class FeedEvent(Event):
    """A fact about a calendar behind a secret address."""

    owner, aggregate, payload, public = OWNER, "feed", FeedPayload, True


class FeedOpened(FeedEvent):
    """Somebody was given the address of a calendar."""

    name = "feed_opened"


class FeedClosed(FeedEvent):
    """The address leads nowhere any more."""

    name = "feed_closed"


class OpenFeed(Request):
    """A calendar of an endpoint, or of all meetings that the caller's agency convenes or takes part in.

    `busy` shows when something is booked and not what; more than that is shown of an agency's own endpoints only.
    `screen` is no calendar: what is on today in an endpoint's room, for the screen on its wall.
    """

    network = key_of("thanh-hoa")
    endpoint = key_of("th-05", required=False, allow_none=True, load_default=None)
    detail = one_of(*DETAILS, required=False, load_default="full")

    @validates_schema
    def _names_the_room_of_a_screen(self, data: dict[str, Any], **_: Any) -> None:
        if data["detail"] == "screen" and data["endpoint"] is None:
            raise ValidationError("required", "endpoint")


class FeedRow(View):
    """A calendar, or a screen, that is open."""

    id = fields.String(metadata={"example": _ID})
    network = fields.String(metadata={"example": "thanh-hoa"})
    endpoint = fields.String(allow_none=True, metadata={"example": "th-05"})
    agency = fields.String(metadata={"example": "H56.30.01"})
    detail = fields.String(metadata={"example": "full"})
    opened_by = fields.String(metadata={"example": "clerk-hac-thanh"})
    opened_at = moment()
    version = fields.Integer(metadata={"example": 1})


class FeedReceipt(View):
    """Where the calendar or the screen is. The addresses are shown this once: whoever has one may read it.

    `calendar` is a file to subscribe to, `caldav` an account for programs that speak CalDAV (RFC 4791), `screen` the
    page that a screen opens.
    """

    id = fields.String(metadata={"example": _ID})
    version = fields.Integer(metadata={"example": 1})
    calendar = fields.String(allow_none=True, metadata={"example": _PLACE})
    free_busy = fields.String(allow_none=True, metadata={"example": f"{_PLACE}/free-busy"})
    caldav = fields.String(allow_none=True, metadata={"example": "/caldav/0f8fad5bd9cb469fa16570867728950e.Jx2mV8c0/"})
    screen = fields.String(allow_none=True, metadata={"example": "/phong/0f8fad5bd9cb469fa16570867728950e.Jx2mV8c0"})


class CalendarText(View):
    """A calendar as programs read it (RFC 5545)."""

    text = fields.String(metadata={"example": "BEGIN:VCALENDAR"})


class ScreenItem(View):
    """An item of a run-of-show as people in the room read it."""

    number = number_like(2)
    what = string_like("Báo cáo kết quả tháng 11")
    speaker = string_like("Ông Trần Văn Bình")


class ScreenHold(View):
    """A time of today in which the room is held; no more than that when it went to another agency since."""

    held_from = moment()
    held_until = moment()
    held_by = string_like("meeting")
    title = string_like("Giao ban trực tuyến tháng 12", allow_none=True)
    convener_name = fields.Dict(
        allow_none=True, metadata={"example": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"}}
    )


class ScreenView(View):
    """What is on in a room today, in order; which item is on now and comes next; `phone`: who helps in that room."""

    endpoint = string_like("th-05")
    name = words_like()
    at = moment()
    held = fields.List(fields.Nested(ScreenHold))
    current = fields.Nested(ScreenItem, allow_none=True)
    next = fields.Nested(ScreenItem, allow_none=True)
    phone = string_like("02373000001")


FEEDS = [
    post(
        "open_feed",
        "/feeds",
        "A calendar behind a secret address, for programs that cannot sign in",
        "Tạo địa chỉ lịch bí mật cho phần mềm lịch",
        OpenFeed,
        FeedReceipt,
        READ,
        status=201,
        example={"network": "thanh-hoa", "endpoint": "th-05"},
    ),
    get(
        "list_feeds",
        "/feeds",
        "Open calendars of the caller's agency",
        "Các địa chỉ lịch đang mở của cơ quan",
        FeedRow,
        query=Page,
        paged=True,
    ),
    post(
        "close_feed",
        "/feeds/{feed}/closing",
        "Let the secret address lead nowhere",
        "Đóng địa chỉ lịch",
        PerhapsWithReason,
        FeedReceipt,
        READ,
        example={"reason": "Địa chỉ đã bị lộ"},
    ),
    Operation(
        "read_calendar",
        "GET",
        "/conferences/calendars/{calendar}",
        "What is booked, as a calendar",
        "Lịch họp theo địa chỉ bí mật",
        CalendarText,
        public=_SECRET,
        text=CALENDAR,
        tag="conferences",
    ),
    Operation(
        "read_free_busy",
        "GET",
        "/conferences/calendars/{calendar}/free-busy",
        "When something is booked in the next three months",
        "Thời gian bận trong ba tháng tới theo địa chỉ bí mật",
        CalendarText,
        public=_SECRET,
        text=CALENDAR,
        tag="conferences",
    ),
    Operation(
        "read_screen",
        "GET",
        "/conferences/screens/{screen}",
        "What is on today, for the screen on a room's wall",
        "Lịch hôm nay cho màn hình của phòng họp theo địa chỉ bí mật",
        ScreenView,
        public=_SEEN,
        secret=True,
        tag="conferences",
    ),
]
