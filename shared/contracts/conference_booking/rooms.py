"""The rooms of live sessions on the bridge of their network: how they stand, who is inside, who has to leave."""

from marshmallow import fields

from shared.contracts.base import Event, Payload, View
from shared.contracts.conference_booking.events import OWNER
from shared.contracts.conference_booking.history_views import ConferenceHistoryEntry
from shared.contracts.conference_booking.offers import OPERATE, get, post
from shared.contracts.conference_booking.requests import MEETING, WithReason
from shared.contracts.conference_booking.views import DialInView
from shared.contracts.values import Page, code, moment

PARTICIPANT = r"^[0-9]{1,20}$"
_ID = "6571828004251605"
_ROOM = "/meetings/{meeting}/sessions/{session}/room"


class RoomPayload(Payload):
    """The room of a session after the change: what is `wanted` of it, and the `state` in which it is.

    `participant` is who has to leave; `said` what the bridge said when it failed; `again` that it had lost the room.
    """

    network = fields.String(required=True)
    meeting = fields.String(required=True)
    session = fields.Integer(required=True)
    wanted = fields.String(required=True)
    state = fields.String(required=True)
    capacity = fields.Integer(required=True)
    participant = fields.String(load_default=None, allow_none=True)
    said = fields.String(load_default="")
    again = fields.Boolean(load_default=False)


class RoomEvent(Event):
    """A fact about a room."""

    owner, aggregate, payload, public = OWNER, "room", RoomPayload, True


class RoomAsked(RoomEvent):
    """A room should be open, with so many places, or be closed; the bridge is going to be told."""

    name = "room_asked"


class RoomOpened(RoomEvent):
    """The bridge has the room; also when it had lost it, or did not answer for a time."""

    name = "room_opened"


class RoomInTrouble(RoomEvent):
    """The bridge does not do what is wanted; it is asked again until it does."""

    name = "room_in_trouble"


class ParticipantKicked(RoomEvent):
    """Somebody has to leave a room."""

    name = "participant_kicked"


class ParticipantGone(RoomEvent):
    """The bridge put out everybody who had to leave."""

    name = "participant_gone"


class RoomClosed(RoomEvent):
    """The bridge has the room no more."""

    name = "room_closed"


class KickParticipant(WithReason):
    """Who has to leave, by the id under which they are seen inside."""

    participant = code(PARTICIPANT, example=_ID)


class TroubleView(View):
    """Since when the bridge does not do what is wanted, and what it says."""

    since = moment()
    said = fields.String(metadata={"example": "Janus does not answer in time"})


class PresentView(View):
    """Somebody in the room; `sends` when picture or sound comes from there."""

    id = fields.String(metadata={"example": _ID})
    name = fields.String(metadata={"example": "Điểm cầu Hạc Thành"})
    sends = fields.Boolean()


class StayView(PresentView):
    """From when to when somebody was in the room, to within the ten seconds in which it is looked into."""

    since = moment()
    until = moment(allow_none=True)


class KickView(View):
    """Who had to leave, who said so and why; `done_at` when the bridge had put them out."""

    participant = fields.String(metadata={"example": _ID})
    display = fields.String(metadata={"example": "Khách"})
    by = fields.String(metadata={"example": "technician-thanh-hoa"})
    name = fields.String(metadata={"example": "Trần Minh Linh"})
    at = moment()
    reason = fields.String(metadata={"example": "Không thuộc thành phần dự họp"})
    done_at = moment(allow_none=True)


class RoomView(View):
    """The room of a session: none until it began, then opening, open, closing, closed.

    Where the bridge is not `commanded`, people look after it by its own means, and nobody is seen inside. Who is inside
    is told to those who convene, approve or run the meeting.
    """

    meeting = fields.String(metadata={"example": MEETING})
    session = fields.Integer(metadata={"example": 1})
    commanded = fields.Boolean()
    state = fields.String(metadata={"example": "open"})
    capacity = fields.Integer(allow_none=True, metadata={"example": 4})
    trouble = fields.Nested(TroubleView, allow_none=True)
    opened_at = moment(allow_none=True)
    closed_at = moment(allow_none=True)
    looked_at = moment(allow_none=True)
    dial_in = fields.Nested(DialInView, allow_none=True)
    present = fields.List(fields.Nested(PresentView))
    stays = fields.List(fields.Nested(StayView))
    kicks = fields.List(fields.Nested(KickView))
    version = fields.Integer(metadata={"example": 2})


class RoomReceipt(View):
    """The answer to a command on a room; a repeated one gets the same."""

    meeting = fields.String(metadata={"example": MEETING})
    session = fields.Integer(metadata={"example": 1})
    state = fields.String(metadata={"example": "open"})
    version = fields.Integer(metadata={"example": 3})


ROOMS = [
    get(
        "read_room",
        _ROOM,
        "The room of a session on the bridge, and who is inside",
        "Phòng họp trên MCU của buổi họp và những ai đang ở trong",
        RoomView,
    ),
    get(
        "read_room_history",
        f"{_ROOM}/history",
        "What was done with a room, and what went wrong",
        "Lịch sử phòng họp trên MCU",
        ConferenceHistoryEntry,
        query=Page,
        paged=True,
    ),
    post(
        "kick_participant",
        f"{_ROOM}/kicks",
        "Put somebody out of a room",
        "Đưa một thành viên ra khỏi phòng họp",
        KickParticipant,
        RoomReceipt,
        OPERATE,
        if_match=True,
        example={"participant": _ID, "reason": "Không thuộc thành phần dự họp"},
    ),
]
