"""How any service asks for a message to somebody outside: an event that names it, and a question that reads it.

A service that wants messages sent announces an event of its own named `message_requested` with this payload, and
answers `read_message` on the bus. Nothing personal lies in a queue: who gets which words is asked when it is sent.
"""

from marshmallow import fields, validate

from shared.contracts.base import Payload, Request, View
from shared.contracts.operations import FileTicket

MAILER = "service:email_provisioning"
"""The subject as which messages are read."""


class MessageRequestedPayload(Payload):
    """What the message is about, by its id, and of which kind it is."""

    about = fields.String(required=True)
    kind = fields.String(required=True)


class ReadMessage(Request):
    """The message, by the subject of the event that asked for it."""

    message = fields.String(required=True, validate=validate.Length(min=1, max=100))


class MessageWords(View):
    """A message in one language; `closing` says at its foot why the recipient gets it."""

    subject = fields.String(required=True)
    text = fields.String(required=True)
    closing = fields.String(load_default="")


class CalendarPart(View):
    """An invitation or cancellation (RFC 5546) that goes along, so that mail programs keep it and can answer."""

    method = fields.String(required=True)
    text = fields.String(required=True)


class OutgoingMessage(View):
    """A message as it is to be sent now; `to` is null when nobody wants it any more.

    `page` is the path of the page of what it is about, under the address of the portal; empty for the first page.
    """

    to = fields.String(required=True, allow_none=True)
    vi = fields.Nested(MessageWords, required=True)
    en = fields.Nested(MessageWords, required=True)
    attachments = fields.List(fields.Nested(FileTicket), required=True)
    page = fields.String(load_default="")
    calendar = fields.Nested(CalendarPart, load_default=None, allow_none=True)


class TakeCalendarReply(Request):
    """What came back to the platform's address as an answer to a calendar part: who wrote the mail, and its text."""

    sender = fields.String(required=True, validate=validate.Length(max=320))
    text = fields.String(required=True, validate=validate.Length(max=100_000))


class CalendarReplyTaken(View):
    """How many answers were kept; those to what nobody knows, or to an older invitation, are not."""

    kept = fields.Integer(required=True)
