"""Signing people in at an issuer: OpenID Connect's code flow with PKCE, and the two ways in which a session ends.

Two doors lead in. At the one for citizens everybody is a citizen and nothing else; at the one for officers an issuer
says which of their roles somebody has. `docs/how-to/let-people-sign-in.md` says what it must tell.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc6749.errors import OAuth2Error
from authlib.oidc.core import CodeIDToken
from httpx2 import BaseTransport, HTTPError
from joserfc import jwt
from joserfc.errors import JoseError

from gateway.auth.issuer import Credentials
from gateway.auth.keys import ASK_AGAIN_SECONDS, RemoteKeys, trustworthy
from gateway.auth.tokens import ALGORITHMS, CLOCK_SKEW_SECONDS, Issuer, peek, read_principal
from shared.contracts.principal import Role
from shared.errors import Forbidden, Unauthenticated, Unavailable
from shared.observability import logger

DoorName = Literal["cong-dan", "can-bo"]
CITIZENS: DoorName = "cong-dan"
OFFICERS: DoorName = "can-bo"
MAY_BE: Mapping[DoorName, frozenset[Role]] = {
    CITIZENS: frozenset({Role.CITIZEN}),
    OFFICERS: frozenset(Role) - {Role.CITIZEN, Role.AGENCY_SYSTEM, Role.IDENTITY_PROVIDER},
}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
ANSWER_SECONDS = 5.0
LOGOUT_SECONDS = 300
"""How old an issuer's word that somebody signed out may be."""

_FAULTS = (OAuthError, OAuth2Error, JoseError, Unauthenticated, ValueError, KeyError, TypeError)
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along with somebody to an issuer, to be compared when they come back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came back, in the form for the bus, and the names under which the issuer may end their session."""

    person: dict[str, Any]
    ends_with: list[str]


class Door:
    """One issuer where people sign in; `back` is the address to which it sends them."""

    def __init__(
        self,
        name: DoorName,
        issuer: Issuer,
        keys: RemoteKeys,
        client: Credentials,
        back: str,
        *,
        transport: BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._issuer = issuer
        self._keys = keys
        self._client = client
        self._back = back
        self._transport = transport
        self._clock = clock

    @property
    def origin(self) -> str:
        """The scheme and host of the issuer."""
        return _origin_of(self._issuer.url)

    @property
    def home(self) -> str:
        """The scheme and host of our own pages behind this door."""
        return _origin_of(self._back)

    def ask(self) -> tuple[str, Asked]:
        """Where somebody signs in, and what to remember until they are back.

        Raises:
            Unavailable: the issuer cannot be asked where that is.
        """
        asked = Asked(*(secrets.token_urlsafe(48) for _ in range(3)))
        with self._session() as session:
            address, _state = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
            )
        return str(address), asked

    def admit(self, answer: Mapping[str, str], asked: Asked) -> SignedIn:
        """Who came back with this answer.

        Raises:
            Forbidden: the answer is not one to what was asked, or does not prove anybody.
            Unavailable: the issuer cannot be asked.
        """
        if not secrets.compare_digest(answer.get("state", ""), asked.state):
            raise Forbidden("sign_in_failed")
        if answer.get("iss", self._issuer.url) != self._issuer.url:  # RFC 9207
            raise Forbidden("sign_in_failed")
        try:
            claims = self._exchange(answer["code"], asked)
            principal = read_principal(self._as_at_this_door(claims), self._issuer)
        except HTTPError as error:
            raise Unavailable("issuer_unavailable", retry_after=ASK_AGAIN_SECONDS) from error
        except _FAULTS as error:
            _log.warning("sign_in_failed", issuer=self._issuer.url, error=repr(error))
            raise Forbidden("sign_in_failed") from error
        return SignedIn(principal.to_dict(), self._names(claims))

    def _exchange(self, code: str, asked: Asked) -> dict[str, Any]:
        """The proven claims of the ID token that the code is worth."""
        with self._session() as session:
            granted = session.fetch_token(
                self._endpoint("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=asked.verifier,
            )
        expected = {"nonce": asked.nonce, "client_id": self._client.client, "access_token": granted.get("access_token")}
        return self._proven(str(granted["id_token"]), expected)

    def _proven(self, token: str, expected: Mapping[str, Any]) -> dict[str, Any]:
        header, _claims = peek(token)
        decoded = jwt.decode(token, self._keys.find(header.get("kid")), algorithms=list(ALGORITHMS))
        options: Any = {
            "iss": {"essential": True, "value": self._issuer.url},
            "aud": {"essential": True, "value": self._client.client},
        }
        claims = CodeIDToken(decoded.claims, decoded.header, options, dict(expected))
        claims.validate(now=int(self._clock()), leeway=CLOCK_SKEW_SECONDS)
        return dict(claims)

    def _as_at_this_door(self, claims: dict[str, Any]) -> dict[str, Any]:
        return claims | {"roles": [Role.CITIZEN]} if self.name == CITIZENS else claims

    def way_out(self, back: str) -> str:
        """Where one signs out of the issuer too; `back` itself where it offers no such page on its own host."""
        end = self._keys.about().get("end_session_endpoint", "")
        if not isinstance(end, str) or not end.startswith(f"{self.origin}/"):
            return back
        return f"{end}?{urlencode({'client_id': self._client.client, 'post_logout_redirect_uri': back})}"

    def name_ended_by(self, token: str) -> str:
        """Under which name the issuer ended sessions (OpenID Connect Back-Channel Logout 1.0).

        Raises:
            Forbidden: the token is not its word for that.
        """
        try:
            header, _claims = peek(token)
            claims = jwt.decode(token, self._keys.find(header.get("kid")), algorithms=list(ALGORITHMS)).claims
            audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
            sound = (
                claims["iss"] == self._issuer.url
                and self._client.client in audience
                and LOGOUT_EVENT in claims["events"]
                and "nonce" not in claims
                and abs(self._clock() - float(claims["iat"])) <= LOGOUT_SECONDS
            )
            names = self._names(claims)
        except _FAULTS as error:
            raise Forbidden("sign_out_token_invalid") from error
        if not sound or not names:
            raise Forbidden("sign_out_token_invalid")
        return names[0]

    def _names(self, claims: Mapping[str, Any]) -> list[str]:
        """The session at the issuer, then the person there, as digests that tell nothing."""
        return [
            hashlib.sha256(f"{self._issuer.url}\n{kind}\n{claims[kind]}".encode()).hexdigest()
            for kind in ("sid", "sub")
            if isinstance(claims.get(kind), str)
        ]

    def _endpoint(self, name: str) -> str:
        address = self._keys.about().get(name)
        if not isinstance(address, str) or not trustworthy(address):
            raise Unavailable("issuer_unavailable", retry_after=ASK_AGAIN_SECONDS)
        return address

    def _session(self) -> Any:
        return OAuth2Client(
            self._client.client,
            self._client.secret or None,
            token_endpoint_auth_method="client_secret_basic" if self._client.secret else "none",
            scope="openid profile",
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=ANSWER_SECONDS,
            transport=self._transport,
        )


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
