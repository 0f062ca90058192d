"""Keys and tokens for tests."""

from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER = "https://sso.example.vn"


class Clock:
    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def sign(key: ECKey, **claims: Any) -> str:
    base = {"iss": ISSUER, "sub": "u1", "aud": "truc-chung", "exp": 1_000_600, "name": "Lê Văn Cường"}
    header = {"alg": "ES256", "kid": key.kid}
    return jwt.encode(header, base | claims, key, algorithms=["ES256"])


def new_key(kid: str = "k1") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid})
