"""A service without a database that answers, refuses, breaks and dawdles on demand."""

import os
from pathlib import Path
from typing import Any

import eventlet

from shared.contracts.principal import Principal
from shared.errors import Conflict
from shared.messaging.composition import Composition, Platform
from shared.messaging.rpc import rpc


class Nothing(Composition):
    """Builds nothing."""

    def build(self, platform: Platform) -> None:
        """There are no use cases."""


class Echo:
    """Answers with what it was asked."""

    name = "echo"
    use_cases = Nothing()

    @rpc
    def echo(self, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
        """The request, and who asks."""
        return {"request": request, "subject": principal.subject if principal else None, "pid": os.getpid()}

    @rpc
    def refuse(self, request: dict[str, Any], principal: Principal | None) -> None:
        """An expected refusal."""
        raise Conflict("already_decided", dossier="H13")

    @rpc
    def crash(self, request: dict[str, Any], principal: Principal | None) -> None:
        """A defect."""
        raise ZeroDivisionError("secret detail")

    @rpc
    def unwritable(self, request: dict[str, Any], principal: Principal | None) -> Any:
        """An answer without a JSON form."""
        return object()

    @rpc
    def slow(self, request: dict[str, Any], principal: Principal | None) -> str:
        """Dawdle, then write a line, so that executions can be counted."""
        eventlet.sleep(request["seconds"])
        with open(request["file"], "a", encoding="utf-8") as file:
            file.write(f"{request['mark']}\n")
        return request["mark"]

    @rpc
    def hold(self, request: dict[str, Any], principal: Principal | None) -> str:
        """Answer once a file exists."""
        while not Path(request["until"]).exists():
            eventlet.sleep(0.05)
        return "released"
