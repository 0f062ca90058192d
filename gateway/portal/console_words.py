"""What operators read of parts, queues and ages; beside the words stands the name by which commands know a thing."""

from typing import Any

from gateway.portal.language import clock, look_up, ngettext, said
from gateway.portal.language import gettext as _

_PARTS = {
    "broker": said("Trục thông điệp"),
    "database": said("Cơ sở dữ liệu"),
    "gateway": said("Cổng dịch vụ"),
    "watch": said("Giám sát"),
    "mail_agent": said("Tác tử máy chủ thư"),
    "one_stop_shop": said("Một cửa điện tử"),
    "document_routing": said("Văn bản điện tử"),
    "document_routing_webhooks": said("Báo tin cho hệ thống ngoài"),
    "reflector": said("Trạm đo đường truyền"),
    "clock": said("Bộ hẹn giờ"),
    "email_provisioning": said("Danh bạ và hộp thư"),
    "conference_booking": said("Hội nghị trực tuyến"),
    "backup": said("Sao lưu"),
    "chains": said("Kiểm tra chuỗi lịch sử"),
    "clear_away": said("Dọn tệp không dùng"),
    "migrations": said("Đổi dữ liệu sang dạng mới"),
    "reconcile": said("Đối chiếu sự kiện"),
    "retention": said("Xóa theo thời hạn lưu trữ"),
}
_KINDS = {
    "server": said("Máy chủ"),
    "service": said("Dịch vụ"),
    "process": said("Tiến trình"),
    "job": said("Việc hằng đêm"),
}
_STANDINGS = {
    "away": said("Không trả lời"),
    "unread": said("Không có tiến trình nào nhận yêu cầu"),
    "absent": said("Chưa được thiết lập"),
    "ready": said("Sẵn sàng"),
    "not_ready": said("Chưa sẵn sàng"),
    "silent": said("Không trả lời"),
    "never_ran": said("Chưa chạy lần nào"),
    "missing": said("Chưa chạy lần nào, hãy xem bộ hẹn giờ"),
}
THINGS = {
    "applications": said("Hồ sơ"),
    "drafts": said("Hồ sơ đang soạn"),
    "procedures": said("Thủ tục"),
    "documents": said("Văn bản đi"),
    "arrivals": said("Văn bản đến"),
    "packages": said("Gói tin trao đổi"),
    "subscriptions": said("Đăng ký nhận tin"),
    "notices": said("Tin báo cho người nộp"),
    "message logs": said("Nhật ký gói tin"),
    "series of numbers": said("Dãy số văn bản"),
    "agencies": said("Cơ quan"),
    "officers": said("Cán bộ"),
    "mailboxes": said("Hộp thư"),
    "messages": said("Thư báo"),
    "meetings": said("Cuộc họp"),
    "endpoints": said("Điểm cầu"),
    "bridges": said("Cầu hội nghị"),
    "incidents": said("Sự cố"),
    "courses": said("Khóa tập huấn"),
    "trainings": said("Lớp tập huấn"),
    "feeds": said("Địa chỉ lịch họp"),
    "invitations": said("Thư mời họp"),
    "lines": said("Đường truyền"),
    "readiness": said("Chuẩn bị buổi họp"),
    "rooms": said("Phòng họp trực tuyến"),
    "runs": said("Diễn biến buổi họp"),
    "scripts": said("Kịch bản điều hành"),
    "technicians": said("Kỹ thuật viên"),
    "document_routing.messages": said("Gói tin nhận từ ngoài"),
    "imports": said("Bảng nhập danh bạ"),
    "mail_followups": said("Việc trên máy chủ thư"),
    "scim_resources": said("Tài khoản từ hệ thống nhân sự"),
    "returned_mail": said("Thư bị trả về"),
}
"""What is kept in a collection; with the service before it where two keep different things under one name."""

_DECISIONS = {"replayed": said("Xử lý lại"), "discarded": said("Bỏ hẳn sự kiện")}


def part_name(code: str) -> str:
    """What people call a part; a further replica has its number, what is unknown its own name."""
    name, _dash, number = code.rpartition("-")
    if number.isdecimal() and _key(name) in _PARTS:
        return f"{_(_PARTS[_key(name)])} {number}"
    return _(_PARTS[_key(code)]) if _key(code) in _PARTS else code


def _key(name: str) -> str:
    """Processes are named with hyphens or without, as those who run them like."""
    return name.replace("-", "_")


def kind_words(kind: str) -> str:
    """What kind of part it is."""
    return look_up(_KINDS, kind)


def thing_words(service: str, kind: str) -> str:
    """What a service keeps in a collection."""
    own = f"{service}.{kind}"
    return look_up(THINGS, own if own in THINGS else kind)


def decision_words(action: str) -> str:
    """What was decided about an event."""
    return look_up(_DECISIONS, action)


def standing_words(part: dict[str, Any]) -> str:
    """How a part is, with the figures behind it."""
    about, standing = part["about"], part["standing"]
    if standing == "answers":
        return _("Trả lời tốt (%(software)s)", software=about["software"])
    if standing == "members_away":
        return _("Thiếu máy %(names)s", names=", ".join(about["away"]))
    if standing == "well":
        running = ngettext("%(num)s tiến trình đang chạy", "%(num)s tiến trình đang chạy", about["readers"])
        waiting = ngettext("%(num)s yêu cầu đang chờ", "%(num)s yêu cầu đang chờ", about["waiting"])
        return f"{running}, {waiting}"
    if "at" in about:
        return _run_words(standing, about)
    return look_up(_STANDINGS, standing)


def _run_words(standing: str, about: dict[str, Any]) -> str:
    when = clock(about["at"])
    if standing == "failed":
        return _("Lần chạy lúc %(when)s bị lỗi", when=when)
    if standing == "found_problems":
        return _("Chạy lúc %(when)s, tìm thấy %(count)s vấn đề", when=when, count=about["problems"])
    if standing == "late":
        return _("Đã quá lâu không chạy xong; lần gần nhất lúc %(when)s", when=when)
    return _("Chạy xong lúc %(when)s", when=when)


def age(seconds: float) -> str:
    """How long something has waited, in the largest unit that fits."""
    if seconds < 60:
        return ngettext("%(num)s giây", "%(num)s giây", int(seconds))
    if seconds < 3600:
        return ngettext("%(num)s phút", "%(num)s phút", int(seconds // 60))
    if seconds < 86_400:
        return ngettext("%(num)s giờ", "%(num)s giờ", int(seconds // 3600))
    return ngettext("%(num)s ngày", "%(num)s ngày", int(seconds // 86_400))
