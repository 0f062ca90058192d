"""The operator's console: how each part is, what waits, what is parked, who is connected, and what the histories say.

It is looked at when something is away, so each page shows what can be asked and says what cannot.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import g, request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.agencies import names_of
from gateway.portal.calls import look_briefly, service_of
from gateway.portal.console_words import age, kind_words, part_name, standing_words, thing_words
from gateway.portal.failure_words import failure_words, letter_words, push_words
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.pages import Routes, page
from gateway.portal.queue_words import queue_rows
from shared.errors import TimedOut, Unavailable

READ = "operations:read"
LIMIT = 200
PATIENCE = 8.0
"""Seconds after which somebody counts as away: whoever looks here when something hangs has no time to wait."""
MAIL_HOST = "mail_host"
LETTERS = "letters_failed"
_CANNOT_ASK = (Unavailable, TimedOut)
PAGES = (
    ("parts", said("Bộ phận"), "/van-hanh"),
    ("queues", said("Hàng đợi"), "/van-hanh/hang-doi"),
    ("waiting", said("Việc chờ lâu"), "/van-hanh/viec-cho"),
    ("parked", said("Sự kiện bị giữ"), "/van-hanh/su-kien"),
    ("connections", said("Kết nối"), "/van-hanh/ket-noi"),
    ("chains", said("Nhật ký"), "/van-hanh/nhat-ky"),
)
WAITS = (
    ("outbox", ("not_published",)),
    ("inbox", ("waiting", "failing", "parked")),
    ("due", ("due", "due_failed")),
)


def asked(name: str, query: dict[str, Any] | None = None) -> Any:
    """The answer, or None from somebody who is away; who was silent is not asked again for the same page."""
    silent: set[str] = g.setdefault("silent", set())
    service = service_of(name)
    if service in silent:
        return None
    try:
        return look_briefly(name, query, PATIENCE)
    except _CANNOT_ASK:
        silent.add(service)
        return None


def console_page(template: str, chosen: str, title: str, **shown: Any) -> Response:
    """A page of the console, with how many problems each page has."""
    found = _problems(shown)
    return page(
        template,
        title=title,
        queues=[
            {"id": f"tile-{key}", "name": _(name), "count": "?" if found[key] is None else found[key], "href": path,
             "note": _("không hỏi được") if found[key] is None else _("cần xem"),
             "current": key == chosen, "alarm": found[key] != 0}
            for key, name, path in PAGES
        ],
        live=not request.args.get("dung"),
        other_pace=_other_pace(),
        now=datetime.now(UTC),
        **shown,
    )  # fmt: skip


def _other_pace() -> str:
    """The address of this page that no longer renews itself, or does again."""
    wanted = request.args.to_dict()
    if wanted.pop("dung", None) is None:
        wanted["dung"] = "1"
    return f"{request.path}?{urlencode(wanted)}" if wanted else request.path


def _problems(shown: dict[str, Any]) -> dict[str, int | None]:
    """How many problems each page has, None where that cannot be asked; what is shown is not asked again."""

    def told(name: str, part: str, query: dict[str, Any] | None = None) -> list[dict[str, Any]] | None:
        answer = shown.get("told", {}).get(name) or asked(name, query)
        return None if answer is None else answer[part]

    parts, queues, waiting = told("read_parts", "parts"), told("read_queues", "queues"), told("read_waiting", "waiting")
    chains = told("read_chains", "found")
    subscriptions = told("list_subscriptions", "items", {"limit": LIMIT})
    hosts = None if parts is None else [one for one in parts if one["kind"] == MAIL_HOST]
    return {
        "parts": _count(parts, lambda one: not one["well"] and one["kind"] != MAIL_HOST),
        "queues": None if queues is None else _count(queue_rows(queues), lambda row: not row["well"]),
        "waiting": None if waiting is None else _waiting_too_long(waiting),
        "parked": _count(told("list_parked_events", "events"), lambda _one: True),
        "connections": _sum(
            _count(hosts, lambda one: not one["well"]),
            _count(subscriptions, is_failing),
            _count(waiting, lambda one: one["what"] == LETTERS and not one["well"]),
        ),
        "chains": _count(chains, lambda one: one["altered"] > 0),
    }


def _count(found: list[dict[str, Any]] | None, counts: Any) -> int | None:
    return None if found is None else sum(1 for one in found if counts(one))


def _sum(*counts: int | None) -> int | None:
    return None if None in counts else sum(count or 0 for count in counts)


def is_failing(subscription: dict[str, Any]) -> bool:
    """Whether a subscription that is not closed is told nothing, or in vain."""
    state = subscription["state"]
    return bool(state == "paused" or (state != "closed" and subscription["failing_since"]))


def seconds_since(moment: Any) -> float:
    """How long ago a moment was, as services tell it."""
    then = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return float((datetime.now(UTC) - then).total_seconds())


@page_for(READ)
def show_parts() -> Response:
    """Every part, what is not well first."""
    answer = asked("read_parts")
    rows = [
        {
            "name": part_name(one["part"]),
            "code": one["part"],
            "kind": kind_words(one["kind"]),
            "words": standing_words(one),
            "well": one["well"],
        }
        for one in (answer or {"parts": ()})["parts"]
        if one["kind"] != MAIL_HOST
    ]
    return console_page(
        "console_parts.html",
        "parts",
        _("Vận hành"),
        rows=sorted(rows, key=lambda row: row["well"]),
        asked=answer is not None,
        told={"read_parts": answer},
    )


@page_for(READ)
def show_queues() -> Response:
    """Every queue with what nobody could read of it."""
    answer = asked("read_queues")
    return console_page(
        "console_queues.html",
        "queues",
        _("Hàng đợi"),
        rows=queue_rows((answer or {"queues": ()})["queues"]),
        asked=answer is not None,
        told={"read_queues": answer},
    )


@page_for(READ)
def show_waiting() -> Response:
    """What is stored and not done, for each service, with its age; and the work that fails."""
    answer = asked("read_waiting")
    return console_page(
        "console_waiting.html",
        "waiting",
        _("Việc chờ lâu"),
        rows=_waiting_rows((answer or {"waiting": ()})["waiting"]),
        failed=[
            {
                **one,
                "name": part_name(one["service"]),
                "what": thing_words(one["service"], one["where"]),
                "failure": failure_words(one["error"]),
            }
            for one in (answer or {"failed": ()})["failed"]
        ],
        asked=answer is not None,
        told={"read_waiting": answer},
    )


def _waiting_rows(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What waits in each service, as the columns of the page gather it."""
    return [
        {"name": part_name(service), "code": service}
        | {key: _gathered([one for one in found if one["service"] == service and one["what"] in kinds])
           for key, kinds in WAITS}
        for service in sorted({one["service"] for one in found})
    ]  # fmt: skip


