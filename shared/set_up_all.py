"""The set-up of the whole platform: `python -m shared.set_up_all`, to be run before each new version starts.

It declares exchanges and queues, then runs `setup.py` of every service that has one: indexes and reference data. Each
part may be repeated beside a running platform.
"""

import subprocess
import sys
from pathlib import Path

SERVICES = Path(__file__).resolve().parent.parent / "services"


def parts() -> list[str]:
    """The modules to run, in their order."""
    return ["shared.messaging.topology", *(f"services.{path.parent.name}.setup" for path in _found())]


def _found() -> list[Path]:
    return sorted(SERVICES.glob("*/setup.py"))


def main() -> int:
    """Run all parts until one fails; the exit code is that one's."""
    for part in parts():
        sys.stdout.write(f"{part}\n")
        sys.stdout.flush()
        failed = subprocess.run([sys.executable, "-m", part], check=False).returncode
        if failed:
            return failed
    return 0


if __name__ == "__main__":
    sys.exit(main())
