"""Starts and stops the peers, each with its own database, all on one exchange and queue."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import kombu
from pymongo import IndexModel, MongoClient

from tests.benchmarks import work

COMMANDS: dict[str, list[list[str]]] = {
    "fastapi": [
        [
            "-m",
            "uvicorn",
            "tests.benchmarks.peers.fastapi_app:app",
            "--port",
            "{port}",
            "--log-level",
            "warning",
            "--no-access-log",
            "--workers",
            "{workers}",
        ]
    ],
    "flask": [
        [
            "-m",
            "gunicorn",
            "-k",
            "gthread",
            "-w",
            "2",
            "--threads",
            "32",
            "--log-level",
            "warning",
            "-b",
            "127.0.0.1:{port}",
            "tests.benchmarks.peers.flask_app:app",
        ]
    ],
    "stock nameko": [
        ["-m", "tests.benchmarks.peers.stock_nameko_service"],
        [
            "-m",
            "gunicorn",
            "-k",
            "gthread",
            "-w",
            "1",
            "--threads",
            "64",
            "--log-level",
            "warning",
            "-b",
            "127.0.0.1:{port}",
            "tests.benchmarks.peers.stock_nameko_gateway:app",
        ],
    ],
}


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(mongo_uri: str, amqp_uri: str, database: str) -> None:
    """An empty database with the indexes, the exchange and one durable quorum queue behind it."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_uri)
    client.drop_database(database)
    client[database]["applications"].create_indexes([IndexModel(keys) for keys in work.INDEXES])
    client.close()
    with kombu.Connection(amqp_uri) as connection:
        exchange = kombu.Exchange(work.EXCHANGE, type="topic", durable=True)
        queue = kombu.Queue("peer.sink", exchange, "#", durable=True, queue_arguments={"x-queue-type": "quorum"})
        bound = queue(connection.default_channel)
        bound.declare()
        bound.purge()


@contextlib.contextmanager
def running_peer(
    name: str, mongo_uri: str, amqp_uri: str, *, workers: int = 1, group_commit: bool = False
) -> Iterator[int]:
    """The port of a peer that answers."""
    database, port = f"bench_{name.replace(' ', '_')}", free_port()
    prepare(mongo_uri, amqp_uri, database)
    environment = os.environ | {
        "MONGO_URI": mongo_uri,
        "AMQP_URI": amqp_uri,
        "PEER_DATABASE": database,
        "GROUP_COMMIT": "1" if group_commit else "0",
        "PYTHONWARNINGS": "ignore",
    }
    processes = []
    try:
        for command in COMMANDS[name]:
            arguments = [part.format(port=port, workers=workers) for part in command]
            processes.append(subprocess.Popen([sys.executable, *arguments], env=environment, start_new_session=True))
        _wait_until_listening(port, processes)
        yield port
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        MongoClient[dict[str, Any]](mongo_uri).drop_database(database)


def _wait_until_listening(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("a peer ended while it was starting")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1.5)
                return
        time.sleep(0.1)
    raise TimeoutError("a peer did not start within 30 s")
