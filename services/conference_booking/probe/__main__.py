"""`python -m services.conference_booking.probe FILE` measures and reports until it is told to end (SIGTERM).

With `--once` it measures each line once, with a train, prints what it found and reports nothing: for whoever installs
it. With `--key ENDPOINT` it prints the key of an endpoint out of the centre's secret, read from standard input.
"""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from services.conference_booking.probe.asking import Asker
from services.conference_booking.probe.configuration import Configuration, ConfigurationError, read_configuration
from services.conference_booking.probe.packets import key_of
from services.conference_booking.probe.running import Probe, sample_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; 2 when the file is wrong, 1 when a line lost everything at `--once` or work failed."""
    parser = argparse.ArgumentParser(prog="line-probe", description="Đo chất lượng đường truyền điểm cầu · Line probe")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", help="the probe's configuration")
    what.add_argument("--key", metavar="ENDPOINT", help="print the key of an endpoint; the secret is read from stdin")
    parser.add_argument("--once", action="store_true", help="measure once and print, without reporting")
    asked = parser.parse_args(arguments)
    if asked.key:
        _print(key_of(sys.stdin.readline().split()[0].encode(), asked.key).hex())
        return 0
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        configuration = read_configuration(asked.file)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _measure_once(configuration) if asked.once else _run(configuration)


def _run(configuration: Configuration) -> int:
    probe = Probe(configuration)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: probe.stop())
    return 0 if probe.run() else 1


def _measure_once(told: Configuration) -> int:
    heard = True
    for line in told.lines:
        asker = Asker(told.endpoint, told.key, told.reflector, line)
        packets = max(round(told.pace.packets * told.pace.sample_seconds), 1)
        at, figures = datetime.now(UTC), asker.sample(packets, told.pace.sample_seconds)
        drawn = asker.train(told.pace.train_packets)
        _print(json.dumps(sample_of(line.kind, at, told.pace.sample_seconds, figures, drawn)))
        heard = heard and figures.received > 0
    return 0 if heard else 1


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
