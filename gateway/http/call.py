"""What the gateway knows about the request in hand: who asks, in which language, until when."""

import hashlib
import re
import time
from dataclasses import dataclass, field
from typing import Any

from flask import g, request

from gateway.http.refusals import BadRequest
from shared.contracts.principal import Principal

_SHORTEST = 0.1
_SECONDS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(slots=True)
class Call:
    """One request on its way; `on_wire` is the principal in the form that crosses the bus, `page` what is shown."""

    started: float = field(default_factory=time.perf_counter)
    principal: Principal | None = None
    on_wire: dict[str, Any] | None = None
    problem: str = ""
    page: str = ""

    @property
    def subject(self) -> str:
        """The stable key of the caller; on a public route a digest of the address, which names nobody."""
        if self.principal is not None:
            return self.principal.subject
        return "public-" + hashlib.sha256(client_address().encode()).hexdigest()[:16]


def begin_call() -> None:
    """Start the clock of the request in hand."""
    g.call = Call()


def current_call() -> Call:
    """The request in hand."""
    call: Call = g.call
    return call


def client_address() -> str:
    """Where the request comes from, behind as many trusted proxies as the settings say."""
    return request.remote_addr or "unknown"


def time_left(longest: float) -> float:
    """Seconds that the caller is ready to wait (`X-Request-Timeout`), at most `longest`."""
    asked = request.headers.get("X-Request-Timeout")
    if asked is None:
        return longest
    if not _SECONDS.fullmatch(asked):
        raise BadRequest("request_timeout_malformed")
    return min(max(float(asked), _SHORTEST), longest)
