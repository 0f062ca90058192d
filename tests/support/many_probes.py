"""Many line probes in one process, each as it would be by itself: `python -m tests.support.many_probes FILE…`."""

import signal
import sys
import threading
from pathlib import Path

from services.conference_booking.probe.configuration import read_configuration
from services.conference_booking.probe.running import Probe


def run(files: list[str]) -> bool:
    """Measure and report for all of them until the process is told to end; whether none of them failed."""
    probes = [Probe(read_configuration(Path(file))) for file in files]
    signal.signal(signal.SIGTERM, lambda *_: [probe.stop() for probe in probes])
    ended: list[bool] = []
    threads = [threading.Thread(target=lambda probe=probe: ended.append(probe.run())) for probe in probes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return all(ended)


if __name__ == "__main__":
    sys.exit(0 if run(sys.argv[1:]) else 1)
