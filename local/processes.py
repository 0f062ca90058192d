"""Processes of the local platform: started, watched, started again after a crash, and never left behind."""

import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

# Every process of a local platform carries its folder in the environment; by that its leftovers are recognised.
MARK = "TRUC_CHUNG_FOLDER"


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartFailed(Exception):
    """A process did not become ready; the message holds the end of its log."""


class Process:
    """One child process. The kernel kills it when the thread that started it dies, however that happens.

    Without `is_ready` it is a job, which is ready when it has ended well. `before` is called before each start, when
    nothing of an earlier one is left.
    """

    def __init__(
        self,
        name: str,
        argv: list[str],
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
        is_ready: Callable[[], bool] | None = None,
        grace: float = 35.0,
        cwd: Path | None = None,
        before: Callable[[], object] = lambda: None,
    ) -> None:
        self.name = name
        self.argv = argv
        self.log = folder / "log" / f"{name}.log"
        self._before = before
        self._is_ready = is_ready or (lambda: self.exit_code == 0)
        self.grace = grace
        self.cwd = cwd
        # Without its bytecode every process would compile the whole code anew at each start.
        self.env = {**os.environ, **(env or {}), MARK: str(folder), "PYTHONDONTWRITEBYTECODE": ""}
        self._child: subprocess.Popen[bytes] | None = None
        self._log_began = 0

    @property
    def pid(self) -> int:
        """The id of the running process."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs now."""
        return self._child is not None and self._child.poll() is None

    @property
    def ready(self) -> bool:
        """Whether the process does its work, or the job has done it."""
        return self._is_ready()

    @property
    def exit_code(self) -> int | None:
        """How the process ended (minus the signal's number), or None while it runs."""
        return self._child.poll() if self._child else None

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the one who stops it in order."""
        self._end_session()
        self._before()
        with self.log.open("ab") as log, _signals_waiting():
            self._log_began = log.tell()
            self._child = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *self.argv],
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        """Send a signal to the process; SIGKILL and SIGSTOP are the fault tests' tools."""
        os.kill(self.pid, number)

    def ask_to_end(self) -> None:
        """Send SIGTERM, without waiting; no harm when the process has ended or never began."""
        if self._child is not None:
            self._child.terminate()

    def stop(self) -> None:
        """Ask the process to end, and end it by force after its grace."""
        self.ask_to_end()
        self.wait_ended()

    def wait_ended(self) -> int | None:
        """Wait for the end within the grace, then kill the process with its whole session; answer the exit code."""
        if self._child is None:
            return None
        try:
            self._child.wait(self.grace)
        except subprocess.TimeoutExpired:
            self._child.kill()
        code = self._child.wait()
        self._end_session()
        return code

    def _end_session(self) -> None:
        """End what an ended process left of its session, as a container would: a killed gunicorn leaves its workers."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def said(self) -> list[str]:
        """The lines of the log since the process was started last."""
        with self.log.open("rb") as log:
            log.seek(self._log_began)
            return log.read().decode("utf-8", errors="replace").splitlines()

    def last_words(self, lines: int = 15) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-lines:])


@contextmanager
def _signals_waiting() -> Iterator[None]:
    """Let a request to stop wait: raised within the start of a child, it would lose the child, which nobody would end.

    Only the main thread handles signals. They are not blocked, for a child would be deaf to them too.
    """
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.signal(number, lambda number, _: came.append(number)) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


class Supervisor:
    """Starts crashed processes again, as the kubelet does: at once, then after 1, 2, 4 ... 30 seconds."""

    STEADY_SECONDS = 60.0

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._processes: list[Process] = []
        self._crashes: dict[str, int] = {}
        self._started: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def watch(self, process: Process) -> None:
        """Look after a process that has been started."""
        if process not in self._processes:
            self._processes.append(process)
        self._started[process.name] = time.monotonic()

    def tick(self) -> None:
        """Look once at every process; to be called a few times a second."""
        for process in self._processes:
            if not process.alive:
                self._look_after(process)

    def _look_after(self, process: Process) -> None:
        now = time.monotonic()
        if process.name not in self._due:
            steady = now - self._started[process.name] > self.STEADY_SECONDS
            crashes = 0 if steady else self._crashes.get(process.name, 0)
            delay = min(2.0 ** (crashes - 1), 30.0) if crashes else 0.0
            self._crashes[process.name] = crashes + 1
            self._due[process.name] = now + delay
            when = f"in {delay:.0f} s" if delay else "now"
            self._tell(f"{process.name} ended ({_how(process.exit_code)}), starting it again {when}: {process.log}")
        elif now >= self._due[process.name]:
            del self._due[process.name]
            self._started[process.name] = now
            process.start()


def _how(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"code {code}"


def end_leftovers(folder: Path) -> int:
    """End every process that a killed parent left running in this folder; answer how many there were."""
    leftovers = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(folder):
                process.terminate()
                leftovers.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    _, stubborn = psutil.wait_procs(leftovers, timeout=15)
    for process in stubborn:
        process.kill()
    psutil.wait_procs(stubborn, timeout=5)
    return len(leftovers)


def says_ok(url: str) -> bool:
    """Whether a health page answers that all is well."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
