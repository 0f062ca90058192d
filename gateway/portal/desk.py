"""One application on the officer's desk, and what may be done to it."""

import base64
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Response as FileResponse
from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import disposition
from gateway.http.sentences import language, sentence
from gateway.portal.actions import Action
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import do, look
from gateway.portal.case_actions import ACTIONS, known_values
from gateway.portal.case_clock import clock_bar, clock_words
from gateway.portal.case_files import files_beside
from gateway.portal.case_history import agencies_asked, case_moments, present_step
from gateway.portal.case_supplements import supplements_of
from gateway.portal.company import company_at
from gateway.portal.desk_list import desk_as_left
from gateway.portal.follow import answers_in_words
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.last_list import next_in_list
from gateway.portal.linked_papers import papers_of
from gateway.portal.pages import Routes, go, page
from gateway.portal.payment_words import held_words, money_words
from gateway.portal.streamed import STREAMED
from gateway.portal.uploads import BOX, Sent, kept_files, missing_file, sent_form
from shared.contracts.one_stop_shop.requests import PREVIEWED
from shared.errors import Conflict, FieldError, Invalid, NotFound, Stale, field_error

WORK = "applications:work"
WHOLE_HISTORY = 200
LATEST = 3
"""How much is told of what happened last."""
PROGRAMS = ("system", "agency_system")


@page_for(WORK)
def show_case(application: str) -> Response:
    """One application: the clock, the papers, the history, and what may be done now."""
    found = look("get_application", application=application)
    opened = request.args.get("ban", type=int) or found["version"]
    history = look("get_history", {"limit": WHOLE_HISTORY}, application=application)["items"]
    definition = look("get_procedure", code=found["procedure"])["definition"]
    agencies = agencies_asked(found)
    return page(
        "case.html",
        application=found,
        procedure_name=words(definition["name"]),
        step=present_step(found),
        agencies=agencies,
        moments=case_moments(found, history, agencies),
        answers=answers_in_words(definition, found),
        supplements=supplements_of(found, definition),
        paid=money_words(found["payment"]),
        held=held_words(found["payment"]),
        clock=clock_bar(found, datetime.now(UTC)),
        standing=clock_words(found),
        actions=[
            {**one, "at_once": one["key"] in ("claim", "release")}
            for one in buttons_of(ACTIONS, found["allowed_actions"])
        ],
        key=secrets.token_hex(16),
        company=company_at(application, opened),
        desk=desk_as_left(),
        following=next_in_list(application),
        papers=papers_of(application),
    )  # fmt: skip


@page_for(WORK)
def show_action(application: str, action: str) -> Response:
    """What an action asks."""
    return _ask(application, action, [], None)


@page_for(WORK)
def act(application: str, action: str) -> Response:
    """Carry an action out on the version that the page showed, once for each page; or take a file of the result in."""
    chosen = _chosen(action)
    if request.mimetype == STREAMED and not chosen.files:
        raise NotFound("route_unknown")
    sent = sent_form()
    if sent.only_file:
        return _ask(application, action, missing_file(sent), sent)
    found, definition = _case(application)
    fields = chosen.fields(found, definition)
    values, wrong = read_form(fields, sent.typed)
    wrong += sent.wrong
    if wrong:
        return _ask(application, action, wrong, sent)
    body = chosen.build(found, values)
    if "xem" in sent.typed:
        return _preview(application, action, body, sent)
    if chosen.files:
        body["result"]["files"] = sent.kept
    key = sent.typed.get("key", "")
    try:
        do(
            chosen.operation,
            body,
            key=f"ban-{key or secrets.token_hex(16)}",
            version=version_in(sent.typed),
            application=application,
        )
    except Invalid as error:
        return _ask(application, action, _on_fields(error), sent)
    except Conflict as error:
        return _ask(application, action, [field_error("", error.code, **error.params)], sent, 409)
    except Stale:
        return _ask(application, action, [], sent, 412)
    return go(f"/ban-lam-viec/{application}")


