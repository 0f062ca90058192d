"""Documents that come in and that go out: what they are called on pages, and what may be done to one now."""

from dataclasses import dataclass
from typing import Any

from gateway.auth.access import may
from gateway.http.call import current_call
from gateway.portal.actions import Action
from gateway.portal.calls import look
from gateway.portal.document_actions import INCOMING, OUTGOING
from gateway.portal.language import said
from shared.errors import NotFound

READ, DRAFT = "documents:read", "documents:draft"
ANSWERED_AT = ("03", "04", "05")


@dataclass(frozen=True, slots=True)
class Side:
    """Documents that come in, or that go out: what they are called and by which operations they are reached."""

    path: str
    title: str
    list: str
    counts: str
    get: str
    name: str
    file: str
    register: str
    print: str
    actions: dict[str, Action]
    filters: tuple[str, ...]
    queues: tuple[tuple[str, str, dict[str, str]], ...]
    statuses: tuple[tuple[str, str], ...]


ARRIVALS = Side(
    "den", said("Văn bản đến"), "list_arrivals", "count_arrivals", "get_arrival", "arrival", "authorise_arrival_file",
    "list_incoming_register", "print_incoming_register", INCOMING,
    ("q", "status", "due", "assignee", "sender", "cursor"),
    (
        ("unconfirmed", said("Chờ tiếp nhận"), {"status": "01"}),
        ("to_assign", said("Chờ phân công"), {"status": "03"}),
        ("mine", said("Giao cho tôi"), {"assignee": "me", "status": "open"}),
        ("overdue", said("Quá hạn"), {"due": "overdue"}),
    ),
    (
        ("open", said("Chưa xong")), ("01", said("Đã đến")), ("03", said("Đã tiếp nhận")), ("04", said("Đã phân công")),
        ("05", said("Đang xử lý")), ("06", said("Hoàn thành")), ("02", said("Đã từ chối tiếp nhận")),
        ("15", said("Đã trả lại nơi gửi")),
    ),
)  # fmt: skip
DEPARTURES = Side(
    "di", said("Văn bản đi"), "list_documents", "count_documents", "get_document", "document",
    "authorise_document_file", "list_outgoing_register", "print_outgoing_register", OUTGOING,
    ("q", "status", "code", "receiver", "cursor"),
    (
        ("draft", said("Dự thảo"), {"status": "draft"}),
        ("in_review", said("Trình ký"), {"status": "in_review"}),
        ("signed", said("Chờ phát hành"), {"status": "signed"}),
        ("troubled", said("Bị từ chối, lỗi gửi, đang thu hồi"), {"status": "troubled"}),
    ),
    (
        ("draft", said("Dự thảo")), ("in_review", said("Trình ký")), ("signed", said("Chờ phát hành")),
        ("issued", said("Đã phát hành")), ("troubled", said("Bị từ chối, lỗi gửi, đang thu hồi")),
    ),
)  # fmt: skip
_SIDES = {side.path: side for side in (ARRIVALS, DEPARTURES)}


def side_of(name: str) -> Side:
    """The side that an address names.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in _SIDES:
        raise NotFound("route_unknown")
    return _SIDES[name]


def view_of(side: Side, paper: str) -> dict[str, Any]:
    """One document."""
    view: dict[str, Any] = look(side.get, None, **{side.name: paper})
    return view


def offered(side: Side, found: dict[str, Any]) -> list[str]:
    """What may be done now, the usual first; what an agency sent and is worked on may be replied to."""
    allowed = set(found["allowed_actions"])
    if side is ARRIVALS and found["sender"] and found["status"] in ANSWERED_AT and may_draft():
        allowed.add("reply")
    return [name for name in side.actions if name in allowed]


def may_draft() -> bool:
    """Whether the reader drafts documents."""
    principal = current_call().principal
    return principal is not None and may(principal, DRAFT)
