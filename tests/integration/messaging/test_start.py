"""A service that is starting answers for itself: it lives, it is not ready, and it says what it waits for."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from local.database import Database
from local.seal import seal
from local.starting import start
from local.state import ROOT, State
from tests.support.stack import discard, fresh_state


@pytest.fixture
def state() -> Iterator[State]:
    with fresh_state() as state:
        yield state


def test_a_start_that_waits_for_the_database_says_so(state: State, broker_uri: str) -> None:
    database, port = Database(state), state.port("health")
    given = {"AMQP_URI": broker_uri, "MONGO_URI": database.uri, "HEALTH_PORT": str(port), "MONGO_TIMEOUT_MS": "500"}
    command = [sys.executable, "-m", "shared.messaging.run", "services.document_routing.service"]
    with (state.folder / "service.log").open("wb") as log:
        service = subprocess.Popen(command, cwd=ROOT, env=os.environ | given | seal(state), stderr=log, stdout=log)
    try:
        assert until(port, "/live", 200) == {"consumer": True}
        waiting = until(port, "/ready", 503)
        assert (waiting["started"], waiting["database"], waiting["broker"]) == (False, False, False)
        start({database.node: ()})
        ready = until(port, "/ready", 200)
        assert all(ready.values())
    finally:
        service.terminate()
        code = service.wait(60)
        discard([database.node])
    assert code == 0


def until(port: int, path: str, status: int) -> dict[str, bool]:
    """What is said as soon as it is answered with this status."""
    end, said = time.monotonic() + 90, "nothing"
    while time.monotonic() < end:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}{path}", timeout=10)
        except httpx.TransportError as error:
            said = repr(error)
        else:
            if answer.status_code == status:
                return dict(answer.json())
            said = answer.text
        time.sleep(0.1)
    raise AssertionError(f"{path} was not answered with {status}: {said}")
