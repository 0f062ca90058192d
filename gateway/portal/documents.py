"""Official documents: lists with filters in the address, one page per document with its receivers, registers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import send_stored
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import look
from gateway.portal.document_actions import glance, in_words
from gateway.portal.document_sides import ARRIVALS, DEPARTURES, READ, Side, may_draft, offered, side_of, view_of
from gateway.portal.forms import Field, entries_of
from gateway.portal.language import gettext as _
from gateway.portal.last_list import last_list, remember_list
from gateway.portal.pages import Routes, page
from gateway.portal.receivers import reached
from shared.errors import FieldError, Invalid
from shared.working_time import VIETNAM

LIMIT = 25
ALARMS = ("overdue", "troubled")
_PLACES = {"first_day": "tu", "last_day": "den", "year": "den"}
"""Where what a service says of a period stands in the form."""


@page_for(READ)
def list_papers(side: str) -> Response:
    """The queues with what is in them, and the list that was asked for."""
    found_side = side_of(side)
    wanted = {name: value for name in found_side.filters if (value := request.args.get(name, "").strip())}
    chosen = {name: value for name, value in wanted.items() if name != "cursor"}
    counts = look(found_side.counts)
    found = look(found_side.list, {"limit": LIMIT, **wanted})
    here = f"/van-ban/{side}"
    shown = page(
        "papers.html",
        side=side,
        title=_(found_side.title),
        may_draft=found_side is DEPARTURES and may_draft(),
        queues=[
            {"name": _(name), "count": counts.get(key, 0), "href": f"{here}?{urlencode(filters)}",
             "current": filters == chosen, "alarm": key in ALARMS and counts.get(key, 0) > 0}
            for key, name, filters in found_side.queues
        ],
        wanted=wanted,
        statuses=[{"value": "", "text": _("Mọi trạng thái")}]
        + [{"value": value, "text": _(name)} for value, name in found_side.statuses],
        found=[one | {"status_words": in_words(one, "status_name"), "kind_words": in_words(one, "kind_name"),
                      "glance": glance(one) if found_side is DEPARTURES else ""}
               for one in found["items"]],
        more=f"{here}?{urlencode({**wanted, 'cursor': found['next_cursor']})}" if found["next_cursor"] else "",
    )  # fmt: skip
    return remember_list(shown, here, wanted)


@page_for(READ)
def show_paper(side: str, paper: str) -> Response:
    """One document: what it says, where it stands at each receiver, and what may be done now."""
    found_side = side_of(side)
    found = view_of(found_side, paper)
    deliveries = [
        {**one, "state_words": in_words(one, "state_name" if "state_name" in one else "standing_name"),
         "rows": [{**row, "words": in_words(row, "name")} for row in one["rows"]]}
        for one in found.get("deliveries", ())
    ]  # fmt: skip
    return page(
        f"paper_{found_side.name}.html",
        paper=found,
        stands=in_words(found, "status_name"),
        kind=in_words(found, "kind_name"),
        deliveries=deliveries,
        glance=glance(found) if deliveries else "",
        receivers=[] if deliveries else _named(found.get("receivers", ())),
        place=f"/van-ban/{side}/{paper}",
        list=last_list(f"/van-ban/{side}", found_side.filters),
        actions=buttons_of(found_side.actions, offered(found_side, found)),
    )


def _named(agencies: Collection[str]) -> list[str]:
    """Agencies by their names."""
    names = {one["agency"]: one["name"] for one in reached()} if agencies else {}
    return [names.get(agency, agency) for agency in agencies]


@page_for(READ)
def download_paper(side: str, paper: str, file: str) -> Response:
    """A file of a document."""
    found_side = side_of(side)
    return send_stored(look(found_side.file, None, **{found_side.name: paper, "file": file}))


@page_for(READ)
def show_register(side: str) -> Response:
    """The register of a period, this month's unless another was asked for; a wrong one is told beside the form."""
    found_side = side_of(side)
    today = datetime.now(VIETNAM).date()
    given = {"first_day": request.args.get("tu", ""), "last_day": request.args.get("den", "")}
    period = given if all(given.values()) else {"first_day": f"{today:%Y-%m-01}", "last_day": today.isoformat()}
    wrong: list[FieldError] = []
    found: dict[str, Any] = {"items": [], "next_cursor": None}
    left_out: list[dict[str, Any]] = []
    try:
        found, left_out = _register(found_side, period)
    except Invalid as error:
        wrong = [{**fault, "path": _PLACES[fault["path"]]} for fault in error.fields if fault["path"] in _PLACES]
        if not wrong:
            raise
    asked = urlencode({"tu": period["first_day"], "den": period["last_day"]})
    here = f"/van-ban/{side}/so"
    return page(
        "papers_register.html",
        422 if wrong else 200,
        side=side,
        title=_("Sổ văn bản đến") if found_side is ARRIVALS else _("Sổ văn bản đi"),
        back_name=_(found_side.title),
        period=period,
        rows=found["items"],
        left_out=left_out,
        asked=asked,
        more=f"{here}?{asked}&{urlencode({'cursor': found['next_cursor']})}" if found["next_cursor"] else "",
        wrong=entries_of([Field("tu", _("Từ ngày")), Field("den", _("Đến ngày"))], wrong),
        failed=bool(wrong),
    )


def _register(side: Side, period: Mapping[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A page of the register, and on the first one the numbers that were left out of its year."""
    cursor = request.args.get("cursor")
    found = look(side.register, {"limit": LIMIT, **period, **({"cursor": cursor} if cursor else {})})
    if cursor:
        return found, []
    book = {"register": "incoming" if side is ARRIVALS else "outgoing", "year": period["last_day"][:4]}
    return found, look("verify_register", book)["skipped"]


@page_for(READ)
def print_register(side: str, form: str) -> Response:
    """The register of a period as a file."""
    period = {"first_day": request.args.get("tu", ""), "last_day": request.args.get("den", "")}
    return send_stored(look(side_of(side).print, period, format=form))


ROUTES: Routes = (
    ("GET", "/van-ban/<name:side>", list_papers),
    ("GET", "/van-ban/<name:side>/so", show_register),
    ("GET", "/van-ban/<name:side>/so/<name:form>", print_register),
    ("GET", "/van-ban/<name:side>/<name:paper>", show_paper),
    ("GET", "/van-ban/<name:side>/<name:paper>/tep/<name:file>", download_paper),
)
