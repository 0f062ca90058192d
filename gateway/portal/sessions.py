"""Who reads: a sealed cookie carries whoever signed in on this browser and the secret that their forms prove.

Nothing is kept here or in a database, so every worker knows every session; a session ends by its own moment, and what
a person may do is asked anew from the services at every step.
"""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken
from flask import Response, g, request

from gateway.http.call import current_call
from shared.contracts.principal import Principal
from shared.errors import Forbidden

LANGUAGE_COOKIE = "ngon-ngu"
_YEAR_SECONDS = 365 * 86_400
_SECRET_BYTES = 32


@dataclass(slots=True)
class Session:
    """One browser: whom it signed in, until when (seconds since 1970), and the secret behind its forms."""

    secret: str
    person: dict[str, Any] | None = None
    until: float = 0.0


class Sessions:
    """Opens and seals the cookie; `secure` where people come by https."""

    def __init__(self, secret: str, *, hours: float, secure: bool) -> None:
        self._seal = Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"session", hashlib.sha256)))
        self._seconds = hours * 3600
        self._secure = secure
        self.cookie = "__Host-phien" if secure else "phien"

    def recognise(self) -> None:
        """Make whoever signed in on this browser the caller, and their language that of the page."""
        g.language = "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "vi"
        g.session = self._open(request.cookies.get(self.cookie, ""))
        if g.session is not None and g.session.person is not None:
            call = current_call()
            call.principal, call.on_wire = Principal.from_dict(g.session.person), g.session.person

    def _open(self, sealed: str) -> Session | None:
        try:
            session = Session(**orjson.loads(self._seal.decrypt(sealed.encode())))
        except (InvalidToken, TypeError, ValueError):  # of another key, of an older form, or made up
            return None
        if session.person is not None and session.until <= time.time():
            return Session(session.secret)
        return session

    def begin(self, person: dict[str, Any]) -> None:
        """Somebody signed in: a new secret, so that nothing that was known before is worth anything now."""
        g.session = Session(_new_secret(), person, time.time() + self._seconds)
        g.session_changed = True

    def end(self) -> None:
        """They signed out."""
        g.session = None
        g.session_changed = True

    def form_token(self) -> str:
        """The proof that a form came from our page; another text each time, so that compressing tells nothing."""
        if g.session is None:
            g.session = Session(_new_secret())
            g.session_changed = True
        mask = secrets.token_bytes(_SECRET_BYTES)
        return (mask + _crossed(mask, bytes.fromhex(g.session.secret))).hex()

    def check_form(self, token: str) -> None:
        """Refuse a form that our page did not make for this browser.

        Raises:
            Forbidden: the proof is missing, or of another session.
        """
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or not self._proves(token):
            raise Forbidden("form_expired")

    def _proves(self, token: str) -> bool:
        try:
            data = bytes.fromhex(token)
        except ValueError:
            return False
        shown = _crossed(data[:_SECRET_BYTES], data[_SECRET_BYTES:])
        return g.session is not None and hmac.compare_digest(shown, bytes.fromhex(g.session.secret))

    def keep(self, response: Response) -> Response:
        """Give the browser what changed."""
        if not g.get("session_changed"):
            return response
        if g.session is None:
            response.delete_cookie(self.cookie, secure=self._secure, httponly=True, samesite="Lax")
        else:
            sealed = self._seal.encrypt(orjson.dumps(asdict(g.session))).decode()
            response.set_cookie(self.cookie, sealed, secure=self._secure, httponly=True, samesite="Lax")
        return response

    def remember_language(self, response: Response, language: str) -> Response:
        """The language of this browser from now on."""
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, secure=self._secure, httponly=True, samesite="Lax"
        )
        return response


def _new_secret() -> str:
    return secrets.token_bytes(_SECRET_BYTES).hex()


def _crossed(mask: bytes, data: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, data, strict=False))
