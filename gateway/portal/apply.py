"""Applying online: a draft that is saved at every page, looked over, and handed in once."""

import secrets
from copy import deepcopy
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.catalogue import in_words
from gateway.portal.draft import Work, keep_what_applies, open_work, put_file, work_on
from gateway.portal.forms import Field, anchor, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import vietnamese
from gateway.portal.pages import Routes, field_sentence, go, page
from gateway.portal.step import PAPER, Step
from gateway.portal.steps import next_undone, place_field, step_for, steps_of
from gateway.portal.uploads import BOX, STREAMED, name_of, sent_form
from shared.errors import FieldError, Invalid, NotFound, field_error

APPLY = "applications:apply"
CHECK = "kiem-tra"


@page_for(APPLY)
def show_start(code: str) -> Response:
    """Before the first question: what will be asked, and where to hand in."""
    return _start(code, None, [])


@page_for(APPLY)
def start(code: str) -> Response:
    """Begin a draft; the same form sent twice begins one."""
    asked = place_field(code)
    values, wrong = read_form([asked], request.form)
    if wrong:
        return _start(code, asked, wrong)
    content = {"procedure": code, "agency": values["agency"]}
    draft = do("create_draft", {"content": content}, key=request.form.get("key", "") or secrets.token_hex(16))
    return go(f"/nhap/{draft['id']}")


