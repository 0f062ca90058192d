"""What states, symptoms, bands and checks of conferences mean to people, in plain words."""

from collections.abc import Mapping
from typing import Any

from gateway.portal.language import gettext as _
from gateway.portal.language import said

Words = Mapping[str, str]

MEETINGS: Words = {
    "submitted": said("Chờ duyệt, đang giữ chỗ"),
    "needs_info": said("Chờ bổ sung thông tin"),
    "approved": said("Đã duyệt"),
    "rejected": said("Không được duyệt"),
    "expired": said("Hết hạn giữ chỗ"),
    "cancelled": said("Cuộc họp đã hủy"),
    "preempted": said("Nhường cuộc họp ưu tiên hơn"),
    "ended": said("Đã họp xong"),
}
SESSIONS: Words = {
    "planned": said("Sắp họp"),
    "live": said("Đang họp"),
    "ended": said("Đã họp xong"),
    "cancelled": said("Cuộc họp đã hủy"),
    "preempted": said("Nhường cuộc họp ưu tiên hơn"),
}
ENDPOINTS: Words = {
    "ready": said("Sẵn sàng"),
    "degraded": said("Hoạt động hạn chế"),
    "down": said("Đang hỏng"),
    "maintenance": said("Đang bảo trì"),
}
CHECKS: Words = {
    "technician": said("Kỹ thuật có mặt"),
    "connected": said("Đã kết nối"),
    "picture": said("Hình"),
    "sound": said("Tiếng"),
    "content": said("Trình chiếu"),
}
MARKS: Words = {"open": said("chưa đến giờ"), "ready": said("đạt"), "late": said("muộn"), "missing": said("thiếu")}
VERDICTS: Words = {
    "passed": said("Đạt"),
    "passed_with_remarks": said("Đạt, có lưu ý"),
    "failed": said("Không đạt"),
}
BANDS: Words = {
    "green": said("Tốt"),
    "amber": said("Kém"),
    "red": said("Rất kém"),
    "silent": said("Mất tín hiệu đo"),
    "unknown": said("Chưa đủ số đo"),
}
LINES: Words = {"primary": said("Đường chính"), "backup": said("Đường dự phòng")}
SYMPTOMS: Words = {
    "no_video": said("Mất hình"),
    "no_audio": said("Mất tiếng"),
    "echo": said("Vọng tiếng"),
    "frozen": said("Đứng hình"),
    "lost_link": said("Mất kết nối"),
    "poor_line": said("Đường truyền kém"),
    "power": said("Mất điện"),
    "bridge": said("Sự cố MCU"),
}
INCIDENTS: Words = {
    "open": said("Mới báo"),
    "acknowledged": said("Đang xử lý"),
    "on_standby": said("Đang chạy dự phòng"),
    "restored": said("Đã khôi phục"),
    "closed": said("Đã đóng"),
}
SEVERITIES: Words = {"1": said("Nghiêm trọng"), "2": said("Ảnh hưởng một phần"), "3": said("Nhẹ")}
LAYOUTS: Words = {
    "lecture": said("Một màn hình chính"),
    "gallery": said("Chia đều các điểm cầu"),
    "speaker_and_content": said("Người nói và tài liệu"),
    "content": said("Toàn màn hình tài liệu"),
}
AUDIO: Words = {
    "on_screen": said("Điểm cầu trên màn hình"),
    "listed": said("Các điểm cầu được chọn"),
    "all": said("Mọi điểm cầu"),
    "none": said("Tắt hết"),
}
ANSWERS: Words = {
    "needs_action": said("Chưa trả lời"),
    "accepted": said("Sẽ dự"),
    "tentative": said("Chưa chắc"),
    "declined": said("Không dự"),
}
LETTERS: Words = {
    "asked": said("Đang tạo dự thảo"),
    "draft": said("Dự thảo"),
    "in_review": said("Trình ký"),
    "signed": said("Chờ phát hành"),
    "issued": said("Đã phát hành"),
    "recalled": said("Văn bản đã thu hồi"),
    "replaced": said("Đã được thay thế"),
}
TONES: Words = {
    **dict.fromkeys(("approved", "ready", "green", "passed", "restored", "accepted", "issued"), "done"),
    **dict.fromkeys(("submitted", "needs_info", "live", "degraded", "amber", "passed_with_remarks"), "act"),
    **dict.fromkeys(("open", "acknowledged", "on_standby", "tentative"), "act"),
    **dict.fromkeys(("down", "red", "failed", "missing"), "bad"),
    **dict.fromkeys(("rejected", "expired", "cancelled", "preempted", "closed", "declined", "silent"), "shut"),
}
"""How a state looks."""

_TABLES: Mapping[str, Words] = {
    "meeting": MEETINGS,
    "session": SESSIONS,
    "endpoint": ENDPOINTS,
    "check": CHECKS,
    "mark": MARKS,
    "verdict": VERDICTS,
    "band": BANDS,
    "line": LINES,
    "symptom": SYMPTOMS,
    "incident": INCIDENTS,
    "severity": SEVERITIES,
    "layout": LAYOUTS,
    "audio": AUDIO,
    "answer": ANSWERS,
    "letter": LETTERS,
}


def told(table: str, value: Any) -> str:
    """What a value means, in the reader's language."""
    return _(_TABLES[table][str(value)])


def tone(value: Any) -> str:
    """How a state looks."""
    return TONES.get(str(value), "")
