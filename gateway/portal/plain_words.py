"""What statuses, events, money and delivery mean to people, in plain words; nothing here comes from a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateway.portal.language import clock, money, said
from gateway.portal.language import gettext as _


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an application stands: how it looks, in a few words and in a sentence."""

    tone: Literal["", "act", "done", "shut"]
    title: str
    text: str


STANDINGS = {
    1: Standing("", said("Đã nộp, chờ tiếp nhận"), said("Cơ quan đang xem hồ sơ đã đủ giấy tờ chưa.")),
    2: Standing("", said("Đã được tiếp nhận"), said("Hồ sơ đủ giấy tờ và đang được chuyển cho bộ phận chuyên môn.")),
    3: Standing(
        "shut", said("Không được tiếp nhận"), said("Lý do ghi trong phiếu từ chối. Bạn có thể nộp lại hồ sơ mới.")
    ),
    4: Standing("", said("Đang giải quyết"), said("Cán bộ chuyên môn đang xem xét hồ sơ.")),
    5: Standing("act", said("Cần bổ sung giấy tờ"), said("Hồ sơ tạm dừng tính thời gian đến khi bạn bổ sung xong.")),
    6: Standing("act", said("Cần nộp phí, lệ phí"), said("Hồ sơ được giải quyết tiếp sau khi bạn nộp tiền.")),
    7: Standing("shut", said("Xin rút hồ sơ"), said("Hồ sơ không được giải quyết tiếp theo yêu cầu rút.")),
    8: Standing(
        "shut", said("Tạm dừng giải quyết"), said("Cơ quan tạm dừng giải quyết hồ sơ và sẽ báo khi có thay đổi.")
    ),
    9: Standing("done", said("Đã có kết quả"), said("Kết quả được trả theo cách người nộp đã chọn.")),
    10: Standing("done", said("Đã trả kết quả"), said("Hồ sơ đã giải quyết xong.")),
}

EVENTS = {
    "application_submitted.v1": said("Hồ sơ được nộp"),
    "application_received.v1": said("Cơ quan tiếp nhận hồ sơ"),
    "application_refused.v1": said("Cơ quan không tiếp nhận hồ sơ"),
    "application_corrected.v1": said("Cơ quan sửa thông tin ghi nhầm"),
    "supplement_requested.v1": said("Cơ quan yêu cầu bổ sung"),
    "supplement_supplied.v1": said("Hồ sơ được bổ sung"),
    "supplement_expired.v1": said("Hết thời hạn bổ sung"),
    "payment_requested.v1": said("Cơ quan yêu cầu nộp phí, lệ phí"),
    "payment_started.v1": said("Bắt đầu thanh toán trực tuyến"),
    "payment_received.v1": said("Đã nhận tiền"),
    "payment_failed.v1": said("Thanh toán không thành công"),
    "payment_unmatched.v1": said("Tiền đến không khớp với khoản phải nộp"),
    "payment_exempted.v1": said("Được miễn phí, lệ phí"),
    "exemption_accepted.v1": said("Đề nghị miễn, giảm được chấp nhận"),
    "exemption_rejected.v1": said("Đề nghị miễn, giảm không được chấp nhận"),
    "payment_refunded.v1": said("Tiền được hoàn lại"),
    "payment_expired.v1": said("Hết thời hạn nộp phí, lệ phí"),
    "application_handed_over.v1": said("Hồ sơ được chuyển cho bộ phận chuyên môn"),
    "step_completed.v1": said("Xong một bước giải quyết"),
    "assignment_changed.v1": said("Thay đổi cán bộ phụ trách"),
    "deadline_extended.v1": said("Cơ quan xin lỗi và hẹn lại ngày trả kết quả"),
    "deadline_missed.v1": said("Quá hạn trả kết quả"),
    "deadline_near.v1": said("Sắp đến hạn trả kết quả"),
    "reception_late.v1": said("Quá hạn tiếp nhận"),
    "application_stopped.v1": said("Cơ quan tạm dừng giải quyết"),
    "application_resumed.v1": said("Cơ quan tiếp tục giải quyết"),
    "withdrawal_requested.v1": said("Người nộp xin rút hồ sơ"),
    "withdrawal_decided.v1": said("Cơ quan trả lời việc rút hồ sơ"),
    "opinion_requested.v1": said("Cơ quan lấy ý kiến cơ quan khác"),
    "opinion_sent.v1": said("Văn bản lấy ý kiến được gửi đi"),
    "opinion_received.v1": said("Cơ quan khác đã trả lời"),
    "application_finished.v1": said("Có kết quả giải quyết"),
    "result_registered.v1": said("Kết quả được vào sổ"),
    "result_recalled.v1": said("Cơ quan thu hồi kết quả để xem lại"),
    "delivery_changed.v1": said("Bưu chính cập nhật việc giao kết quả"),
    "application_returned.v1": said("Kết quả được trả"),
    "application_rated.v1": said("Người nộp đánh giá"),
    "application_linked.v1": said("Hồ sơ được liên kết với hồ sơ khác"),
    "application_unlinked.v1": said("Bỏ liên kết với hồ sơ khác"),
    "part_progressed.v1": said("Hồ sơ thành phần có tiến triển"),
    "application_synchronised.v1": said("Đã đồng bộ với Cổng Dịch vụ công quốc gia"),
}
"""What happened, as it stands in the history."""

