"""Signing in and out, and choosing the language."""

from flask import current_app, request
from werkzeug.wrappers import Response

from gateway.auth.access import open_page
from gateway.auth.clients import Client
from gateway.auth.issuer import BuiltInIssuer
from gateway.auth.tokens import Verifier
from gateway.portal.pages import Routes, go, local_path, page
from gateway.portal.sessions import Sessions
from shared.contracts.principal import Role
from shared.errors import NotFound

OFFICERS = {Role.RECEPTION_OFFICER, Role.SPECIALIST, Role.HEAD_OF_UNIT}
_PEOPLE = {Role.CITIZEN, *OFFICERS}


@open_page("Choosing a language says nothing about anybody.")
def choose_language() -> Response:
    """The same page in the other language."""
    sessions: Sessions = current_app.extensions["sessions"]
    chosen = "en" if request.args.get("ngon_ngu") == "en" else "vi"
    back = go(local_path(request.args.get("tiep")))
    return sessions.remember_language(back, chosen)  # type: ignore[arg-type]  # redirect makes werkzeug's


def routes(verifier: Verifier, demonstration: BuiltInIssuer | None) -> Routes:
    """Where one signs in."""
    people = {one.id: one for one in demonstration.people() if _PEOPLE & set(one.roles)} if demonstration else {}

    @open_page("Whoever signs in is not known yet.")
    def show_sign_in() -> Response:
        """Ask who it is."""
        citizens = [one for one in people.values() if Role.CITIZEN in one.roles]
        officers = [one for one in people.values() if Role.CITIZEN not in one.roles]
        return page("sign_in.html", citizens=citizens, officers=officers, following=_following())

    @open_page("Whoever signs in is not known yet.")
    def sign_in() -> Response:
        """Become one of the people of the demonstration."""
        chosen = people.get(request.form.get("person", ""))
        if demonstration is None or chosen is None:
            raise NotFound("route_unknown")
        token = demonstration.issue(chosen, " ".join(sorted(chosen.scopes)))["access_token"]
        _, person = verifier.verify(token)
        _sessions().begin(person)
        return go(_first_page(chosen))

    @open_page("Signing out is for everybody.")
    def sign_out() -> Response:
        """Forget who it was."""
        _sessions().end()
        return go("/")

    return (
        ("GET", "/dang-nhap", show_sign_in),
        ("POST", "/dang-nhap", sign_in),
        ("POST", "/dang-xuat", sign_out),
        ("GET", "/ngon-ngu", choose_language),
    )


def _first_page(client: Client) -> str:
    following = _following()
    if following == "/" and OFFICERS & set(client.roles):
        return "/ban-lam-viec"
    return following


def _following() -> str:
    return local_path(request.values.get("tiep"))


def _sessions() -> Sessions:
    sessions: Sessions = current_app.extensions["sessions"]
    return sessions
