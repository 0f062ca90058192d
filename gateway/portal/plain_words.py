"""What statuses, events and delivery mean to people, in plain words; nothing here comes from a database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gateway.portal.event_words import entry_words
from gateway.portal.language import clock, money, said
from gateway.portal.language import gettext as _
from gateway.portal.payment_words import unmatched_words


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
    7: Standing("shut", said("Xin rút hồ sơ"), said("Cơ quan đang xem xét yêu cầu rút.")),
    8: Standing(
        "shut", said("Tạm dừng giải quyết"), said("Cơ quan tạm dừng giải quyết hồ sơ và sẽ báo khi có thay đổi.")
    ),
    9: Standing("done", said("Đã có kết quả"), said("Kết quả được trả theo cách người nộp đã chọn.")),
    10: Standing("done", said("Đã trả kết quả"), said("Hồ sơ đã giải quyết xong.")),
}

WITHDRAWN = Standing("shut", said("Đã rút hồ sơ"), said("Hồ sơ không được giải quyết tiếp theo yêu cầu rút."))
"""Where status 7 stands once the withdrawal was agreed to."""

ROLES = {
    "citizen": said("Người nộp"),
    "reception_officer": said("Cán bộ tiếp nhận"),
    "specialist": said("Chuyên viên"),
    "clerk": said("Văn thư"),
    "head_of_unit": said("Lãnh đạo đơn vị"),
    "directory_administrator": said("Quản trị danh bạ"),
    "catalogue_editor": said("Biên tập danh mục thủ tục"),
    "identity_provider": said("Hệ thống danh tính"),
    "agency_system": said("Hệ thống của cơ quan"),
    "line_probe": said("Máy đo đường truyền"),
    "operator": said("Người vận hành"),
    "system": said("Hệ thống"),
}

INTERNAL = {
    "assignment_changed.v1",
    "application_synchronised.v1",
    "deadline_near.v1",
    "result_registered.v1",
    "application_linked.v1",
    "application_unlinked.v1",
}
"""What happens inside an agency and tells the applicant nothing."""

INSIDE_NOTES = {"application_handed_over.v1", "step_completed.v1"}
"""Where the note is for whoever goes on with it; the applicant is told only that it goes on."""

DELIVERY = {
    "counter": said("Tại quầy một cửa"),
    "post": said("Qua bưu chính"),
    "online": said("Trực tuyến"),
}

WITH_POST = {
    "handed_to_post": said("Đã đưa bưu chính"),
    "in_transit": said("Bưu chính đang chuyển"),
    "delivered": said("Bưu chính đã giao"),
    "failed": said("Bưu chính không giao được"),
}
"""Where a result is that goes by post, by the states of its delivery."""


def standing_of(status: int, withdrawn: bool = False) -> Standing:
    """Where an application of this status stands, in the reader's language; `withdrawn` when that was agreed to."""
    plain = WITHDRAWN if withdrawn and status == 7 else STANDINGS[status]
    return Standing(plain.tone, _(plain.title), _(plain.text))


def delivery_words(method: str) -> str:
    """How the result comes."""
    return _(DELIVERY[method])


def post_words(state: str) -> str:
    """Where a result is that the post brings; empty while the post does not have it."""
    return _(WITH_POST[state]) if state in WITH_POST else ""


def moments_of(history: Iterable[Mapping[str, Any]], *, officer: bool) -> list[dict[str, Any]]:
    """The timeline, the latest first; applicants are spared what only moves desks."""
    return [
        {
            "at": entry["at"],
            "what": entry_words(entry),
            "reason": entry["reason"] if officer or entry["type"] not in INSIDE_NOTES else "",
            "more": _more(entry),
            "who": entry.get("officer") if officer else None,
            "role": _(ROLES[role]) if officer and (role := entry["actor"].get("role")) in ROLES else "",
        }
        for entry in reversed(list(history))
        if officer or entry["type"] not in INTERNAL
    ]


_TELL_DUE = {"application_received.v1", "deadline_extended.v1", "supplement_supplied.v1"}
_TELL_AMOUNT = {"payment_received.v1", "payment_refunded.v1"}


def _more(entry: Mapping[str, Any]) -> str:
    kind, data = entry["type"], entry["data"]
    if kind in _TELL_DUE and data.get("due_at"):
        return _("Hẹn trả kết quả: %(moment)s", moment=clock(data["due_at"]))
    if kind in _TELL_AMOUNT:
        return money(data["amount"])
    return unmatched_words(data["cause"], data["amount"]) if kind == "payment_unmatched.v1" else ""