ROLES = {
    "citizen": said("Người nộp"),
    "reception_officer": said("Cán bộ tiếp nhận"),
    "specialist": said("Chuyên viên"),
    "clerk": said("Văn thư"),
    "head_of_unit": said("Lãnh đạo đơn vị"),
    "agency_system": said("Hệ thống của cơ quan"),
    "system": said("Hệ thống"),
}

INTERNAL = {
    "assignment_changed.v1",
    "application_synchronised.v1",
    "deadline_near.v1",
    "result_registered.v1",
    "application_linked.v1",
    "application_unlinked.v1",
    "payment_unmatched.v1",
}
"""What happens inside an agency and tells the applicant nothing."""

MONEY = {
    "none": said("Không phải nộp"),
    "due": said("Chưa nộp"),
    "requested": said("Chờ bạn nộp"),
    "started": said("Đang thanh toán"),
    "expired": said("Quá hạn nộp"),
    "paid": said("Đã nộp"),
    "exempt": said("Được miễn"),
    "refunded": said("Đã hoàn lại"),
}
DELIVERY = {
    "counter": said("Tại quầy một cửa"),
    "post": said("Qua bưu chính"),
    "online": said("Trực tuyến"),
}


def standing_of(status: int) -> Standing:
    """Where an application of this status stands, in the reader's language."""
    plain = STANDINGS[status]
    return Standing(plain.tone, _(plain.title), _(plain.text))


def delivery_words(method: str) -> str:
    """How the result comes."""
    return _(DELIVERY[method])


def money_words(payment: Mapping[str, Any]) -> str:
    """How much, and whether it came."""
    if not payment or payment["amount"] == 0:
        return _("Không mất phí")
    return f"{money(payment['amount'])} ({_(MONEY.get(payment['state'], 'Chưa nộp'))})"


def moments_of(history: Iterable[Mapping[str, Any]], *, officer: bool) -> list[dict[str, Any]]:
    """The timeline, the latest first; applicants are spared what only moves desks."""
    return [
        {
            "at": entry["at"],
            "what": _(EVENTS.get(entry["type"], "Hồ sơ có thay đổi")),
            "reason": entry["reason"],
            "more": _more(entry),
            "who": entry.get("officer") if officer else None,
            "role": _(ROLES[role]) if officer and (role := entry["actor"].get("role")) in ROLES else "",
        }
        for entry in reversed(list(history))
        if officer or entry["type"] not in INTERNAL
    ]


def _more(entry: Mapping[str, Any]) -> str:
    due = entry["data"].get("due_at")
    if entry["type"] in ("application_received.v1", "deadline_extended.v1", "supplement_supplied.v1") and due:
        return _("Hẹn trả kết quả: %(moment)s", moment=clock(due))
    return ""
