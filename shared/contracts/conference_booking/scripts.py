"""The run-of-show (kịch bản điều hành) of a meeting: written, released, printed, followed while a session is live."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request, View
from shared.contracts.conference_booking.history_views import ConferenceHistoryEntry
from shared.contracts.conference_booking.offers import ASK, OPERATE, get, post
from shared.contracts.conference_booking.requests import MEETING, MOST_ENDPOINTS, PerhapsWithReason
from shared.contracts.conference_booking.values import key_of
from shared.contracts.operations import FileTicket, Operation
from shared.contracts.shapes import Number
from shared.contracts.values import Page, code, moment, name, one_of, text

LAYOUTS = ("lecture", "gallery", "speaker_and_content", "content")
AUDIO = ("on_screen", "listed", "all", "none")
"""Who is heard: the endpoint on screen, those in `open`, everybody, nobody."""

ACTIONS = ("start", "next", "back", "jump")
MOST_ITEMS = 100
_SCRIPT = "/meetings/{meeting}/script"
_POINTER = "/meetings/{meeting}/sessions/{session}/pointer"
_ITEM: dict[str, Any] = {
    "what": "Báo cáo kết quả tháng 11, nhiệm vụ tháng 12",
    "minutes": 20,
    "speaker": "Chánh Văn phòng Ủy ban nhân dân tỉnh",
    "on_screen": "th-01",
    "layout": "speaker_and_content",
    "content": "Báo cáo tháng 11.pptx",
}


class ScriptItem(Request):
    """One item: how long it is planned for, what it is, who speaks, what is seen and who is heard."""

    minutes = fields.Integer(strict=True, required=True, validate=validate.Range(1, 600), metadata={"example": 20})
    what = text(200, required=True, example=_ITEM["what"])
    speaker = name(100, load_default="", example=_ITEM["speaker"])
    on_screen = key_of("th-01", required=False, allow_none=True, load_default=None)
    layout = one_of(*LAYOUTS, required=False, load_default="lecture")
    audio = one_of(*AUDIO, required=False, load_default="on_screen")
    open = fields.List(
        key_of("th-05"),
        validate=validate.Length(max=MOST_ENDPOINTS),
        load_default=list,
        metadata={"example": []},
    )
    content = text(200, load_default="", example=_ITEM["content"])
    note = text(300, load_default="", example="")

    @validates_schema
    def _names_who_is_open(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data["open"]) != (data["audio"] == "listed"):
            raise ValidationError("open_when_listed", "open")


class WriteScript(PerhapsWithReason):
    """All items in their order; they follow each other from the beginning of the session."""

    items = fields.List(
        fields.Nested(ScriptItem),
        required=True,
        validate=validate.Length(max=MOST_ITEMS),
        metadata={"example": [_ITEM]},
    )


class CopyScript(Request):
    """The meeting whose run-of-show is taken over, the newest release or else the draft."""

    source = code(r"^[0-9a-f]{32}$", example=MEETING)


class MovePointer(Request):
    """What is on now; `jump` names the number of the item."""

    action = one_of(*ACTIONS)
    item = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=validate.Range(1, MOST_ITEMS),
        metadata={"example": None},
    )

    @validates_schema
    def _names_where_to_jump(self, data: dict[str, Any], **_: Any) -> None:
        if (data["item"] is not None) != (data["action"] == "jump"):
            raise ValidationError("item_when_jumping", "item")


class PrintScript(Request):
    """For which session its times are printed: the first that is not over, unless given."""

    session = Number(load_default=None, validate=validate.Range(1, 366), metadata={"example": 1})


class ScriptItemView(View):
    """One item with its number and the minutes after the beginning at which it starts."""

    number = fields.Integer(metadata={"example": 1})
    offset = fields.Integer(metadata={"example": 0})
    minutes = fields.Integer(metadata={"example": 20})
    what = fields.String(metadata={"example": _ITEM["what"]})
    speaker = fields.String(metadata={"example": _ITEM["speaker"]})
    on_screen = fields.String(allow_none=True, metadata={"example": "th-01"})
    layout = fields.String(metadata={"example": "speaker_and_content"})
    audio = fields.String(metadata={"example": "on_screen"})
    open = fields.List(fields.String(metadata={"example": "th-05"}))
    content = fields.String(metadata={"example": _ITEM["content"]})
    note = fields.String()


class SavedView(View):
    """When something was written, and by whom."""

    at = moment()
    by = fields.String(metadata={"example": "clerk-hac-thanh"})
    name = fields.String(metadata={"example": "Lê Thị Nga"})


class ReleaseRow(SavedView):
    """When a release was made, and by whom."""

    number = fields.Integer(metadata={"example": 1})


class ReleaseView(ReleaseRow):
    """A run-of-show as it was released."""

    items = fields.List(fields.Nested(ScriptItemView))


class ScriptView(View):
    """The run-of-show as it is written now, and its releases; a meeting that has none yet has an empty draft.

    `minutes_over` is by how much the items are longer than the meeting, below 0 when there is time left. `saved` is
    who wrote the draft, null for one written before this was kept.
    """

    meeting = fields.String(metadata={"example": MEETING})
    state = fields.String(metadata={"example": "draft"})
    items = fields.List(fields.Nested(ScriptItemView))
    minutes = fields.Integer(metadata={"example": 120})
    minutes_over = fields.Integer(metadata={"example": 0})
    releases = fields.List(fields.Nested(ReleaseRow))
    saved = fields.Nested(SavedView, allow_none=True)
    version = fields.Integer(metadata={"example": 1})


class ScriptReceipt(View):
    """The answer to a change of the run-of-show."""

    meeting = fields.String(metadata={"example": MEETING})
    state = fields.String(metadata={"example": "draft"})
    release = fields.Integer(allow_none=True, metadata={"example": None})
    version = fields.Integer(metadata={"example": 1})


class MoveView(View):
    """Who went where, and when; `item` is null when all were over."""

    action = fields.String(metadata={"example": "next"})
    item = fields.Integer(allow_none=True, metadata={"example": 2})
    release = fields.Integer(metadata={"example": 1})
    at = moment()
    by = fields.String(metadata={"example": "technician-thanh-hoa"})
    name = fields.String(metadata={"example": "Trần Minh Linh"})


class PointerView(View):
    """What is on in a session, and what comes next; `late_seconds` against the plan, below 0 when it is early.

    `state` is waiting, running or over.
    """

    meeting = fields.String(metadata={"example": MEETING})
    session = fields.Integer(metadata={"example": 1})
    state = fields.String(metadata={"example": "running"})
    release = fields.Integer(allow_none=True, metadata={"example": 1})
    current = fields.Nested(ScriptItemView, allow_none=True)
    next = fields.Nested(ScriptItemView, allow_none=True)
    since = moment(allow_none=True)
    planned_end = moment(allow_none=True)
    late_seconds = fields.Integer(allow_none=True, metadata={"example": 90})
    moves = fields.List(fields.Nested(MoveView))
    version = fields.Integer(metadata={"example": 2})


class PointerReceipt(View):
    """The answer to a move; a repeated one gets the same."""

    meeting = fields.String(metadata={"example": MEETING})
    session = fields.Integer(metadata={"example": 1})
    item = fields.Integer(allow_none=True, metadata={"example": 2})
    version = fields.Integer(metadata={"example": 2})


def _post(
    name: str, path: str, summary: str, summary_vi: str, view: type[View], body: type[Request], scope: str, **rest: Any
) -> Operation:
    return post(name, path, summary, summary_vi, body, view, scope, if_match=True, **rest)


SCRIPTS = [
    get("read_script", _SCRIPT, "The run-of-show of a meeting", "Kịch bản điều hành", ScriptView),
    get(
        "read_script_release",
        f"{_SCRIPT}/releases/{{release}}",
        "The run-of-show as it was released",
        "Một bản chốt của kịch bản điều hành",
        ReleaseView,
    ),
    get(
        "read_script_history",
        f"{_SCRIPT}/history",
        "The append-only history of the run-of-show",
        "Lịch sử kịch bản điều hành",
        ConferenceHistoryEntry,
        query=Page,
        paged=True,
    ),
    get(
        "print_script",
        f"{_SCRIPT}/print",
        "The run-of-show as PDF",
        "In kịch bản điều hành",
        FileTicket,
        query=PrintScript,
    ),
    _post(
        "write_script",
        _SCRIPT,
        "Write the run-of-show; what was released stays in force",
        "Soạn kịch bản điều hành",
        ScriptReceipt,
        WriteScript,
        ASK,
        example={"items": [_ITEM]},
    ),
    _post(
        "copy_script",
        f"{_SCRIPT}/copies",
        "Begin with the run-of-show of another meeting",
        "Sao chép kịch bản từ cuộc họp khác",
        ScriptReceipt,
        CopyScript,
        ASK,
        example={"source": MEETING},
    ),
    _post(
        "release_script",
        f"{_SCRIPT}/releases",
        "Release the draft: sessions are run by it",
        "Chốt kịch bản điều hành",
        ScriptReceipt,
        PerhapsWithReason,
        ASK,
        example={"reason": "Đã thống nhất với đơn vị vận hành"},
    ),
    get(
        "read_pointer",
        _POINTER,
        "What is on in a live session, and how late it is",
        "Đang ở mục nào của kịch bản, sớm hay muộn bao nhiêu",
        PointerView,
    ),
    _post(
        "move_pointer",
        _POINTER,
        "Go to an item of the run-of-show",
        "Chuyển mục trong kịch bản điều hành",
        PointerReceipt,
        MovePointer,
        OPERATE,
        example={"action": "next"},
    ),
]
