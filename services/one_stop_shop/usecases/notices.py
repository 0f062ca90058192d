"""What an applicant should know of an event, in the words in which they read it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain.application import Application
from shared.contracts.base import ReceivedEvent
from shared.working_time import VIETNAM

TOLD_FROM = ("parties", "refused.reason", "payment.expires_at")
"""All that notices need of an application."""

Words = Callable[[Application, dict[str, Any]], tuple[str, str]]


def notice_of(event: ReceivedEvent, application: Application) -> dict[str, Any] | None:
    """The notice that follows from an event, or None when it does not concern the applicant."""
    words = _WORDS.get(event.event.name)
    if words is None:
        return None
    title, text = words(application, event.data)
    return {
        "_id": event.id,
        "application": event.subject,
        "code": event.data["code"],
        "type": event.event.type(),
        "title": title,
        "text": f"Hồ sơ {event.data['code']} {text}",
        "at": event.time,
        "parties": application["parties"],
    }


def _said(title: str, text: str) -> Words:
    return lambda application, data: (title, text)


def _received(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    due = f", hẹn trả kết quả {_moment(data['due_at'])}" if data["due_at"] else ""
    return "Hồ sơ đã được tiếp nhận", f"đã được tiếp nhận{due}."


def _refused(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    return "Hồ sơ không được tiếp nhận", f"không được tiếp nhận. Lý do: {application['refused']['reason']}"


def _supplement(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    return "Cần bổ sung hồ sơ", f"cần bổ sung giấy tờ trước {_moment(data['supply_by'])}."


def _payment(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    until = application["payment"]["expires_at"]
    by = f" trước {_moment(until)}" if until else ""
    return "Cần nộp phí, lệ phí", f"cần nộp {_dong(data['amount'])}{by}."


def _exemption_rejected(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    return "Không được miễn, giảm phí, lệ phí", f"không thuộc diện miễn, giảm, phải nộp {_dong(data['amount'])}."


def _paid(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    return "Đã nhận phí, lệ phí", f"đã nộp {_dong(data['amount'])}, biên lai số {data['receipt_number']}."


def _refunded(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    return "Hoàn phí, lệ phí", f"được hoàn {_dong(data['amount'])}."


def _unmatched(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    why = "nộp thừa" if data["cause"] == "not_owed" else "không đúng số tiền phải nộp"
    return "Khoản tiền sẽ được hoàn lại", f"có khoản {_dong(data['amount'])} {why}, sẽ được hoàn lại cho người nộp."


def _extended(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    return "Xin lỗi và hẹn lại ngày trả kết quả", f"được hẹn lại ngày trả kết quả: {_moment(data['due_at'])}."


def _withdrawal(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    answer = "chấp nhận" if data["accepted"] else "không chấp nhận"
    return "Trả lời đề nghị rút hồ sơ", f"được {answer} rút."


def _delivery(application: Application, data: dict[str, Any]) -> tuple[str, str]:
    stage = {
        "handed_to_post": "đã chuyển cho bưu chính",
        "in_transit": "đang được bưu chính vận chuyển",
        "failed": "bưu chính chưa phát được",
    }[data["state"]]
    return "Chuyển phát kết quả", f"có kết quả {stage}."


_WORDS: dict[str, Words] = {
    "application_submitted": _said("Đã nộp hồ sơ", "đã được ghi nhận và đang chờ tiếp nhận."),
    "application_received": _received,
    "application_refused": _refused,
    "supplement_requested": _supplement,
    "supplement_supplied": _said("Đã nhận bổ sung", "đã nhận đủ giấy tờ bổ sung."),
    "supplement_expired": _said("Quá hạn bổ sung", "đã quá hạn bổ sung giấy tờ và có thể bị từ chối tiếp nhận."),
    "payment_requested": _payment,
    "payment_received": _paid,
    "payment_failed": _said("Thanh toán không thành công", "chưa thanh toán được. Vui lòng thử lại."),
    "payment_unmatched": _unmatched,
    "payment_exempted": _said("Miễn phí, lệ phí", "được miễn phí, lệ phí."),
    "exemption_rejected": _exemption_rejected,
    "payment_refunded": _refunded,
    "payment_expired": _said("Quá hạn nộp phí, lệ phí", "đã quá hạn nộp phí, lệ phí."),
    "application_handed_over": _said("Hồ sơ đang được xử lý", "đã được chuyển xử lý."),
    "deadline_extended": _extended,
    "application_stopped": _said("Dừng xử lý hồ sơ", "đã dừng xử lý."),
    "application_resumed": _said("Tiếp tục xử lý hồ sơ", "được tiếp tục xử lý."),
    "withdrawal_requested": _said("Đã ghi nhận đề nghị rút hồ sơ", "đã ghi nhận đề nghị rút."),
    "withdrawal_decided": _withdrawal,
    "application_finished": _said("Đã có kết quả", "đã có kết quả giải quyết."),
    "result_recalled": _said("Thu hồi kết quả", "được thu hồi kết quả để xử lý lại."),
    "delivery_changed": _delivery,
    "application_returned": _said("Đã trả kết quả", "đã được trả kết quả. Mời bạn đánh giá mức độ hài lòng."),
    "part_progressed": _said("Thủ tục thành phần có tiến triển", "có thủ tục thành phần đã chuyển trạng thái."),
}


def _moment(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")
