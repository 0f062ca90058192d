"""Signing in and out at the issuers' doors, and choosing the language."""

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict
from urllib.parse import urlencode, urlsplit

from flask import current_app, request
from werkzeug.wrappers import Response

from gateway.auth.access import open_page
from gateway.auth.sign_in import CITIZENS, OFFICERS, Asked, Door, DoorName
from gateway.portal.guests import may_be_guest
from gateway.portal.pages import Routes, go, local_path, page
from gateway.portal.sessions import Sessions
from shared.errors import Forbidden, NotFound

DESKS = (
    ("applications:work", "/ban-lam-viec"),
    ("operations:read", "/van-hanh"),
    ("documents:read", "/van-ban/den"),
    ("directory:write", "/danh-ba"),
)
_APPLIES = re.compile(r"/thu-tuc/([A-Za-z0-9._-]{1,64})/nop")


def came_back_at(door: DoorName) -> str:
    """The path to which an issuer sends people back."""
    return f"/dang-nhap/{door}/ve"


@open_page("Choosing a language says nothing about anybody.")
def choose_language() -> Response:
    """The same page in the other language."""
    chosen = "en" if request.args.get("ngon_ngu") == "en" else "vi"
    back = go(_following())
    return _sessions().remember_language(back, chosen)  # type: ignore[arg-type]  # redirect makes werkzeug's


def routes(doors: Sequence[Door]) -> Routes:
    """Where one signs in."""
    by_name: dict[str, Door] = {door.name: door for door in doors}

    def door_of(name: str) -> Door:
        if name not in by_name:
            raise NotFound("route_unknown")
        return by_name[name]

    @open_page("Whoever signs in is not known yet.")
    def show_sign_in() -> Response:
        """Ask at which door."""
        following = _following()
        wanted = _APPLIES.fullmatch(following)
        return page(
            "sign_in.html",
            citizens=CITIZENS in by_name,
            officers=OFFICERS in by_name,
            following=following,
            guest_of=wanted[1] if wanted and may_be_guest(wanted[1]) else "",
            guests_back=following.startswith("/ho-so"),
        )

    @open_page("Whoever signs in is not known yet.")
    def go_to_issuer(door: str) -> Response:
        """Send somebody to the issuer, and remember what to compare when they are back.

        They come back to the door's own host, so that is where they must be when it is written down.
        """
        return _go_to_issuer(door_of(door), doors)

    @open_page("Whoever signs in is not known yet.")
    def come_back(door: str) -> Response:
        """Take in whoever comes back from the issuer; whoever changed their mind there may choose again."""
        found, asked = door_of(door), _sessions().asked()
        if asked is None or asked.pop("door") != door:
            raise Forbidden("sign_in_failed")
        following = asked.pop("following")
        if request.args.get("error") == "access_denied":
            return go("/dang-nhap")
        signed_in = found.admit(request.args, Asked(**asked))
        _sessions().begin(signed_in.person, ends_with=signed_in.ends_with, door=door)
        return go(_first_page(signed_in.person["scopes"]) if following == "/" else following)

    @open_page("Signing out is for everybody.")
    def sign_out() -> Response:
        """End the session here and, where it can be done, at the issuer."""
        door = by_name.get(_sessions().end())
        return go(door.way_out(f"{door.home}/") if door else "/")

    @open_page("An issuer proves itself with its own signature.")
    def end_from_afar(door: str) -> Response:
        """End the sessions of somebody who signed out at the issuer or was shut out there."""
        _sessions().end_all(door_of(door).name_ended_by(request.form.get("logout_token", "")))
        return Response(status=200, headers={"Cache-Control": "no-store"})

    return (
        ("GET", "/dang-nhap", show_sign_in),
        ("GET", "/dang-nhap/<name:door>", go_to_issuer),
        ("GET", "/dang-nhap/<name:door>/ve", come_back),
        ("POST", "/dang-nhap/<name:door>/ket-thuc", end_from_afar),
        ("POST", "/dang-xuat", sign_out),
        ("GET", "/ngon-ngu", choose_language),
    )


def _go_to_issuer(door: Door, doors: Sequence[Door]) -> Response:
    if _stands_before_another(doors, door):
        return go(f"{door.home}/dang-nhap/{door.name}?{urlencode({'tiep': _following()})}")
    address, asked = door.ask()
    _sessions().ask(asdict(asked) | {"door": door.name, "following": _following()})
    return go(address)


def _stands_before_another(doors: Sequence[Door], chosen: Door) -> bool:
    """Whether somebody is at a host of ours from which this door is not entered."""
    return request.host in {urlsplit(door.home).netloc for door in doors} - {urlsplit(chosen.home).netloc}


def _first_page(scopes: Collection[str]) -> str:
    """Where somebody begins who wanted nothing else."""
    return next((path for scope, path in DESKS if scope in scopes), "/")


def _following() -> str:
    return local_path(request.values.get("tiep"))


def _sessions() -> Sessions:
    sessions: Sessions = current_app.extensions["sessions"]
    return sessions