def _start(code: str, asked: Field | None, wrong: list[FieldError]) -> Response:
    procedure = look("get_procedure", code=code)
    fields = [asked or place_field(code)]
    return page(
        "apply_start.html",
        422 if wrong else 200,
        procedure=procedure,
        time=in_words(procedure["time_limit"]),
        draft_days=current_app.config["DRAFT_DAYS"],
        shown=shown_fields(fields, {}, request.form if wrong else None, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=secrets.token_hex(16),
        papers=[one for one in procedure["definition"]["components"] if one["source"] == "paper"],
    )


@page_for(APPLY)
def resume_draft(draft: str) -> Response:
    """Go on where the draft was left."""
    step = next_undone(steps_of(open_work(draft)))
    return go(f"/nhap/{draft}/{step.key if step else CHECK}")


@page_for(APPLY)
def show_step(draft: str, step: str) -> Response:
    """One page of the draft."""
    work = open_work(draft)
    if step == CHECK:
        return _check_page(work, [])
    return _step_page(work, _find(work, step), [])


@page_for(APPLY)
def save_step(draft: str, step: str) -> Response:
    """Keep what was answered and go on; on the last page, hand in."""
    work = open_work(draft)
    if step == CHECK and request.mimetype != STREAMED:
        return _hand_in(work)
    found = _find(work, step)
    if request.mimetype == STREAMED:
        return _take_paper(work, found)
    values, wrong = read_form(found.fields, request.form)
    wrong = wrong or found.check(values)
    if wrong:
        return _step_page(work, found, wrong)
    former = deepcopy(work.content)
    found.put(work.content, values)
    return _go_on(_saved(work, former), found)


def _take_paper(work: Work, found: Step) -> Response:
    """Take a paper's file in, straight into the store."""
    if not found.is_paper:
        raise NotFound("route_unknown")
    sent = sent_form()
    stored = sent.files.get(BOX)
    if sent.wrong:
        return _step_page(work, found, sent.wrong)
    if stored is None:
        if found.fields[0].required and not found.known.get("file"):
            return _step_page(work, found, [field_error(BOX, "file_needed")])
        return _go_on(work, found)
    former = deepcopy(work.content)
    put_file(work.content, found.key.removeprefix(PAPER), stored)
    return _go_on(_saved(work, former), found)


@page_for(APPLY)
def show_discard(draft: str) -> Response:
    """Ask before a draft is thrown away."""
    return page("apply_discard.html", work=open_work(draft))


@page_for(APPLY)
def discard(draft: str) -> Response:
    """Throw a draft away."""
    do("delete_draft", {}, draft=draft)
    return go("/ho-so")


def _find(work: Work, key: str) -> Step:
    for step in steps_of(work):
        if step.key == key:
            return step
    raise NotFound("route_unknown")


def _saved(work: Work, former: dict[str, Any]) -> Work:
    """Store the draft, unless another window has changed it meanwhile; rules may ask for less than before.

    What is there already is not stored again: the button was pressed twice.
    """
    renewed = work_on(work.draft)
    keep_what_applies(renewed)
    if renewed.content == former:
        return renewed
    version = _seen_version(work)
    return work_on(do("save_draft", {"content": renewed.content}, version=version, draft=work.draft["id"]))


def _seen_version(work: Work) -> int:
    """The version of the draft that the page showed."""
    seen = request.values.get("version", "") if request.mimetype != STREAMED else request.args.get("version", "")
    return int(seen) if seen.isdecimal() else int(work.draft["version"])


def _go_on(work: Work, done: Step) -> Response:
    """The page after this one, or the last page when only this one was to be changed."""
    steps = steps_of(work)
    keys = [step.key for step in steps]
    draft = work.draft["id"]
    if request.args.get("tu") == CHECK:
        undone = next_undone(steps)
        return go(f"/nhap/{draft}/{undone.key if undone else CHECK}")
    following = keys[keys.index(done.key) + 1 :] if done.key in keys else []
    return go(f"/nhap/{draft}/{following[0] if following else CHECK}")


def _step_page(work: Work, step: Step, wrong: list[FieldError]) -> Response:
    form = request.form if wrong and not step.is_paper else None
    steps = steps_of(work)
    keys = [one.key for one in steps]
    before = keys.index(step.key)
    changing = request.args.get("tu") == CHECK
    back = CHECK if changing else keys[before - 1] if before else ""
    return page(
        "apply_paper.html" if step.is_paper else "apply_step.html",
        422 if wrong else 200,
        work=work,
        step=step,
        shown=shown_fields(step.fields, step.known, form, wrong),
        wrong=entries_of(step.fields, wrong),
        failed=bool(wrong),
        position=before + 1,
        length=len(steps),
        following=keys[before + 1] if before + 1 < len(keys) and not changing else CHECK,
        back=f"/nhap/{work.draft['id']}/{back}" if back else f"/thu-tuc/{work.procedure['code']}",
        changing=changing,
        limit=current_app.config["MAX_UPLOAD_BYTES"],
        kinds=", ".join(kind.upper() for kind in current_app.config["FILE_TYPES"]),
    )


def _check_page(work: Work, wrong: list[FieldError]) -> Response:
    steps = steps_of(work)
    undone = next_undone(steps)
    if undone and not wrong:
        return go(f"/nhap/{work.draft['id']}/{undone.key}")
    return page(
        "apply_check.html",
        422 if wrong else 200,
        work=work,
        rows=[_row(work, step) for step in steps],
        wrong=[_entry(work, steps, fault) for fault in wrong],
        failed=bool(wrong),
    )


def _hand_in(work: Work) -> Response:
    draft = work.draft["id"]
    try:
        receipt = do("submit_draft", {}, key=f"nop-{draft}", version=_seen_version(work), draft=draft)
    except Invalid as error:
        return _check_page(work, error.fields or [field_error("", error.code, **error.params)])
    return go(f"/ho-so/{receipt['id']}/da-nop")


def _row(work: Work, step: Step) -> dict[str, Any]:
    """What was answered on a page, and where to change it."""
    return {
        "title": step.title,
        "answers": _answers(step),
        "change": f"/nhap/{work.draft['id']}/{step.key}?tu={CHECK}",
    }


def _answers(step: Step) -> list[str]:
    if step.is_paper:
        return [_paper_words(step.known.get("file"))]
    shown = shown_fields(step.fields, step.known, None, [])
    lines = [_said(one["field"], one["value"]) for one in shown]
    return [line for line in lines if line] or [_("Không khai")]


def _paper_words(file: str | None) -> str:
    """The file that was attached, by the name that its sender gave it."""
    if not file:
        return _("Không nộp")
    name = name_of(file)
    return vietnamese(name) if name else _("Đã đính kèm tệp")


def _said(asked: Field, value: Any) -> str:
    """An answer as it is read back."""
    if asked.kind in ("choice", "yes_no"):
        return dict(asked.choices).get(value, "")
    if asked.kind == "select":
        value = dict(asked.choices).get(value)
    if asked.kind == "date":
        return "/".join(f"{int(value[part]):02}" for part in ("day", "month", "year")) if value else ""
    return vietnamese(value) if value else ""


def _entry(work: Work, steps: list[Step], fault: FieldError) -> dict[str, str]:
    """A refusal's entry that leads to the page on which to mend it."""
    path = _by_component(work, fault)
    step = step_for(steps, path)
    if step is None:
        return {"text": field_sentence(fault)}
    return {
        "text": f"{step.title}: {field_sentence(fault)}",
        "href": f"/nhap/{work.draft['id']}/{step.key}?tu={CHECK}#{anchor(step.fields[0])}",
    }


def _by_component(work: Work, fault: FieldError) -> str:
    """The path with the component's name in the place of its number."""
    parts = fault["path"].split(".")
    missing = (fault.get("params") or {}).get("component")
    if missing:
        return f"components.{missing}"
    if parts[0] == "components" and len(parts) > 1 and parts[1].isdecimal():
        supplied = work.content.get("components") or []
        parts[1] = supplied[int(parts[1])]["component"] if int(parts[1]) < len(supplied) else parts[1]
    return ".".join(parts)


ROUTES: Routes = (
    ("GET", "/thu-tuc/<name:code>/nop", show_start),
    ("POST", "/thu-tuc/<name:code>/nop", start),
    ("GET", "/nhap/<name:draft>", resume_draft),
    ("GET", "/nhap/<name:draft>/bo", show_discard),
    ("POST", "/nhap/<name:draft>/bo", discard),
    ("GET", "/nhap/<name:draft>/<name:step>", show_step),
    ("POST", "/nhap/<name:draft>/<name:step>", save_step),
)
