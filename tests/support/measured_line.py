"""A line in namespaces that a real probe measures, and reports by another way to the platform."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from local.state import ROOT
from services.conference_booking.probe.packets import key_of
from tests.support.namespaces import Cable, inside, joined
from tests.support.proxy import Proxy, on_loopback
from tests.support.stack import Stack, secret_of

PORT = 8620
_SECRET, _GATEWAY = "bi-mat-cua-trung-tam", 8080
_CONFIGURATION = f"""
endpoint = "th-05"
key_file = "key"
reflector = "10.77.1.2:{PORT}"
folder = "kept"
gateway = "http://127.0.0.1:{_GATEWAY}"
client = "probe-th-05"
secret_file = "secret"
[pace]
packets = 400
sample_seconds = 0.5
report_seconds = 0.5
train_minutes = 0
[lines.primary]
"""


@contextmanager
def measured_line(platform: Stack, folder: Path) -> Iterator[Cable]:
    """The primary line of th-05, with the reflector at its far end and the probe at its near one."""
    (folder / "key").write_text(key_of(_SECRET.encode(), "th-05").hex())
    (folder / "secret").write_text(secret_of("probe-th-05"))
    (folder / "probe.toml").write_text(_CONFIGURATION)
    reflecting = {"PROBE_SECRET": _SECRET, "REFLECTOR_BIND": f"10.77.1.2:{PORT}", "REFLECTOR_PER_SECOND": "2000"}
    health = {"HEALTH_ADDRESS": "127.0.0.1", "HEALTH_PORT": "0"}
    gateway = urlsplit(platform.base_url)
    with ExitStack() as stack:
        (cable,) = stack.enter_context(joined())
        way = Proxy(
            str(gateway.hostname),
            int(gateway.port or 80),
            lambda _: inside(cable.near_space, partial(on_loopback, _GATEWAY)),
        )
        stack.callback(way.close)
        stack.enter_context(_running(cable.far_space, "services.conference_booking.reflector", **reflecting, **health))
        stack.enter_context(_running(cable.near_space, "services.conference_booking.probe", str(folder / "probe.toml")))
        yield cable


@contextmanager
def _running(space: str, *module: str, **given: str) -> Iterator[None]:
    command = ["ip", "netns", "exec", space, sys.executable, "-m", *module]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given, "PYTHONPATH": str(ROOT)}) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
