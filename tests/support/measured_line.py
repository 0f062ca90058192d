"""Lines in namespaces that real probes measure, and report by another way to the platform."""

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from local.platform import CLIENTS_FILE
from local.state import ROOT
from services.conference_booking.adapters.networks_file import BUNDLED
from services.conference_booking.probe.packets import key_of
from tests.support.namespaces import Cable, inside, joined
from tests.support.proxy import Proxy, on_loopback
from tests.support.stack import Stack

PORT = 8620
_SECRET, _GATEWAY = "bi-mat-cua-trung-tam", 8080
_CONFIGURATION = f"""
endpoint = "{{place}}"
key_file = "key"
reflector = "{{reflector}}:{PORT}"
folder = "kept"
gateway = "http://127.0.0.1:{_GATEWAY}"
client = "{{client}}"
secret_file = "secret"
[pace]
train_minutes = 0
{{pace}}
[lines.primary]
"""
_FAST = "packets = 400\nsample_seconds = 0.5\nreport_seconds = 0.5"
_EASY = "packets = 10\nsample_seconds = 5\nreport_seconds = 5"
"""Of many probes on one machine."""


def probe_of(place: str) -> str:
    """The client by which an endpoint's probe reports."""
    return f"probe-{place}"


def _secret_of(place: str) -> str:
    return f"demo-{probe_of(place)}"


@contextmanager
def probes_known(folder: Path, places: Collection[str]) -> Iterator[None]:
    """Let platforms that are started meanwhile know a credential for the probe of each of these endpoints.

    They judge lines by loss alone: how late a busy machine's own processes come is no line's fault.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("local.platform.CLIENTS_FILE", _clients(folder / "clients.yaml", places))
        patch.setenv("CONFERENCE_NETWORKS", str(_networks(folder / "networks.yaml")))
        yield


def _clients(file: Path, places: Collection[str]) -> Path:
    known = yaml.safe_load(CLIENTS_FILE.read_text("utf-8"))
    probes = [
        {"id": probe_of(place), "secret": _secret_of(place), "name": f"Thiết bị đo {place}", "roles": ["line_probe"]}
        for place in places
    ]
    ids = {probe["id"] for probe in probes}
    known["clients"] = [client for client in known["clients"] if client["id"] not in ids]
    known["clients"] += [probe | {"agency": "H56.04"} for probe in probes]
    file.write_text(yaml.safe_dump(known, allow_unicode=True), "utf-8")
    return file


def _networks(file: Path) -> Path:
    known = yaml.safe_load(BUNDLED.read_text("utf-8"))
    for network in known["networks"]:
        for band in ("green", "amber"):
            network["quality"][band] |= {"rtt": 5000, "jitter": 5000}
    file.write_text(yaml.safe_dump(known, allow_unicode=True), "utf-8")
    return file


@contextmanager
def measured_lines(platform: Stack, folder: Path, place: str, others: Collection[str]) -> Iterator[Cable]:
    """The primary line of one endpoint, measured by its probe; those of the others by theirs, over another cable.

    Each probe has a key and a credential of its own. The reflector stands at the far end of both.
    """
    reflecting = {"PROBE_SECRET": _SECRET, "REFLECTOR_BIND": f"0.0.0.0:{PORT}", "REFLECTOR_PER_SECOND": "2000"}
    health = {"HEALTH_ADDRESS": "127.0.0.1", "HEALTH_PORT": "0"}
    gateway = urlsplit(platform.base_url)
    with ExitStack() as stack:
        cable, shared = stack.enter_context(joined(2))
        way = Proxy(
            str(gateway.hostname),
            int(gateway.port or 80),
            lambda _: inside(cable.near_space, partial(on_loopback, _GATEWAY)),
        )
        stack.callback(way.close)
        stack.enter_context(_running(cable.far_space, "services.conference_booking.reflector", **reflecting, **health))
        files = [_configured(folder, place, cable, _FAST)]
        stack.enter_context(_running(cable.near_space, "services.conference_booking.probe", files[0]))
        files = [_configured(folder, other, shared, _EASY) for other in others]
        stack.enter_context(_running(cable.near_space, "tests.support.many_probes", *files))
        yield cable


def _configured(folder: Path, place: str, cable: Cable, pace: str) -> str:
    own = folder / place
    own.mkdir()
    (own / "key").write_text(key_of(_SECRET.encode(), place).hex())
    (own / "secret").write_text(_secret_of(place))
    file = own / "probe.toml"
    file.write_text(_CONFIGURATION.format(place=place, reflector=cable.far, client=probe_of(place), pace=pace))
    return str(file)


@contextmanager
def _running(space: str, *module: str, **given: str) -> Iterator[None]:
    command = ["ip", "netns", "exec", space, sys.executable, "-m", *module]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given, "PYTHONPATH": str(ROOT)}) as process:
        _put_before_others(process.pid)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _put_before_others(process: int) -> None:
    """As systemd does at an endpoint (docs/how-to/install-a-line-probe.md): a busy machine's delays are no line's."""
    try:
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(1))
    except PermissionError as error:
        warnings.warn(f"this machine's own delays are measured as the line's: {error}", stacklevel=2)
