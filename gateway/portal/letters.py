"""A new outgoing letter: what it says, to whom it goes, its files; then it is a draft, to be put before a leader."""

import secrets
from typing import Any

from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do
from gateway.portal.document_actions import kinds
from gateway.portal.forms import Field, Values, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, go, page
from gateway.portal.receivers import receivers
from gateway.portal.uploads import BOX, Sent, kept_files, missing_file, sent_form
from shared.errors import FieldError, Invalid, field_error

DRAFT = "documents:draft"
HERE = "/van-ban/di/moi"


@page_for(DRAFT)
def show_new_letter() -> Response:
    """What a letter asks."""
    return _ask([], None)


@page_for(DRAFT)
def write_letter() -> Response:
    """Begin the draft, once for each page; or take one of its files in."""
    sent = sent_form()
    if sent.only_file:
        return _ask(missing_file(sent), sent)
    values, wrong = read_form(_fields(), sent.typed)
    files = sent.kept
    wrong += sent.wrong if files else missing_file(sent)
    if wrong:
        return _ask(wrong, sent)
    key = sent.typed.get("key", "") or secrets.token_hex(16)
    try:
        made = do("create_document", _body(values, files), key=f"van-ban-{key}")
    except Invalid as error:
        return _ask(error.fields or [field_error("", error.code, **error.params)], sent)
    return go(f"/van-ban/di/{made['id']}")


def _body(values: Values, files: list[str]) -> dict[str, Any]:
    purposes = (("receivers", "action"), ("informed", "information"))
    plain = {name: values[name] for name in ("kind", "subject", "summary", "due_on") if values[name] is not None}
    return plain | {
        "unit": {"name": values["unit.name"], "code": values["unit.code"]},
        "receivers": [
            {"agency": agency, "purpose": purpose}
            for name, purpose in purposes
            for agency in values[name]
            if purpose == "action" or agency not in values["receivers"]
        ],
        "main": files[0],
        "attachments": files[1:],
    }


def _fields() -> list[Field]:
    agencies = receivers()
    return [
        Field("kind", _("Loại văn bản"), "select", choices=kinds()),
        Field("subject", _("Trích yếu nội dung"), "long", limit=500),
        Field("summary", _("Tóm tắt"), "long", required=False, limit=500),
        Field("unit.name", _("Đơn vị soạn thảo")),
        Field("unit.code", _("Chữ viết tắt của đơn vị"), hint=_("Đứng trong số, ký hiệu của văn bản, ví dụ QH"),
              width="govuk-input--width-5", limit=20),
        Field("receivers", _("Gửi đến để giải quyết"), "many", groups=agencies),
        Field("informed", _("Gửi đến để biết"), "many", groups=agencies, required=False),
        Field("due_on", _("Đề nghị trả lời trước"), "date", required=False),
    ]  # fmt: skip


def _ask(wrong: list[FieldError], sent: Sent | None) -> Response:
    fields = _fields()
    upload = paper_field()
    typed = sent.typed if sent else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=HERE,
        back="/van-ban/di",
        back_name=_("Văn bản đi"),
        caption=_("Văn bản đi"),
        title=_("Soạn văn bản mới"),
        press=_("Lưu dự thảo"),
        hint=_("Lưu thành dự thảo, sau đó trình lãnh đạo ký."),
        shown=shown_fields(fields, {"kind": "cong_van"}, typed, wrong),
        upload=shown_fields([upload], {}, None, wrong)[0],
        kept=kept_files(sent),
        wrong=entries_of([*fields, upload], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def paper_field() -> Field:
    """Where the files of a document are chosen."""
    return Field(BOX, _("Tệp văn bản"), "file", _("Tệp đầu tiên là văn bản, các tệp sau là phụ lục"))


ROUTES: Routes = (
    ("GET", HERE, show_new_letter),
    ("POST", HERE, write_letter),
)
