"""Work in a process of its own: what it takes of memory goes with it, and nothing that it is given can hold it up."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path


class ChildFailed(Exception):
    """The script ended with an error or took too long; the message says which, with its last words."""


def run_script(script: Path, order: bytes, *, seconds: int, arguments: tuple[str, ...] = ()) -> bytes:
    """What a Python script writes that reads the order from standard input.

    The script gets `seconds` as its first argument and sets its own alarm, so that nobody has to watch it; it sees
    nothing of the platform's code nor of the caller's folder.

    Raises:
        ChildFailed: it wrote nothing that counts.
    """
    command = [sys.executable, "-I", str(script), str(seconds), *arguments]
    with tempfile.TemporaryFile() as file:  # no pipe: one that its reader left would hold up a green thread for ever
        file.write(order)
        file.seek(0)
        done = subprocess.run(command, stdin=file, capture_output=True, check=False)
    if done.returncode == -signal.SIGALRM:
        raise ChildFailed(f"not ready after {seconds} seconds")
    if done.returncode:
        raise ChildFailed(f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
