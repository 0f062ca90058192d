"""Has a listener sent everything again, for when its copy may lack something that no gap shows.

    python -m shared.messaging.catch_up one_stop_shop email_provisioning.agency

A new service asks by itself when it first starts. An operator asks when a broker has lost its disk, or to fill a
copy that was restored from a backup together with its cursors. What was applied before has no effect again.
"""

import argparse
import sys
from collections.abc import Sequence

import orjson

from shared.amqp import ConfirmBatch, Fate, Outgoing
from shared.messaging import topology
from shared.settings import load


def ask_again(uri: str, listener: str, exchange: str) -> None:
    """Leave the owner a request for all events of one kind of aggregate.

    Raises:
        SystemExit: the broker did not take it; the owner's queue is missing.
    """
    queue = topology.replay_queue(exchange.partition(".")[0]).name
    body = orjson.dumps({"exchange": exchange, "listener": listener, "all_after": ""})
    publisher = ConfirmBatch(uri, name="operator")
    try:
        fates = publisher.publish([Outgoing("ask", "", queue, body)])
    finally:
        publisher.close()
    if fates["ask"] is not Fate.CONFIRMED:
        raise SystemExit(f"the broker did not take the request: {fates['ask'].value}; is there a queue {queue}?")


def main(arguments: Sequence[str]) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("service", help="the listening service")
    parser.add_argument("exchange", help="OWNER.AGGREGATE, as in docs/events.md")
    asked = parser.parse_args(arguments)
    ask_again(load().amqp_uri, asked.service, asked.exchange)


if __name__ == "__main__":
    main(sys.argv[1:])