def _waiting_too_long(found: Sequence[dict[str, Any]]) -> int:
    """The sum of the figures that are not well."""
    figures = (row[key] for row in _waiting_rows(found) for key, _kinds in WAITS)
    return sum(figure["count"] for figure in figures if not figure["well"])


def _gathered(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Several kinds of waiting as one figure."""
    oldest = max((row["oldest_seconds"] or 0.0 for row in rows if row["count"]), default=0.0)
    return {
        "count": sum(row["count"] for row in rows),
        "oldest": age(oldest) if oldest else "",
        "well": all(row["well"] for row in rows),
    }


@page_for(READ)
def show_connections() -> Response:
    """Mail hosts and how far they are, letters that did not arrive, subscriptions and whether they are heard."""
    parts, subscriptions = asked("read_parts"), asked("list_subscriptions", {"limit": LIMIT})
    waiting = asked("read_waiting")
    subscribed = (subscriptions or {"items": ()})["items"]
    names = agencies_by_name(one["agency"] for one in subscribed)
    return console_page(
        "console_connections.html",
        "connections",
        _("Kết nối"),
        hosts=[
            {**one["about"], "host": one["part"], "late": not one["well"], "silent": one["standing"] == "silent",
             "age": age(seconds_since(one["about"]["waiting_since"])) if one["about"]["waiting_since"] else ""}
            for one in (parts or {"parts": ()})["parts"] if one["kind"] == MAIL_HOST
        ],
        hosts_asked=parts is not None,
        letters=[
            {**one, "name": part_name(one["service"]), "failure": letter_words(one["where"]),
             "age": age(one["oldest_seconds"])}
            for one in (waiting or {"waiting": ()})["waiting"] if one["what"] == LETTERS
        ],
        letters_asked=waiting is not None,
        subscriptions=[
            {**one, "failing": is_failing(one), "error": push_words(one["last_error"]) if one["last_error"] else "",
             "agency_name": names[one["agency"]]}
            for one in subscribed
        ],
        subscriptions_asked=subscriptions is not None,
        told={"read_parts": parts, "list_subscriptions": subscriptions, "read_waiting": waiting},
    )  # fmt: skip


def agencies_by_name(codes: Iterable[str]) -> dict[str, str]:
    """Agencies by name; by their identifiers while the directory is away."""
    named = list(codes)
    try:
        return names_of(named)
    except _CANNOT_ASK:
        return {code: code for code in named}


ROUTES: Routes = (
    ("GET", "/van-hanh", show_parts),
    ("GET", "/van-hanh/hang-doi", show_queues),
    ("GET", "/van-hanh/viec-cho", show_waiting),
    ("GET", "/van-hanh/ket-noi", show_connections),
)
