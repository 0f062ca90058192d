"""Takes in what another exchange holds for us: `python -m services.document_routing.outside [--once]`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from services.document_routing.assembly import standalone
from services.document_routing.usecases.exchange_outside import take_in_waiting
from shared.contracts.document_routing.operations import SERVICE
from shared.errors import Error
from shared.migrations import wait_until_understood
from shared.observability import configure_logging, logger
from shared.persistence import connect
from shared.settings import load

log = logger(__name__)

LOOK_EVERY_SECONDS = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Look now and then until SIGTERM, or once."""
    parser = argparse.ArgumentParser(description="Nhận văn bản từ trục ngoài · Take in what another exchange holds")
    parser.add_argument("--once", action="store_true", help="look once, then end")
    once: bool = parser.parse_args(arguments).once
    settings = load(without=("amqp_uri",))
    configure_logging(f"{SERVICE}-outside", settings.log_level)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with connect(settings, f"{SERVICE} outside") as client:
        wait_until_understood(client, settings, SERVICE)
        context = standalone(client, settings)
        while True:
            try:
                taken = take_in_waiting(context)
                log.info("outside_looked", taken=taken)
            except Error as error:
                log.warning("outside_unavailable", error=str(error))
            if once or stopping.wait(LOOK_EVERY_SECONDS):
                return 0


if __name__ == "__main__":
    sys.exit(main())
