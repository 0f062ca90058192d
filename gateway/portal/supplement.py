"""What an agency asked to be added to one's own application: papers, and questions to be answered anew."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import look
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in, yes_or_no
from gateway.portal.language import gettext as _
from gateway.portal.language import vietnamese, words
from gateway.portal.own_actions import act_on_own, changes_since
from gateway.portal.pages import Routes, go, page
from gateway.portal.question_steps import field_kind
from gateway.portal.readers import APPLY
from gateway.portal.uploads import KEPT, Sent, missing_file, name_of, sent_form
from shared.errors import Conflict, FieldError, Invalid, NotFound, Stale, field_error

WAITS = 5
"""The status in which the agency waits for what it asked for."""


@page_for(APPLY)
def show_supplement(application: str) -> Response:
    """What is to be added."""
    return _supplement(application, None)


@page_for(APPLY)
def supply(application: str) -> Response:
    """Send what was added; or take one of its files in, and nothing is sent to the agency yet."""
    sent = sent_form()
    if sent.only_file:
        wrong = missing_file(sent, request.args["gui"])
        return _supplement(application, sent, 422 if wrong else 200, wrong)
    given = _given(sent)
    asked = _asked(look("get_application", application=application))
    values, wrong = read_form(_answer_fields(application, asked), sent.typed)
    wrong += sent.wrong or [
        field_error(item["component"], "file_needed") for item in asked["items"] if item["component"] not in given
    ]
    if wrong:
        return _supplement(application, sent, 422, wrong)
    answers = {name: value for name, value in values.items() if name != "note"}
    components = [{"component": component, "file": file} for component, file in given.items()]
    body = {"components": components, "answers": answers, "note": values.get("note") or ""}
    try:
        act_on_own("supply_supplement", application, body, sent.typed)
    except Invalid as error:
        return _supplement(application, sent, 422, _beside_boxes(error))
    except Conflict as error:
        return _supplement(application, sent, 409, [field_error("", error.code, **error.params)])
    except Stale:
        return _supplement(application, sent, 412)
    return go(f"/ho-so/{application}")


def _beside_boxes(error: Invalid) -> list[FieldError]:
    """What the service refuses, at the boxes of the page."""
    for fault in error.fields:
        fault["path"] = fault["path"].removeprefix("answers.")
    return error.fields or [field_error("", error.code, **error.params)]


def _supplement(application: str, sent: Sent | None, status: int = 200, wrong: Sequence[FieldError] = ()) -> Response:
    """The page with what was typed and sent; what was overtaken goes over the newest version when it is sent again."""
    found = look("get_application", application=application)
    asked, still = _asked(found), found["status"] == WAITS
    if not still and sent is None:
        raise NotFound("action_not_now")
    fields = _answer_fields(application, asked)
    papers = [
        Field(item["component"], words(item["name"]), "file", vietnamese(item["requirement"]))
        for item in asked["items"]
    ]
    typed, given = (sent.typed, _given(sent)) if sent else (None, {})
    shown = {one["field"].name: one for one in shown_fields([*papers, *fields], found["answers"], typed, wrong)}
    return page(
        "supplement.html",
        status,
        application=found,
        overtaken=changes_since(found, version_in(typed)) if typed and (status == 412 or not still) else None,
        still=still,
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
        version=typed.get("version", "") if typed and status != 412 else found["version"],
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def _asked(application: dict[str, Any]) -> dict[str, Any]:
    """What the agency asked for last."""
    if not application["supplements"]:
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
        fields.append(Field(one["question"], name, field_kind(question), requirement, choices, limit=500))
    return [*fields, Field("note", _("Lời nhắn cho cơ quan"), "long", required=False, limit=1000)]


def _given(sent: Sent) -> dict[str, str]:
    """The files sent so far, by their papers: those that were sent before stand as `paper:file`."""
    pairs = (entry.partition(":") for entry in sent.typed.getlist(KEPT))
    return {component: file for component, _colon, file in pairs if component and file} | sent.files


ROUTES: Routes = (
    ("GET", "/ho-so/<name:application>/bo-sung", show_supplement),
    ("POST", "/ho-so/<name:application>/bo-sung", supply),
)
