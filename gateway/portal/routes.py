"""The pages of the portal as one blueprint: their addresses, and what holds for all of them."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_compress import Compress
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from gateway.auth.sign_in import Door
from gateway.http.problems import answer_http, defect_in, refusal_in
from gateway.http.validation import read_body
from gateway.portal import (
    apply,
    catalogue,
    conference_care,
    conference_change,
    conference_figures,
    conference_live,
    conference_request,
    conference_room,
    conference_script,
    conferences,
    console,
    console_audit,
    console_events,
    desk,
    desk_list,
    directory,
    directory_changes,
    document_asking,
    documents,
    follow,
    guests,
    imports,
    intake,
    letters,
    mail_password,
    mailboxes,
    own_actions,
    reports,
    sign_in,
    supplement,
)
from gateway.portal.assets import PREFIX, Assets
from gateway.portal.pages import show_problem
from gateway.portal.sessions import Sessions
from gateway.portal.streamed import STREAMED
from shared.errors import Error

TAKES_FILES = {
    "portal.save_step",
    "portal.supply",
    "portal.act",
    "portal.act_on_paper",
    "portal.write_letter",
    "portal.try_table",
}
"""Views that read a form with a file themselves, and look for its proof before they take the file."""

WITHOUT_PROOF = {"portal.end_from_afar"}
"""What issuers send, and prove themselves."""


def portal_routes(doors: Sequence[Door]) -> Blueprint:
    """All pages; people sign in by one of the `doors`."""
    portal = Blueprint("portal", __name__)
    for verb, path, view in (
        *catalogue.ROUTES,
        *apply.ROUTES,
        *guests.ROUTES,
        *follow.ROUTES,
        *own_actions.ROUTES,
        *supplement.ROUTES,
        *desk_list.ROUTES,
        *desk.ROUTES,
        *intake.ROUTES,
        *letters.ROUTES,
        *documents.ROUTES,
        *document_asking.ROUTES,
        *directory.ROUTES,
        *imports.ROUTES,
        *mailboxes.ROUTES,
        *directory_changes.ROUTES,
        *mail_password.ROUTES,
        *console.ROUTES,
        *console_audit.ROUTES,
        *console_events.ROUTES,
        *conferences.ROUTES,
        *conference_change.ROUTES,
        *conference_request.ROUTES,
        *conference_script.ROUTES,
        *conference_live.ROUTES,
        *conference_room.ROUTES,
        *conference_care.ROUTES,
        *conference_figures.ROUTES,
        *reports.ROUTES,
        *sign_in.routes(doors),
    ):
        portal.add_url_rule(path, view.__name__, view, methods=[verb])
    portal.record_once(_add_assets)
    portal.record_once(lambda state: state.app.config.update(ISSUER_ORIGINS=[door.origin for door in doors]))
    portal.before_request(_check_form)
    portal.after_request(lambda response: _sessions().keep(response))
    portal.after_request(_compressed)
    portal.register_error_handler(Error, show_problem)
    portal.register_error_handler(HTTPException, lambda error: show_problem(refusal_in(error)))
    portal.register_error_handler(Exception, lambda error: show_problem(defect_in(error)))
    return portal


def _add_assets(state: Any) -> None:
    assets: Assets = state.app.extensions["assets"]
    state.add_url_rule(f"{PREFIX}<name:name>", "show_asset", assets.view(), methods=["GET"])
    state.app.config |= {"COMPRESS_STREAMS": False, "COMPRESS_REGISTER": False, "COMPRESS_ALGORITHM": ["br", "gzip"]}
    state.app.extensions["compress"] = Compress(state.app)
    state.app.register_error_handler(404, _show_lost)


def _show_lost(error: NotFound) -> AnyResponse:
    """No such route: a page for people who came with a browser, a problem for programs."""
    if request.path.startswith("/api/") or request.accept_mimetypes.quality("text/html") < 1:
        return answer_http(error)
    _sessions().recognise()
    return show_problem(refusal_in(error))


def _check_form() -> None:
    if request.method != "POST":
        return
    if request.endpoint in WITHOUT_PROOF:
        read_body(request)
    elif not (request.endpoint in TAKES_FILES and request.mimetype == STREAMED):
        read_body(request)  # keeps to the time limit, and leaves the form to Flask
        _sessions().check_form(request.form.get("form_token", ""))


def _compressed(response: Response) -> Response:
    packed: Response = current_app.extensions["compress"].after_request(response)
    return packed


def _sessions() -> Sessions:
    sessions: Sessions = current_app.extensions["sessions"]
    return sessions
