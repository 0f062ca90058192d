"""A new outgoing letter: what it says, to whom it goes, its files; then it is a draft, to be put before a leader."""

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.document_actions import kinds
from gateway.portal.forms import Choices, Field, Values, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, go, page
from gateway.portal.uploads import STREAMED, one_more
from shared.errors import FieldError, Invalid, field_error

DRAFT = "documents:draft"
HERE = "/van-ban/di/moi"
A_PAGE = 200


@page_for(DRAFT)
def show_new_letter() -> Response:
    """What a letter asks."""
    return _ask([], _files(request.args.getlist("tep")))


@page_for(DRAFT)
def write_letter() -> Response:
    """Begin the draft, once for each page; or take one of its files in."""
    if request.mimetype == STREAMED:
        return _take_file()
    files = _files(request.form.getlist("tep"))
    fields = _fields()
    values, wrong = read_form(fields, request.form)
    if not files:
        wrong.append(field_error("tep", "file_missing"))
    if wrong:
        return _ask(wrong, files)
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        made = do("create_document", _body(values, files), key=f"van-ban-{key}")
    except Invalid as error:
        return _ask(error.fields or [field_error("", error.code, **error.params)], files)
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
    agencies = reached()
    return [
        Field("kind", _("Loại văn bản"), "select", choices=kinds()),
        Field("subject", _("Trích yếu nội dung"), "long", limit=500),
        Field("summary", _("Tóm tắt"), "long", required=False, limit=500),
        Field("unit.name", _("Đơn vị soạn thảo")),
        Field("unit.code", _("Chữ viết tắt của đơn vị"), hint=_("Đứng trong số, ký hiệu của văn bản, ví dụ QH"),
              width="govuk-input--width-5", limit=20),
        Field("receivers", _("Gửi đến để giải quyết"), "many", choices=agencies),
        Field("informed", _("Gửi đến để biết"), "many", choices=agencies, required=False),
        Field("due_on", _("Đề nghị trả lời trước"), "date", required=False),
    ]  # fmt: skip


def reached() -> Choices:
    """Every agency that documents can be sent to, by name."""
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        found = look("list_connections", {"limit": A_PAGE, **cursor})
        rows += found["items"]
        if not found["next_cursor"]:
            break
        cursor = {"cursor": found["next_cursor"]}
    named = [(one["agency"], one["name"] or one["agency"]) for one in rows]
    return tuple(sorted(named, key=lambda choice: choice[1]))


def _take_file() -> Response:
    files, wrong = one_more(_files(request.args.getlist("tep")))
    if wrong:
        return _ask(wrong, files)
    return go(f"{HERE}?{urlencode([('tep', file) for file in files])}")


def _ask(wrong: list[FieldError], files: list[str]) -> Response:
    fields = _fields()
    upload = Field("tep", _("Tệp văn bản"), "file", _("Tệp đầu tiên là văn bản, các tệp sau là phụ lục"))
    typed = request.form if wrong and request.mimetype != STREAMED else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=HERE,
        back="/van-ban/di",
        back_name=_("Văn bản đi"),
        caption=_("Văn bản đi"),
        title=_("Soạn văn bản mới"),
        hint=_("Lưu thành dự thảo, sau đó trình lãnh đạo ký."),
        shown=shown_fields(fields, {"kind": "cong_van"}, typed, wrong),
        upload=shown_fields([upload], {}, None, wrong)[0],
        files=files,
        address=urlencode([("tep", file) for file in files]),
        wrong=entries_of([upload, *fields], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def _files(given: list[str]) -> list[str]:
    return [file for file in given if file.isalnum()]


ROUTES: Routes = (
    ("GET", HERE, show_new_letter),
    ("POST", HERE, write_letter),
)
