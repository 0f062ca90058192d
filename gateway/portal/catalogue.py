"""Finding a procedure and reading it as a person needs it; following an application by its code."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import open_page
from gateway.portal.calls import do, look, look_all
from gateway.portal.language import gettext as _
from gateway.portal.language import said, words
from gateway.portal.pages import Routes, fragment, go, page
from gateway.portal.plain_words import standing_of
from gateway.portal.readers import may_apply, receives_at
from shared.errors import NotFound
from shared.words import fold

PUBLIC = "The catalogue of procedures is public by law."
LIMIT = 20
_ADDRESS = re.compile(r"[A-Z0-9._-]{1,64}")
_DASH = re.compile("[\u2010-\u2015]")
"""What telephones make of a hyphen."""

DURATIONS = {
    "working days": said("%(number)s ngày làm việc"),
    "working hours": said("%(number)s giờ làm việc"),
    "days": said("%(number)s ngày"),
    "months": said("%(number)s tháng"),
}
PLACES = {
    ("people_committee", "commune"): said("Ủy ban nhân dân xã, phường"),
    ("people_committee", "province"): said("Ủy ban nhân dân tỉnh, thành phố"),
    ("department", "province"): said("Sở chuyên ngành của tỉnh, thành phố"),
    ("police", "commune"): said("Công an xã, phường"),
    ("police", "province"): said("Công an tỉnh, thành phố"),
    ("social_insurance", "commune"): said("Bảo hiểm xã hội"),
    ("social_insurance", "province"): said("Bảo hiểm xã hội"),
}


@open_page(PUBLIC)
def show_home() -> Response:
    """The first page: search, what life brings, follow by code."""
    return page("home.html", topics=look("list_topics"))


@open_page(PUBLIC)
def list_procedures() -> Response:
    """What was found."""
    wanted = {
        name: value.strip()
        for name in ("q", "sector", "life_event", "agency", "cursor")
        if (value := request.args.get(name, "")) and value.strip()
    }
    found = look("list_procedures", {"limit": LIMIT, **wanted})
    near = [] if found["items"] or "q" not in wanted else _nearest(wanted)
    topics = look("list_topics")
    return page(
        "procedures.html",
        wanted=wanted,
        topics=topics,
        found=_with_times(found["items"]),
        nearest=_with_times(near),
        following=found["next_cursor"],
        more=urlencode({**wanted, "cursor": found["next_cursor"]}),
        life_events=choices((topic["key"], words(topic["name"])) for topic in topics["life_events"]),
        sectors=choices((topic["key"], words(topic["name"])) for topic in topics["sectors"]),
        places=choices(reception_places()),
    )


def _nearest(wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The procedures with most of the words, where none has all."""
    found: list[dict[str, Any]] = look("list_procedures", {"limit": LIMIT, **wanted, "nearest": True})["items"]
    return found


def _with_times(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "time": in_words(row["time_limit"])} for row in rows]


@open_page(PUBLIC)
def show_procedure(code: str) -> Response:
    """One procedure: what to prepare, how long, how much, where the result arrives."""
    procedure = look("get_procedure", code=code)
    definition = procedure["definition"]
    looked_up = [one for one in definition["components"] if one["source"] == "data"]
    decider = PLACES[definition["competent"]["kind"], definition["competent"]["level"]]
    return page(
        "procedure.html",
        procedure=procedure,
        definition=definition,
        time=in_words(definition["processing_time"]),
        cases=[(case, in_words(case.get("processing_time", ""))) for case in definition.get("cases", ())],
        fees=_fees_of(definition),
        papers=[one for one in definition["components"] if one["source"] == "paper"],
        looked_up=looked_up,
        looked_html=fragment("procedure_looked_up.html", papers=looked_up),
        legal_html=fragment("procedure_law.html", code=procedure["code"], laws=definition["legal_basis"]),
        where=_(decider),
        may_apply=may_apply(),
        received_here=received_here(code),
    )


@open_page("Whoever holds the code may see where the application stands; nothing personal is shown.")
def ask_code() -> Response:
    """Ask for the code of an application, or go where it leads."""
    typed = request.args.get("ma", "").strip()
    if not typed:
        return page("ask_code.html")
    code = _as_address(typed)
    return go(f"/tra-cuu/{code}") if _ADDRESS.fullmatch(code) else _unknown(typed)


