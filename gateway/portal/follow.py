"""One's own applications: where each stands, its papers and its receipt."""

from collections.abc import Mapping
from typing import Any

import segno
from flask import current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import send_stored, show_stored
from gateway.portal.calls import look
from gateway.portal.catalogue import in_words
from gateway.portal.forms import yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import vietnamese, words
from gateway.portal.pages import Routes, go, page
from gateway.portal.payment_words import held_words, money_words
from gateway.portal.plain_words import moments_of
from gateway.portal.readers import APPLY, may_apply
from shared.errors import NotFound

READ = "applications:read"
LIMIT = 20
WHOLE_HISTORY = 200
WAITING = "cho"


@page_for(APPLY)
def list_own() -> Response:
    """What waits for the reader, drafts to go on with, and all other applications; `cho` shows all that waits.

    Officers have none of their own here: what they work on lies on their desk.
    """
    if not may_apply():
        return go("/ban-lam-viec")
    cursor, waiting_only = request.args.get("cursor"), WAITING in request.args
    nothing: dict[str, Any] = {"items": [], "next_cursor": None}
    waiting = nothing if cursor and not waiting_only else _list_applications(cursor, turn="applicant")
    found = nothing if waiting_only else _list_applications(cursor)
    drafts = [] if cursor or waiting_only else look("list_drafts", {"limit": LIMIT})["items"]
    codes = {str(draft["content"].get("procedure")) for draft in drafts}
    codes |= {one["procedure"] for one in (*waiting["items"], *found["items"])}
    names = {code: procedure_name(code) for code in codes}
    above = {one["id"] for one in waiting["items"]}
    return page(
        "own.html",
        waiting=[{**one, "name": names[one["procedure"]]} for one in waiting["items"]],
        waiting_more=waiting["next_cursor"],
        waiting_only=waiting_only,
        drafts=[{**draft, "name": names[str(draft["content"].get("procedure"))]} for draft in drafts],
        applications=[{**one, "name": names[one["procedure"]]} for one in found["items"] if one["id"] not in above],
        following=found["next_cursor"],
    )


def _list_applications(cursor: str | None, **filters: str) -> dict[str, Any]:
    found: dict[str, Any] = look(
        "list_applications", {"limit": LIMIT, **filters, **({"cursor": cursor} if cursor else {})}
    )
    return found


def procedure_name(code: str) -> str:
    """What a procedure is called in the reader's language; its code where it is offered no longer."""
    try:
        return words(look("get_procedure", code=code)["definition"]["name"])
    except NotFound:  # no longer offered; the draft is still there to be looked at
        return code


@page_for(APPLY)
def show_receipt(application: str) -> Response:
    """It is handed in: its code, to keep."""
    found = look("get_application", application=application)
    address = f"{current_app.config['PUBLIC_URL']}/tra-cuu/{found['code']}"
    definition = look("get_procedure", code=found["procedure"])["definition"]
    label = _("Mã hồ sơ của bạn") if may_apply() else _("Mã hồ sơ")
    code = Markup('<span class="tc-code">{}<br><strong>{}</strong></span>').format(label, found["code"])
    return page(
        "receipt.html" if may_apply() else "intake_receipt.html",
        application=found,
        name=words(definition["name"]),
        reception=in_words(definition["reception_time"]),
        code_html=code,
        qr=_qr(address),
        paid=money_words(found["payment"]),
    )


def _qr(address: str) -> Markup:
    """A QR code that leads to an address, as a picture in the page."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=2, svgclass="tc-qr", lineclass=None, omitsize=False))


@page_for(APPLY)
def show_own(application: str) -> Response:
    """Where one application stands, and everything about it."""
    found = look("get_application", application=application)
    history = look("get_history", {"limit": WHOLE_HISTORY}, application=application)["items"]
    followed = look("follow_application", code=found["code"])
    definition = look("get_procedure", code=found["procedure"])["definition"]
    return page(
        "own_application.html",
        application=found,
        procedure_name=words(definition["name"]),
        followed=followed,
        turn=_turn(found, followed["whose_turn"]),
        moments=moments_of(history, officer=False),
        paid=money_words(found["payment"]),
        held=held_words(found["payment"]),
        asked=found["supplements"][-1] if found["supplements"] else None,
        answers=answers_in_words(definition, found),
    )


def _turn(application: dict[str, Any], turn: str) -> str:
    """Whose turn it is; a result that comes by itself is awaited, not fetched."""
    waits = application["status"] == 9 and application["delivery"]["method"] != "counter"
    return "agency" if waits else turn


def answers_in_words(definition: dict[str, Any], application: dict[str, Any]) -> list[tuple[str, str]]:
    """The case, where there are several, and the questions with what was answered."""
    answers, cases = application["answers"], definition.get("cases", ())
    chosen = [(_("Trường hợp"), words(one["name"])) for one in cases if one["key"] == application["case"]]
    return [
        *(chosen if len(cases) > 1 else ()),
        *(
            (words(question["name"]), answer_in_words(question, answers[question["key"]]))
            for question in definition.get("questions", ())
            if answers.get(question["key"]) not in (None, "")
        ),
    ]


def answer_in_words(question: Mapping[str, Any], value: Any) -> str:
    """An answer as its question gives it."""
    if question["kind"] == "yes_no":
        return yes_or_no()[0 if value else 1][1]
    if question["kind"] == "date":
        return "/".join(reversed(str(value).split("-")))
    names = {choice["value"]: words(choice["name"]) for choice in question.get("choices", ())}
    return names.get(str(value)) or vietnamese(value)  # as the applicant wrote it


@page_for(READ)
def download_attachment(application: str, attachment: str) -> Response:
    """A file that was handed in; `xem` shows it inside a page."""
    return _stored(look("authorise_attachment", application=application, attachment=attachment))


@page_for(READ)
def download_result(application: str, attachment: str) -> Response:
    """A file of the result; `xem` shows it inside a page."""
    return _stored(look("authorise_result", application=application, attachment=attachment))


def _stored(ticket: dict[str, Any]) -> Response:
    return show_stored(ticket) if "xem" in request.args else send_stored(ticket)


@page_for(READ)
def download_form(application: str, form: str) -> Response:
    """A form that was issued; `xem` shows it inside a page."""
    return _stored(look("print_form", application=application, form=form))


ROUTES: Routes = (
    ("GET", "/ho-so", list_own),
    ("GET", "/ho-so/<name:application>", show_own),
    ("GET", "/ho-so/<name:application>/da-nop", show_receipt),
    ("GET", "/ho-so/<name:application>/tep/<name:attachment>", download_attachment),
    ("GET", "/ho-so/<name:application>/ket-qua/<name:attachment>", download_result),
    ("GET", "/ho-so/<name:application>/bieu-mau/<name:form>", download_form),
)
