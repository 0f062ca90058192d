"""What an officer may do to an outgoing or an incoming document: what each action asks, and how it is commanded."""

from typing import Any

from gateway.http.call import current_call
from gateway.portal.actions import Action, Application, nested, note_field, reason_field
from gateway.portal.calls import look
from gateway.portal.colleagues import colleagues
from gateway.portal.forms import Choices, Field, Values, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import ngettext, said, words

MOST = 200
FORMS = ("TM.", "KT.", "TL.", "TUQ.", "Q.")


def in_words(view: Application, name: str) -> str:
    """A name that a view gives in both languages."""
    return words({"vi": view.get(name), "en": view.get(f"{name}_en")})


def glance(document: Application) -> str:
    """How many receivers stand where, in one line; of a draft only how many there will be."""
    number = len(document["receivers"])
    receivers = ngettext("%(num)s nơi nhận", "%(num)s nơi nhận", number) if number else ""
    parts = [f"{one['count']} {in_words(one, 'state_name').lower()}" for one in document.get("states", ())]
    return f"{receivers}: {', '.join(parts)}" if parts else receivers


def kinds() -> Choices:
    """The kinds of document."""
    rows = look("list_document_types", {"limit": MOST})["items"]
    return tuple((one["kind"], words({"vi": one["name"], "en": one["name_en"]})) for one in rows)


def _signature(_document: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    forms = tuple((form, form) for form in FORMS)
    return (
        Field("signer.form", _("Hình thức ký thay"), "select", _("Để trống nếu ký trực tiếp"), forms, required=False),
        Field("signer.behalf", _("Ký thay cho ai"), hint=_("Ví dụ: ỦY BAN NHÂN DÂN"), required=False),
        Field("signer.position", _("Chức vụ người ký")),
        Field("signer.name", _("Họ và tên người ký")),
        Field("signer.mandate", _("Số giấy ủy quyền"), hint=_("Chỉ khi ký thừa ủy quyền"), required=False),
    )


def _recall(document: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    standing = [one for one in document["deliveries"] if not one["cancelled_at"]]
    receivers = tuple((one["receiver"], one["name"]) for one in standing)
    return (
        *reason_field(document, definition),
        Field("receiver", _("Thu hồi ở đâu?"), "select", _("Để trống để thu hồi ở mọi nơi nhận"), receivers,
              required=False),
    )  # fmt: skip


def _recall_at(_document: Application, values: Values) -> dict[str, Any]:
    return {"reason": values["reason"], "receivers": [values["receiver"]] if values["receiver"] else []}


def _correction(document: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        *reason_field(document, definition),
        Field("subject", _("Trích yếu mới"), "long", required=False, limit=500),
        Field("due_on", _("Thời hạn mới"), "date", required=False),
    )


def _assignment(arrival: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("unit", _("Đơn vị chủ trì")),
        Field("officer", _("Người chủ trì"), "select", choices=colleagues("list_handlers"), required=False),
        Field("co_operating", _("Đơn vị phối hợp"), "long", _("Mỗi dòng một đơn vị"), required=False),
        Field("opinion", _("Ý kiến chỉ đạo"), "long", limit=2000),
        Field("due_on", _("Thời hạn giải quyết"), "date", required=False),
    )


def _assign(_arrival: Application, values: Values) -> dict[str, Any]:
    lead: dict[str, Any] = {"unit": values["unit"]}
    if values["officer"]:
        lead["officer"] = values["officer"]
    units = [line.strip() for line in (values["co_operating"] or "").splitlines() if line.strip()]
    body = {"lead": lead, "co_operating": [{"unit": unit} for unit in units], "opinion": values["opinion"]}
    return body | ({"due_on": values["due_on"]} if values["due_on"] else {})


def _completion(arrival: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    replies: Choices = ()
    if arrival["sender"]:
        rows = look("list_documents", {"status": "issued", "receiver": arrival["sender"], "limit": 50})["items"]
        replies = tuple((one["id"], f"{one['code']}: {one['subject']}") for one in rows)
    reply = Field(
        "reply", _("Văn bản trả lời"), "select", _("Để trống nếu không phải trả lời"), replies, required=False
    )
    return (reply, *note_field(arrival, definition))


def _request(arrival: Application, definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("accept", _("Đồng ý với yêu cầu của nơi gửi?"), "yes_no", choices=yes_or_no()),
        *note_field(arrival, definition),
    )


def _reply(_arrival: Application, _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("kind", _("Loại văn bản"), "select", choices=kinds()),
        Field("subject", _("Trích yếu nội dung"), "long", limit=500),
        Field("unit.name", _("Đơn vị soạn thảo")),
        Field("unit.code", _("Chữ viết tắt của đơn vị"), hint=_("Đứng trong số, ký hiệu của văn bản, ví dụ QH"),
              width="govuk-input--width-5", limit=20),
    )  # fmt: skip


def _draft_reply(arrival: Application, values: Values) -> dict[str, Any]:
    return nested(arrival, values) | {"responds_to": [arrival["id"]], "receivers": [{"agency": arrival["sender"]}]}


def known_values(action: str, view: Application) -> Values:
    """What a form begins with."""
    if action == "reply":
        return {"kind": "cong_van", "subject": _("V/v trả lời Công văn số %(code)s", code=view["code"])}
    if action == "sign_document":
        principal = current_call().principal
        return {"signer.name": principal.name if principal else ""}
    return {}


OUTGOING: dict[str, Action] = {
    "submit_document": Action(said("Trình duyệt"), "submit_document", note_field, weight="first"),
    "sign_document": Action(said("Ký"), "sign_document", _signature, weight="first"),
    "issue_document": Action(
        said("Phát hành"), "issue_document", note_field, weight="first",
        hint=said("Văn bản được cấp số và gửi đến mọi nơi nhận."),
    ),
    "return_document": Action(said("Trả lại để sửa"), "return_document", reason_field),
    "update_document": Action(
        said("Đính chính"), "update_document", _correction,
        hint=said("Số của văn bản không đổi; từng nơi nhận trả lời."),
    ),
    "recall_document": Action(said("Thu hồi"), "recall_document", _recall, _recall_at, weight="grave"),
}  # fmt: skip
"""Actions on outgoing documents; drafting and revising the text is the drafting software's work, over REST."""

INCOMING: dict[str, Action] = {
    "register_arrival": Action(
        said("Tiếp nhận, vào sổ"), "register_arrival", note_field, weight="first",
        hint=said("Văn bản được cấp số đến trong sổ."),
    ),
    "assign_arrival": Action(said("Phân công"), "assign_arrival", _assignment, _assign, weight="first"),
    "answer_request": Action(said("Trả lời yêu cầu của nơi gửi"), "answer_request", _request, weight="first"),
    "work_on_arrival": Action(said("Bắt đầu xử lý"), "work_on_arrival", note_field),
    "reply": Action(said("Soạn văn bản trả lời"), "create_document", _reply, _draft_reply, files=True),
    "complete_arrival": Action(said("Hoàn thành xử lý"), "complete_arrival", _completion),
    "refuse_arrival": Action(said("Từ chối tiếp nhận"), "refuse_arrival", reason_field, weight="grave"),
}  # fmt: skip
"""Actions on incoming documents; a reply is a draft of an outgoing one."""

NOT_ON_PAGES = {"revise_document"}
"""What only drafting software does."""
