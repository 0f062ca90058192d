"""Who reads: a sealed cookie carries whoever signed in on this browser and the secret that their forms prove.

Every worker can read it. What ended before its time stands in a list that is asked at each page; what a person may do
is asked anew from the services at every step.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from cryptography.fernet import Fernet, InvalidToken
from flask import Response, g, request

from gateway.http.call import current_call
from shared.contracts.principal import Principal
from shared.errors import Forbidden

LANGUAGE_COOKIE = "ngon-ngu"
_YEAR_SECONDS = 365 * 86_400
_SECRET_BYTES = 32
_FORGET = ("Clear-Site-Data", '"cache"')
"""Pages with what somebody typed, which their browser keeps to go back to, are not for whoever sits there next."""


@dataclass(slots=True)
class Session:
    """One browser: whom it signed in, from when until when (seconds since 1970), and the secret behind its forms.

    `ends_with` names what may end it: itself first, then the session and the person at the issuer behind the `door`.
    Of somebody who went there and is not back yet, `asked` is what was sent along; `guest` is what a guest keeps.
    """

    secret: str
    person: dict[str, Any] | None = None
    began: float = 0.0
    until: float = 0.0
    ends_with: list[str] = field(default_factory=list)
    door: str = ""
    asked: dict[str, str] | None = None
    guest: dict[str, str] | None = None


class EndedSessions(Protocol):
    """What ended before its time."""

    def add(self, name: str, until: datetime) -> None:
        """What began under this name until now has ended; nobody needs to know after `until`."""
        ...

    def has_ended(self, names: Collection[str], began: datetime) -> bool:
        """Whether what began at this moment under one of these names has ended since."""
        ...


class Sessions:
    """Opens and seals the cookie; `secure` where people come by https."""

    def __init__(self, secret: str, ended: EndedSessions, *, hours: float, secure: bool) -> None:
        self._ended = ended
        self._seal = Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"session", hashlib.sha256)))
        self._seconds = hours * 3600
        self._secure = secure
        self.cookie = "__Host-phien" if secure else "phien"

    def recognise(self) -> None:
        """Make whoever signed in on this browser the caller, and their language that of the page."""
        g.language = "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "vi"
        session = g.session = self._open(request.cookies.get(self.cookie, ""))
        if session is None or session.person is None:
            return
        began = _moment(session.began)
        if session.until <= time.time() or self._ended.has_ended(session.ends_with, began):
            g.session, g.session_changed, g.person_left = Session(session.secret), True, True
            return
        call = current_call()
        call.principal, call.on_wire = Principal.from_dict(session.person), session.person

    def _open(self, sealed: str) -> Session | None:
        try:
            return Session(**orjson.loads(self._seal.decrypt(sealed.encode())))
        except (InvalidToken, TypeError, ValueError):  # of another key, of an older form, or made up
            return None

    def ask(self, asked: dict[str, str]) -> None:
        """Somebody goes to an issuer; their session remembers what was sent along."""
        self._session().asked = asked
        g.session_changed = True

    def asked(self) -> dict[str, str] | None:
        """What was sent along, once: whoever comes back a second time has to ask anew."""
        asked: dict[str, str] | None = g.session.asked if g.session else None
        if asked is not None:
            g.session.asked = None
            g.session_changed = True
        return asked

    def guest(self) -> dict[str, str] | None:
        """What the guest on this browser keeps, since they began here."""
        session: Session | None = g.session
        return session.guest if session and session.person else None

    def begin(
        self,
        person: dict[str, Any],
        *,
        door: str,
        ends_with: Collection[str] = (),
        guest: dict[str, str] | None = None,
    ) -> None:
        """Somebody signed in: a new secret, so that nothing that was known before is worth anything now."""
        now = time.time()
        names = [secrets.token_hex(_SECRET_BYTES), *ends_with]
        g.person_left = g.session is not None and g.session.person is not None
        g.session = Session(_new_secret(), person, now, now + self._seconds, names, door, guest=guest)
        g.session_changed = True

    def end(self) -> str:
        """They signed out, wherever their cookie may be; the door by which they had come."""
        session = g.session
        if session is not None and session.person is not None:
            self._ended.add(session.ends_with[0], _moment(session.until))
        g.session, g.session_changed, g.person_left = None, True, True
        return session.door if session else ""

    def end_all(self, name: str) -> None:
        """End every session that may end with this name."""
        self._ended.add(name, _moment(time.time() + self._seconds))

    def _session(self) -> Session:
        if g.session is None:
            g.session = Session(_new_secret())
            g.session_changed = True
        session: Session = g.session
        return session

    def form_token(self) -> str:
        """The proof that a form came from our page; another text each time, so that compressing tells nothing."""
        mask = secrets.token_bytes(_SECRET_BYTES)
        return (mask + _crossed(mask, bytes.fromhex(self._session().secret))).hex()

    def check_form(self, token: str) -> None:
        """Refuse a form that our page did not make for this browser.

        Raises:
            Forbidden: the proof is missing, or of another session.
        """
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or not self.proves(token):
            raise Forbidden("form_expired")

    def proves(self, token: str) -> bool:
        """Whether a form with this proof is of a page that we made for this browser."""
        try:
            data = bytes.fromhex(token)
        except ValueError:
            return False
        shown = _crossed(data[:_SECRET_BYTES], data[_SECRET_BYTES:])
        return g.session is not None and hmac.compare_digest(shown, bytes.fromhex(g.session.secret))

    def keep(self, response: Response) -> Response:
        """Give the browser what changed, and have it forget the pages of whoever left."""
        if not g.get("session_changed"):
            return response
        if g.get("person_left"):
            response.headers[_FORGET[0]] = _FORGET[1]
        if g.session is None:
            response.delete_cookie(self.cookie, secure=self._secure, httponly=True, samesite="Lax")
        else:
            sealed = self._seal.encrypt(orjson.dumps(asdict(g.session))).decode()
            response.set_cookie(self.cookie, sealed, secure=self._secure, httponly=True, samesite="Lax")
        return response

    def remember(self, response: Response, name: str, value: str, path: str) -> Response:
        """A choice of this browser, sent along below `path` until the browser is closed."""
        response.set_cookie(name, value, path=path, secure=self._secure, httponly=True, samesite="Lax")
        return response

    def remember_language(self, response: Response, language: str) -> Response:
        """The language of this browser from now on."""
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, secure=self._secure, httponly=True, samesite="Lax"
        )
        return response


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _new_secret() -> str:
    return secrets.token_bytes(_SECRET_BYTES).hex()


def _crossed(mask: bytes, data: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, data, strict=False))
