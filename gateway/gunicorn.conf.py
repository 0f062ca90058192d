"""How gunicorn serves the gateway: `gunicorn -c gateway/gunicorn.conf.py "gateway.app:create_app()"`."""

import math
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gateway.http.before import speak_our_way
from shared.garbage import spare_what_stays
from shared.settings import load

speak_our_way()
_settings = load()
_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
_metrics = tempfile.mkdtemp(prefix="trucchung-metrics-", dir=_memory)

bind = [_settings.gateway_bind]
if _settings.health_port:
    bind.append(f"{_settings.health_address}:{_settings.health_port}")  # internal: /live /ready /metrics

worker_class = "gateway.worker.Worker"  # gevent's
workers = _settings.gateway_workers
worker_connections = 1000
worker_tmp_dir = _memory  # the heartbeat file must not wait for a disk
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_metrics}"]
preload_app = False  # every worker patches, connects and seeds for itself

timeout = 60  # a worker whose loop does not turn for so long is replaced
graceful_timeout = 25 + math.ceil(_settings.drain_seconds)  # from SIGTERM on; Kubernetes must give a little more
keepalive = 15  # also the time within which the header of a request must have come

limit_request_line = 8190  # a cursor in any script, percent-encoded, and more
limit_request_fields = 60
limit_request_field_size = 16380  # a bearer token is the longest header there is

control_socket_disable = True  # nobody commands it; it would lie in the home of a user who has none

accesslog = None  # gateway.http.access_log writes it, without personal data
errorlog = "-"
loglevel = "warning"


def post_worker_init(_worker: Any) -> None:
    """The application is built."""
    from shared.observability import tell_start  # its metrics read the environment that raw_env sets

    tell_start()
    spare_what_stays()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Send the traces that are left."""
    from shared.spans import end_export  # what it imports must be patched first

    end_export()


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that ended."""
    from prometheus_client import multiprocess  # reads the environment that raw_env sets

    multiprocess.mark_process_dead(worker.pid, _metrics)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_metrics, ignore_errors=True)
