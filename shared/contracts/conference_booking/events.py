"""What is announced of conferences, endpoints and bridges. Each event carries the public state after the change.

Of the sessions of a meeting, which may be hundreds, an event names those that it changed: all when it was asked for.
Nobody in the platform listens yet: they are offered to agency systems.
"""

from marshmallow import fields

from shared.contracts.base import Event, Payload

OWNER = "conference_booking"


class SessionPayload(Payload):
    """One session: its number in the meeting, its time, and planned, live, ended, cancelled or preempted."""

    n = fields.Integer(required=True)
    start = fields.AwareDateTime(required=True)
    end = fields.AwareDateTime(required=True)
    state = fields.String(required=True)


class ConferencePayload(Payload):
    """A meeting after the change; `chair`, `endpoints` and `standby` by their keys, `convener` by its identifier.

    `sequence` grows with every change of time or place. `session` is the number of the session that the event is
    about, if it is about one; `by` the meeting that took what this one had; `alternatives` are beginnings on the
    meeting's wall clock at which it could be instead.

    `sessions` are those that are otherwise than before, by their numbers; of `sessions_in_all`, those not named are as
    they were, and of numbers above it there are none any more.
    """

    network = fields.String(required=True)
    title = fields.String(required=True)
    rank = fields.String(required=True)
    state = fields.String(required=True)
    convener = fields.String(required=True)
    chair = fields.String(required=True)
    endpoints = fields.List(fields.String(), required=True)
    standby = fields.List(fields.String(), required=True)
    starts = fields.String(required=True)
    minutes = fields.Integer(required=True)
    zone = fields.String(required=True)
    rule = fields.String(load_default="")
    sessions = fields.List(fields.Nested(SessionPayload), required=True)
    sessions_in_all = fields.Integer(load_default=None, allow_none=True)
    sequence = fields.Integer(required=True)
    hold_until = fields.AwareDateTime(load_default=None, allow_none=True)
    at_risk = fields.Boolean(load_default=False)
    session = fields.Integer(load_default=None, allow_none=True)
    by = fields.String(load_default=None, allow_none=True)
    alternatives = fields.List(fields.String(), load_default=list)


class ConferenceEvent(Event):
    """A fact about a meeting."""

    owner, aggregate, payload, public = OWNER, "meeting", ConferencePayload, True


class ConferenceRequested(ConferenceEvent):
    """A meeting was asked for; it holds its endpoints until it is decided on."""

    name = "conference_requested"


class ConferenceScheduled(ConferenceEvent):
    """A meeting was approved: it takes place."""

    name = "conference_scheduled"


class ConferenceRejected(ConferenceEvent):
    """A meeting was refused; what it held is free."""

    name = "conference_rejected"


class ConferenceQuestioned(ConferenceEvent):
    """The approver wants to know more before deciding."""

    name = "conference_questioned"


class ConferenceAnswered(ConferenceEvent):
    """The convener answered the approver's question."""

    name = "conference_answered"


class ConferenceChanged(ConferenceEvent):
    """Something about a meeting, or one session of it, is otherwise; its state says whether it waits for approval."""

    name = "conference_changed"


class ConferenceChangeProposed(ConferenceEvent):
    """The convener of an approved meeting wants it otherwise; it stays as it was approved until that is decided on."""

    name = "conference_change_proposed"


class ConferenceChangeQuestioned(ConferenceEvent):
    """The approver wants to know more before deciding on a change."""

    name = "conference_change_questioned"


class ConferenceChangeAnswered(ConferenceEvent):
    """The convener answered what the approver asked about a change."""

    name = "conference_change_answered"


class ConferenceChangeRejected(ConferenceEvent):
    """A change was refused; the meeting is as it was approved, and what the change held is free."""

    name = "conference_change_rejected"


class ConferenceChangeExpired(ConferenceEvent):
    """Nobody decided on a change in time, or a meeting of a higher rank took what it held."""

    name = "conference_change_expired"


class ConferenceChangeWithdrawn(ConferenceEvent):
    """The convener wants the meeting as it was approved after all."""

    name = "conference_change_withdrawn"


class ConferenceCancelled(ConferenceEvent):
    """A meeting will not take place, or one session of it, or what was left of a series."""

    name = "conference_cancelled"


class ConferenceExpired(ConferenceEvent):
    """Nobody decided on a meeting in time; what it held is free."""

    name = "conference_expired"


class ConferencePreempted(ConferenceEvent):
    """A meeting of a higher rank took what sessions of this one held."""

    name = "conference_preempted"


class ConferenceEnded(ConferenceEvent):
    """The last session of a meeting is over."""

    name = "conference_ended"


class ConferenceAtRisk(ConferenceEvent):
    """An endpoint or the bridge can no longer give what sessions of a meeting need."""

    name = "conference_at_risk"


class ConferenceSafeAgain(ConferenceEvent):
    """Nothing threatens the meeting any more."""

    name = "conference_safe_again"


class SessionStarted(ConferenceEvent):
    """A session is live."""

    name = "session_started"


class SessionExtended(ConferenceEvent):
    """A session goes on for longer than planned."""

    name = "session_extended"


class SessionEnded(ConferenceEvent):
    """A session is over; what it held longer is free."""

    name = "session_ended"


class EndpointPayload(Payload):
    """An endpoint after the change; `until` is when its state is expected to end."""

    network = fields.String(required=True)
    agency = fields.String(required=True)
    name = fields.Dict(required=True)
    level = fields.String(required=True)
    seats = fields.Integer(required=True)
    state = fields.String(required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)
    maintenance = fields.Integer(load_default=None, allow_none=True)


class EndpointEvent(Event):
    """A fact about an endpoint."""

    owner, aggregate, payload, public = OWNER, "endpoint", EndpointPayload, True


class EndpointRegistered(EndpointEvent):
    """A network has a new endpoint."""

    name = "endpoint_registered"


class EndpointChanged(EndpointEvent):
    """Other facts about an endpoint."""

    name = "endpoint_changed"


class EndpointStateReported(EndpointEvent):
    """An endpoint is ready, degraded or down."""

    name = "endpoint_state_reported"


class EndpointMaintenancePlanned(EndpointEvent):
    """An endpoint is held for work on it; `maintenance` is the number of the plan."""

    name = "endpoint_maintenance_planned"


class EndpointMaintenanceCancelled(EndpointEvent):
    """Planned work on an endpoint will not be."""

    name = "endpoint_maintenance_cancelled"


class BridgePayload(Payload):
    """A bridge after the change: ports of the smallest resolution, per cent kept in reserve."""

    network = fields.String(required=True)
    ports = fields.Integer(required=True)
    reserve = fields.Integer(required=True)
    recorders = fields.Integer(required=True)


class BridgeEvent(Event):
    """A fact about a bridge."""

    owner, aggregate, payload, public = OWNER, "bridge", BridgePayload, True


class BridgeRegistered(BridgeEvent):
    """A network has its bridge."""

    name = "bridge_registered"


class BridgeChanged(BridgeEvent):
    """A bridge can do more or less than before."""

    name = "bridge_changed"
