"""An issuer's public keys: fetched, remembered, fetched again when a new key appears (OpenID Connect Discovery)."""

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from shared.errors import Unauthenticated, Unavailable
from shared.observability import logger

FRESH_SECONDS = 600
"""After so long the keys are fetched anew, so that a withdrawn key stops working."""

ASK_AGAIN_SECONDS = 30
"""How often an unknown key or a failure may lead to a request: forged tokens must not flood the issuer."""

ANSWER_SECONDS = 3.0
_LARGEST_ANSWER = 256 * 1024
_log = logger(__name__)


class LocalKeys:
    """Keys that this process holds itself."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    def find(self, kid: str | None) -> Key:
        """The key of this id, or the only one."""
        return _pick(self._keys, kid)


class RemoteKeys:
    """Keys behind an issuer's address; while the issuer is away the remembered ones go on working."""

    def __init__(
        self,
        issuer: str,
        *,
        fetch: Callable[[str], dict[str, Any]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._fetch = fetch or fetch_json
        self._clock = clock
        self._keys: KeySet | None = None
        self._about: dict[str, Any] = {}
        self._fetched = self._asked = float("-inf")
        self._one_at_a_time = threading.Lock()

    def find(self, kid: str | None) -> Key:
        """The key that signed; raises what `tokens.Keys.find` says."""
        if self._clock() - self._fetched > FRESH_SECONDS:
            self._refresh()
        try:
            return _pick(self._known(), kid)
        except Unauthenticated:
            self._refresh()
            return _pick(self._known(), kid)

    def about(self) -> dict[str, Any]:
        """What the issuer says of itself, as fresh as its keys.

        Raises:
            Unavailable: it cannot be asked and nothing is remembered.
        """
        if self._clock() - self._fetched > FRESH_SECONDS:
            self._refresh()
        self._known()
        return self._about

    def _known(self) -> KeySet:
        if self._keys is None:
            raise Unavailable("issuer_unavailable", retry_after=ASK_AGAIN_SECONDS)
        return self._keys

    def _refresh(self) -> None:
        """Fetch the keys unless that was just tried; whoever comes meanwhile waits for the same answer."""
        with self._one_at_a_time:
            if self._clock() - self._asked < ASK_AGAIN_SECONDS:
                return
            self._asked = self._clock()
            try:
                about = self._fetch(f"{self._issuer}/.well-known/openid-configuration")
                if about.get("issuer") != self._issuer:
                    raise ValueError(f"calls itself {about.get('issuer')!r}")
                keys = self._fetch(about["jwks_uri"])
                self._keys, self._about = KeySet.import_key_set({"keys": keys["keys"]}), about
                self._fetched = self._clock()
            except (OSError, httpx2.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
                _log.warning("issuer_keys_not_fetched", issuer=self._issuer, error=repr(error))


def _pick(keys: KeySet, kid: str | None) -> Key:
    candidates = [key for key in keys if kid is None or key.kid == kid]
    if len(candidates) != 1:
        raise Unauthenticated("token_key_unknown")
    return candidates[0]


def fetch_json(url: str, transport: httpx2.BaseTransport | None = None) -> dict[str, Any]:
    """One JSON object over https; plain http only from this very machine."""
    if not trustworthy(url):
        raise ValueError(f"not a trustworthy address: {url}")
    with httpx2.Client(timeout=ANSWER_SECONDS, transport=transport) as client, client.stream("GET", url) as response:
        response.raise_for_status()
        text = b""
        for part in response.iter_bytes():
            text += part
            if len(text) > _LARGEST_ANSWER:
                raise ValueError("too long an answer")
    data = orjson.loads(text)
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    return data


def trustworthy(url: str) -> bool:
    """Whether nobody on the way can change what is said there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))
