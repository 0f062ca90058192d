"""The officer's desk: what waits, found by filters that stand in the address; several taken or given at once."""

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import may, page_for
from gateway.http.call import current_call
from gateway.portal.calls import do, look
from gateway.portal.colleagues import colleagues
from gateway.portal.forms import Field, entries_of, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.last_list import last_list, remember_list
from gateway.portal.list_pages import PLACE, asked_of, filters_of, ways_from
from gateway.portal.pages import Routes, field_sentence, page
from gateway.portal.plain_words import standing_of
from gateway.portal.readers import receives_at
from shared.errors import Error, FieldError, Unauthenticated, field_error

WORK, DECIDE = "applications:work", "applications:decide"
DESK = "/ban-lam-viec"
LIMIT = 25
FILTERS = ("status", "due", "assignee", "procedure", "q", *PLACE)
STATUSES = tuple(range(1, 11))
STANDINGS = {"": said("Chưa xong"), "closed": said("Đã xong"), "all": said("Mọi trạng thái")}
"""What the filter of the status offers beside the statuses; a search looks for all unless it is told otherwise."""

QUEUES = (
    ("new", said("Mới nộp"), {"status": "1"}),
    ("unclaimed", said("Chưa ai nhận"), {"assignee": "none"}),
    ("mine", said("Của tôi"), {"assignee": "me"}),
    ("near_due", said("Sắp đến hạn"), {"due": "near"}),
    ("overdue", said("Quá hạn"), {"due": "overdue"}),
    ("waiting", said("Chờ bổ sung"), {"status": "5"}),
    ("unpaid", said("Chờ nộp tiền"), {"status": "6"}),
    ("finished", said("Chờ trả kết quả"), {"status": "9"}),
)
_CLOSED = {"3", "7", "10", "closed", "all"}
"""What waits for nobody is not counted: refused, withdrawn, returned, and whatever has such among it."""
_BY_STATUS = {"new": "1", "waiting": "5", "unpaid": "6", "finished": "9"}


@page_for(WORK)
def show_desk() -> Response:
    """The queues with what is in them, and the list that was asked for."""
    return _desk([])


@page_for(WORK)
def act_on_many() -> Response:
    """Take several applications, or give them to an officer; what became of each is told."""
    chosen = [one.split(":") for one in request.form.getlist("chon") if one.count(":") == 2][:LIMIT]
    assignee = request.form.get("officer", "") if request.form.get("viec") == "assign" else None
    wrong = [] if chosen else [field_error("chon", "nothing_ticked")]
    wrong += [field_error("officer", "choose_one")] if assignee == "" else []
    if wrong:
        return _desk(wrong)
    key = request.form.get("key", "") or secrets.token_hex(16)
    outcomes = [
        {"id": application, "code": code, **_outcome(application, version, assignee, f"ban-{key}-{application}")}
        for application, version, code in chosen
    ]
    return page("desk_done.html", outcomes=outcomes, back=request.full_path.rstrip("?"))


def _outcome(application: str, version: str, assignee: str | None, key: str) -> dict[str, Any]:
    """What became of one application; a refusal of one holds none of the others up."""
    operation, body = ("assign_application", {"assignee": assignee}) if assignee else ("claim_application", {})
    try:
        do(operation, body, key=key, version=version_in({"version": version}), application=application)
    except Unauthenticated:
        raise
    except Error as error:
        reasons = [field_sentence(field) for field in error.fields or [field_error("", error.code, **error.params)]]
        return {"done": False, "text": " ".join(reasons)}
    return {"done": True, "text": _("Đã giao") if assignee else _("Đã nhận")}


def desk_as_left() -> str:
    """The address of the desk with the filters and the page that were last seen."""
    return last_list(DESK, FILTERS)


def _desk(wrong: list[FieldError]) -> Response:
    wanted = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    counts = look("count_applications")
    found = look("list_applications", {"limit": LIMIT, **_asked(wanted)})
    chosen = filters_of(wanted)
    fields = _assignee_field()
    shown = page(
        "desk.html",
        422 if wrong else 200,
        receives=bool(receives_at()),
        queues=[
            {"name": _(name), "count": tile_count(counts, key), "href": f"/ban-lam-viec?{urlencode(filters)}",
             "current": filters == chosen, "alarm": key == "overdue" and tile_count(counts, key) > 0}
            for key, name, filters in QUEUES
        ],
        wanted=wanted,
        statuses=[{"value": value, "text": _(name)} for value, name in STANDINGS.items()]
        + [{"value": str(number), "text": standing_of(number).title} for number in STATUSES],
        found=_rows(found["items"]),
        ways=ways_from(DESK, wanted, found, _length(counts, chosen)),
        shown=shown_fields(fields, {}, request.form if wrong else None, wrong),
        ticked={one.partition(":")[0] for one in request.form.getlist("chon")},
        wrong=entries_of([Field("chon", _("Hồ sơ")), *fields], wrong),
        failed=bool(wrong),
        key=secrets.token_hex(16),
    )  # fmt: skip
    return remember_list(shown, DESK, wanted, (one["id"] for one in found["items"]))


def _asked(wanted: dict[str, str]) -> dict[str, Any]:
    """What the service is asked: the desk is of what somebody waits for, unless more is sought or asked for."""
    asked: dict[str, Any] = asked_of(wanted)
    status = asked.get("status", "")
    if status in STANDINGS:
        asked.pop("status", None)
        asked |= (
            {"closed": True} if status == "closed" else {"closed": False} if not status and "q" not in asked else {}
        )
    return asked


def _rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The list, with a box to tick where the reader may take or give it; errors lead to the first one."""
    boxes = [one["id"] for one in found if one.get("claimable") or one.get("assignable")]
    ids = {row: f"chon-{number}" if number else "chon" for number, row in enumerate(boxes)}
    return [{**one, "box": ids.get(one["id"])} for one in found]


def _assignee_field() -> list[Field]:
    """To whom may be given, for those who give."""
    principal = current_call().principal
    if principal is None or not may(principal, DECIDE):
        return []
    return [Field("officer", _("Giao cho ai?"), "select", choices=colleagues("list_assignees"))]


def tile_count(counts: dict[str, Any], key: str) -> int:
    """What stands on a tile of `QUEUES`."""
    if key in _BY_STATUS:
        return int(counts["by_status"].get(_BY_STATUS[key], 0))
    return int(counts[key])


def _length(counts: dict[str, Any], chosen: dict[str, str]) -> int | None:
    """How long the list is, as far as the numbers of the tiles tell it."""
    if not chosen:
        return int(sum(counts["by_status"].values()))
    if [*chosen] == ["status"]:
        return None if chosen["status"] in _CLOSED else int(counts["by_status"].get(chosen["status"], 0))
    return next((tile_count(counts, key) for key, _name, filters in QUEUES if filters == chosen), None)


ROUTES: Routes = (
    ("GET", "/ban-lam-viec", show_desk),
    ("POST", "/ban-lam-viec", act_on_many),
)
