"""Applying online: a draft that is saved at every page, looked over, and handed in once."""

import secrets
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from flask import current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.apply_check import CHECK, answers_of, check_page, entry_of
from gateway.portal.calls import do, look
from gateway.portal.catalogue import in_words
from gateway.portal.draft import INTAKE, Work, keep_what_applies, open_work, work_on
from gateway.portal.forms import Field, Values, entries_of, read_form, shown_fields, version_in
from gateway.portal.pages import Routes, go, page
from gateway.portal.readers import APPLY, may_apply
from gateway.portal.step import Step
from gateway.portal.steps import next_undone, place_field, step_for, steps_of
from gateway.portal.streamed import STREAMED
from gateway.portal.uploads import Sent, missing_file, name_of, sent_form
from shared.errors import FieldError, Invalid, NotFound, Stale, field_error

LATEST = 20


@page_for(APPLY)
def show_start(code: str) -> Response:
    """Before the first question: what will be asked, and where to hand in; only for oneself, as the procedure says."""
    if not may_apply():
        return go(f"/thu-tuc/{code}")
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
        begun=_draft_of(code),
    )


def _draft_of(code: str) -> dict[str, Any] | None:
    """The reader's draft of a procedure that was saved last, among the latest; None without one."""
    drafts: list[dict[str, Any]] = look("list_drafts", {"limit": LATEST})["items"]
    return next((one for one in drafts if one["content"].get("procedure") == code), None)


@page_for(APPLY)
def resume_draft(draft: str) -> Response:
    """Go on where the draft was left."""
    work = open_work(draft)
    if _handed_in(work):
        return _receipt(work)
    step = next_undone(steps_of(work))
    return go(f"/nhap/{draft}/{step.key if step else CHECK}")


@page_for(APPLY)
def show_step(draft: str, step: str) -> Response:
    """One page of the draft; of one that was handed in, by going back or by its link, what came of it."""
    work = open_work(draft)
    if _handed_in(work):
        return _receipt(work)
    if step == CHECK:
        return check_page(work)
    return _step_page(work, _find(work, step))


@page_for(APPLY)
def save_step(draft: str, step: str) -> Response:
    """Keep what was answered and go on; on the last page, hand in."""
    work = open_work(draft)
    if step == CHECK and request.mimetype != STREAMED:
        return _hand_in(work)
    if _handed_in(work):
        return _receipt(work)
    found = _find(work, step)
    if found.is_paper:
        return _take_paper(work, found)
    if request.mimetype == STREAMED:
        raise NotFound("route_unknown")
    values, wrong = read_form(found.fields, request.form)
    wrong = wrong or found.check(values)
    sent = Sent(request.form)
    return _step_page(work, found, 422, wrong, sent) if wrong else _keep(work, found, values, sent)


def _take_paper(work: Work, found: Step) -> Response:
    """Take a paper's file in, straight into the store, and how many papers were counted."""
    sent = sent_form()
    values, wrong = read_form(found.fields[1:], sent.typed)
    values["file"] = sent.kept[-1] if sent.kept else found.known.get("file")
    wrong = (missing_file(sent) if sent.only_file else sent.wrong) or wrong or found.check(values)
    if wrong:
        return _step_page(work, found, 422, wrong, sent)
    if all(value == found.known.get(name) for name, value in values.items()):
        return _go_on(work, found)
    return _keep(work, found, values, sent)


def _keep(work: Work, found: Step, values: Values, sent: Sent) -> Response:
    """Store what was answered and go on; overtaken by another window, the page again with what was typed or sent."""
    former = deepcopy(work.content)
    found.put(work.content, values)
    try:
        saved = _saved(work, former)
    except Stale:
        now = open_work(work.draft["id"])
        return _step_page(now, _find(now, found.key), 412, sent=sent)
    return _go_on(saved, found)


@page_for(APPLY)
def show_discard(draft: str) -> Response:
    """Ask before a draft is thrown away."""
    work = open_work(draft)
    return _receipt(work) if _handed_in(work) else page("apply_discard.html", work=work)


@page_for(APPLY)
def discard(draft: str) -> Response:
    """Throw a draft away."""
    do("delete_draft", {}, draft=draft)
    return go("/ho-so" if may_apply() else INTAKE)


def _handed_in(work: Work) -> bool:
    return bool(work.draft.get("application"))


def _receipt(work: Work) -> Response:
    return go(f"/ho-so/{work.draft['application']}/da-nop")


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
    saved = do("save_draft", {"content": renewed.content}, version=_seen_version(), draft=work.draft["id"])
    return work_on(saved)


def _seen_version() -> int:
    """The version of the draft that the page showed."""
    return version_in(request.args if request.mimetype == STREAMED else request.form)


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


def _step_page(
    work: Work, step: Step, status: int = 200, wrong: Sequence[FieldError] = (), sent: Sent | None = None
) -> Response:
    """A page with what was typed or `sent`; what was overtaken goes over the newest version."""
    form, kept = (sent.typed, sent.kept) if sent else (None, [])
    steps = steps_of(work)
    keys = [one.key for one in steps]
    before = keys.index(step.key)
    changing = request.args.get("tu") == CHECK
    back = CHECK if changing else keys[before - 1] if before else ""
    return page(
        "apply_paper.html" if step.is_paper else "apply_step.html",
        status,
        work=work,
        step=step,
        seen=work.draft["version"] if status in (200, 412) else _seen_version(),
        overtaken=Markup(", ").join(answers_of(step)) if status == 412 else "",
        kept=kept[-1] if kept else "",
        kept_name=name_of(kept[-1]) if kept else "",
        attached=Markup(", ").join(answers_of(step)) if step.is_paper else "",
        shown=shown_fields(step.fields, step.known, form, wrong),
        wrong=_entries(work, step, steps, wrong),
        failed=bool(wrong),
        position=before + 1,
        length=len(steps),
        following=keys[before + 1] if before + 1 < len(keys) and not changing else CHECK,
        back=f"/nhap/{work.draft['id']}/{back}" if back else f"/thu-tuc/{work.procedure['code']}",
        changing=changing,
        limit=current_app.config["MAX_UPLOAD_BYTES"],
    )


def _entries(work: Work, step: Step, steps: list[Step], wrong: Sequence[FieldError]) -> list[dict[str, str]]:
    """What is wrong on this page, and on which other one it could be mended."""
    here = {field.name for field in step.fields}
    elsewhere = [fault for fault in wrong if fault["path"] not in here and step_for(steps, fault["path"])]
    entries = entries_of(step.fields, [fault for fault in wrong if fault not in elsewhere])
    return entries + [entry_of(work, steps, fault) for fault in elsewhere]


def _hand_in(work: Work) -> Response:
    draft = work.draft["id"]
    try:
        receipt = do("submit_draft", {}, key=f"nop-{draft}", version=_seen_version(), draft=draft)
    except Invalid as error:
        return check_page(work, 422, error.fields or [field_error("", error.code, **error.params)])
    except Stale:
        return check_page(open_work(draft), 412)
    return go(f"/ho-so/{receipt['id']}/da-nop")


ROUTES: Routes = (
    ("GET", "/thu-tuc/<name:code>/nop", show_start),
    ("POST", "/thu-tuc/<name:code>/nop", start),
    ("GET", "/nhap/<name:draft>", resume_draft),
    ("GET", "/nhap/<name:draft>/bo", show_discard),
    ("POST", "/nhap/<name:draft>/bo", discard),
    ("GET", "/nhap/<name:draft>/<name:step>", show_step),
    ("POST", "/nhap/<name:draft>/<name:step>", save_step),
)
