"""Somebody who calls the gateway: signs in once, sends each change with a key of its own, and reads refusals."""

import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

PATIENCE_SECONDS = 20.0
TRIES = 5
"""How often a request is sent that meets a passing fault each time."""
PASSING = frozenset({"service_unavailable", "database_unavailable", "service_timed_out", "body_incomplete"})
"""Refusals whose sentence says to try again with the same key."""


class Refused(Exception):
    """The gateway refused; the message is the sentence that a person would read."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status, self.problem = answer.status_code, _problem_of(answer)
        wrong = [f"{field.get('path')}: {field.get('detail')}" for field in self.problem.get("errors", ())]
        super().__init__(" — ".join([str(self.problem.get("detail") or answer.text), *wrong]))

    @property
    def code(self) -> str:
        """The machine-readable code of the refusal."""
        return str(self.problem.get("code", ""))


class Caller:
    """A client of the gateway with its own credentials; use as a context manager.

    With `client_id` empty it calls as nobody in particular. With `say` it tries again what a passing fault refused,
    and says so each time; without, every refusal is raised at once.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str = "",
        secret: str = "",
        *,
        language: str = "vi",
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.client_id, self._say = client_id, say
        self.http = httpx.Client(base_url=base_url, timeout=30, headers={"Accept-Language": language})
        if client_id:
            self.http.headers["Authorization"] = f"Bearer {self._sign_in(secret)}"

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def _sign_in(self, secret: str) -> str:
        grant = {"grant_type": "client_credentials"}
        return str(self.send("POST", "/oauth/token", data=grant, auth=(self.client_id, secret)).json()["access_token"])

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The answer to a request, which carries its key in its own headers; raise `Refused` when there is none."""
        tries = 1
        while (answer := self.http.request(method, path, **request)).is_error:
            refused = Refused(answer)
            if self._say is None or refused.code not in PASSING or tries == TRIES:
                raise refused
            tries += 1
            self._say(f"{refused} — gửi lại với cùng khóa, lần {tries}/{TRIES}")
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        return answer

    def get(self, path: str, **query: Any) -> Any:
        """Ask a question; raise `Refused` when it is not answered."""
        return self.send("GET", f"/api/v1{path}", params=query or None).json()

    def download(self, path: str, **query: Any) -> tuple[str, bytes]:
        """The media type and content of a file."""
        answer = self.send("GET", f"/api/v1{path}", params=query or None)
        return answer.headers["Content-Type"], answer.content

    def post(self, path: str, body: dict[str, Any], *, version: int | None = None, key: str = "") -> Any:
        """Send a change; the same `key` again gets the same answer."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.send("POST", f"/api/v1{path}", json=body, headers=headers).json()
            except Refused as refused:
                if refused.code != "officers_awaited" or time.monotonic() > end:
                    raise
            time.sleep(0.5)  # a platform that has only just started does not know its officers yet

    def act(self, application: dict[str, Any], action: str, **body: Any) -> dict[str, Any]:
        """Act on an application in the version last seen; answer its receipt."""
        path = f"/applications/{application['id']}/{action}"
        receipt: dict[str, Any] = self.post(path, body, version=application["version"])
        return receipt

    def upload(self, name: str, media_type: str, content: bytes) -> str:
        """Hand over a file and get its id for use in requests."""
        headers = {"Content-Type": media_type, "X-File-Name": quote(name), "Idempotency-Key": uuid.uuid4().hex}
        return str(self.send("POST", "/api/v1/files", content=content, headers=headers).json()["id"])

    def wait_for(self, path: str, is_there: Any, *, seconds: float = 20.0) -> Any:
        """Ask until the answer satisfies, for what follows from events a moment later."""
        end = time.monotonic() + seconds
        while not is_there(answer := self.get(path)):
            if time.monotonic() > end:
                raise TimeoutError(f"{path} did not show what was expected within {seconds:.0f} s: {answer}")
            time.sleep(0.1)
        return answer


def _problem_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
