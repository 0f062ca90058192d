"""The run-of-show of a meeting as a form: what comes when, who speaks, what is seen, who is heard; and its releases.

Rows are added, moved and taken out by buttons that send the form: nothing is kept before it is saved.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.conference_places import ASK, READ, Names, names_of
from gateway.portal.conference_words import AUDIO, LAYOUTS, told
from gateway.portal.forms import Choices, Field, all_of, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import clock
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, go, page
from shared.contracts.conference_booking.scripts import MOST_ITEMS
from shared.errors import Conflict, FieldError, Invalid, Stale, field_error
from shared.wall_clock import current_moment

SAVE, ADD, UP, DOWN, OUT = "ghi", "them", "len", "xuong", "bo"
"""What the button pressed wants; those that are about a row name its number after a hyphen."""

LATELY = timedelta(days=90)
_TEXTS = ("minutes", "what", "speaker", "on_screen", "layout", "audio", "content", "note")
_ROW = re.compile(r"muc-([0-9]{1,3})-what")
_FAULT = re.compile(r"items\.([0-9]{1,3})\.(\w+)")
_NUMBER = re.compile(r"[0-9]{1,3}")
_USUAL = {"minutes": "15", "layout": "lecture", "audio": "on_screen"}

Row = dict[str, Any]
Typed = MultiDict[str, str]


@page_for(READ)
def show_script(meeting: str) -> Response:
    """The run-of-show as it was saved, to be written on by those who may."""
    script = look("read_script", None, meeting=meeting)
    return _show(meeting, script, _sheet(script["items"] or [_USUAL]))


@page_for(ASK)
def write_script(meeting: str) -> Response:
    """Save what was written, once for each page, over the version that it began from; or change the rows."""
    rows = _rows(request.form)
    script = look("read_script", None, meeting=meeting)
    wanted, _hyphen, number = request.form.get("lam", SAVE).partition("-")
    if wanted != SAVE:
        changed = _rearranged(rows, wanted, int(number) - 1 if _NUMBER.fullmatch(number) else -1)
        return _show(meeting, script, _sheet(changed), version=request.form.get("version", ""))
    typed = _sheet(rows)
    values, wrong = _read(typed, _places(look("read_meeting", None, meeting=meeting)), len(rows))
    if wrong:
        return _show(meeting, script, typed, wrong, version=request.form.get("version", ""))
    return _carry_out("write_script", {"items": values}, meeting, typed)


@page_for(ASK)
def release_script(meeting: str) -> Response:
    """Let sessions be run by the draft as the page showed it."""
    return _carry_out("release_script", {}, meeting)


@page_for(ASK)
def copy_script(meeting: str) -> Response:
    """Begin with the run-of-show of another meeting."""
    return _carry_out("copy_script", {"source": request.form.get("tu-cuoc", "")}, meeting)


def _carry_out(operation: str, body: Mapping[str, Any], meeting: str, typed: Typed | None = None) -> Response:
    """Command it; what was refused shows the page again with what was typed and why."""
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        do(operation, body, key=f"kich-ban-{key}", version=version_in(request.form), meeting=meeting)
    except (Conflict, Invalid, Stale) as error:
        script = look("read_script", None, meeting=meeting)
        sheet = typed or _sheet(script["items"] or [_USUAL])
        if isinstance(error, Stale):
            return _show(meeting, script, sheet, overtaken=True)
        return _show(meeting, script, sheet, _faults(error), version=request.form.get("version", ""))
    return go(f"/hop/cuoc/{meeting}/kich-ban")


def _faults(error: Conflict | Invalid) -> list[FieldError]:
    """A refusal's faults, at the boxes of the form."""
    faults = error.fields or [field_error("", error.code, **error.params)]
    return [
        {**fault, "path": f"muc-{int(place[1]) + 1}-{place[2]}" if (place := _FAULT.match(fault["path"])) else ""}
        for fault in faults
    ]


def _rows(form: Mapping[str, str]) -> list[Row]:
    """What stands in the rows of the form, in their order."""
    numbers = sorted(int(found[1]) for name in form if (found := _ROW.fullmatch(name)))
    return [
        {name: form.get(f"muc-{number}-{name}", "") for name in _TEXTS} | {"open": all_of(form, f"muc-{number}-open")}
        for number in numbers[:MOST_ITEMS]
    ]


def _sheet(rows: Iterable[Mapping[str, Any]]) -> Typed:
    """Rows as the boxes of a form, numbered from one."""
    sheet: Typed = MultiDict()
    for number, row in enumerate(rows, start=1):
        for name in _TEXTS:
            value = row.get(name)
            sheet.add(f"muc-{number}-{name}", "" if value is None else str(value))
        for key in row.get("open", ()):
            sheet.add(f"muc-{number}-open", key)
    return sheet


def _rearranged(rows: list[Row], wanted: str, at: int) -> list[Row]:
    """The rows after one was added, moved by one place or taken out."""
    if wanted == ADD:
        return [*rows, dict(_USUAL)][:MOST_ITEMS]
    if not 0 <= at < len(rows):
        return rows
    kept = [*rows[:at], *rows[at + 1 :]]
    if wanted in (UP, DOWN):
        kept.insert(max(at - 1, 0) if wanted == UP else at + 1, rows[at])
    return kept