def _as_address(typed: str) -> str:
    """A code without blanks: they stand for its hyphens unless it has these already."""
    parts = _DASH.sub("-", typed).upper().split()
    whole = "".join(parts)
    return whole if whole.count("-") > 1 else "-".join(parts)


def _unknown(code: str) -> Response:
    return page("ask_code.html", 404, code=code, unknown=True)


@open_page("Whoever holds the code may see where the application stands; nothing personal is shown.")
def follow_by_code(code: str) -> Response:
    """Where an application stands."""
    try:
        followed = look("follow_application", code=code)
    except NotFound:
        return _unknown(code)
    moments = [{"at": one["at"], "what": standing_of(one["status"]).title} for one in reversed(followed["timeline"])]
    return page("follow_by_code.html", followed=followed, moments=moments)


def choices(entries: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """The entries of a choice, after one that chooses nothing."""
    return [{"value": "", "text": _("Tất cả")}, *({"value": key, "text": name} for key, name in entries)]


def _fees_of(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The fees of all cases, each line with whom it is for."""
    cases = {case["key"]: case["name"] for case in definition.get("cases", ())}
    shown: list[dict[str, Any]] = []
    for case in definition.get("cases") or [{}]:
        for fee in case.get("fees", definition["fees"]):
            amounts = [{**line, "whom": _whom(line, cases, len(fee["amounts"]))} for line in fee["amounts"]]
            entry = {"name": words(fee["name"]), "per": fee.get("per", "application"), "amounts": amounts}
            if entry not in shown:
                shown.append(entry)
    return shown


def _whom(line: dict[str, Any], cases: dict[str, Any], lines: int) -> str:
    """Whom an amount is for: its own words, what its rule says, or everybody else."""
    rule = line.get("when")
    if line.get("ground"):
        return words(line["ground"])
    if rule is None:
        return _("Các trường hợp khác") if lines > 1 else _("Mọi trường hợp")
    if rule == {"field": "channel", "equals": "online"}:
        return _("Nộp trực tuyến")
    if rule.get("field") == "case" and rule.get("equals") in cases:
        return words(cases[rule["equals"]])
    return _("Trường hợp riêng theo quy định; trang nộp hồ sơ tính đúng mức cho bạn")


def in_words(time: str) -> str:
    """A time limit of the catalogue in the reader's language."""
    if not time or time == "none":
        return ""
    if time.startswith("same day until"):
        return _("Trong ngày làm việc; nộp sau %(hour)s thì trả vào ngày làm việc tiếp theo", hour=time.split()[-1])
    number, kind = time.split(" ", 1)
    plural = kind if kind.endswith("s") else f"{kind}s"
    return _(DURATIONS[plural], number=number)


def reception_places(procedure: str | None = None) -> list[tuple[str, str]]:
    """Where people hand in, anything or this procedure: the places of a province together, by name."""
    points = [one for one in open_agencies(procedure) if one.get("reception")]
    points.sort(key=lambda one: (one["province"] or "", fold(one["name"])))
    return [(one["code"], one["name"]) for one in points]


def received_here(procedure: str) -> bool:
    """Whether the reader is an officer at whose counter this procedure is received."""
    agency = receives_at()
    return bool(agency) and agency in dict(reception_places(procedure))


def open_agencies(procedure: str | None = None) -> list[dict[str, Any]]:
    """Agencies that work today; of a procedure those at which it can be handed in."""
    agencies = look_all("list_agencies", {"procedure": procedure} if procedure else {})
    return [agency for agency in agencies if agency["active"]]


def preview(code: str, asked: dict[str, Any]) -> Any:
    """What follows from answers so far."""
    return do("preview_procedure", asked, code=code)


ROUTES: Routes = (
    ("GET", "/", show_home),
    ("GET", "/thu-tuc", list_procedures),
    ("GET", "/thu-tuc/<name:code>", show_procedure),
    ("GET", "/tra-cuu", ask_code),
    ("GET", "/tra-cuu/<name:code>", follow_by_code),
)
