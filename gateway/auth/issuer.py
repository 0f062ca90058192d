"""The built-in issuer: tokens for clients by the client credentials grant (RFC 6749, 4.4).

People sign in at the configured issuers (Keycloak, the national SSO); this one serves programs and demo people.
"""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey

from gateway.auth.clients import NOBODY, Client, secret_matches
from gateway.concurrency import off_the_hub
from gateway.http.limits import Buckets

LIFETIME_SECONDS = 3600
WRONG_PER_MINUTE, WRONG_AT_ONCE = 6, 5
"""After five wrong secrets in a row, one more guess each ten seconds."""

_PEM = re.compile(r"-----BEGIN [^-]+-----.+?-----END [^-]+-----", re.DOTALL)


class OAuthError(Exception):
    """A refusal of the token endpoint in the words of RFC 6749, 5.2."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client shows at the token endpoint."""

    client: str
    secret: str


def read_signing_keys(pem: str) -> KeySet:
    """The issuer's private keys, the signing one first; the others are being phased in or out, and still verify.

    Raises:
        ValueError: when there is none, or one that is neither EC P-256 nor Ed25519.
    """
    keys = [_read_key(block) for block in _PEM.findall(pem)]
    if not keys:
        raise ValueError("ISSUER_KEY holds no private key in PEM")
    return KeySet(keys)


def _read_key(block: str) -> Key:
    """One key, named by its RFC 7638 thumbprint; PKCS #8 does not say the type outside, so both are tried."""
    for kind, curve in ((ECKey, "P-256"), (OKPKey, "Ed25519")):
        with suppress(JoseError):
            key = kind.import_key(block)
            if key.as_dict()["crv"] == curve:
                return kind.import_key(key.as_dict(private=True), {"kid": key.thumbprint(), "use": "sig"})
    raise ValueError("ISSUER_KEY must be an EC P-256 or an Ed25519 key")


class BuiltInIssuer:
    """Proves clients and signs their tokens."""

    def __init__(
        self,
        url: str,
        audience: str,
        keys: KeySet,
        clients: Mapping[str, Client],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.url = url
        self.keys = keys
        self._audience = audience
        self._clients = clients
        self._clock = clock
        self._key = next(iter(keys))
        self._algorithm = "ES256" if isinstance(self._key, ECKey) else "Ed25519"
        self._wrong = Buckets(WRONG_PER_MINUTE, WRONG_AT_ONCE)

    def grant(self, credentials: Credentials, scope: str | None, address: str) -> dict[str, Any]:
        """A token for a proven client, with all its scopes or those it asks for.

        Raises:
            OAuthError: the client is unknown, the secret wrong, or the scope more than it may have.
            TooMany: too many wrong secrets from this address for this client.
        """
        client = self._prove(credentials, address)
        return self.issue(client, self._choose_scopes(client, scope))

    def issue(self, client: Client, granted: str) -> dict[str, Any]:
        """A token for a client that has been proven, with the scopes granted."""
        now = int(self._clock())
        claims = {
            "iss": self.url,
            "sub": client.id,
            "aud": self._audience,
            "client_id": client.id,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": uuid.uuid4().hex,
            "name": client.name,
            "roles": list(client.roles),
            "agency": client.agency,
            "identity": client.identity,
            "verified": client.verified,
            "scope": granted,
        }
        header = {"alg": self._algorithm, "kid": self._key.kid, "typ": "at+jwt"}
        token = jwt.encode(header, claims, self._key, algorithms=[self._algorithm])
        return {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME_SECONDS, "scope": granted}

    def _prove(self, credentials: Credentials, address: str) -> Client:
        bucket = f"{credentials.client}@{address}"
        self._wrong.check(bucket)
        client = self._clients.get(credentials.client)
        stored = client.secret if client else NOBODY
        if not off_the_hub(secret_matches, credentials.secret, stored) or client is None:
            self._wrong.take(bucket)
            raise OAuthError("invalid_client", "Unknown client or wrong secret.", 401)
        return client

    def _choose_scopes(self, client: Client, scope: str | None) -> str:
        asked = set((scope or "").split())
        if not asked <= client.scopes:
            raise OAuthError("invalid_scope", f"Not granted: {' '.join(sorted(asked - client.scopes))}")
        return " ".join(sorted(asked or client.scopes))

    def metadata(self) -> dict[str, Any]:
        """What OpenID Connect Discovery and RFC 8414 tell about this issuer."""
        return {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/oauth/token",
            "jwks_uri": f"{self.url}/oauth/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "scopes_supported": sorted({scope for client in self._clients.values() for scope in client.scopes}),
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [self._algorithm],
        }

    def public_keys(self) -> dict[str, Any]:
        """The keys that verify our tokens, as a JSON Web Key Set."""
        return {"keys": [key.as_dict(private=False) for key in self.keys]}