def _fields(number: int, places: Choices) -> list[Field]:
    """The boxes of one row."""
    begin = f"muc-{number}-"
    return [
        Field(f"{begin}what", _("Nội dung"), limit=200),
        Field(f"{begin}minutes", _("Số phút"), "number", width="govuk-input--width-3"),
        Field(f"{begin}speaker", _("Người phát biểu"), required=False, limit=100),
        Field(f"{begin}on_screen", _("Điểm cầu trên màn hình"), "select", choices=places, required=False),
        Field(f"{begin}layout", _("Bố cục hình"), "select", choices=_choices("layout", LAYOUTS)),
        Field(f"{begin}audio", _("Ai được nghe thấy"), "select", choices=_choices("audio", AUDIO)),
        Field(f"{begin}open", _("Điểm cầu mở tiếng"), "many", choices=places, required=False),
        Field(f"{begin}content", _("Tài liệu trình chiếu"), required=False, limit=200),
        Field(f"{begin}note", _("Ghi chú cho kỹ thuật"), required=False, limit=300),
    ]


def _choices(table: str, keys: Iterable[str]) -> Choices:
    return tuple((key, told(table, key)) for key in keys)


def _places(meeting: Mapping[str, Any]) -> Choices:
    """The endpoints that the meeting connects, whoever presides first."""
    names = names_of(meeting["network"])
    there = dict.fromkeys((meeting["chair"], *meeting["endpoints"], *meeting["standby"]))
    return tuple((key, names.get(key, key)) for key in there)


def _read(typed: Typed, places: Choices, count: int) -> tuple[list[Row], list[FieldError]]:
    """The items that the form makes, and what is wrong with them."""
    items: list[Row] = []
    wrong: list[FieldError] = []
    for number in range(1, count + 1):
        fields = _fields(number, places)
        values, faults = read_form(fields, typed)
        item = {name.rpartition("-")[2]: value for name, value in values.items()}
        item |= {name: item.get(name) or "" for name in ("speaker", "content", "note")}
        item["open"] = item["open"] if item.get("audio") == "listed" else []
        if item.get("audio") == "listed" and not item["open"]:
            faults.append(field_error(f"muc-{number}-open", "choose_one"))
        items.append(item)
        wrong += faults
    return items, wrong


def _show(
    meeting: str,
    script: Mapping[str, Any],
    sheet: Typed,
    wrong: Sequence[FieldError] = (),
    *,
    version: str = "",
    overtaken: bool = False,
) -> Response:
    """The page with these rows; a form that was overtaken goes over the newest version when it is sent again."""
    found = look("read_meeting", None, meeting=meeting)
    places = _places(found)
    rows = _rows(sheet)
    fields = [_fields(number, places) for number in range(1, len(rows) + 1)]
    shown = [
        {one["field"].name.rpartition("-")[2]: one for one in shown_fields(row, {}, sheet, wrong)} for row in fields
    ]
    times = _times(rows, (found["next_session"] or found["all_sessions"][0])["start"])
    return page(
        "conference_script.html",
        412 if overtaken else 422 if wrong else 200,
        meeting=found,
        script=script,
        names=dict(places),
        may={name: name in found["actions"] for name in ("write_script", "release_script", "copy_script")},
        rows=[{"times": when, "shown": row} for when, row in zip(times, shown, strict=True)],
        full=len(rows) >= MOST_ITEMS,
        others=_others(found) if not script["version"] and "copy_script" in found["actions"] else (),
        version=version or script["version"],
        overtaken=overtaken,
        wrong=entries_of([field for row in fields for field in row], wrong),
        failed=bool(wrong),
        place=f"/hop/cuoc/{meeting}/kich-ban",
        key=request.form.get("key", "") or secrets.token_hex(16),
    )


def _times(rows: Iterable[Row], start: str) -> Iterable[tuple[datetime, datetime] | None]:
    """From when to when each row is on; unknown behind one whose minutes cannot be read."""
    at: datetime | None = datetime.fromisoformat(start)
    for row in rows:
        typed = str(row["minutes"]).strip()
        end = at + timedelta(minutes=int(typed)) if at and typed.isdecimal() and len(typed) < 4 else None
        yield (at, end) if at and end else None
        at = end


def _others(meeting: Mapping[str, Any]) -> list[dict[str, str]]:
    """Meetings whose run-of-show may be taken over."""
    since = (current_moment() - LATELY).date().isoformat()
    found = look("list_meetings", {"network": meeting["network"], "since": since, "limit": 50})["items"]
    return [
        {"value": one["id"], "text": f"{clock(one['next_session']['start'])}: {one['title']}"
         if one["next_session"] else one["title"]}
        for one in found if one["id"] != meeting["id"]
    ]  # fmt: skip


@page_for(READ)
def show_script_release(meeting: str, release: str) -> Response:
    """The run-of-show as it was released once."""
    found = look("read_meeting", None, meeting=meeting)
    names: Names = dict(_places(found))
    one = look("read_script_release", None, meeting=meeting, release=release)
    return page("conference_release.html", meeting=found, names=names, release=one)


ROUTES: Routes = (
    ("GET", "/hop/cuoc/<name:meeting>/kich-ban", show_script),
    ("POST", "/hop/cuoc/<name:meeting>/kich-ban", write_script),
    ("POST", "/hop/cuoc/<name:meeting>/kich-ban/chot", release_script),
    ("POST", "/hop/cuoc/<name:meeting>/kich-ban/chep", copy_script),
    ("GET", "/hop/cuoc/<name:meeting>/kich-ban/ban/<name:release>", show_script_release),
)
