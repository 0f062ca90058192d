"""What is announced of courses and trainings of technicians."""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.conference_booking.events import OWNER


class CoursePayload(Payload):
    """A course after the change; certificates are valid for so many months."""

    network = fields.String(required=True)
    name = fields.Dict(required=True)
    months = fields.Integer(required=True)
    required = fields.Boolean(required=True)
    active = fields.Boolean(required=True)


class CourseEvent(Event):
    """A fact about a course."""

    owner, aggregate, payload, public = OWNER, "course", CoursePayload, True


class CourseRegistered(CourseEvent):
    """A network has a new course."""

    name = "course_registered"


class CourseChanged(CourseEvent):
    """A course has another name or validity, or is given no more."""

    name = "course_changed"


class TrainingPayload(Payload):
    """A training after the change: how many were there, and how many passed."""

    network = fields.String(required=True)
    course = fields.String(required=True)
    day = fields.String(required=True)
    state = fields.String(required=True)
    attended = fields.Integer(required=True)
    passed = fields.Integer(required=True)


class TrainingEvent(Event):
    """A fact about a training."""

    owner, aggregate, payload, public = OWNER, "training", TrainingPayload, True


class TrainingPlanned(TrainingEvent):
    """A course will be given on a day."""

    name = "training_planned"


class TrainingHeld(TrainingEvent):
    """A training took place; who attended is written down, or was put right."""

    name = "training_held"


class TrainingCancelled(TrainingEvent):
    """A training will not be."""

    name = "training_cancelled"
