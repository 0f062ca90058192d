"""The resources of the directory: its table of operations."""

from flask_smorest import Blueprint

from gateway.api.mount import mount
from shared.contracts.email_provisioning.operations import OPERATIONS, SERVICE

email_provisioning = Blueprint(SERVICE, __name__, url_prefix="/api/v1", description="Danh bạ · Directory")

mount(
    email_provisioning,
    SERVICE,
    OPERATIONS,
    created={
        "register_agency": "/directory/agencies/{code}",
        "appoint_officer": "/directory/officers/{id}",
        "start_import": "/directory/imports/{id}",
        "request_mailbox": "/mail/mailboxes/{id}",
    },
)
