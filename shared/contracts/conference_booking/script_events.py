"""What is announced of the run-of-show of a meeting."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.conference_booking.events import OWNER


class ScriptPayload(Payload):
    """A run-of-show after the change; the subject is the meeting's id. `release` is the number of the newest one."""

    network = fields.String(required=True)
    state = fields.String(required=True)
    items = fields.Integer(required=True)
    release = fields.Integer(required=True, allow_none=True)
    copied_from = fields.String(load_default=None, allow_none=True)


class ScriptEvent(Event):
    """A fact about a run-of-show."""

    owner, aggregate, payload, public = OWNER, "script", ScriptPayload, True


class ScriptWritten(ScriptEvent):
    """A run-of-show has a new draft."""

    name = "script_written"


class ScriptReleased(ScriptEvent):
    """A run-of-show was released: sessions are run by it."""

    name = "script_released"


class ScriptMovedPayload(Payload):
    """Where the session of a meeting stands; `item` is null when all items are over."""

    network = fields.String(required=True)
    meeting = fields.String(required=True)
    session = fields.Integer(required=True)
    action = fields.String(required=True)
    item = fields.Integer(required=True, allow_none=True)
    release = fields.Integer(required=True)


class ScriptMoved(Event):
    """A live session is at another item of its run-of-show."""

    owner, aggregate, name, payload, public = OWNER, "run", "script_moved", ScriptMovedPayload, True
