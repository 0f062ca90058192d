"""The resources of document routing: its table of operations."""

from flask_smorest import Blueprint

from gateway.api.mount import mount
from shared.contracts.document_routing.operations import OPERATIONS, SERVICE

document_routing = Blueprint(
    SERVICE, __name__, url_prefix="/api/v1", description="Liên thông văn bản · Document routing"
)

mount(
    document_routing,
    SERVICE,
    OPERATIONS,
    created={
        "create_document": "/documents/{id}",
        "enter_arrival": "/arrivals/{id}",
        "send_message": "/exchange/messages/{id}",
        "send_status": "/exchange/messages/{id}",
        "create_subscription": "/exchange/subscriptions/{id}",
    },
)
