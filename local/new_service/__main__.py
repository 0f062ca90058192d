"""The command behind `make new-service`."""

import sys

from rich.console import Console

from local.new_service import CannotWrite, tidy, write_service
from local.state import ROOT


def main(name: str) -> int:
    """Write the service and say what was written and what comes next."""
    console = Console(highlight=False)
    try:
        files = write_service(ROOT, name)
    except CannotWrite as error:
        console.print(f"[red]Nothing was written:[/red] {error}")
        return 1
    tidy(ROOT, files)
    for path in files:
        console.print(f"  {path.relative_to(ROOT)}")
    console.print(f"\nThe service {name} is ready. Look at it: make check, make test ARGS=tests/unit/{name}, make run")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
