"""Bearer tokens (JWT): signature, issuer, audience and time, then the caller as the services know it."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from shared.contracts.principal import Principal, Role
from shared.errors import Unauthenticated

ALGORITHMS = ("ES256", "ES384", "EdDSA", "Ed25519", "PS256", "RS256")
"""Only signatures by a private key: a shared secret would let everybody who checks tokens also write them."""

CLOCK_SKEW_SECONDS = 60
_LONGEST_TOKEN = 16_384
_ROLES = {role.value: role for role in Role}

Verified = tuple[Principal, dict[str, Any]]


class Keys(Protocol):
    """Where an issuer's public keys come from."""

    def find(self, kid: str | None) -> Key:
        """The key that signed.

        Raises:
            Unauthenticated: the issuer has no such key.
            Unavailable: the issuer cannot be asked and nothing is remembered.
        """
        ...


@dataclass(frozen=True)
class Issuer:
    """An issuer that is trusted, for these roles only: a citizens' sign-in must never make an officer.

    `scopes_of` grants scopes by role to issuers, such as the national sign-in, that do not know our scopes. What an
    `own` one calls people is what the directory calls them.
    """

    url: str
    keys: Keys
    roles: frozenset[Role] = frozenset(Role)
    scopes_of: Mapping[str, Sequence[str]] | None = None
    own: bool = False


class Verifier:
    """Checks tokens; a checked token is remembered until it expires, by its hash and within a bound."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        audience: str,
        *,
        remembered: int = 10_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuers = {issuer.url: issuer for issuer in issuers}
        self._audience = audience
        self._bound = remembered
        self._clock = clock
        self._cache: OrderedDict[bytes, tuple[float, Verified]] = OrderedDict()

    def verify(self, token: str) -> Verified:
        """The caller behind a token, also in the form for the bus.

        Raises:
            Unauthenticated: the token is malformed, forged, expired or of an unknown issuer.
            Unavailable: the issuer's keys cannot be had right now.
        """
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        remembered = self._cache.get(digest)
        if remembered and remembered[0] > self._clock():
            return remembered[1]
        self._cache.pop(digest, None)
        principal, expires = self._check(token)
        verified = principal, principal.to_dict()
        self._cache[digest] = (expires, verified)
        if len(self._cache) > self._bound:
            self._cache.popitem(last=False)
        return verified

    def _check(self, token: str) -> tuple[Principal, float]:
        if len(token) > _LONGEST_TOKEN:
            raise Unauthenticated("token_invalid")
        header, claims = peek(token)
        issuer = self._issuers.get(str(claims.get("iss")))
        if issuer is None:
            raise Unauthenticated("token_issuer_unknown")
        key = issuer.keys.find(header.get("kid"))
        try:
            proven = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError) as error:
            raise Unauthenticated("token_invalid") from error
        return read_principal(proven, issuer), self._check_time_and_audience(proven)

    def _check_time_and_audience(self, claims: Mapping[str, Any]) -> float:
        """When the token ends."""
        now = self._clock()
        expires, begins = claims.get("exp"), claims.get("nbf", 0)
        if not _is_number(expires) or not _is_number(begins):
            raise Unauthenticated("token_invalid")
        if expires + CLOCK_SKEW_SECONDS <= now:
            raise Unauthenticated("token_expired")
        if begins - CLOCK_SKEW_SECONDS > now:
            raise Unauthenticated("token_not_yet_valid")
        if self._audience not in _texts(claims.get("aud")):
            raise Unauthenticated("token_audience_wrong")
        return float(expires + CLOCK_SKEW_SECONDS)


def peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before any proof, only to know whose key must prove them."""
    try:
        unproven = jws.extract_compact(token.encode())
        claims = orjson.loads(unproven.payload or b"")
        header = unproven.headers()
    except (JoseError, ValueError, TypeError, UnicodeError) as error:
        raise Unauthenticated("token_invalid") from error
    if not isinstance(claims, dict) or not isinstance(header, dict):
        raise Unauthenticated("token_invalid")
    return header, claims


def read_principal(claims: Mapping[str, Any], issuer: Issuer) -> Principal:
    """The caller that the claims describe, with the roles this issuer may grant.

    `roles` is ours, `realm_access.roles` Keycloak's. The name of the issuer goes into the subject of issuers that are
    not our own, so that two of them can never mean the same person by chance.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise Unauthenticated("token_invalid")
    realm = claims.get("realm_access")
    named = _texts(claims.get("roles")) or _texts(realm.get("roles") if isinstance(realm, dict) else None)
    roles = frozenset(_ROLES[name] for name in named if name in _ROLES) & issuer.roles
    scopes = frozenset(str(claims.get("scope", "")).split())
    if issuer.scopes_of is not None:
        scopes = frozenset(scope for role in roles for scope in issuer.scopes_of.get(role, ()))
    if issuer.scopes_of is not None and not issuer.own:
        subject = f"{hashlib.sha256(issuer.url.encode()).hexdigest()[:8]}:{subject}"
    return Principal(
        subject=subject,
        name=str(claims.get("name", "")),
        roles=roles,
        scopes=scopes,
        agency=str(claims.get("agency", "")),
        identity=str(claims.get("identity", "")),
        verified=claims.get("verified") is True,
    )


def _texts(value: Any) -> list[str]:
    """A claim that may be one text or a list of them; anything else is nothing."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str)]


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
