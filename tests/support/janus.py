"""A Janus of its own in a namespace, with nothing but video rooms, and guests who really send sound over WebRTC."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

import pytest

from local.state import ROOT
from tests.support.namespaces import inside
from tests.support.proxy import reach

ADMIN_SECRET, ROOM_KEY = "bi-mat-quan-tri-mcu", "khoa-mo-phong-hop"
ADMIN_PORT, PORT = 7088, 8088
_FOLDERS = ("plugins", "transports", "events", "loggers")
_USED = ("libjanus_videoroom.so", "libjanus_http.so")

_CORE = """
general: {{
    configs_folder = "{folder}"
{folders}
    admin_secret = "{secret}"
    protected_folders = ["/etc"]
}}
nat: {{ ice_enforce_list = "{address}" }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
_HTTP = f"""
general: {{ json = "compact", http = true, port = {PORT} }}
admin: {{ admin_http = true, admin_port = {ADMIN_PORT} }}
"""


class Janus:
    """A running Janus; `kill` and `start` are what a power cut is to it."""

    def __init__(self, space: str, address: str, folder: Path) -> None:
        self.space, self.address, self._folder = space, address, folder
        self._write_configuration()

    def _write_configuration(self) -> None:
        (found,) = Path("/usr/lib").glob("*/janus/plugins")
        libraries = found.parent
        unused = {kind: [one.name for one in sorted((libraries / kind).glob("*.so"))] for kind in _FOLDERS}
        lists = {kind: ",".join(name for name in names if name not in _USED) for kind, names in unused.items()}
        folders = "\n".join(f'    {kind}_folder = "{libraries / kind}"' for kind in _FOLDERS)
        core = _CORE.format(folder=self._folder, folders=folders, secret=ADMIN_SECRET, address=self.address, **lists)
        (self._folder / "janus.jcfg").write_text(core)
        (self._folder / "janus.transport.http.jcfg").write_text(_HTTP)
        (self._folder / "janus.plugin.videoroom.jcfg").write_text(f'general: {{ admin_key = "{ROOM_KEY}" }}\n')

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = ["janus", "--configs-folder", str(self._folder), "--config", str(self._folder / "janus.jcfg")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["ip", "netns", "exec", self.space, *command], stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            inside(self.space, partial(reach, ("127.0.0.1", ADMIN_PORT))).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """As if the power were cut."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(timeout=30)


@contextmanager
def janus(space: str, address: str, folder: Path) -> Iterator[Janus]:
    """One that runs in a namespace, on an address there."""
    if shutil.which("janus") is None:
        pytest.fail("these tests need janus: run `sh local/setup.sh judges` as root, which installs it")
    folder.mkdir()
    running = Janus(space, address, folder)
    running.start()
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            running.kill()


class Guests:
    """People with cameras, in a process of their own in a namespace: they join, and tell what becomes of them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._told: Queue[dict[str, Any]] = Queue()
        Thread(target=self._listen, args=(process.stdout,), daemon=True).start()

    def _listen(self, told: IO[str]) -> None:
        for line in told:
            self._told.put(json.loads(line))

    def join(self, name: str, number: str, pin: str) -> str:
        """Try to come in and send sound: `sends`, or why not."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"name": name, "room": int(number), "pin": pin}) + "\n")
        self._process.stdin.flush()
        return self.hears(name)

    def hears(self, name: str, seconds: float = 60) -> str:
        """What becomes of somebody next."""
        try:
            told = self._told.get(timeout=seconds)
        except Empty:
            raise AssertionError(f"{name} hears nothing") from None
        assert told["name"] == name, told
        return str(told["what"])


@contextmanager
def guests(space: str, address: str) -> Iterator[Guests]:
    """Nobody yet, who can come from this namespace to a Janus at an address."""
    command = ["ip", "netns", "exec", space, sys.executable, "-m", "tests.support.webrtc_guests"]
    with subprocess.Popen(
        [*command, f"http://{address}:{PORT}/janus"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Guests(process)
        finally:
            process.kill()
