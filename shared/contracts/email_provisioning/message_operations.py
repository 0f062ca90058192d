"""The offers about outgoing messages, for the operators who run the mail."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.email_provisioning.mail_requests import OnGround
from shared.contracts.operations import Operation
from shared.contracts.values import Page, moment, one_of

MESSAGE_STATES = ("queued", "sent", "failed", "returned")
_ID = "0f8fad5bd9cb469fa16570867728950e"


class MessageQuery(Page):
    """Which messages are wanted; the failed ones unless another state is named.

    Those `sent` were taken by a server; those `returned` came back from one that had taken them.
    """

    state = one_of(*MESSAGE_STATES, required=False, load_default="failed")


class MessageRow(View):
    """One outgoing message; of its recipient only so much is shown that a caller can be told from another."""

    id = fields.String(metadata={"example": _ID})
    source = fields.String(metadata={"example": "one_stop_shop"})
    about = fields.String(metadata={"example": _ID})
    kind = fields.String(metadata={"example": "application_received"})
    state = one_of(*MESSAGE_STATES, required=False)
    recipient = fields.String(metadata={"example": "a***@example.vn"})
    attempts = fields.Integer(metadata={"example": 1})
    requested_at = moment()
    next_try_at = moment(allow_none=True)
    last_error = fields.String(metadata={"example": "550 5.1.1 no such mailbox"})


MESSAGE_OPERATIONS = [
    Operation(
        "find_messages",
        "GET",
        "/mail/messages",
        "Outgoing messages by state, newest first",
        "Danh sách thư hệ thống gửi đi",
        view=MessageRow,
        query=MessageQuery,
        paged=True,
        scope="mail:read",
        tag="mail",
    ),
    Operation(
        "resend_message",
        "POST",
        "/mail/messages/{message}/resend",
        "Put a message that failed or came back into the queue",
        "Gửi lại thư",
        view=MessageRow,
        body=OnGround,
        scope="mail:write",
        tag="mail",
        example={"reason": "Máy chủ thư đã hoạt động lại"},
    ),
]
