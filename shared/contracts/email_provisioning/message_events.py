"""What became of messages that other services asked for; never to whom or in which words."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.email_provisioning.events import OWNER


class MessagePayload(Payload):
    """Who asked for which message of which kind, how often it was tried, and where it stands."""

    source = fields.String(required=True)
    request = fields.String(required=True)
    kind = fields.String(required=True)
    attempts = fields.Integer(required=True)
    state = fields.String(required=True)


class MessageSent(Event):
    """A mail server took the message; whether it was read is not known."""

    owner, aggregate, name, payload, public = OWNER, "message", "message_sent", MessagePayload, True


class MessageFailed(Event):
    """The message was refused for good, or could not be sent within a day."""

    owner, aggregate, name, payload, public = OWNER, "message", "message_failed", MessagePayload, True


class MessageReturned(Event):
    """A server that had taken the message returned it; it did not arrive."""

    owner, aggregate, name, payload, public = OWNER, "message", "message_returned", MessagePayload, True


class MessageResent(Event):
    """An operator put a message that failed or came back into the queue again."""

    owner, aggregate, name, payload, public = OWNER, "message", "message_resent", MessagePayload, True
