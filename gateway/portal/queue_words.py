"""What operators read of queues: who waits there for what; the messages of a queue that nobody could read beside it."""

from collections.abc import Iterable
from typing import Any

from gateway.portal.console_words import part_name
from gateway.portal.language import gettext as _
from gateway.portal.language import look_up, said

DEAD = "dlq."

KINDS = {
    "conference_booking.bridge": said("cầu hội nghị"),
    "conference_booking.course": said("khóa tập huấn"),
    "conference_booking.endpoint": said("điểm cầu"),
    "conference_booking.feed": said("địa chỉ lịch họp"),
    "conference_booking.incident": said("sự cố"),
    "conference_booking.invitation": said("thư mời họp"),
    "conference_booking.meeting": said("cuộc họp"),
    "conference_booking.message": said("thư báo của cuộc họp"),
    "conference_booking.readiness": said("chuẩn bị buổi họp"),
    "conference_booking.room": said("phòng họp trực tuyến"),
    "conference_booking.run": said("diễn biến buổi họp"),
    "conference_booking.script": said("kịch bản điều hành"),
    "conference_booking.technician": said("kỹ thuật viên"),
    "conference_booking.training": said("lớp tập huấn"),
    "document_routing.arrival": said("văn bản đến"),
    "document_routing.document": said("văn bản đi"),
    "document_routing.message": said("gói tin nhận từ ngoài"),
    "document_routing.package": said("gói tin gửi ra ngoài"),
    "document_routing.subscription": said("đăng ký nhận tin"),
    "email_provisioning.agency": said("cơ quan"),
    "email_provisioning.mailbox": said("hộp thư"),
    "email_provisioning.message": said("thư báo đã gửi"),
    "email_provisioning.officer": said("cán bộ"),
    "one_stop_shop.application": said("hồ sơ"),
    "one_stop_shop.message": said("thư báo của hồ sơ"),
    "one_stop_shop.procedure": said("thủ tục"),
}
"""What each exchange carries events about."""

_STANDINGS = {
    "well": said("Bình thường"),
    "unread": said("Không ai đọc"),
    "unreadable": said("Có thông điệp không đọc được"),
    "absent": said("Chưa được thiết lập"),
}


def kind_of(exchange: str) -> str:
    """What events of an exchange are about."""
    return look_up(KINDS, exchange)


def queue_name(queue: str) -> str:
    """What waits in a queue, and for whom."""
    if queue.startswith("rpc-"):
        return _("%(part)s nhận yêu cầu", part=part_name(queue.removeprefix("rpc-")))
    way, _dot, rest = queue.partition(".")
    if way == "replay":
        return _("%(part)s nhận yêu cầu gửi lại sự kiện", part=part_name(rest))
    if way == "inbox":
        listener, _dot, exchange = rest.partition(".")
        return _("%(part)s nhận sự kiện về %(what)s", what=kind_of(exchange), part=part_name(listener))
    return queue


def queue_rows(queues: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each queue and its dead letters: those with a problem first, then what holds most."""
    found = {one["queue"]: one for one in queues}
    rows = [_row(one, found.get(f"{DEAD}{name}")) for name, one in found.items() if not name.startswith(DEAD)]
    return sorted(rows, key=lambda row: (row["well"], -row["dead"], -row["waiting"], row["name"]))


def _row(queue: dict[str, Any], dead: dict[str, Any] | None) -> dict[str, Any]:
    standings = [one["standing"] for one in (queue, dead) if one and one["standing"] != "well"]
    return {
        "name": queue_name(queue["queue"]),
        "code": queue["queue"],
        "waiting": queue["waiting"],
        "readers": queue["readers"],
        "dead": dead["waiting"] if dead else 0,
        "well": not standings,
        "words": ". ".join(look_up(_STANDINGS, one) for one in standings or ["well"]),
    }
