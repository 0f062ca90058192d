"""The resources of conference booking: its table of operations."""

from flask_smorest import Blueprint

from gateway.api.mount import mount
from shared.contracts.conference_booking.operations import OPERATIONS, SERVICE

conference_booking = Blueprint(
    SERVICE, __name__, url_prefix="/api/v1", description="Hội nghị truyền hình · Video conferences"
)

mount(
    conference_booking,
    SERVICE,
    OPERATIONS,
    created={
        "register_course": "/conferences/courses",
        "plan_training": "/conferences/trainings/{key}",
        "open_incident": "/conferences/incidents/{id}",
        "request_meeting": "/conferences/meetings/{id}",
        "register_endpoint": "/conferences/endpoints/{key}",
        "register_technician": "/conferences/technicians/{key}",
    },
)
