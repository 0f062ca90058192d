"""What may be done to a meeting or to one session of it, and how a change that waits differs from what is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.http.call import current_call
from gateway.portal.actions import Action, no_fields
from gateway.portal.asking import Asked, action_of, carry_out, show
from gateway.portal.calls import look
from gateway.portal.conference_actions import MEETING, known_values, lengths, ranks_of, wall
from gateway.portal.conference_places import READ, Names, network_of, networks
from gateway.portal.conference_words import told
from gateway.portal.forms import Field, Values
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.pages import Routes
from shared.errors import NotFound
from shared.working_time import VIETNAM

WITHDRAW = "withdraw_change"
MOVE = "doi-gio"
END = "ket-thuc"
_MOVABLE = ("planned", "preempted")


@page_for(READ)
def show_meeting_action(meeting: str, action: str) -> Response:
    """What an action asks."""
    return show(_of_meeting(meeting, action))


@page_for(READ)
def act_on_meeting(meeting: str, action: str) -> Response:
    """Carry an action out."""
    return carry_out(_of_meeting(meeting, action))


@page_for(READ)
def show_session_move(meeting: str, session: str) -> Response:
    """When one session is to take place instead."""
    return show(_of_session(meeting, session))


@page_for(READ)
def move_session(meeting: str, session: str) -> Response:
    """Move one session; of an approved meeting that waits for whoever approves."""
    return carry_out(_of_session(meeting, session))


@page_for(READ)
def show_session_end(meeting: str, session: str) -> Response:
    """Ask once whether a session is over: what it held is free then, and nothing brings it back."""
    return show(_of_end(meeting, session))


@page_for(READ)
def end_session(meeting: str, session: str) -> Response:
    """End a session; its board says when it ended."""
    return carry_out(_of_end(meeting, session))


def _of_meeting(meeting: str, action: str) -> Asked:
    chosen = action_of(action, ACTIONS)
    found = look("read_meeting", None, meeting=meeting)
    return _asked(found, action, chosen, known_values(action, found), action in offered(found))


def session_of(found: Mapping[str, Any], session: str) -> dict[str, Any]:
    """The session with this number.

    Raises:
        NotFound: the meeting has none.
    """
    for one in found["all_sessions"]:
        if str(one["number"]) == session:
            return dict(one)
    raise NotFound("session_unknown", session=session)


def _of_end(meeting: str, session: str) -> Asked:
    found = look("read_meeting", None, meeting=meeting)
    still = "end_session" in found["actions"] and session_of(found, session)["state"] == "live"
    board = f"/hop/cuoc/{meeting}/buoi/{session}"
    asked = _asked(found, END, _ENDING, {}, still, session=session)
    return replace(asked, back=board, back_name=_("Quay lại"))


def _of_session(meeting: str, session: str) -> Asked:
    found = look("read_meeting", None, meeting=meeting)
    one = session_of(found, session)
    known = {"starts": datetime.fromisoformat(one["start"]).astimezone(VIETNAM).isoformat()}
    return _asked(found, f"buoi/{session}/{MOVE}", _MOVING, known, movable(found, one), session=session)


def _asked(found: dict[str, Any], key: str, action: Action, known: Values, still: bool, **named: str) -> Asked:
    state = told("meeting", found["state"])
    return Asked(
        key,
        action,
        found,
        {"meeting": found["id"], **named},
        back=f"/hop/cuoc/{found['id']}",
        back_name=_("Cuộc họp"),
        caption=found["title"],
        once="hop",
        changed=_("Cuộc họp đã thay đổi sau khi bạn mở trang này. Nay là: %(state)s.", state=state),
        known=known,
        still=still,
        caption_vi=True,
    )


def offered(meeting: Mapping[str, Any]) -> list[str]:
    """What the reader may do to a meeting now; who asked for a change that waits may take it back."""
    principal = current_call().principal
    own = bool(principal and principal.agency == meeting.get("convener"))
    may = set(meeting["actions"])
    if own and meeting.get("proposal") and "change_meeting" in may:
        may.add(WITHDRAW)
    return [name for name in ACTIONS if name in may]


def movable(meeting: Mapping[str, Any], session: Mapping[str, Any]) -> bool:
    """Whether the reader may move a session."""
    return "move_session" in meeting["actions"] and session["state"] in _MOVABLE


def waiting_change(meeting: Mapping[str, Any], names: Names) -> list[dict[str, Any]]:
    """What the change that waits would make different, row by row: what is now and what would be."""
    changes = meeting["proposal"]["changes"]
    ranks = dict(ranks_of(network_of(meeting["network"], networks()))) if "rank" in changes else {}

    def shown(value: Any) -> str:
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if isinstance(value, list):
            return "; ".join(names.get(one, one) for one in value if isinstance(one, str)) or "–"
        return str(names.get(value) or ranks.get(value) or value or "–")

    return [
        {"name": _(name), "now": shown(meeting[key]), "then": shown(changes[key])}
        for key, name in _CHANGED.items()
        if key in changes
    ]


_CHANGED = {
    "title": said("Tên cuộc họp"),
    "rank": said("Mức ưu tiên"),
    "chair": said("Điểm cầu chủ trì"),
    "endpoints": said("Điểm cầu tham dự"),
    "standby": said("Điểm cầu dự phòng"),
    "resolution": said("Chất lượng hình"),
    "recording": said("Ghi hình cuộc họp"),
    "note": said("Ghi chú"),
}
"""What people are shown of a waiting change beside its times; the rest is for the REST interface."""


def _as_approved(meeting: dict[str, Any], values: Values) -> dict[str, Any]:
    """A change back to what was approved: with it nothing waits any more."""
    proposal = meeting.get("proposal") or {"changes": {}, "session": None}
    fields = ("starts",) if proposal["session"] else tuple(proposal["changes"])
    reason = {"reason": values["reason"]} if values.get("reason") else {}
    return {name: meeting[name] for name in fields if name in meeting} | reason


def _moving(_meeting: dict[str, Any], _definition: dict[str, Any]) -> tuple[Field, ...]:
    return (
        Field("starts", _("Bắt đầu lúc nào?"), "moment", _("Ngày, tháng, năm và giờ, ví dụ 7 12 2026 08:00")),
        Field("minutes", _("Họp bao lâu?"), "select", _("Để trống nếu vẫn dài như trước"), lengths(), required=False),
        Field("reason", _("Vì sao thay đổi?"), "long", required=False, limit=1000),
    )


def _moved(_meeting: dict[str, Any], values: Values) -> dict[str, Any]:
    minutes = {"minutes": int(values["minutes"])} if values["minutes"] else {}
    reason = {"reason": values["reason"]} if values["reason"] else {}
    return {"starts": wall(values["starts"])} | minutes | reason


_MOVING = Action(
    said("Chuyển buổi họp sang giờ khác"), "move_session", _moving, _moved,
    hint=said("Các buổi khác giữ nguyên. Cuộc họp đã duyệt thì phải chờ duyệt; đến khi đó vẫn giữ giờ cũ."),
)  # fmt: skip
_ENDING = Action(
    said("Kết thúc họp"), "end_session", no_fields, weight="grave",
    hint=said("Kết thúc họp ngay bây giờ? Mọi điểm cầu thôi giữ chỗ, và buổi họp không mở lại được."),
)  # fmt: skip
_WITHDRAWING = Action(
    said("Rút thay đổi đang chờ"), "change_meeting", no_fields, _as_approved,
    hint=said("Cuộc họp giữ nguyên như đã duyệt; chỗ đang giữ cho thay đổi được trả lại."),
)  # fmt: skip
ACTIONS = {**MEETING, WITHDRAW: _WITHDRAWING}

ROUTES: Routes = (
    ("GET", f"/hop/cuoc/<name:meeting>/buoi/<name:session>/{MOVE}", show_session_move),
    ("POST", f"/hop/cuoc/<name:meeting>/buoi/<name:session>/{MOVE}", move_session),
    ("GET", f"/hop/cuoc/<name:meeting>/buoi/<name:session>/{END}", show_session_end),
    ("POST", f"/hop/cuoc/<name:meeting>/buoi/<name:session>/{END}", end_session),
    ("GET", "/hop/cuoc/<name:meeting>/<name:action>", show_meeting_action),
    ("POST", "/hop/cuoc/<name:meeting>/<name:action>", act_on_meeting),
)
