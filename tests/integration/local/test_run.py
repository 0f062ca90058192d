"""`make run` for real: two at once, crashes, an interrupted start, a killed parent; and never a process left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from pymongo import MongoClient

from local.processes import MARK
from local.state import ROOT, State

SECONDS = 200
pytestmark = pytest.mark.timeout(900)  # several whole starts, on machines of any speed


class Run:
    """One `python -m local.run` on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = ""
        environment = {**os.environ, "PYTHONPATH": ".", "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.run", str(folder)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, text: str) -> None:
        """Read what it says until a line with this text."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.seen += line
            if text in line:
                return
        raise AssertionError(f"it ended without saying {text!r}:\n{self.seen}")

    def end(self, number: int) -> int:
        """Send a signal and answer the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end, read the rest and answer the exit code."""
        assert self.process.stdout is not None
        with self.process.stdout as rest:
            self.seen += rest.read()
        return self.process.wait(SECONDS)

    def base_url(self) -> str:
        run = State(self.folder).running()
        assert run is not None
        assert run.pid == self.process.pid
        return run.base_url


@pytest.fixture
def start_run(tmp_path: Path) -> Iterator[Callable[[str], Run]]:
    """Starts a run in a folder of this name; in the end, none of them has a process any more."""
    runs: list[Run] = []

    def start(name: str) -> Run:
        runs.append(Run(tmp_path / name))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
    for run in runs:
        wait_until_nothing_runs(run.folder)


def processes_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(folder):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def main_processes_of(folder: Path) -> set[int]:
    """Without the helpers that RabbitMQ starts and ends as it likes."""
    return {process.pid for process in processes_of(folder) if process.name() in ("python", "mongod", "beam.smp")}


def wait_until_nothing_runs(folder: Path) -> None:
    deadline = time.monotonic() + 30
    while left := processes_of(folder):
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.1)


def wait_until_it_answers(base_url: str) -> None:
    deadline = time.monotonic() + 60
    while not answers(base_url):
        assert time.monotonic() < deadline, f"{base_url} does not answer"
        time.sleep(0.1)


def answers(base_url: str) -> bool:
    try:
        return httpx.get(f"{base_url}/ready", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def change_what_was_loaded(folder: Path, procedure: str) -> None:
    """As if the file of this procedure had been another when it was loaded, so that its old day is in the past."""
    run = State(folder).running()
    assert run is not None
    with MongoClient[dict[str, Any]](run.mongo_uri) as client:
        procedures = client[f"{run.mongo_database_prefix}one_stop_shop"]["procedures"]
        assert procedures.update_one({"_id": procedure}, {"$set": {"file": "another"}}).matched_count == 1


def test_two_platforms_run_at_once_and_leave_nothing(start_run: Callable[[str], Run]) -> None:
    runs = [start_run("first"), start_run("second")]
    for run in runs:
        run.read_until("Ready")
    first, second = (run.base_url() for run in runs)
    assert first != second
    wait_until_it_answers(first)
    wait_until_it_answers(second)
    before = main_processes_of(runs[0].folder)
    third = start_run("first")
    assert third.wait() == 1
    assert before <= main_processes_of(runs[0].folder), "the refused start has done harm"
    assert f"already running at {first} (process {runs[0].process.pid})" in third.seen
    assert [run.end(signal.SIGINT) for run in runs] == [0, 0]
    for run in runs:
        assert "Everything is stopped" in run.seen
        assert State(run.folder).running() is None
        assert processes_of(run.folder) == []


def test_a_start_that_is_interrupted_leaves_nothing(start_run: Callable[[str], Run]) -> None:
    run = start_run("first")
    run.read_until("database")
    assert len(processes_of(run.folder)) > 1
    assert run.end(signal.SIGTERM) == 0
    assert processes_of(run.folder) == []


def test_crashes_are_repaired_and_a_killed_run_does_not_harm_the_next(start_run: Callable[[str], Run]) -> None:
    run = start_run("first")
    run.read_until("Ready")
    base_url = run.base_url()
    gunicorns = [process for process in processes_of(run.folder) if "gunicorn" in " ".join(process.cmdline())]
    min(gunicorns, key=lambda process: process.create_time()).kill()
    run.read_until("gateway ended (SIGKILL), starting it again")
    wait_until_it_answers(base_url)

    change_what_was_loaded(run.folder, "1.000656")
    run.end(signal.SIGKILL)
    assert json.loads((run.folder / "run.json").read_text("utf-8"))["pid"] == run.process.pid
    assert State(run.folder).running() is None
    again = start_run("first")
    again.read_until("Set-up:")
    assert "Ready" in again.seen
    assert re.search(r"Set-up: 1\.000656 .*CHƯA công bố.* · .*NOT published.*one_stop_shop-setup\.log", again.seen)
    assert again.end(signal.SIGTERM) == 0