def _preview(application: str, action: str, body: dict[str, Any], sent: Sent) -> Response:
    """The form as it would go out, marked as a draft; nothing is decided."""
    try:
        draft = do("preview_form", {"action": action, "command": body}, application=application)
    except Invalid as error:
        for fault in error.fields:
            fault["path"] = fault["path"].removeprefix("command.")
        return _ask(application, action, _on_fields(error), sent)
    except NotFound as error:
        return _ask(application, action, [field_error("", error.code)], sent)
    response = FileResponse(base64.b64decode(draft["content"]), mimetype="application/pdf")
    response.headers["Content-Disposition"] = disposition(draft["name"]).replace("attachment", "inline", 1)
    return response


def _ask(application: str, action: str, wrong: list[FieldError], sent: Sent | None, status: int = 0) -> Response:
    """The page of an action; with what was typed, and what others did since, where the version was overtaken (412)."""
    chosen = _chosen(action)
    found, definition = _case(application)
    still = action in found["allowed_actions"]
    typed = sent.typed if sent else None
    if not still and typed is None:
        return _gone(found, chosen)
    fields = list(chosen.fields(found, definition))
    upload = _result_box(found)
    known = known_values(action, found)
    seen = found["version"] if typed is None else version_in(typed)
    return page(
        "action.html",
        status or (422 if wrong else 200),
        place=f"/ban-lam-viec/{application}/{action}",
        back=f"/ban-lam-viec/{application}",
        back_name=_("Hồ sơ %(code)s", code=found["code"]),
        caption=f"{found['code']} · {found['owner']['name']}",
        caption_vi=True,
        version=found["version"] if status == 412 else seen,
        company=company_at(application, seen or found["version"]),  # of a version that cannot be read nothing is told
        overtaken=status == 412 or not still,
        still=still,
        previewed=still and action in PREVIEWED,
        title=_(chosen.name),
        hint=_(chosen.hint) if chosen.hint else "",
        grave=chosen.weight == "grave",
        shown=shown_fields(fields, known, typed, wrong),
        upload=shown_fields([upload], {}, None, wrong)[0] if chosen.files else None,
        kept=kept_files(sent),
        wrong=entries_of([*fields, upload], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
        application=found,
        beside=files_beside(found),
    )


def _gone(application: dict[str, Any], action: Action) -> Response:
    """What cannot be done any more: where the application stands now, and who did what to it last."""
    history = look("get_history", {"limit": WHOLE_HISTORY}, application=application["id"])["items"]
    by_people = [one for one in history if one["actor"].get("role") not in PROGRAMS]
    return page(
        "action_gone.html",
        404,
        application=application,
        place=f"/ban-lam-viec/{application['id']}",
        name=_(action.name),
        why=sentence("action_not_now", {}, language(), plain=True),
        moments=case_moments(application, by_people, agencies_asked(application))[:LATEST],
    )


def _result_box(application: dict[str, Any]) -> Field:
    """The box for files of a result; who gets a granted one online gets nothing without."""
    online = application["delivery"]["method"] == "online"
    hint = _("Tệp PDF đã ký số. Người nộp nhận kết quả trực tuyến nên phải có tệp, trừ khi không đồng ý giải quyết.")
    return Field(BOX, _("Tệp kết quả"), "file", hint if online else _("Tệp PDF đã ký số"), required=online)


def _on_fields(error: Invalid) -> list[FieldError]:
    """A refusal's faults, at the fields of the page where they can be told."""
    faults = error.fields or [field_error("", error.code, **error.params)]
    return [{**fault, "path": BOX if fault["path"] == "result.files" else fault["path"]} for fault in faults]


def _chosen(action: str) -> Action:
    if action not in ACTIONS:
        raise NotFound("route_unknown")
    return ACTIONS[action]


def _case(application: str) -> tuple[dict[str, Any], dict[str, Any]]:
    found = look("get_application", application=application)
    return found, look("get_procedure", code=found["procedure"])["definition"]


ROUTES: Routes = (
    ("GET", "/ban-lam-viec/<name:application>", show_case),
    ("GET", "/ban-lam-viec/<name:application>/<name:action>", show_action),
    ("POST", "/ban-lam-viec/<name:application>/<name:action>", act),
)
