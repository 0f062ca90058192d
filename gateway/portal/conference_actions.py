"""What may be done with a meeting or an incident: what each action asks, and how it is commanded."""

from typing import Any

from gateway.portal.actions import Action, Application, no_fields, reason_field
from gateway.portal.conference_places import names_of, network_of, networks
from gateway.portal.conference_words import SEVERITIES, told
from gateway.portal.forms import Choices, Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.language import said, words

LENGTHS = (15, 30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480)


def ranks_of(network: Application) -> Choices:
    """The ranks of meetings in a network, the highest first."""
    return tuple((one["key"], words(one["name"])) for one in network["ranks"])


def lengths() -> Choices:
    """How long meetings usually are."""
    return tuple((str(one), _("%(minutes)s phút", minutes=one)) for one in LENGTHS)


def wall(value: str | None) -> str | None:
    """A moment of Viet Nam as the clock on the wall shows it."""
    return value and value[: len("2026-12-07T08:00")]


def _approval(meeting: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    ranks = ranks_of(network_of(meeting["network"], networks()))
    return (
        Field("rank", _("Mức ưu tiên"), "select", choices=ranks),
        *_opinion(meeting, _definition),
    )


def _opinion(_meeting: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (Field("note", _("Ý kiến"), "long", required=False, limit=1000),)


def _given(_subject: Application, values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _change(meeting: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    usual = lengths()
    now = str(meeting["minutes"])
    return (
        Field("title", _("Tên cuộc họp"), limit=300),
        Field("starts", _("Bắt đầu lúc nào?"), "moment", _("Ngày, tháng, năm và giờ, ví dụ 7 12 2026 08:00")),
        Field("minutes", _("Họp bao lâu?"), "select",
              choices=usual if now in dict(usual) else ((now, _("%(minutes)s phút", minutes=now)), *usual)),
        Field("note", _("Ghi chú"), "long", required=False, limit=2000),
        Field("reason", _("Vì sao thay đổi?"), "long", required=False, limit=1000),
    )  # fmt: skip


def _changed(meeting: Application, values: Values) -> dict[str, Any]:
    asked = {**values, "starts": wall(values["starts"]), "minutes": int(values["minutes"])}
    kept = {**meeting, "reason": None}
    return {name: value for name, value in asked.items() if value is not None and value != kept[name]}


def _answer(_meeting: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (Field("answer", _("Trả lời"), "long", limit=2000),)


def known_values(action: str, view: Application) -> Values:
    """What a form begins with."""
    if action == "approve_meeting":
        return {"rank": view["rank"]}
    if action == "change_meeting":
        return {name: view[name] for name in ("title", "starts", "minutes", "note")}
    if action == "reassess_incident":
        return {"severity": str(view["severity"])}
    return {}


MEETING: dict[str, Action] = {
    "approve_meeting": Action(said("Duyệt cuộc họp"), "approve_meeting", _approval, _given, weight="first"),
    "answer_meeting_question": Action(
        said("Trả lời yêu cầu bổ sung"), "answer_meeting_question", _answer, weight="first"
    ),
    "ask_invitation_letter": Action(
        said("Soạn giấy mời"), "ask_invitation_letter", no_fields,
        hint=said("Dự thảo giấy mời được tạo ở văn bản đi, chờ ký và phát hành."),
    ),
    "change_meeting": Action(
        said("Thay đổi cuộc họp"), "change_meeting", _change, _changed,
        hint=said("Đổi giờ của cuộc họp đã duyệt phải được duyệt; đến khi đó cuộc họp giữ nguyên."),
    ),
    "approve_change": Action(said("Duyệt thay đổi"), "approve_change", _opinion, _given, weight="first"),
    "reject_change": Action(said("Không duyệt thay đổi"), "reject_change", reason_field, weight="grave"),
    "answer_change_question": Action(
        said("Trả lời yêu cầu bổ sung"), "answer_change_question", _answer, weight="first"
    ),
    "ask_change_information": Action(said("Yêu cầu bổ sung thông tin"), "ask_change_information", reason_field),
    "ask_meeting_information": Action(said("Yêu cầu bổ sung thông tin"), "ask_meeting_information", reason_field),
    "reject_meeting": Action(said("Không duyệt"), "reject_meeting", reason_field, weight="grave"),
    "cancel_meeting": Action(
        said("Hủy cuộc họp"), "cancel_meeting", reason_field, weight="grave",
        hint=said("Điểm cầu được trả lại ngay và người được mời nhận thư báo hủy."),
    ),
}  # fmt: skip
"""Actions on a whole meeting; endpoints, delegates and technicians are changed over REST."""


def _severity(_incident: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    choices = tuple((key, told("severity", key)) for key in SEVERITIES)
    return (Field("severity", _("Mức độ"), "choice", choices=choices), *reason_field(_incident, _definition))


def _reassessed(_incident: Application, values: Values) -> dict[str, Any]:
    return {**values, "severity": int(values["severity"])}


def _why(_incident: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (Field("reason", _("Ghi chú"), "long", required=False, limit=1000),)


def _standby(incident: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    names = tuple(names_of(incident["network"]).items())
    hint = _("Để trống để dùng đường truyền dự phòng của điểm cầu")
    endpoint = Field("endpoint", _("Điểm cầu dự phòng"), "select", hint, names, required=False)
    return (endpoint, *_why(incident, definition))


def _restoration(incident: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    hint = _("Để trống nếu là bây giờ")
    return (Field("at", _("Khôi phục lúc nào?"), "moment", hint, required=False), *_why(incident, definition))


def _closing(_incident: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("cause", _("Nguyên nhân"), "long", limit=2000),
        Field("action", _("Đã làm gì"), "long", limit=2000),
        Field("report", _("Nội dung báo cáo"), "long", required=False, limit=5000),
        Field("impact_minutes", _("Số phút bị ảnh hưởng"), "number", _("Để trống để giữ số hệ thống đã tính"),
              required=False),
        Field("left", _("Việc còn phải làm"), required=False, limit=1000),
        Field("left_due", _("Hạn của việc đó"), "date", required=False),
    )  # fmt: skip


def _closed(_incident: Application, values: Values) -> dict[str, Any]:
    body = {name: value for name, value in values.items() if value is not None and not name.startswith("left")}
    left = [{"what": values["left"], "due": values["left_due"]}] if values["left"] else []
    return body | {"follow_ups": left}


INCIDENT: dict[str, Action] = {
    "acknowledge_incident": Action(said("Tiếp nhận xử lý"), "acknowledge_incident", _why, _given, weight="first"),
    "switch_to_standby": Action(
        said("Chuyển sang dự phòng"), "switch_to_standby", _standby, _given, weight="first",
        hint=said("Cuộc họp đi tiếp qua đường truyền hoặc điểm cầu dự phòng đã giữ chỗ."),
    ),
    "restore_incident": Action(said("Ghi nhận đã khôi phục"), "restore_incident", _restoration, _given),
    "reassess_incident": Action(said("Đánh giá lại mức độ"), "reassess_incident", _severity, _reassessed),
    "close_incident": Action(said("Đóng sự cố"), "close_incident", _closing, _closed),
}  # fmt: skip
"""Actions on an incident."""
