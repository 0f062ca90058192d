"""The page on which an action on a meeting or an incident is asked for and sent: what both have in common."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.portal.actions import Action
from gateway.portal.calls import do
from gateway.portal.conference_actions import known_values
from gateway.portal.forms import entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.pages import go, page
from shared.errors import FieldError, Invalid, NotFound, field_error


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


def action_of(key: str, actions: Mapping[str, Action], found: Mapping[str, Any]) -> Action:
    """An action that is allowed now.

    Raises:
        NotFound: there is none of this key, or it is not allowed.
    """
    if key not in actions or key not in found["actions"]:
        raise NotFound("route_unknown")
    return actions[key]


def carry_out(asked: Asked) -> Response:
    """Do it on the version that the page showed, once for each page; the page again, with what is wrong."""
    values, wrong = read_form(asked.action.fields(asked.found, {}), request.form)
    if wrong:
        return ask(asked, wrong)
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        do(
            asked.action.operation,
            asked.action.build(asked.found, values),
            key=f"{asked.once}-{key}",
            version=version_in(request.form),
            **asked.named,
        )
    except Invalid as error:
        return ask(asked, error.fields or [field_error("", error.code, **error.params)])
    return go(asked.back)


def ask(asked: Asked, wrong: Sequence[FieldError] = ()) -> Response:
    """What the action asks, with what was typed and is wrong."""
    fields, chosen = list(asked.action.fields(asked.found, {})), asked.action
    typed = request.form if wrong else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=f"{asked.back}/{asked.key}",
        back=asked.back,
        back_name=asked.back_name,
        caption=asked.caption,
        version=(typed.get("version") if typed else "") or asked.found["version"],
        title=_(chosen.name),
        hint=_(chosen.hint) if chosen.hint else "",
        grave=chosen.weight == "grave",
        shown=shown_fields(fields, known_values(asked.key, asked.found), typed, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )
