"""What an applicant should know of an event, in the words in which they read it, Vietnamese and English."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain.application import Application
from services.one_stop_shop.domain.texts import Text
from shared.contracts.base import ReceivedEvent
from shared.working_time import VIETNAM

TOLD_FROM = (
    *("parties", "refused.reason", "payment.expires_at", "payment.relief_rejected", "payment.surplus"),
    *("supplements", "stopped.reason", "withdrawal.decision"),
    *("notify_by_email", "owner.email", "submitter.email", "procedure"),
)
"""All that notices, and whether to send them, need of an application."""

Words = Callable[[Application, dict[str, Any]], tuple[Text, Text]]


def notice_of(event: ReceivedEvent, application: Application, procedure: Text) -> dict[str, Any] | None:
    """The notice that follows from an event, or None when it does not concern the applicant.

    It names the `procedure`, for who has several applications knows none of them by its code.
    """
    words = _WORDS.get(event.event.name)
    if words is None:
        return None
    title, text = words(application, event.data)
    return {
        "_id": event.id,
        "application": event.subject,
        "code": event.data["code"],
        "type": event.event.type(),
        "title": title.vi,
        "text": f"Hồ sơ {event.data['code']} ({procedure.vi}) {text.vi}",
        "title_en": title.en,
        "text_en": f"Application {event.data['code']} ({procedure.en}) {text.en}",
        "at": event.time,
        "parties": application["parties"],
    }


def _said(title: Text, text: Text) -> Words:
    return lambda application, data: (title, text)


def _received(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    at, due = data["due_at"], Text("", "")
    if at:
        due = Text(f", hẹn trả kết quả {_moment(at)}", f"; the result is promised for {_at(at)}")
    return (
        Text("Hồ sơ đã được tiếp nhận", "Application received"),
        Text(f"đã được tiếp nhận{due.vi}.", f"was received{due.en}."),
    )


def _refused(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    why = _because(application["refused"]["reason"])
    return (
        Text("Hồ sơ không được tiếp nhận", "Application not received"),
        Text(f"không được tiếp nhận.{why.vi}", f"was not received.{why.en}"),
    )


def _supplement(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    """What is to be added, each with what is wanted of it, by when and why."""
    asked = application["supplements"][data["times"] - 1]
    rows = [row for row in (*asked["items"], *asked.get("answers", ())) if row.get("name")]
    what = Text(*("; ".join(f"{row['name'][tongue]}: {row['requirement']}" for row in rows) for tongue in ("vi", "en")))
    why = _because(asked["reason"])
    return (
        Text("Cần bổ sung hồ sơ", "More is needed"),
        Text(
            f"cần bổ sung, sửa đổi trước {_moment(data['supply_by'])}: {what.vi}.{why.vi}",
            f"needs the following by {_at(data['supply_by'])}: {what.en}.{why.en}",
        ),
    )


def _payment(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    until, amount = application["payment"]["expires_at"], _dong(data["amount"])
    by = Text(f" trước {_moment(until)}", f" by {_at(until)}") if until else Text("", "")
    return (
        Text("Cần nộp phí, lệ phí", "Fee to be paid"),
        Text(f"cần nộp {amount.vi}{by.vi}.", f"needs a payment of {amount.en}{by.en}."),
    )


def _paid(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    amount = _dong(data["amount"])
    return (
        Text("Đã nhận phí, lệ phí", "Fee received"),
        Text(
            f"đã nộp {amount.vi}, biên lai số {data['receipt_number']}.",
            f"was paid {amount.en}, receipt {data['receipt_number']}.",
        ),
    )


def _exemption_accepted(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    amount, surplus = _dong(data["amount"]), application["payment"]["surplus"]
    less = Text(f"được giảm, còn phải nộp {amount.vi}.", f"now owes {amount.en}.")
    owed = less if data["amount"] else Text("được miễn phí, lệ phí.", "owes nothing.")
    back = Text(" Khoản đã nộp sẽ được hoàn lại cho người nộp.", " What was paid before will be given back.")
    return (
        Text("Được miễn, giảm phí, lệ phí", "Less to pay"),
        Text(owed.vi + back.vi, owed.en + back.en) if surplus else owed,
    )


def _exemption_rejected(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    amount = _dong(data["amount"])
    why = _because((application["payment"].get("relief_rejected") or {}).get("reason", ""))
    return (
        Text("Không được miễn, giảm phí, lệ phí", "No exemption from the fee"),
        Text(
            f"không thuộc diện miễn, giảm, phải nộp {amount.vi}.{why.vi}",
            f"is not exempt: {amount.en} are to be paid.{why.en}",
        ),
    )


def _refunded(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    amount = _dong(data["amount"])
    return Text("Hoàn phí, lệ phí", "Money given back"), Text(f"được hoàn {amount.vi}.", f"gets {amount.en} back.")


def _unmatched(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    twice, amount = data["cause"] == "not_owed", _dong(data["amount"])
    why = Text("nộp thừa", "was not owed") if twice else Text("không đúng số tiền phải nộp", "is not the amount owed")
    return (
        Text("Khoản tiền sẽ được hoàn lại", "Money will be given back"),
        Text(
            f"có khoản {amount.vi} {why.vi}, sẽ được hoàn lại cho người nộp.",
            f"got {amount.en}, which {why.en} and will be given back.",
        ),
    )


def _extended(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    return (
        Text("Xin lỗi và hẹn lại ngày trả kết quả", "Our apologies: another day for the result"),
        Text(
            f"được hẹn lại ngày trả kết quả: {_moment(data['due_at'])}.",
            f"is now promised for {_at(data['due_at'])}.",
        ),
    )


def _stopped(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    why = _because((application.get("stopped") or {}).get("reason", ""))
    return (
        Text("Dừng xử lý hồ sơ", "Processing stopped"),
        Text(f"đã dừng xử lý.{why.vi}", f"is no longer being processed.{why.en}"),
    )


def _withdrawal(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    answer = Text("được chấp nhận", "may") if data["accepted"] else Text("không được chấp nhận", "may not")
    why = _because((application.get("withdrawal") or {}).get("decision", ""))
    return (
        Text("Trả lời đề nghị rút hồ sơ", "Answer to your withdrawal"),
        Text(f"{answer.vi} cho rút.{why.vi}", f"{answer.en} be withdrawn.{why.en}"),
    )


def _delivery(application: Application, data: dict[str, Any]) -> tuple[Text, Text]:
    stage = {
        "handed_to_post": Text("đã chuyển cho bưu chính", "was handed to the post"),
        "in_transit": Text("đang được bưu chính vận chuyển", "is on its way by post"),
        "failed": Text("bưu chính chưa phát được", "could not be delivered yet"),
    }[data["state"]]
    return Text("Chuyển phát kết quả", "Delivery"), Text(f"có kết quả {stage.vi}.", f"has a result that {stage.en}.")


_WORDS: Mapping[str, Words] = {
    "application_submitted": _said(
        Text("Đã nộp hồ sơ", "Application submitted"),
        Text("đã được ghi nhận và đang chờ tiếp nhận.", "was recorded and waits for reception."),
    ),
    "application_received": _received,
    "application_refused": _refused,
    "application_corrected": _said(
        Text("Sửa thông tin hồ sơ", "Particulars corrected"),
        Text("đã được cán bộ sửa thông tin ghi nhầm.", "had particulars corrected that were taken down wrongly."),
    ),
    "supplement_requested": _supplement,
    "supplement_supplied": _said(
        Text("Đã nhận bổ sung", "Supplement received"),
        Text("đã nhận đủ những gì cần bổ sung.", "has all that was asked for."),
    ),
    "supplement_expired": _said(
        Text("Quá hạn bổ sung", "Supplement overdue"),
        Text(
            "đã quá hạn bổ sung giấy tờ và có thể bị từ chối tiếp nhận.",
            "did not get in time what was asked for, and may be refused.",
        ),
    ),
    "payment_requested": _payment,
    "payment_received": _paid,
    "payment_failed": _said(
        Text("Thanh toán không thành công", "Payment failed"),
        Text("chưa thanh toán được. Vui lòng thử lại.", "could not be paid for. Please try again."),
    ),
    "payment_unmatched": _unmatched,
    "payment_exempted": _said(
        Text("Miễn phí, lệ phí", "Exempt from the fee"), Text("được miễn phí, lệ phí.", "is exempt from the fee.")
    ),
    "exemption_accepted": _exemption_accepted,
    "exemption_rejected": _exemption_rejected,
    "payment_refunded": _refunded,
    "payment_expired": _said(
        Text("Quá hạn nộp phí, lệ phí", "Payment overdue"),
        Text("đã quá hạn nộp phí, lệ phí.", "was not paid for in time."),
    ),
    "application_handed_over": _said(
        Text("Hồ sơ đang được xử lý", "Application in process"),
        Text("đã được chuyển xử lý.", "was passed on to be processed."),
    ),
    "deadline_extended": _extended,
    "application_stopped": _stopped,
    "application_resumed": _said(
        Text("Tiếp tục xử lý hồ sơ", "Processing goes on"),
        Text("được tiếp tục xử lý.", "is being processed again."),
    ),
    "withdrawal_requested": _said(
        Text("Đã ghi nhận đề nghị rút hồ sơ", "Withdrawal requested"),
        Text("đã ghi nhận đề nghị rút.", "is asked to be withdrawn."),
    ),
    "withdrawal_decided": _withdrawal,
    "application_finished": _said(
        Text("Đã có kết quả", "Result ready"), Text("đã có kết quả giải quyết.", "has its result.")
    ),
    "result_recalled": _said(
        Text("Thu hồi kết quả", "Result recalled"),
        Text("được thu hồi kết quả để xử lý lại.", "had its result recalled, to be processed again."),
    ),
    "delivery_changed": _delivery,
    "application_returned": _said(
        Text("Đã trả kết quả", "Result returned"),
        Text(
            "đã được trả kết quả. Mời bạn đánh giá mức độ hài lòng.",
            "is done: the result was returned. Please say how satisfied you are.",
        ),
    ),
    "part_progressed": _said(
        Text("Thủ tục thành phần có tiến triển", "A part moved on"),
        Text("có thủ tục thành phần đã chuyển trạng thái.", "has a part whose status changed."),
    ),
}


def _because(reason: str) -> Text:
    """The reason in the officer's own words; none where a later decision has taken its place."""
    return Text(f" Lý do: {reason}", f" Reason: {reason}") if reason else Text("", "")


def _moment(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")


def _at(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%H:%M on %d/%m/%Y")


def _dong(amount: int) -> Text:
    return Text(f"{amount:,} đồng".replace(",", "."), f"{amount:,} dong")
