"""Brings samples to the centre: a token by the probe's own secret, then batches over the gateway's REST interface."""

import base64
import hashlib
import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

SECONDS = 15.0
"""How long the gateway may take for an answer."""

LONGEST_ANSWER = 100_000

AT_FAULT = frozenset({400, 409, 413, 422})
"""Answers that find fault with what was sent, which will be no better next time. Others speak of who, where or when."""


class NotReported(Exception):
    """The centre did not take it; the message says why, and the samples stay."""


class Refused(NotReported):
    """The centre will never take this batch: something in it is wrong."""


@dataclass
class Gateway:
    """The centre's gateway, as one client; `authorities` is a file of certificates where the system's do not do."""

    url: str
    client: str
    secret: str
    authorities: Path | None = None
    _token: str = field(default="", repr=False)

    def report(self, endpoint: str, source: str, samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Hand a batch in; what the centre says to it.

        Raises:
            Refused: something in it is wrong.
            NotReported: it did not take it; asking again with the same batch is safe.
        """
        path = f"/api/v1/conferences/endpoints/{quote(endpoint)}/measurements"
        body = json.dumps({"source": source, "samples": list(samples)}).encode()
        key = hashlib.sha256(body).hexdigest()
        for fresh in (not self._token, True):
            if fresh:
                self._token = self._sign_in()
            headers = {
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            }
            try:
                return self._post(path, body, headers)
            except urllib.error.HTTPError as error:
                if error.code != 401 or fresh:
                    raise (Refused if error.code in AT_FAULT else NotReported)(_told(error)) from error
        raise NotReported("the token is not accepted")

    def _sign_in(self) -> str:
        credentials = base64.b64encode(f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}".encode())
        headers = {
            "Authorization": f"Basic {credentials.decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            return str(self._post("/oauth/token", b"grant_type=client_credentials", headers)["access_token"])
        except urllib.error.HTTPError as error:
            raise NotReported(f"no token: {_told(error)}") from error
        except KeyError as error:
            raise NotReported("no token: an answer without one") from error

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}{path}", body, dict(headers), method="POST")
        context = ssl.create_default_context(cafile=self.authorities) if self.url.startswith("https:") else None
        try:
            with urllib.request.urlopen(request, timeout=SECONDS, context=context) as answer:
                read = json.loads(answer.read(LONGEST_ANSWER))
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:  # away, cut off, or somebody else's page
            raise NotReported(f"{type(error).__name__}: {error}") from error
        if not isinstance(read, dict):
            raise NotReported("an answer that is none of the centre's")
        return read


def _told(error: urllib.error.HTTPError) -> str:
    with error:
        return f"{error.code} {error.read(500).decode('utf-8', 'replace')}"
