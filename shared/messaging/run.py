"""Runs one service: `python -m shared.messaging.run services.one_stop_shop.service`.

SIGTERM: not ready any more, no new work, what runs is finished and published, then the process ends; at the
latest after the grace period.
"""

import warnings

# Known and accepted (docs/adr); the log must stay JSON.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()  # before anything else opens a socket or takes a lock

import importlib  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Any  # noqa: E402

from eventlet import hubs  # noqa: E402

from shared.garbage import spare_what_stays  # noqa: E402
from shared.messaging import metrics, topology  # noqa: E402
from shared.messaging.consumer import ACCEPTED, QueueConsumer  # noqa: E402
from shared.messaging.container import Container, Part  # noqa: E402
from shared.messaging.health import Check, HealthServer  # noqa: E402
from shared.observability import configure_logging, logger  # noqa: E402
from shared.settings import Settings, load  # noqa: E402
from shared.spans import begin_export, end_export  # noqa: E402

log = logger(__name__)


def run(service: type[topology.Service], settings: Settings) -> int:
    """Run a service until it is told to stop or fails; returns the exit code."""
    container = Container(service, _nameko_config(settings))
    consumer: QueueConsumer = container.shared_extensions[QueueConsumer]
    parts = [part for part in container.shared_extensions.values() if isinstance(part, Part)]
    metrics.AT_ONCE.set(settings.max_workers)
    checks: dict[str, Check] = {"broker": lambda: consumer.connected}
    for part in parts:
        checks |= part.checks()
    health = HealthServer(settings.health_address, settings.health_port, lambda: consumer.silence, checks)

    def stop() -> None:
        log.info("service_stopping")
        health.draining = True
        eventlet.spawn_after(settings.stop_grace_seconds, _give_up)
        for part in parts:
            part.drain()
        container.stop()

    eventlet.spawn(health.serve)  # a start that waits tells what for
    try:
        container.start()
        health.started = True
        eventlet.spawn(_wait_for_signal, stop)
        spare_what_stays()
        log.info("service_started", health_port=health.port, pid=os.getpid())
        container.wait()
    except Exception:
        log.exception("service_failed")
        return 1
    log.info("service_stopped")
    return 0


def _nameko_config(settings: Settings) -> dict[str, Any]:
    """Twice the workers that the queue hands out: after a reconnect, those of before may still be busy."""
    return {
        "AMQP_URI": settings.amqp_uri,
        "max_workers": settings.max_workers * 2,
        "serializer": "orjson",
        "ACCEPT": ACCEPTED,
        "settings": settings,
    }


def _wait_for_signal(stop: Any) -> None:
    """Turn the first SIGTERM or SIGINT into an orderly stop, outside of the signal handler."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    hubs.trampoline(reader, read=True)
    stop()


def _give_up() -> None:
    log.error("grace_period_over")
    os._exit(1)


def main(arguments: Sequence[str]) -> int:
    """Run the service of the named module."""
    service = topology.service_class(importlib.import_module(arguments[0]))
    settings = load(without=getattr(service, "does_without", ()))
    configure_logging(service.name, settings.log_level)
    begin_export(service.name, settings)
    for quiet in ("nameko", "kombu", "amqp"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    return run(service, settings)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    end_export()
    logging.shutdown()
    os._exit(code)  # a green thread that hangs must not keep a dead service alive
