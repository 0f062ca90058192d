"""One's own applications: where each stands, and what to do about it."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from flask import current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import send_stored, show_stored
from gateway.portal.calls import do, look
from gateway.portal.catalogue import in_words
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import said, vietnamese, words
from gateway.portal.pages import Routes, go, page
from gateway.portal.plain_words import moments_of, money_words
from gateway.portal.uploads import KEPT, Sent, missing_file, name_of, sent_form
from shared.errors import FieldError, NotFound, field_error

READ, APPLY = "applications:read", "applications:apply"
LIMIT = 20
WHOLE_HISTORY = 200

SCORES = (
    ("very_satisfied", said("Rất hài lòng")),
    ("satisfied", said("Hài lòng")),
    ("dissatisfied", said("Không hài lòng")),
)


@page_for(APPLY)
def list_own() -> Response:
    """Drafts to go on with, and applications."""
    cursor = request.args.get("cursor")
    found = look("list_applications", {"limit": LIMIT, **({"cursor": cursor} if cursor else {})})
    drafts = [] if cursor else look("list_drafts", {"limit": LIMIT})["items"]
    codes = {str(draft["content"].get("procedure")) for draft in drafts} | {one["procedure"] for one in found["items"]}
    names = {code: _procedure_name(code) for code in codes}
    return page(
        "own.html",
        drafts=[{**draft, "name": names[str(draft["content"].get("procedure"))]} for draft in drafts],
        applications=[{**one, "name": names[one["procedure"]]} for one in found["items"]],
        following=found["next_cursor"],
        first=not cursor,
    )


def _procedure_name(code: str) -> str:
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
    code = Markup('<span class="tc-code">{}<br><strong>{}</strong></span>').format(_("Mã hồ sơ của bạn"), found["code"])
    return page(
        "receipt.html",
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
        asked=found["supplements"][-1] if found["supplements"] else None,
        answers=answers_in_words(definition, found["answers"]),
    )


def _turn(application: dict[str, Any], turn: str) -> str:
    """Whose turn it is; a result that comes by itself is awaited, not fetched."""
    waits = application["status"] == 9 and application["delivery"]["method"] != "counter"
    return "agency" if waits else turn


def answers_in_words(definition: dict[str, Any], answers: dict[str, Any]) -> list[tuple[str, str]]:
    """The questions with what was answered."""
    return [
        (words(question["name"]), _answer_in_words(question, answers[question["key"]]))
        for question in definition.get("questions", ())
        if answers.get(question["key"]) not in (None, "")
    ]


def _answer_in_words(question: dict[str, Any], value: Any) -> str:
    if question["kind"] == "yes_no":
        return yes_or_no()[0 if value else 1][1]
    if question["kind"] == "date":
        return "/".join(reversed(str(value).split("-")))
    names = {choice["value"]: words(choice["name"]) for choice in question.get("choices", ())}
    return names.get(str(value)) or vietnamese(value)  # as the applicant wrote it


# What one may do


@page_for(APPLY)
def show_payment(application: str) -> Response:
    """What is owed, before one goes to pay."""
    found = look("get_application", application=application)
    return page("pay.html", application=found, key=secrets.token_hex(16), order=None)


@page_for(APPLY)
def start_payment(application: str) -> Response:
    """Open a payment and show the way there."""
    order = _act("start_payment", application, {}, request.form)
    return page("pay.html", application=look("get_application", application=application), order=order)


@page_for(APPLY)
def show_withdrawal(application: str) -> Response:
    """Ask why the application is withdrawn."""
    return _ask(application, "withdraw.html", _withdrawal_fields(), [])


@page_for(APPLY)
def withdraw(application: str) -> Response:
    """Ask to withdraw the application."""
    return _answer(application, "withdraw.html", _withdrawal_fields(), "request_withdrawal")


def _withdrawal_fields() -> list[Field]:
    return [Field("reason", _("Vì sao bạn xin rút hồ sơ?"), "long", limit=1000)]


@page_for(APPLY)
def show_rating(application: str) -> Response:
    """Ask how satisfied one is."""
    return _ask(application, "rate.html", _rating_fields(), [])


@page_for(APPLY)
def rate(application: str) -> Response:
    """Say how satisfied one is."""
    return _answer(application, "rate.html", _rating_fields(), "rate_application")


def _rating_fields() -> list[Field]:
    scores = tuple((score, _(name)) for score, name in SCORES)
    question = _("Bạn có hài lòng với việc giải quyết hồ sơ không?")
    comment = Field("comment", _("Bạn muốn nói thêm điều gì?"), "long", required=False, limit=2000)
    return [Field("score", question, "choice", choices=scores), comment]


def _ask(application: str, template: str, fields: Sequence[Field], wrong: list[FieldError]) -> Response:
    return page(
        template,
        422 if wrong else 200,
        application=look("get_application", application=application),
        shown=shown_fields(fields, {}, request.form if wrong else None, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=request.form.get("key") or secrets.token_hex(16),
    )


def _answer(application: str, template: str, fields: Sequence[Field], command: str) -> Response:
    values, wrong = read_form(fields, request.form)
    if wrong:
        return _ask(application, template, fields, wrong)
    _act(command, application, {name: value for name, value in values.items() if value is not None}, request.form)
    return go(f"/ho-so/{application}")


def _act(command: str, application: str, body: dict[str, Any], form: Mapping[str, str]) -> Any:
    """Carry out a command on the version that the page showed, once for each page."""
    key = form.get("key") or secrets.token_hex(16)
    return do(command, body, key=f"trang-{key}", version=version_in(form), application=application)


# What was asked for


@page_for(APPLY)
def show_supplement(application: str) -> Response:
    """What is to be added."""
    return _supplement(application, None, [])


@page_for(APPLY)
def supply(application: str) -> Response:
    """Send what was added; or take one of its files in, and nothing is sent to the agency yet."""
    sent = sent_form()
    if sent.only_file:
        return _supplement(application, sent, missing_file(sent, request.args["gui"]))
    given = _given(sent)
    asked = _asked(look("get_application", application=application))
    values, wrong = read_form(_answer_fields(application, asked), sent.typed)
    wrong += sent.wrong or [
        field_error(item["component"], "file_needed") for item in asked["items"] if item["component"] not in given
    ]
    if wrong:
        return _supplement(application, sent, wrong)
    answers = {name: value for name, value in values.items() if name != "note"}
    components = [{"component": component, "file": file} for component, file in given.items()]
    body = {"components": components, "answers": answers, "note": values.get("note") or ""}
    _act("supply_supplement", application, body, sent.typed)
    return go(f"/ho-so/{application}")


def _supplement(application: str, sent: Sent | None, wrong: list[FieldError]) -> Response:
    found = look("get_application", application=application)
    asked = _asked(found)
    fields = _answer_fields(application, asked)
    papers = [
        Field(item["component"], words(item["name"]), "file", vietnamese(item["requirement"]))
        for item in asked["items"]
    ]
    typed, given = (sent.typed, _given(sent)) if sent else (None, {})
    shown = {one["field"].name: one for one in shown_fields([*papers, *fields], found["answers"], typed, wrong)}
    return page(
        "supplement.html",
        422 if wrong else 200,
        application=found,
        asked=asked,
        papers=[
            {
                "item": item,
                "shown": shown[item["component"]],
                "given": item["component"] in given,
                "name": name_of(given.get(item["component"], "")),
            }
            for item in asked["items"]
        ],
        shown=[shown[one.name] for one in fields],
        wrong=entries_of([*papers, *fields], wrong),
        failed=bool(wrong),
        given=given,
        version=typed.get("version", "") if typed else found["version"],
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def _asked(application: dict[str, Any]) -> dict[str, Any]:
    """What the agency asked for last and still waits for."""
    if not application["supplements"] or application["status"] != 5:
        raise NotFound("route_unknown")
    asked: dict[str, Any] = application["supplements"][-1]
    return asked


def _answer_fields(application: str, asked: dict[str, Any]) -> list[Field]:
    """The questions that are to be answered anew, as they were put, and room for a note."""
    code = look("get_application", application=application)["procedure"]
    questions = {one["key"]: one for one in look("get_procedure", code=code)["definition"].get("questions", ())}
    fields = []
    for one in asked["answers"]:
        question = questions[one["question"]]
        choices = tuple((choice["value"], words(choice["name"])) for choice in question.get("choices", ()))
        if question["kind"] == "yes_no":
            choices = yes_or_no()
        name = words(question["name"])
        requirement = vietnamese(one["requirement"])
        fields.append(Field(one["question"], name, question["kind"], requirement, choices, limit=500))
    return [*fields, Field("note", _("Lời nhắn cho cơ quan"), "long", required=False, limit=1000)]


def _given(sent: Sent) -> dict[str, str]:
    """The files sent so far, by their papers: those that were sent before stand as `paper:file`."""
    pairs = (entry.partition(":") for entry in sent.typed.getlist(KEPT))
    return {component: file for component, _colon, file in pairs if component and file} | sent.files


# Files


@page_for(READ)
def download_attachment(application: str, attachment: str) -> Response:
    """A file that was handed in; `xem` shows it inside a page."""
    ticket = look("authorise_attachment", application=application, attachment=attachment)
    return show_stored(ticket) if "xem" in request.args else send_stored(ticket)


@page_for(READ)
def download_result(application: str, attachment: str) -> Response:
    """A file of the result."""
    return send_stored(look("authorise_result", application=application, attachment=attachment))


@page_for(READ)
def download_form(application: str, form: str) -> Response:
    """A form that was issued."""
    return send_stored(look("print_form", application=application, form=form))


ROUTES: Routes = (
    ("GET", "/ho-so", list_own),
    ("GET", "/ho-so/<name:application>", show_own),
    ("GET", "/ho-so/<name:application>/da-nop", show_receipt),
    ("GET", "/ho-so/<name:application>/nop-phi", show_payment),
    ("POST", "/ho-so/<name:application>/nop-phi", start_payment),
    ("GET", "/ho-so/<name:application>/rut", show_withdrawal),
    ("POST", "/ho-so/<name:application>/rut", withdraw),
    ("GET", "/ho-so/<name:application>/danh-gia", show_rating),
    ("POST", "/ho-so/<name:application>/danh-gia", rate),
    ("GET", "/ho-so/<name:application>/bo-sung", show_supplement),
    ("POST", "/ho-so/<name:application>/bo-sung", supply),
    ("GET", "/ho-so/<name:application>/tep/<name:attachment>", download_attachment),
    ("GET", "/ho-so/<name:application>/ket-qua/<name:attachment>", download_result),
    ("GET", "/ho-so/<name:application>/bieu-mau/<name:form>", download_form),
)
