"""The page on which an action on a document is asked for and sent; what was typed stays until it is done."""

import secrets
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.actions import Action
from gateway.portal.calls import do
from gateway.portal.document_actions import in_words, known_values
from gateway.portal.document_sides import READ, Side, offered, side_of, view_of
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, go, page
from gateway.portal.uploads import STREAMED, one_more
from shared.errors import Conflict, FieldError, Invalid, NotFound, Stale, field_error


@page_for(READ)
def show_paper_action(side: str, paper: str, action: str) -> Response:
    """What an action asks."""
    return _ask(side_of(side), paper, action, [], _files(request.args.getlist("tep")))


@page_for(READ)
def act_on_paper(side: str, paper: str, action: str) -> Response:
    """Carry an action out on the version that the page showed, once for each page."""
    found_side = side_of(side)
    chosen = _chosen(found_side, action)
    if request.mimetype == STREAMED:
        return _take_file(found_side, paper, action, chosen)
    found = view_of(found_side, paper)
    files = _files(request.form.getlist("tep"))
    values, wrong = read_form(chosen.fields(found, {}), request.form)
    if chosen.files and not files:
        wrong.append(field_error("tep", "file_missing"))
    if wrong:
        return _ask(found_side, paper, action, wrong, files)
    body = chosen.build(found, values) | ({"main": files[0], "attachments": files[1:]} if files else {})
    key = request.form.get("key", "") or secrets.token_hex(16)
    begins = action == "reply"
    try:
        made = do(
            chosen.operation,
            body,
            key=f"van-ban-{key}",
            version=None if begins else version_in(request.form),
            **({} if begins else {found_side.name: paper}),
        )
    except Invalid as error:
        faults = error.fields or [field_error("", error.code, **error.params)]
        return _ask(found_side, paper, action, faults, files)
    except Conflict as error:
        return _ask(found_side, paper, action, [field_error("", error.code, **error.params)], files, 409)
    except Stale:
        return _ask(found_side, paper, action, [], files, 412)
    return go(f"/van-ban/di/{made['id']}" if begins else f"/van-ban/{side}/{paper}")


def _take_file(side: Side, paper: str, action: str, chosen: Action) -> Response:
    """Take one file of a draft in; nothing is decided yet."""
    if not chosen.files:
        raise NotFound("route_unknown")
    files, wrong = one_more(_files(request.args.getlist("tep")))
    if wrong:
        return _ask(side, paper, action, wrong, files)
    return go(f"/van-ban/{side.path}/{paper}/{action}?{urlencode([('tep', file) for file in files])}")


def _ask(side: Side, paper: str, action: str, wrong: list[FieldError], files: list[str], status: int = 422) -> Response:
    """The page of an action, with what was typed; what was overtaken goes over the newest version when sent again."""
    found = view_of(side, paper)
    chosen = _chosen(side, action)
    still = action in offered(side, found)
    typed = request.form if request.method == "POST" and request.mimetype != STREAMED else None
    if not still and typed is None:
        raise NotFound("route_unknown")
    fields = list(chosen.fields(found, {}))
    upload = Field("tep", _("Tệp văn bản"), "file", _("Tệp đầu tiên là văn bản, các tệp sau là phụ lục"))
    stands = in_words(found, "status_name")
    return page(
        "action.html",
        200 if request.method == "GET" else status,
        place=f"/van-ban/{side.path}/{paper}/{action}",
        back=f"/van-ban/{side.path}/{paper}",
        back_name=found["code"] or _("Dự thảo"),
        caption=found["subject"],
        caption_vi=True,
        version=typed.get("version", "") if typed and status != 412 else found["version"],
        overtaken=status == 412 or not still,
        changed=_("Văn bản đã thay đổi sau khi bạn mở trang này. Nay là: %(state)s.", state=stands),
        still=still,
        title=_(chosen.name),
        hint=_(chosen.hint) if chosen.hint else "",
        grave=chosen.weight == "grave",
        shown=shown_fields(fields, known_values(action, found), typed, wrong),
        upload=shown_fields([upload], {}, None, wrong)[0] if chosen.files else None,
        files=files,
        address=urlencode([("tep", file) for file in files]),
        wrong=entries_of([upload, *fields], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def _chosen(side: Side, action: str) -> Action:
    if action not in side.actions:
        raise NotFound("route_unknown")
    return side.actions[action]


def _files(given: list[str]) -> list[str]:
    return [file for file in given if file.isalnum()]


ROUTES: Routes = (
    ("GET", "/van-ban/<name:side>/<name:paper>/<name:action>", show_paper_action),
    ("POST", "/van-ban/<name:side>/<name:paper>/<name:action>", act_on_paper),
)
