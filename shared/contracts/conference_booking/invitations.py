"""Invitations to meetings: what is announced of them, and what the sender of mail reads and brings on the bus only."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.conference_booking.events import OWNER
from shared.contracts.messages import (
    CalendarReplyTaken,
    MessageRequestedPayload,
    OutgoingMessage,
    ReadMessage,
    TakeCalendarReply,
)
from shared.contracts.operations import Operation


class MessageRequested(Event):
    """A mailbox should get an invitation or cancellation; which mailbox, and what it says, is asked."""

    owner, aggregate, name, payload = OWNER, "message", "message_requested", MessageRequestedPayload


class InvitationsPayload(Payload):
    """How many mailboxes were invited, or told of a change, and how many that they are not invited any more."""

    network = fields.String(required=True)
    sequence = fields.Integer(required=True)
    invited = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)


class InvitationsSent(Event):
    """Invitations or cancellations of a meeting were handed over to be sent; the subject is the meeting's id."""

    owner, aggregate, name, payload, public = OWNER, "invitation", "invitations_sent", InvitationsPayload, True


class AnswerPayload(Payload):
    """What was answered; `endpoint` is null for a delegate, `session` where the answer is about all of the series."""

    network = fields.String(required=True)
    endpoint = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True)
    session = fields.Integer(required=True, allow_none=True)
    sequence = fields.Integer(required=True)


class InvitationAnswered(Event):
    """An endpoint or a delegate accepted, declined, or may come; the subject is the meeting's id."""

    owner, aggregate, name, payload, public = OWNER, "invitation", "invitation_answered", AnswerPayload, True


OPERATIONS = [
    Operation(
        "read_message",
        "",
        "",
        "An invitation or cancellation",
        "Thư mời họp, thư hủy họp",
        body=ReadMessage,
        view=OutgoingMessage,
        tag="messages",
    ),
    Operation(
        "take_calendar_reply",
        "",
        "",
        "An answer to an invitation",
        "Trả lời lời mời họp",
        body=TakeCalendarReply,
        view=CalendarReplyTaken,
        tag="messages",
    ),
]
