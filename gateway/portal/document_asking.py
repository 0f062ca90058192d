"""The page on which an action on a document is asked for and sent; what was typed stays until it is done."""

import secrets

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.actions import Action
from gateway.portal.calls import do
from gateway.portal.document_actions import in_words, known_values
from gateway.portal.document_sides import READ, Side, offered, side_of, view_of
from gateway.portal.forms import entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.letters import paper_field
from gateway.portal.pages import Routes, go, page
from gateway.portal.streamed import STREAMED
from gateway.portal.uploads import Sent, kept_files, missing_file, sent_form
from shared.errors import Conflict, FieldError, Invalid, NotFound, Stale, field_error


@page_for(READ)
def show_paper_action(side: str, paper: str, action: str) -> Response:
    """What an action asks."""
    return _ask(side_of(side), paper, action, [], None)


@page_for(READ)
def act_on_paper(side: str, paper: str, action: str) -> Response:
    """Carry an action out on the version that the page showed, once for each page; or take a file of a reply in."""
    found_side = side_of(side)
    chosen = _chosen(found_side, action)
    if request.mimetype == STREAMED and not chosen.files:
        raise NotFound("route_unknown")
    sent = sent_form()
    if sent.only_file:
        wrong = missing_file(sent)
        return _ask(found_side, paper, action, wrong, sent, 422 if wrong else 200)
    found = view_of(found_side, paper)
    values, wrong = read_form(chosen.fields(found, {}), sent.typed)
    files = sent.kept
    wrong += missing_file(sent) if chosen.files and not files else sent.wrong
    if wrong:
        return _ask(found_side, paper, action, wrong, sent)
    body = chosen.build(found, values) | ({"main": files[0], "attachments": files[1:]} if files else {})
    key = sent.typed.get("key", "") or secrets.token_hex(16)
    begins = action == "reply"
    try:
        made = do(
            chosen.operation,
            body,
            key=f"van-ban-{key}",
            version=None if begins else version_in(sent.typed),
            **({} if begins else {found_side.name: paper}),
        )
    except Invalid as error:
        faults = error.fields or [field_error("", error.code, **error.params)]
        return _ask(found_side, paper, action, faults, sent)
    except Conflict as error:
        return _ask(found_side, paper, action, [field_error("", error.code, **error.params)], sent, 409)
    except Stale:
        return _ask(found_side, paper, action, [], sent, 412)
    return go(f"/van-ban/di/{made['id']}" if begins else f"/van-ban/{side}/{paper}")


def _ask(
    side: Side, paper: str, action: str, wrong: list[FieldError], sent: Sent | None, status: int = 422
) -> Response:
    """The page of an action, with what was typed; what was overtaken goes over the newest version when sent again."""
    found = view_of(side, paper)
    chosen = _chosen(side, action)
    still = action in offered(side, found)
    typed = sent.typed if sent else None
    if not still and typed is None:
        raise NotFound("action_not_now")
    fields = list(chosen.fields(found, {}))
    upload = paper_field()
    stands = in_words(found, "status_name")
    return page(
        "action.html",
        200 if sent is None else status,
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
        kept=kept_files(sent),
        wrong=entries_of([*fields, upload], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def _chosen(side: Side, action: str) -> Action:
    if action not in side.actions:
        raise NotFound("route_unknown")
    return side.actions[action]


ROUTES: Routes = (
    ("GET", "/van-ban/<name:side>/<name:paper>/<name:action>", show_paper_action),
    ("POST", "/van-ban/<name:side>/<name:paper>/<name:action>", act_on_paper),
)
