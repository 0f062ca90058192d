"""Messages to applicants: the event that asks for one, and what the sender of mail reads on the bus only."""

from shared.contracts.base import Event
from shared.contracts.messages import MessageRequestedPayload, OutgoingMessage, ReadMessage
from shared.contracts.one_stop_shop.events import OWNER
from shared.contracts.operations import Operation


class MessageRequested(Event):
    """An applicant who agreed to be written to should get a message about an application; who and what is asked."""

    owner, aggregate, name, payload = OWNER, "message", "message_requested", MessageRequestedPayload


OPERATIONS = [
    Operation(
        "read_message",
        "",
        "",
        "A message to an applicant",
        "Thư gửi người nộp hồ sơ",
        body=ReadMessage,
        view=OutgoingMessage,
        tag="messages",
    )
]
