"""The page on which an action on a thing with versions is asked for and sent: a meeting, an incident, a mailbox."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.portal.actions import Action
from gateway.portal.calls import do
from gateway.portal.conference_clashes import in_the_way, moved
from gateway.portal.conference_places import names_of
from gateway.portal.forms import Values, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.pages import go, page
from shared.errors import Conflict, FieldError, Invalid, NotFound, Stale, field_error


@dataclass(frozen=True, slots=True)
class Asked:
    """An action, by its key, on something that was found; `named` is how operations name that, `back` its page."""

    key: str
    action: Action
    found: dict[str, Any]
    named: Mapping[str, str]
    back: str
    back_name: str
    caption: str
    once: str
    """What the keys of its commands begin with."""

    changed: str
    """What is said when it was changed meanwhile."""

    known: Values
    """What the form begins with."""

    still: bool
    """Whether it is allowed now."""

    caption_vi: bool = False
    """Whether the caption is in Vietnamese whatever the reader's language is."""

    done: Callable[[dict[str, Any]], Response] | None = None
    """The page that follows, made of the answer; without it `back` follows."""


def action_of(key: str, actions: Mapping[str, Action]) -> Action:
    """The action of a key.

    Raises:
        NotFound: there is none.
    """
    if key not in actions:
        raise NotFound("route_unknown")
    return actions[key]


def show(asked: Asked) -> Response:
    """What the action asks.

    Raises:
        NotFound: it is not allowed now.
    """
    if not asked.still:
        raise NotFound("action_not_now")
    return _page(asked, 200, None, ())


def carry_out(asked: Asked) -> Response:
    """Do it on the version that the page showed, once for each page; the page again, with what was typed and why."""
    values, wrong = read_form(asked.action.fields(asked.found, {}), _typed())
    if wrong:
        return _again(asked, 422, wrong)
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        made = do(
            asked.action.operation,
            asked.action.build(asked.found, values),
            key=f"{asked.once}-{key}",
            version=version_in(request.form),
            **asked.named,
        )
    except Invalid as error:
        return _again(asked, 422, error.fields or [field_error("", error.code, **error.params)])
    except Conflict as error:
        return _again(asked, 409, [field_error("", error.code, **error.params)], error.params)
    except Stale:
        return _again(asked, 412, (), version=asked.found["version"])
    return asked.done(made) if asked.done else go(asked.back)


def _again(
    asked: Asked,
    status: int,
    wrong: Sequence[FieldError],
    refused: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Response:
    """The page with what was typed; overtaken by another `version` it goes over that one when it is sent again."""
    tried = None
    if refused and refused.get("clashes"):
        tried = in_the_way(refused, asked.found["network"], names_of(asked.found["network"]))
        if "starts" not in {field.name for field in asked.action.fields(asked.found, {})}:
            tried["instead"] = None
    kept = {"version": request.form.get("version", "") if version is None else version}
    overtaken = version is not None or not asked.still
    return _page(asked, status, _typed(), wrong, **kept, overtaken=overtaken, tried=tried)


def _typed() -> MultiDict[str, str]:
    """The form, with the beginning that was chosen among the free ones in place of that which was typed."""
    form = MultiDict(request.form)
    for name, value in moved(form.get("lam", "")).items():
        form[name] = value
    return form


def _page(
    asked: Asked, status: int, typed: Mapping[str, str] | None, wrong: Sequence[FieldError], **more: Any
) -> Response:
    fields, chosen = list(asked.action.fields(asked.found, {})), asked.action
    shown = {
        "place": f"{asked.back}/{asked.key}",
        "back": asked.back,
        "back_name": asked.back_name,
        "caption": asked.caption,
        "caption_vi": asked.caption_vi,
        "version": asked.found["version"],
        "changed": asked.changed,
        "still": asked.still,
        "title": _(chosen.name),
        "hint": _(chosen.hint) if chosen.hint else "",
        "grave": chosen.weight == "grave",
        "shown": shown_fields(fields, asked.known, typed, wrong),
        "wrong": entries_of(fields, wrong),
        "failed": bool(wrong),
        "key": (typed or {}).get("key") or secrets.token_hex(16),
    }
    return page("action.html", status, **shown | more)
