"""MongoDB as every service uses it: one client per process, one database per service, majority writes to disk.

Nothing is opened at import: under eventlet and gevent the client must be made after the patching and after
the fork.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import pymongo
from pymongo import IndexModel, MongoClient
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError, WriteConcernError

from shared.errors import Unavailable
from shared.settings import Settings

Document = dict[str, Any]
T = TypeVar("T")

_session: ContextVar[ClientSession | None] = ContextVar("session", default=None)
_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after", default=None)
_noted: ContextVar[list[tuple[Collection[dict[str, Any]], IndexModel]] | None] = ContextVar("noted", default=None)


def connect(settings: Settings, name: str) -> MongoClient[Document]:
    """A client for the process called `name`: no success before a majority has the write in its journal.

    Every operation ends within the time limit of the settings, its repetitions and the wait for a server
    included. Making the client opens no connection; the first operation does.
    """
    return MongoClient(
        settings.mongo_uri,
        appname=application_name(settings, name),
        w="majority",
        journal=True,
        readConcernLevel="majority",
        tz_aware=True,
        timeoutMS=settings.mongo_timeout_ms,
        connectTimeoutMS=min(settings.mongo_timeout_ms, 5000),
        maxPoolSize=settings.mongo_pool_size,
        retryWrites=True,
        retryReads=True,
    )


def application_name(settings: Settings, name: str) -> str:
    """As what the process called `name` is known to the database: a restore asks who of its platform is connected."""
    return f"{name} of {settings.mongo_database_prefix}"


def database(client: MongoClient[Document], settings: Settings, service: str) -> Database[Document]:
    """The database that belongs to one service and to nobody else."""
    return client[settings.mongo_database_prefix + service]


def session() -> ClientSession | None:
    """The session of the transaction or moment that runs now, or None; repositories pass it to every operation."""
    return _session.get()


def after_commit(act: Callable[[], None]) -> None:
    """Act once the transaction that runs now is committed, never if it is not; at once when none runs."""
    pending = _after.get()
    if pending is None:
        act()
    else:
        pending.append(act)


def in_transaction(client: MongoClient[Document], work: Callable[[], T]) -> T:
    """Run `work` so that all its operations become visible together or not at all.

    `work` is run again when another writer was in the way, so it must have no effect outside the database.
    Inside a transaction it simply joins it.
    """
    if session() is not None:
        return work()

    pending: list[Callable[[], None]] = []

    def run(started: ClientSession) -> T:
        pending.clear()  # of an attempt that did not commit
        tokens = _session.set(started), _after.set(pending)
        try:
            return work()
        finally:
            _session.reset(tokens[0])
            _after.reset(tokens[1])

    with unavailable_when_away(), pymongo.timeout(client.options.timeout), client.start_session() as opened:
        result = opened.with_transaction(run)
    for act in pending:
        act()
    return result


def at_one_moment(client: MongoClient[Document], read: Callable[[], T]) -> T:
    """Let everything that `read` reads be as it was at one moment, whoever writes meanwhile; it must not write.

    Such a moment is kept for five minutes. Inside a transaction, which sees one moment too, it simply joins it.

    Raises:
        Unavailable: the database is away, or the moment is not kept any more.
    """
    if session() is not None:
        return read()
    with unavailable_when_away(), client.start_session(snapshot=True) as opened:
        token = _session.set(opened)
        try:
            return read()
        finally:
            _session.reset(token)


@contextmanager
def unavailable_when_away() -> Iterator[None]:
    """Turn a database that is away, too slow or changing its primary into `Unavailable`.

    The outcome of a write is then unknown; repeating the same request with its idempotency key is safe. As a
    decorator it guards a repository's method. A duplicate key and every other error pass unchanged; so does
    everything inside a transaction, which begins again when another writer was in the way and judges for itself.
    """
    try:
        yield
    except PyMongoError as error:
        if session() is None and is_away(error):
            raise Unavailable("database_unavailable") from error
        raise


def is_away(error: PyMongoError) -> bool:
    """Whether an error says that the database could not do its work just now, not that the request was wrong."""
    if isinstance(error, ConnectionFailure | WriteConcernError) or error.timeout:
        return True
    if error.has_error_label("TransientTransactionError") or error.has_error_label("RetryableWriteError"):
        return True
    if isinstance(error, BulkWriteError):
        return not error.details.get("writeErrors") and bool(error.details.get("writeConcernErrors"))
    return isinstance(error, OperationFailure) and error.code in _AWAY_CODES


# As in MongoDB's error_codes.yml. DiskFull too: an operator can cure it, the caller cannot.
_AWAY_CODES = {
    6: "HostUnreachable",
    7: "HostNotFound",
    24: "LockTimeout",
    50: "MaxTimeMSExpired",
    64: "WriteConcernTimeout",
    89: "NetworkTimeout",
    91: "ShutdownInProgress",
    112: "WriteConflict",
    134: "ReadConcernMajorityNotAvailableYet",
    189: "PrimarySteppedDown",
    239: "SnapshotTooOld",
    246: "SnapshotUnavailable",
    262: "ExceededTimeLimit",
    9001: "SocketException",
    10058: "LegacyNotPrimary",
    10107: "NotWritablePrimary",
    11600: "InterruptedAtShutdown",
    11602: "InterruptedDueToReplStateChange",
    13435: "NotPrimaryNoSecondaryOk",
    13436: "NotPrimaryOrSecondary",
    14031: "OutOfDiskSpace",
}


class IndexDiffers(Exception):
    """An index exists with other keys or options than declared; a migration must drop it first."""


def ensure_indexes(collection: Collection[Document], indexes: Sequence[IndexModel]) -> None:
    """Create the declared indexes, however long that takes on what is stored; those that exist as declared stay.

    Raises:
        IndexDiffers: naming the index and both definitions.
    """
    if (noted := _noted.get()) is not None:
        noted.extend((collection, index) for index in indexes)
        return
    for index in indexes:
        try:
            with unavailable_when_away(), pymongo.timeout(_INDEX_SECONDS):
                collection.create_indexes([index])
        except OperationFailure as error:
            if error.code not in _INDEX_CONFLICTS:
                raise
            name = index.document["name"]
            existing = {found["name"]: dict(found) for found in collection.list_indexes()}
            raise IndexDiffers(
                f"{collection.full_name}: index {name!r} is declared as {dict(index.document)}, "
                f"but the database has {existing.get(name, existing)}"
            ) from error


@contextmanager
def noting_indexes() -> Iterator[list[tuple[Collection[Document], IndexModel]]]:
    """Inside, indexes are not created: each that would be is noted, to be compared with those that are there."""
    noted: list[tuple[Collection[Document], IndexModel]] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


_INDEX_SECONDS = 6 * 3600.0  # None would fall back to the time of an ordinary operation
_INDEX_CONFLICTS = {85: "IndexOptionsConflict", 86: "IndexKeySpecsConflict"}
