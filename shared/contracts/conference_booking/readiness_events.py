"""What is announced of rehearsals and of how ready a session is."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.conference_booking.events import OWNER


class ReadinessPayload(Payload):
    """How ready a session is after the change; the subject is the meeting's id and the session's number.

    `endpoint` is the one that the event is about. At a mark, `before` so many minutes, `connected` of `invited`
    endpoints were there, and those of `not_ready` lacked something.
    """

    network = fields.String(required=True)
    meeting = fields.String(required=True)
    session = fields.Integer(required=True)
    endpoint = fields.String(load_default=None, allow_none=True)
    verdict = fields.String(load_default=None, allow_none=True)
    before = fields.Integer(load_default=None, allow_none=True)
    invited = fields.Integer(load_default=None, allow_none=True)
    connected = fields.Integer(load_default=None, allow_none=True)
    not_ready = fields.List(fields.String(), load_default=list)


class ReadinessEvent(Event):
    """A fact about how ready a session is."""

    owner, aggregate, payload, public = OWNER, "readiness", ReadinessPayload, True


class ReadinessReported(ReadinessEvent):
    """Somebody said what is there at an endpoint, or is not any more."""

    name = "readiness_reported"


class RehearsalRecorded(ReadinessEvent):
    """An endpoint was tried."""

    name = "rehearsal_recorded"


class RehearsalConcluded(ReadinessEvent):
    """The operator said what came of the rehearsal as a whole."""

    name = "rehearsal_concluded"


class ConferenceNotReady(ReadinessEvent):
    """At a mark before a session some endpoints lacked what they should have."""

    name = "conference_not_ready"


class ConferenceReady(ReadinessEvent):
    """At a mark before a session every endpoint had what it should have."""

    name = "conference_ready"
