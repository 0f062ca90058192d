"""Official documents: lists with filters in the address, one page per document with its receivers, registers."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import may, page_for
from gateway.downloads import send_stored
from gateway.http.call import current_call
from gateway.portal.actions import Action
from gateway.portal.calls import do, look
from gateway.portal.document_actions import INCOMING, OUTGOING, glance, in_words, known_values
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.pages import Routes, go, page
from gateway.portal.uploads import STREAMED, received_file
from shared.errors import FieldError, Invalid, NotFound, TooLarge, Unsupported, field_error
from shared.working_time import VIETNAM

READ = "documents:read"
LIMIT = 25
_WRONG_FILE = (Invalid, TooLarge, Unsupported)
ANSWERED_AT = ("03", "04", "05")
DRAFT = "documents:draft"


@dataclass(frozen=True, slots=True)
class Side:
    """Documents that come in, or that go out: what they are called and by which operations they are reached."""

    path: str
    title: str
    list: str
    counts: str
    get: str
    name: str
    file: str
    register: str
    print: str
    actions: dict[str, Action]
    filters: tuple[str, ...]
    queues: tuple[tuple[str, str, dict[str, str]], ...]
    statuses: tuple[tuple[str, str], ...]


ARRIVALS = Side(
    "den", said("Văn bản đến"), "list_arrivals", "count_arrivals", "get_arrival", "arrival", "authorise_arrival_file",
    "list_incoming_register", "print_incoming_register", INCOMING,
    ("q", "status", "due", "assignee", "sender", "cursor"),
    (
        ("unconfirmed", said("Chờ tiếp nhận"), {"status": "01"}),
        ("to_assign", said("Chờ phân công"), {"status": "03"}),
        ("mine", said("Giao cho tôi"), {"assignee": "me"}),
        ("overdue", said("Quá hạn"), {"due": "overdue"}),
    ),
    (
        ("01", said("Đã đến")), ("03", said("Đã tiếp nhận")), ("04", said("Đã phân công")), ("05", said("Đang xử lý")),
        ("06", said("Hoàn thành")), ("02", said("Từ chối tiếp nhận")), ("15", said("Đã trả lại nơi gửi")),
    ),
)  # fmt: skip
DEPARTURES = Side(
    "di", said("Văn bản đi"), "list_documents", "count_documents", "get_document", "document",
    "authorise_document_file", "list_outgoing_register", "print_outgoing_register", OUTGOING,
    ("q", "status", "code", "receiver", "cursor"),
    (
        ("draft", said("Dự thảo"), {"status": "draft"}),
        ("in_review", said("Trình ký"), {"status": "in_review"}),
        ("signed", said("Chờ phát hành"), {"status": "signed"}),
    ),
    (
        ("draft", said("Dự thảo")), ("in_review", said("Trình ký")), ("signed", said("Chờ phát hành")),
        ("issued", said("Đã phát hành")),
    ),
)  # fmt: skip
_SIDES = {side.path: side for side in (ARRIVALS, DEPARTURES)}


def _side(name: str) -> Side:
    if name not in _SIDES:
        raise NotFound("route_unknown")
    return _SIDES[name]


@page_for(READ)
def list_papers(side: str) -> Response:
    """The queues with what is in them, and the list that was asked for."""
    found_side = _side(side)
    wanted = {name: value for name in found_side.filters if (value := request.args.get(name, "").strip())}
    chosen = {name: value for name, value in wanted.items() if name != "cursor"}
    counts = look(found_side.counts)
    found = look(found_side.list, {"limit": LIMIT, **wanted})
    here = f"/van-ban/{side}"
    return page(
        "papers.html",
        side=side,
        title=_(found_side.title),
        may_draft=found_side is DEPARTURES and _may_draft(),
        queues=[
            {"name": _(name), "count": counts[key], "href": f"{here}?{urlencode(filters)}",
             "current": filters == chosen, "alarm": key == "overdue" and counts[key] > 0}
            for key, name, filters in found_side.queues
        ],
        wanted=wanted,
        statuses=[{"value": "", "text": _("Mọi trạng thái")}]
        + [{"value": value, "text": _(name)} for value, name in found_side.statuses],
        found=[one | {"status_words": in_words(one, "status_name"), "kind_words": in_words(one, "kind_name")}
               for one in found["items"]],
        more=f"{here}?{urlencode({**wanted, 'cursor': found['next_cursor']})}" if found["next_cursor"] else "",
    )  # fmt: skip


@page_for(READ)
def show_paper(side: str, paper: str) -> Response:
    """One document: what it says, where it stands at each receiver, and what may be done now."""
    found_side = _side(side)
    found = _view(found_side, paper)
    deliveries = [
        {**one, "standing_words": in_words(one, "standing_name"),
         "rows": [{**row, "words": in_words(row, "name")} for row in one["rows"]]}
        for one in found.get("deliveries", ())
    ]  # fmt: skip
    return page(
        f"paper_{found_side.name}.html",
        paper=found,
        stands=in_words(found, "status_name"),
        kind=in_words(found, "kind_name"),
        deliveries=deliveries,
        glance=glance(deliveries),
        place=f"/van-ban/{side}/{paper}",
        actions=[
            {"key": name, "name": _(found_side.actions[name].name), "weight": found_side.actions[name].weight}
            for name in _offered(found_side, found)
        ],
    )


def _view(side: Side, paper: str) -> dict[str, Any]:
    view: dict[str, Any] = look(side.get, None, **{side.name: paper})
    return view


def _offered(side: Side, found: dict[str, Any]) -> list[str]:
    """What may be done now, the usual first; what an agency sent and is worked on may be replied to."""
    allowed = set(found["allowed_actions"])
    if side is ARRIVALS and found["sender"] and found["status"] in ANSWERED_AT and _may_draft():
        allowed.add("reply")
    return [name for name in side.actions if name in allowed]


def _may_draft() -> bool:
    principal = current_call().principal
    return principal is not None and may(principal, DRAFT)


@page_for(READ)
def show_paper_action(side: str, paper: str, action: str) -> Response:
    """What an action asks."""
    return _ask(_side(side), paper, action, [], _files(request.args.getlist("tep")))


@page_for(READ)
def act_on_paper(side: str, paper: str, action: str) -> Response:
    """Carry an action out on the version that the page showed, once for each page."""
    found_side = _side(side)
    found = _view(found_side, paper)
    chosen = _chosen(found_side, found, action)
    if request.mimetype == STREAMED:
        return _take_file(found_side, paper, action, chosen)
    files = _files(request.form.getlist("tep"))
    fields = chosen.fields(found, {})
    values, wrong = read_form(fields, request.form)
    if chosen.files and not files:
        wrong.append(field_error("tep", "file_needed"))
    if wrong:
        return _ask(found_side, paper, action, wrong, files)
    body = chosen.build(found, values) | ({"main": files[0], "attachments": files[1:]} if files else {})
    key = request.form.get("key", "") or secrets.token_hex(16)
    begins = action == "reply"
    try:
        made = do(
            chosen.operation,
            body,
            key=f"van-ban-{key}",
            version=None if begins else version_in(request.form),
            **({} if begins else {found_side.name: paper}),
        )
    except Invalid as error:
        faults = error.fields or [field_error("", error.code, **error.params)]
        return _ask(found_side, paper, action, faults, files)
    return go(f"/van-ban/di/{made['id']}" if begins else f"/van-ban/{side}/{paper}")


def _take_file(side: Side, paper: str, action: str, chosen: Action) -> Response:
    """Take one file of a draft in; nothing is decided yet."""
    files = _files(request.args.getlist("tep"))
    if not chosen.files:
        raise NotFound("route_unknown")
    try:
        stored = received_file()
    except _WRONG_FILE as error:
        return _ask(side, paper, action, [field_error("tep", error.code, **error.params)], files)
    if stored is None:
        return _ask(side, paper, action, [field_error("tep", "file_needed")], files)
    kept = urlencode([("tep", file) for file in dict.fromkeys([*files, stored])])
    return go(f"/van-ban/{side.path}/{paper}/{action}?{kept}")


def _ask(side: Side, paper: str, action: str, wrong: list[FieldError], files: list[str]) -> Response:
    found = _view(side, paper)
    chosen = _chosen(side, found, action)
    fields = list(chosen.fields(found, {}))
    upload = Field("tep", _("Tệp văn bản"), "file", _("Tệp đầu tiên là văn bản, các tệp sau là phụ lục"))
    typed = request.form if wrong and request.mimetype != STREAMED else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=f"/van-ban/{side.path}/{paper}/{action}",
        back=f"/van-ban/{side.path}/{paper}",
        back_name=found["code"] or _("Dự thảo"),
        caption=found["subject"],
        caption_vi=True,
        version=found["version"],
        title=_(chosen.name),
        hint=_(chosen.hint) if chosen.hint else "",
        grave=chosen.weight == "grave",
        shown=shown_fields(fields, known_values(action, found), typed, wrong),
        upload=shown_fields([upload], {}, None, wrong)[0] if chosen.files else None,
        files=files,
        address=urlencode([("tep", file) for file in files]),
        wrong=entries_of([upload, *fields], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


def _chosen(side: Side, found: dict[str, Any], action: str) -> Action:
    if action not in _offered(side, found):
        raise NotFound("route_unknown")
    return side.actions[action]


def _files(given: list[str]) -> list[str]:
    return [file for file in given if file.isalnum()]


@page_for(READ)
def download_paper(side: str, paper: str, file: str) -> Response:
    """A file of a document."""
    found_side = _side(side)
    return send_stored(look(found_side.file, None, **{found_side.name: paper, "file": file}))


@page_for(READ)
def show_register(side: str) -> Response:
    """The register of a period, this month's unless another was asked for."""
    found_side = _side(side)
    today = datetime.now(VIETNAM).date()
    given = {"first_day": request.args.get("tu", ""), "last_day": request.args.get("den", "")}
    period = given if all(given.values()) else {"first_day": f"{today:%Y-%m-01}", "last_day": today.isoformat()}
    cursor = request.args.get("cursor")
    found = look(found_side.register, {"limit": LIMIT, **period, **({"cursor": cursor} if cursor else {})})
    asked = urlencode({"tu": period["first_day"], "den": period["last_day"]})
    here = f"/van-ban/{side}/so"
    return page(
        "papers_register.html",
        side=side,
        title=_("Sổ văn bản đến") if found_side is ARRIVALS else _("Sổ văn bản đi"),
        back_name=_(found_side.title),
        period=period,
        rows=found["items"],
        asked=asked,
        more=f"{here}?{asked}&{urlencode({'cursor': found['next_cursor']})}" if found["next_cursor"] else "",
    )


@page_for(READ)
def print_register(side: str, form: str) -> Response:
    """The register of a period as a file."""
    period = {"first_day": request.args.get("tu", ""), "last_day": request.args.get("den", "")}
    return send_stored(look(_side(side).print, period, format=form))


ROUTES: Routes = (
    ("GET", "/van-ban/<name:side>", list_papers),
    ("GET", "/van-ban/<name:side>/so", show_register),
    ("GET", "/van-ban/<name:side>/so/<name:form>", print_register),
    ("GET", "/van-ban/<name:side>/<name:paper>", show_paper),
    ("GET", "/van-ban/<name:side>/<name:paper>/tep/<name:file>", download_paper),
    ("GET", "/van-ban/<name:side>/<name:paper>/<name:action>", show_paper_action),
    ("POST", "/van-ban/<name:side>/<name:paper>/<name:action>", act_on_paper),
)
