"""A real probe reports to the real platform, through a gateway that is killed: nothing acknowledged or kept is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
from pymongo import MongoClient

from local.state import ROOT
from services.conference_booking.probe.packets import key_of
from tests.support.stack import Stack, secret_of

CONFIGURATION = """
endpoint = "th-05"
key_file = "key"
reflector = "{reflector}"
folder = "kept"
gateway = "{gateway}"
client = "probe-th-05"
secret_file = "secret"
[pace]
packets = 40
sample_seconds = 0.5
report_seconds = 0.5
train_minutes = 0
[lines.primary]
[lines.backup]
source = "127.0.0.1"
"""


@contextmanager
def process(*command: str, **given: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env={**os.environ, **given}) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=30)


def configured(folder: Path, stack: Stack) -> Path:
    """A probe beside the platform, as the how-to says."""
    folder.mkdir(exist_ok=True)
    platform = stack.platform
    (folder / "key").write_text(key_of(platform.probe_secret.read_text("utf-8").encode(), "th-05").hex())
    (folder / "secret").write_text(secret_of("probe-th-05"))
    file = folder / "probe.toml"
    file.write_text(CONFIGURATION.format(reflector=platform.reflector_at, gateway=stack.base_url))
    return file


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_what_a_probe_measured_arrives_once_whatever_breaks(own_platform: Stack, tmp_path: Path) -> None:
    file = configured(tmp_path, own_platform)
    with MongoClient[dict[str, Any]](own_platform.mongo_uri, tz_aware=True) as client:
        samples = client[f"{own_platform.prefix}conference_booking"]["samples"]

        def count() -> int:
            return samples.count_documents({"endpoint": "th-05"})

        with process("services.conference_booking.probe", str(file)):
            until(lambda: count() >= 6)
            own_platform.kill("gateway")
            before = count()
            time.sleep(3)
            own_platform.start("gateway")
            until(lambda: count() >= before + 6)
        with process("services.conference_booking.probe", str(file)) as killed:  # what is left goes with the next start
            until(lambda: count() >= before + 10)
            killed.kill()
        with process("services.conference_booking.probe", str(file)):
            until(lambda: waiting(tmp_path) == 0)
        numbers = sorted(int(one["_id"].rpartition(":")[2]) for one in samples.find({"endpoint": "th-05"}))
    assert numbers == list(range(1, len(numbers) + 1)), "each number once, none missing"

    with own_platform.client("clerk-hac-thanh") as clerk:
        told = clerk.get("/api/v1/conferences/lines", params={"network": "thanh-hoa"}).json()["items"]
        rows = clerk.get("/api/v1/conferences/endpoints/th-05/lines/primary/measurements", params={"limit": 5}).json()
    assert [(one["endpoint"], one["line"]) for one in told] == [("th-05", "backup"), ("th-05", "primary")]
    assert all(row["sent"] == 20 for row in rows["items"])


def waiting(folder: Path) -> int:
    """How many samples the probe keeps."""
    with closing(sqlite3.connect(folder / "kept" / "samples.sqlite")) as file:
        return int(file.execute("SELECT count(*) FROM samples").fetchone()[0])


def test_a_probe_may_do_nothing_but_report_for_its_own_endpoint(own_platform: Stack) -> None:
    sample = {
        "sequence": 1,
        "line": "primary",
        "at": "2026-12-07T08:00:00+07:00",
        "seconds": 5,
        "sent": 1,
        "received": 1,
    }
    body = {"source": "5f2c8b1e9a7d4036", "samples": [sample]}

    def report(who: httpx.Client, endpoint: str) -> httpx.Response:
        path = f"/api/v1/conferences/endpoints/{endpoint}/measurements"
        return who.post(path, json=body, headers={"Idempotency-Key": f"measured-{endpoint}"})

    with own_platform.client("probe-th-05") as probe, own_platform.client("operator") as operator:
        refused = report(probe, "th-06")
        assert (refused.status_code, refused.json()["code"]) == (403, "probe_of_another")
        assert probe.get("/api/v1/conferences/lines", params={"network": "thanh-hoa"}).status_code == 403
        assert report(operator, "th-05").status_code == 403
        assert json.loads(report(probe, "th-05").text) == {"kept": 1, "known": 0, "trains": True}
        assert json.loads(report(probe, "th-05").text) == {"kept": 0, "known": 1, "trains": True}
