"""What an officer may do to an application: what each action asks, and how the answers become its command."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gateway.http.call import current_call
from gateway.portal.actions import Action, Application, no_fields
from gateway.portal.catalogue import open_agencies
from gateway.portal.colleagues import colleagues
from gateway.portal.correction import as_taken_down, corrected, correction_fields
from gateway.portal.forms import Choices, Field, Values, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import said, words
from gateway.portal.payment_words import FEE, refundable
from gateway.portal.plain_words import post_words
from shared.words import fold
from shared.working_time import VIETNAM

PAPER, QUESTION = "giay-", "hoi-"


def told_note(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """A note may be given, which stands on the applicant's page."""
    return (Field("note", _("Ghi chú"), "long", _("Người nộp hồ sơ đọc được ghi chú này"), required=False, limit=1000),)


def inside_note(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """A note may be given to whoever goes on with it; `plain_words` keeps it off the applicant's page."""
    hint = _("Ghi cho bộ phận tiếp theo; không hiện trên trang của người nộp hồ sơ")
    return (Field("note", _("Ghi chú"), "long", hint, required=False, limit=1000),)


def told_reason(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """A reason must be given, which stands on the applicant's page."""
    return (Field("reason", _("Lý do"), "long", _("Người nộp hồ sơ đọc được lý do này"), limit=1000),)


def _refusal(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    return (
        *told_reason(application, definition),
        Field("legal_ground", _("Căn cứ pháp lý"), required=False, limit=500),
        Field("guidance", _("Hướng dẫn cho người nộp"), "long", required=False, limit=1000),
    )


def _supplement(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    hint = _("Ghi cần sửa hoặc thêm gì ở ít nhất một mục; để trống mục nào đã đạt")
    return (
        *told_reason(application, definition),
        Field("legal_ground", _("Căn cứ pháp lý"), required=False, limit=500),
        Field("items", _("Giấy tờ, nội dung cần bổ sung"), "heading", hint),
        *(
            Field(f"{PAPER}{one['key']}", words(one["name"]), required=False, limit=500)
            for one in definition["components"]
        ),
        *(
            Field(f"{QUESTION}{one['key']}", words(one["name"]), required=False, limit=500)
            for one in definition.get("questions", ())
        ),
    )


def _ask_supplement(_application: Application, values: Values) -> dict[str, Any]:
    given = {name: value for name, value in values.items() if value}
    return {
        "reason": values["reason"],
        "legal_ground": values.get("legal_ground") or "",
        "items": [
            {"component": name.removeprefix(PAPER), "requirement": value}
            for name, value in given.items()
            if name.startswith(PAPER)
        ],
        "answers": [
            {"question": name.removeprefix(QUESTION), "requirement": value}
            for name, value in given.items()
            if name.startswith(QUESTION)
        ],
    }


def _supplied(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    asked = application["supplements"][-1] if application["supplements"] else {"items": (), "answers": ()}
    hint = _("Số bản chính nhận tại quầy")
    return (
        *(Field(f"{PAPER}{one['component']}", words(one["name"]), "number", hint) for one in asked["items"]),
        *(
            Field(f"{QUESTION}{one['question']}", words(one["name"]), hint=one["requirement"], limit=500)
            for one in asked["answers"]
        ),
        *told_note(application, definition),
    )


def _supply(_application: Application, values: Values) -> dict[str, Any]:
    return {
        "components": [
            {"component": name.removeprefix(PAPER), "originals": count}
            for name, count in values.items()
            if name.startswith(PAPER)
        ],
        "answers": {name.removeprefix(QUESTION): value for name, value in values.items() if name.startswith(QUESTION)},
        "note": values.get("note") or "",
    }


def _money(application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    ways = (("cash", _("Tiền mặt")), ("transfer", _("Chuyển khoản")))
    return (
        Field("method", _("Thu bằng cách nào?"), "choice", choices=ways),
        Field("amount", _("Số tiền đã thu (đồng)"), "number", width="govuk-input--width-10"),
        Field("receipt_number", _("Số biên lai"), limit=50, width="govuk-input--width-20"),
    )


def _refund(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    choices = tuple(refundable(application))
    return (Field("payment", _("Hoàn khoản nào?"), "choice", choices=choices), *told_reason(application, definition))


def _give_back(_application: Application, values: Values) -> dict[str, Any]:
    return {"reason": values["reason"], **({} if values["payment"] == FEE else {"payment": values["payment"]})}


def _ground(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    return (Field("ground", _("Căn cứ miễn, giảm"), "long", _("Người nộp hồ sơ đọc được căn cứ này"), limit=500),)


def _outcome(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    return (Field("outcome", _("Kết quả của bước này"), "long", limit=1000), *inside_note(application, definition))


def _agencies(but: str = "") -> Choices:
    """The agencies that work today, by name."""
    named = [(one["code"], one["name"]) for one in open_agencies() if one["code"] != but]
    return tuple(sorted(named, key=lambda choice: fold(choice[1])))


def _opinion(application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    return (
        Field("agency", _("Hỏi cơ quan nào?"), "select", choices=_agencies(but=application["competent_agency"])),
        Field("subject", _("Hỏi về việc gì?"), "long", limit=300),
        Field("due_on", _("Cần trả lời trước ngày"), "date", required=False),
    )


def _assignee(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    return (Field("assignee", _("Giao cho ai?"), "select", choices=colleagues("list_assignees")),)


def _extension(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    return (
        *told_reason(application, definition),
        Field("agency_at_fault", _("Cơ quan nào làm chậm?"), "select", choices=_agencies()),
        Field("working_days", _("Hẹn thêm bao nhiêu ngày làm việc?"), "number"),
    )


def _withdrawal(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    return (
        Field("accept", _("Đồng ý cho rút hồ sơ?"), "yes_no", choices=yes_or_no()),
        *told_reason(application, definition),
    )


def _result(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    kinds = (("granted", _("Đồng ý giải quyết")), ("rejected", _("Không đồng ý giải quyết")))
    return (
        Field("result.kind", _("Kết quả"), "choice", choices=kinds),
        Field("result.number", _("Số, ký hiệu"), limit=50, width="govuk-input--width-20"),
        Field("result.issued_by", _("Cơ quan ban hành")),
        Field("result.signer", _("Người ký")),
        Field("result.signed_at", _("Ký lúc"), "moment", _("Ví dụ: 5 10 2026, 8:30")),
        Field(
            "result.summary", _("Tóm tắt"), "long", _("Người nộp hồ sơ đọc được tóm tắt này"), required=False, limit=500
        ),
    )


def _waybill(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    return (
        Field("waybill", _("Mã vận đơn"), limit=50, width="govuk-input--width-20"),
        Field("cod_fee", _("Tiền thu hộ (đồng)"), "number", required=False),
    )


def _post_event(application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    states = tuple((state, post_words(state)) for state in ("in_transit", "delivered", "failed"))
    return (
        Field("waybill", _("Mã vận đơn"), limit=50, width="govuk-input--width-20"),
        Field("state", _("Bưu chính báo gì?"), "choice", choices=states),
        Field("at", _("Lúc nào?"), "moment", _("Ví dụ: 5 10 2026, 8:30")),
        Field("receiver_name", _("Người nhận"), required=False),
        Field("slip_number", _("Số phiếu giao"), required=False, limit=50),
    )


def _return(application: Application, definition: dict[str, Any]) -> Sequence[Field]:
    ways = (("counter", _("Tại quầy")), ("online", _("Trực tuyến")))
    kinds = (("self", _("Chính người có hồ sơ")), ("authorised", _("Người được ủy quyền")))
    return (
        Field("method", _("Trả bằng cách nào?"), "choice", choices=ways),
        Field("receiver.kind", _("Ai nhận?"), "choice", choices=kinds),
        Field("receiver.name", _("Họ tên người nhận")),
        Field("receiver.identity_number", _("Số giấy tờ của người nhận"), limit=20, width="govuk-input--width-20"),
        Field("signed_on_paper", _("Người nhận đã ký vào giấy tờ lưu tại quầy"), "tick"),
        Field("authority_on_paper", _("Đã giữ giấy ủy quyền"), "tick"),
        Field("originals_returned", _("Đã trả lại bản chính"), "tick"),
        *told_note(application, definition),
    )


ACTIONS = {
    "receive": Action(
        said("Tiếp nhận"), "receive_application", told_note, weight="first",
        hint=said("Giấy tiếp nhận (mẫu 01) được cấp và thời hạn bắt đầu tính."),
    ),
    "supply_supplement": Action(said("Nhận giấy tờ bổ sung"), "supply_supplement", _supplied, _supply, "first"),
    "hand_over": Action(said("Chuyển bộ phận chuyên môn"), "hand_over", inside_note, weight="first"),
    "decide_withdrawal": Action(
        said("Trả lời yêu cầu rút"), "decide_withdrawal", _withdrawal, weight="first",
        hint=said("Đồng ý thì thông báo dừng (mẫu 05) được cấp và hồ sơ kết thúc."),
    ),
    "resume": Action(said("Tiếp tục giải quyết"), "resume_application", told_reason, weight="first"),
    "send_by_post": Action(said("Gửi bưu chính"), "send_by_post", _waybill, weight="first"),
    "return_result": Action(said("Trả kết quả"), "return_result", _return, weight="first"),
    "claim": Action(said("Nhận xử lý"), "claim_application", no_fields, weight="first"),
    "complete_step": Action(said("Hoàn thành bước"), "complete_step", _outcome, weight="first"),
    "finish": Action(said("Kết thúc, có kết quả"), "finish_application", _result, weight="first", files=True),
    "refuse": Action(
        said("Từ chối tiếp nhận"), "refuse_application", _refusal, weight="grave",
        hint=said("Phiếu từ chối (mẫu 03) được gửi cho người nộp. Việc này không lấy lại được."),
    ),
    "request_supplement": Action(
        said("Yêu cầu bổ sung"), "request_supplement", _supplement, _ask_supplement,
        hint=said("Phiếu yêu cầu bổ sung (mẫu 02) được gửi cho người nộp; thời hạn tạm dừng."),
    ),
    "correct": Action(said("Sửa nội dung ghi nhầm"), "correct_application", correction_fields, corrected),
    "request_payment": Action(said("Yêu cầu nộp phí, lệ phí"), "request_payment", told_note),
    "record_payment": Action(said("Ghi nhận đã thu tiền"), "record_payment", _money),
    "exempt_payment": Action(said("Miễn phí, lệ phí"), "exempt_payment", _ground),
    "accept_exemption": Action(said("Chấp nhận miễn, giảm"), "accept_exemption", told_note),
    "reject_exemption": Action(said("Không chấp nhận miễn, giảm"), "reject_exemption", told_reason, weight="grave"),
    "refund_payment": Action(said("Hoàn tiền"), "refund_payment", _refund, _give_back, weight="grave"),
    "request_opinion": Action(said("Lấy ý kiến cơ quan khác"), "request_opinion", _opinion),
    "release": Action(said("Trả lại hàng chờ"), "release_application", no_fields),
    "assign": Action(said("Phân công"), "assign_application", _assignee),
    "extend": Action(
        said("Xin lỗi và hẹn lại"), "extend_application", _extension,
        hint=said("Văn bản xin lỗi (mẫu 04) được gửi cho người nộp. Chỉ được hẹn lại một lần."),
    ),
    "stop": Action(said("Cho tạm dừng giải quyết"), "stop_application", told_reason, weight="grave"),
    "request_withdrawal": Action(said("Ghi nhận yêu cầu rút"), "request_withdrawal", told_reason, weight="grave"),
    "recall_result": Action(said("Thu hồi kết quả"), "recall_result", told_reason, weight="grave"),
    "record_post_event": Action(said("Ghi nhận từ bưu chính"), "record_post_event", _post_event),
}  # fmt: skip
"""By the names under which services allow them; of the next steps the likelier before the others."""

BY_SYSTEMS_OR_APPLICANTS = {"start_payment", "rate", "record_synchronisation", "link", "unlink"}
"""What the desk does not offer: the applicant's own, the systems', and ties between applications."""


def known_values(name: str, application: Application) -> Values:
    """What a form begins with."""
    principal = current_call().principal
    agency = principal.agency if principal else ""
    owner = application["owner"]
    known: dict[str, Values] = {
        "record_payment": {"amount": application["payment"].get("amount")},
        "refund_payment": _only_choice(application),
        "correct": as_taken_down(application),
        "extend": {"agency_at_fault": agency},
        "record_post_event": {
            "waybill": application["delivery"].get("waybill"),
            "at": datetime.now(VIETNAM).isoformat(),
        },
        "return_result": {
            "method": "online" if application["delivery"]["method"] == "online" else "counter",
            "receiver.kind": "self",
            "receiver.name": owner["name"],
            "receiver.identity_number": owner["identity_number"],
        },
        "finish": {"result.signed_at": datetime.now(VIETNAM).isoformat()},
    }
    return known.get(name, {})


def _only_choice(application: Application) -> Values:
    choices = [number for number, _words in refundable(application)]
    return {"payment": choices[0]} if len(choices) == 1 else {}
