"""The set-up of the whole platform: `python -m shared.set_up_all`, to be run before each new version starts.

It declares exchanges and queues, then runs `setup.py` of every service that has one: indexes and reference data. Each
part may be repeated beside a running platform.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

SERVICES = Path(__file__).resolve().parent.parent / "services"


def parts() -> list[str]:
    """The modules to run, in their order."""
    return ["shared.messaging.topology", *(f"services.{path.parent.name}.setup" for path in _found())]


def _found() -> list[Path]:
    return sorted(SERVICES.glob("*/setup.py"))


def main() -> int:
    """Run all parts until one fails; the exit code is that one's."""
    return next((code for _, code in run_parts(sys.stdout) if code), 0)


def run_parts(out: TextIO) -> Iterator[tuple[str, int]]:
    """Run one part after the other until one fails: each with its exit code; what they say goes to `out`."""
    for part in parts():
        out.write(f"{part}\n")
        out.flush()
        code = subprocess.run([sys.executable, "-m", part], check=False, stdout=out).returncode
        yield part, code
        if code:
            return


if __name__ == "__main__":
    sys.exit(main())
