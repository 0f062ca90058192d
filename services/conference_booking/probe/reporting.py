"""Brings samples to the centre: a token by the probe's own secret, then batches over the gateway's REST interface."""

import base64
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


class NotReported(Exception):
    """The centre did not take it; the message says why, and the samples stay."""


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
            NotReported: it did not take it; asking again with the same batch is safe.
        """
        path = f"/api/v1/conferences/endpoints/{quote(endpoint)}/measurements"
        key = f"{source}-{samples[0]['sequence']}-{samples[-1]['sequence']}"
        body = json.dumps({"source": source, "samples": list(samples)}).encode()
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
                    raise NotReported(_told(error)) from error
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

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}{path}", body, dict(headers), method="POST")
        context = ssl.create_default_context(cafile=self.authorities) if self.url.startswith("https:") else None
        try:
            with urllib.request.urlopen(request, timeout=SECONDS, context=context) as answer:
                read: dict[str, Any] = json.loads(answer.read(LONGEST_ANSWER))
        except urllib.error.HTTPError:
            raise
        except (OSError, ValueError) as error:  # away, cut off in the middle, or somebody else's page
            raise NotReported(str(error)) from error
        return read


def _told(error: urllib.error.HTTPError) -> str:
    with error:
        return f"{error.code} {error.read(500).decode('utf-8', 'replace')}"
