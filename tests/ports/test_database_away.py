"""A database that is away, too slow or silent is `Unavailable`; every other error passes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from shared.errors import Unavailable
from shared.persistence import connect, database, in_transaction, is_away, unavailable_when_away
from shared.settings import Settings
from tests.ports.databases import insert, settings_for


@contextmanager
def one_way_proxy(target: tuple[str, int], closed: threading.Event) -> Iterator[int]:
    """A port before the database that goes on taking requests but, once `closed`, gives no answers back."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_sockets: list[socket.socket] = [listener]

    def pump(source: socket.socket, sink: socket.socket, *, answers: bool) -> None:
        try:
            while data := source.recv(65536):
                if not (answers and closed.is_set()):
                    sink.sendall(data)
        except OSError:
            return  # the test is over

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # the test is over
            far = socket.create_connection(target)
            open_sockets.extend((near, far))
            for source, sink, answers in ((near, far, False), (far, near, True)):
                threading.Thread(target=pump, args=(source, sink), kwargs={"answers": answers}, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    for opened in open_sockets:
        opened.close()


def test_an_answer_that_is_lost_makes_the_database_unavailable_and_the_outcome_unknown(
    client: MongoClient[Any], rows: Collection[Any], settings: Settings
) -> None:
    closed = threading.Event()
    host, port = client.address or ("", 0)
    with one_way_proxy((host, port), closed) as near:
        away = settings_for(
            f"mongodb://127.0.0.1:{near}/?directConnection=true", settings.mongo_database_prefix, MONGO_TIMEOUT_MS="500"
        )
        with connect(away, "test") as cut_off:
            same = database(cut_off, away, "persistence")["rows"]
            same.insert_one({"_id": "before"})
            closed.set()
            with pytest.raises(Unavailable, match="database_unavailable"), unavailable_when_away():
                same.insert_one({"_id": "unknown"})
            with pytest.raises(Unavailable, match="database_unavailable"):
                in_transaction(cut_off, lambda: insert(same, 3))
    assert {row["_id"] for row in rows.find()} == {"before", "unknown"}, "here it was written, and nobody could know"


def test_a_database_that_is_not_there_is_unavailable_within_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed_port = listener.getsockname()[1]
    away = settings_for(f"mongodb://127.0.0.1:{closed_port}/", "x_", MONGO_TIMEOUT_MS="200")
    with connect(away, "test") as nobody:
        for method in (nobody.admin.command, unavailable_when_away()(nobody.admin.command)):
            with pytest.raises((ServerSelectionTimeoutError, Unavailable)) as raised:
                method("ping")
        assert isinstance(raised.value, Unavailable)
        assert isinstance(raised.value.__cause__, PyMongoError)


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (AutoReconnect("closed"), True),
        (NetworkTimeout("slow"), True),
        (NotPrimaryError("moved"), True),
        (WaitQueueTimeoutError("pool"), True),
        (ServerSelectionTimeoutError("none"), True),
        (WTimeoutError("majority"), True),
        (OperationFailure("shutting down", 91), True),
        (OperationFailure("time limit", 50), True),
        (OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]}), True),
        (BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]}), True),
        (BulkWriteError({"writeErrors": [{"code": 11000}], "writeConcernErrors": [{"code": 64}]}), False),
        (DuplicateKeyError("twice", 11000), False),
        (OperationFailure("unauthorized", 13), False),
        (OperationFailure("bad query", 2), False),
    ],
)
def test_only_a_database_that_cannot_work_just_now_counts_as_away(error: PyMongoError, away: bool) -> None:
    assert is_away(error) is away
    with pytest.raises(Unavailable if away else type(error)), unavailable_when_away():
        raise error
