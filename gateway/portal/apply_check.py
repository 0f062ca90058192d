"""The last page of an application: everything is read once more before it is handed in."""

from collections.abc import Sequence
from typing import Any

from werkzeug.wrappers import Response

from gateway.portal.draft import Work
from gateway.portal.forms import Field, Values, anchor, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import vietnamese
from gateway.portal.pages import field_sentence, go, page
from gateway.portal.papers_in_words import COUNTS, counted
from gateway.portal.step import Step
from gateway.portal.steps import next_undone, step_for, steps_of
from gateway.portal.uploads import name_of
from shared.errors import FieldError

CHECK = "kiem-tra"
"""The key of this page, in the place of a step's."""


def check_page(work: Work, status: int = 200, wrong: Sequence[FieldError] = ()) -> Response:
    """What was answered, with the fee; the first page that wants an answer while there is one."""
    steps = steps_of(work)
    undone = next_undone(steps)
    if undone and not wrong:
        return go(f"/nhap/{work.draft['id']}/{undone.key}")
    return page(
        "apply_check.html",
        status,
        work=work,
        rows=[_row(work, step) for step in steps],
        overtaken=status == 412,
        wrong=[entry_of(work, steps, fault) for fault in wrong],
        failed=bool(wrong),
    )


def _row(work: Work, step: Step) -> dict[str, Any]:
    """What was answered on a page, and where to change it."""
    return {
        "title": step.title,
        "answers": answers_of(step),
        "change": f"/nhap/{work.draft['id']}/{step.key}?tu={CHECK}",
    }


def answers_of(step: Step) -> list[str]:
    """What was answered on a page, as it is read back."""
    if step.is_paper:
        return _paper_words(step.known)
    shown = shown_fields(step.fields, step.known, None, [])
    lines = [_said(one["field"], one["value"]) for one in shown]
    return [line for line in lines if line] or [_("Không khai")]


def _paper_words(known: Values) -> list[str]:
    """The file that was attached, by the name that its sender gave it; how many papers an officer counted."""
    lines = []
    if file := known.get("file"):
        name = name_of(file)
        lines.append(vietnamese(name) if name else _("Đã đính kèm tệp"))
    if any(known.get(count) for count in COUNTS):
        lines += [counted(known), *([] if file else [_("Bản giấy, chưa số hóa")])]
    return lines or [_("Không nộp")]


def _said(asked: Field, value: Any) -> str:
    """An answer as it is read back."""
    if asked.kind in ("choice", "yes_no"):
        return dict(asked.choices).get(value, "")
    if asked.kind == "select":
        value = dict(asked.choices).get(value)
    if asked.kind == "date":
        return "/".join(f"{int(value[part]):02}" for part in ("day", "month", "year")) if value else ""
    return vietnamese(value) if value else ""


def entry_of(work: Work, steps: list[Step], fault: FieldError) -> dict[str, str]:
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
