"""Pages out of templates: GOV.UK's components, our words, and what every page shows of its reader."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, g, redirect, request
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from gateway.http.call import current_call
from gateway.http.problems import status_of
from gateway.http.sentences import language, sentence
from gateway.portal import language as spoken
from gateway.portal.assets import Assets
from gateway.portal.conference_words import told, tone
from gateway.portal.held import held_form
from gateway.portal.language import gettext as _
from gateway.portal.menu import menu_of
from gateway.portal.papers_in_words import counted
from gateway.portal.plain_words import STANDINGS, delivery_words, post_words, standing_of
from gateway.portal.sessions import Sessions
from shared.contracts.principal import Role
from shared.errors import Error, FieldError, Unauthenticated
from shared.observability import correlation_id

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action {to}; frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load, and whither its forms lead: here, and over signing out on to the issuers."""

KEPT_FOR_GOING_BACK = "private, no-cache"
"""A page that answers a form cannot be asked for again: a browser that kept none has an error to show (ADR 0041)."""

SIGN_IN = "/dang-nhap"
_THINGS = {
    "hop/cuoc": "meeting", "hop/su-co": "incident", "van-ban/den": "letter", "van-ban/di": "letter",
    "danh-ba/can-bo": "officer", "danh-ba/hop-thu": "mailbox",
}  # fmt: skip
"""What lies below which address; anything else is an application."""

Routes = tuple[tuple[str, str, Callable[..., AnyResponse]], ...]
"""Verbs and paths with the views that answer there."""


@cache
def environment() -> Environment:
    """The templates, with what they may call."""
    made = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(Path(__file__).parent / "templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=ChainableUndefined,  # the components leave out what was not given
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=False)  # type: ignore[attr-defined]  # the extension's
    said_as = (spoken.words, spoken.vietnamese, spoken.clock, spoken.hour, spoken.day, spoken.money, spoken.size)
    for tool in (*said_as, spoken.amount, counted):
        made.filters[tool.__name__] = tool
    made.globals |= {"standing_of": standing_of, "delivery_words": delivery_words, "post_words": post_words}
    made.globals |= {"told": told, "tone": tone}
    return made


def page(template: str, status: int = 200, *, once: bool = False, **shown: Any) -> Response:
    """A whole page; the browser keeps no copy of it, for it may show what is only its reader's.

    It keeps what answers a form, to be gone back to until the session ends, but for what is shown this `once`.
    """
    assets: Assets = current_app.extensions["assets"]
    sessions: Sessions = current_app.extensions["sessions"]
    common = {
        "tongue": language(),
        "asset": assets.url,
        "form_token": sessions.form_token,
        "person": current_call().principal,
        "here": request.full_path.rstrip("?"),
        "menu": menu_of(current_call().principal, request.path),
        "demonstration": current_app.config["DEMONSTRATION"],
        "hotline": current_app.config["HOTLINE"],
    }
    current_call().page = template.removesuffix(".html")
    response = Response(environment().get_template(template).render(common | shown), status, mimetype="text/html")
    response.headers["Content-Language"] = language()
    if request.method == "POST" and not once:
        response.headers["Cache-Control"] = KEPT_FOR_GOING_BACK
    to = " ".join(["'self'", *dict.fromkeys(current_app.config["ISSUER_ORIGINS"])])
    response.headers["Content-Security-Policy"] = POLICY.format(to=to)
    return response


def fragment(template: str, **shown: Any) -> Markup:
    """A part of a page, to stand inside a component."""
    return Markup(environment().get_template(template).render(shown))


def go(path: str) -> AnyResponse:
    """To another page, which is asked for with GET."""
    return redirect(path, 303)


def local_path(path: str | None) -> str:
    """A path on this very site; anything else leads to the first page."""
    plain = path or "/"
    return plain if plain.startswith("/") and not plain.startswith(("//", "/\\")) else "/"


def show_problem(error: Error) -> AnyResponse:
    """What went wrong, in words, and what to do now; whoever is not signed in is asked to."""
    if isinstance(error, Unauthenticated) and "language" in g:
        there = f"{SIGN_IN}?tiep={quote(_wanted())}"
        if "HX-Request" in request.headers:  # a part of a page that renews itself: the whole page goes there
            return Response(status=204, headers={"HX-Redirect": there})
        return _sent_again(_("Hãy đăng nhập lại")) or go(there)
    if error.code == "form_expired" and current_call().principal and (again := _sent_again(_("Hãy gửi lại"))):
        return again
    status = status_of(error)
    current_call().problem = error.code
    title = environment().get_template("problem_titles.html").module.title(status, _about(), error.code)  # type: ignore[attr-defined]  # a macro
    return page(
        "problem.html",
        status,
        title=title,
        lost=error.code == "route_unknown",
        for_officers=error.code == "scope_missing" and _is_citizen(),
        detail=sentence(error.code, _as_pages_say(error.params), language(), plain=True),
        again=_again(),
        beginning=_beginning() if any(field["code"] == "cursor_malformed" for field in error.fields) else "",
        about=_about(),
        errors=[field_sentence(field) for field in error.fields],
        reference=correlation_id(),
    )


def _sent_again(title: str) -> Response | None:
    """What was typed, to be sent once more, where it can be held."""
    held = held_form()
    return page("form_again.html", 403, title=title, held=held) if held else None


def _is_citizen() -> bool:
    person = current_call().principal
    return person is not None and person.has(Role.CITIZEN)


def _about() -> str:
    """What is in hand."""
    return _THINGS.get("/".join(request.path.split("/")[1:3]), "case")


def _again() -> str:
    """The page of the thing in hand, to look at it anew."""
    parts = request.path.split("/")
    deep = 3 if _about() == "case" else 4
    known = parts[1] in ("ho-so", "nhap", "ban-lam-viec") or deep > 3
    return "/".join(parts[:deep]) if known and len(parts) > deep else ""


def _beginning() -> str:
    """The list that was asked for, from its first page."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _wanted() -> str:
    """Where the reader wanted to go; the page of a form that could not be held is opened anew."""
    return request.full_path.rstrip("?")


def field_sentence(field: FieldError) -> str:
    """What is wrong with one field."""
    params = _as_pages_say(field.get("params") or {})
    return sentence(field["code"], params, language(), otherwise="invalid_value", plain=True)


def _as_pages_say(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the status of an application in the words of pages, not in those of the National Portal."""
    known = "status_name" in params and params.get("status") in STANDINGS
    return {**params, "status_name": standing_of(params["status"]).title} if known else params
