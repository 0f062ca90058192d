"""What is announced of incidents."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.conference_booking.events import OWNER


class IncidentPayload(Payload):
    """An incident after the change. `endpoint` and `line` are null for a bridge, `meeting` outside of meetings;
    `severity` 1 is the worst of 3; `impact_minutes` are known once the meeting could go on."""

    network = fields.String(required=True)
    endpoint = fields.String(required=True, allow_none=True)
    line = fields.String(required=True, allow_none=True)
    meeting = fields.String(required=True, allow_none=True)
    session = fields.Integer(required=True, allow_none=True)
    severity = fields.Integer(required=True)
    symptom = fields.String(required=True)
    origin = fields.String(required=True)
    state = fields.String(required=True)
    began_at = fields.AwareDateTime(required=True)
    impact_minutes = fields.Integer(required=True, allow_none=True)


class IncidentEvent(Event):
    """A fact about an incident."""

    owner, aggregate, payload, public = OWNER, "incident", IncidentPayload, True


class IncidentOpened(IncidentEvent):
    """Something is wrong with an endpoint, a line or the bridge; a probe or a person says so."""

    name = "incident_opened"


class IncidentAcknowledged(IncidentEvent):
    """Somebody of those who run the network is at it."""

    name = "incident_acknowledged"


class IncidentReassessed(IncidentEvent):
    """It is worse than was thought, or not as bad."""

    name = "incident_reassessed"


class StandbyActivated(IncidentEvent):
    """The meeting goes on over the backup line, or from the standby endpoint."""

    name = "standby_activated"


class IncidentRestored(IncidentEvent):
    """What failed works again."""

    name = "incident_restored"


class IncidentClosed(IncidentEvent):
    """Cause and action are written down."""

    name = "incident_closed"


class FollowUpAdded(IncidentEvent):
    """Something is left to do about it."""

    name = "follow_up_added"


class FollowUpDone(IncidentEvent):
    """Something that was left is done."""

    name = "follow_up_done"
