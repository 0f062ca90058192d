"""Applying without signing in, where the procedure allows it: a guest comes back with a link and a code of their own.

A guest is known by nothing but the two, so whoever holds both is the guest. What may be handed in by somebody whose
identity nobody proved is the service's decision, as over the REST interface.
"""

import hashlib
import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

from gateway.auth.access import open_page
from gateway.auth.scopes import scopes_of
from gateway.http.call import current_call
from gateway.portal.calls import look
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, go, page
from gateway.portal.sessions import Sessions
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, NotFound

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are easily taken for others."""
_LINK, _CODE, _GROUP = 12, 12, 4
DOOR = "khach"
WHY = "Whoever needs no proof of who they are may apply; whoever holds the link and the code goes on."


@open_page(WHY)
def begin_as_guest(code: str) -> Response:
    """Give somebody a link and a code, and let them apply."""
    if not may_be_guest(code):
        raise Forbidden("identity_not_verified")
    link, secret = _letters(_LINK), _letters(_CODE)
    _sessions().begin(guest(link, secret).to_dict(), door=DOOR, guest={"link": link, "code": secret, "next": code})
    return go("/khach")


@open_page(WHY)
def show_guest() -> Response:
    """What a guest has to keep in order to come back."""
    kept = _sessions().guest()
    if kept is None:
        return go("/dang-nhap")
    address = f"{current_app.config['PUBLIC_URL']}/tiep-tuc/{kept['link']}"
    return page("guest.html", address=address, code=_in_groups(kept["code"]), following=f"/thu-tuc/{kept['next']}/nop")


@open_page(WHY)
def ask_guest_code(link: str) -> Response:
    """Ask whoever came by a guest's link for the code."""
    return page("guest_code.html", link=link, wrong="")


@open_page(WHY)
def resume_as_guest(link: str) -> Response:
    """Let a guest go on; a link or a code that nobody holds opens nothing."""
    secret = "".join(request.form.get("code", "").upper().split()).replace("-", "")
    if not secret:
        return page("guest_code.html", 422, link=link, wrong=_("Hãy gõ mã đi cùng đường dẫn."))
    found = guest(link, secret)
    call = current_call()
    call.principal, call.on_wire = found, found.to_dict()
    first = {"limit": 1}
    if not (look("list_drafts", first)["items"] or look("list_applications", first)["items"]):
        call.principal, call.on_wire = None, None
        return page("guest_code.html", 422, link=link, wrong=_("Mã không đúng, hoặc hồ sơ chưa viết đã quá hạn giữ"))
    _sessions().begin(found.to_dict(), door=DOOR)
    return go("/ho-so")


def may_be_guest(procedure: str) -> bool:
    """Whether this procedure may be applied for without proof of who one is."""
    try:
        return not look("get_procedure", code=procedure)["definition"]["sign_in_required"]
    except NotFound:
        return False


def guest(link: str, code: str) -> Principal:
    """Somebody without a name; nobody can tell the link or the code from what they are called."""
    digest = hashlib.sha256(f"{link}:{code}".encode()).hexdigest()
    roles = frozenset({Role.CITIZEN})
    return Principal(f"khach:{digest[:40]}", "Người nộp không đăng nhập", roles, scopes_of(roles))


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _number in range(count))


def _in_groups(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _sessions() -> Sessions:
    sessions: Sessions = current_app.extensions["sessions"]
    return sessions


ROUTES: Routes = (
    ("POST", "/thu-tuc/<name:code>/khong-dang-nhap", begin_as_guest),
    ("GET", "/khach", show_guest),
    ("GET", "/tiep-tuc/<name:link>", ask_guest_code),
    ("POST", "/tiep-tuc/<name:link>", resume_as_guest),
)
