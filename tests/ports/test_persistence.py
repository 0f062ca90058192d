"""What every service relies on in MongoDB, shown on a real one."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import ASCENDING, IndexModel, MongoClient
from pymongo.collection import Collection
from pymongo.errors import (
    DuplicateKeyError,
    OperationFailure,
)

from shared.persistence import (
    IndexDiffers,
    after_commit,
    database,
    ensure_indexes,
    in_transaction,
    session,
    unavailable_when_away,
)
from shared.settings import Settings
from tests.ports.databases import insert

REPO = Path(__file__).parents[2]


def test_every_service_has_a_database_of_its_own(client: MongoClient[Any], settings: Settings) -> None:
    names = {database(client, settings, service).name for service in ("one_stop_shop", "document_routing")}
    assert names == {f"{settings.mongo_database_prefix}{name}" for name in ("one_stop_shop", "document_routing")}


def test_a_write_is_a_success_only_when_a_majority_has_it_in_the_journal(client: MongoClient[Any]) -> None:
    assert client.write_concern.document == {"w": "majority", "j": True}
    assert client.read_concern.level == "majority"


def test_times_come_back_with_their_zone(rows: Collection[Any]) -> None:
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    rows.insert_one({"_id": 1, "at": at})
    assert rows.find_one({"_id": 1}) == {"_id": 1, "at": at}


def test_a_transaction_shows_all_or_nothing(client: MongoClient[Any], rows: Collection[Any]) -> None:
    def write_both() -> int:
        insert(rows, 1)
        assert rows.count_documents({}) == 0, "not visible from outside before the end"
        insert(rows, 2)
        return rows.count_documents({}, session=session())

    rows.insert_one({"_id": 0})
    rows.delete_one({"_id": 0})
    assert in_transaction(client, write_both) == 2
    assert rows.count_documents({}) == 2
    assert session() is None


def test_a_failed_transaction_leaves_nothing(client: MongoClient[Any], rows: Collection[Any]) -> None:
    def fail() -> None:
        insert(rows, 1)
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        in_transaction(client, fail)
    assert rows.count_documents({}) == 0
    assert session() is None


def test_a_transaction_within_a_transaction_joins_it(client: MongoClient[Any], rows: Collection[Any]) -> None:
    def outer() -> None:
        in_transaction(client, lambda: insert(rows, 1))
        raise ValueError("takes the inner one along")

    with pytest.raises(ValueError, match="takes the inner"):
        in_transaction(client, outer)
    assert rows.count_documents({}) == 0


def test_a_duplicate_key_passes_out_of_a_transaction_unchanged(client: MongoClient[Any], rows: Collection[Any]) -> None:
    rows.insert_one({"_id": 1})
    with pytest.raises(DuplicateKeyError):
        in_transaction(client, lambda: insert(rows, 1))


def test_transactions_in_each_others_way_are_repeated_until_all_are_done(
    client: MongoClient[Any], rows: Collection[Any]
) -> None:
    rows.insert_many([{"_id": "given", "n": 0}, {"_id": "taken", "n": 8}])
    meet = threading.Barrier(8, timeout=30)
    attempts: list[int] = []

    def move(number: int) -> None:
        @unavailable_when_away()  # as repositories guard their methods
        def work() -> None:
            found = rows.find_one({"_id": "taken"}, session=session())
            if number not in attempts:
                meet.wait()  # all have read before the first writes
            attempts.append(number)
            rows.update_one({"_id": "taken"}, {"$set": {"n": found["n"] - 1}}, session=session())
            rows.update_one({"_id": "given"}, {"$inc": {"n": 1}}, session=session())

        in_transaction(client, work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(move, range(8)))
    assert rows.find_one({"_id": "taken"}) == {"_id": "taken", "n": 0}
    assert rows.find_one({"_id": "given"}) == {"_id": "given", "n": 8}
    assert len(attempts) > 8


def test_what_waits_for_the_commit_is_done_once_and_only_after_it(
    client: MongoClient[Any], rows: Collection[Any]
) -> None:
    done: list[int] = []
    attempts: list[int] = []

    def announce() -> None:
        done.append(rows.count_documents({}))

    def work() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            after_commit(announce)
            in_the_way = OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]})
            raise in_the_way
        insert(rows, 1)
        in_transaction(client, lambda: after_commit(announce))
        assert done == []

    in_transaction(client, work)
    assert len(attempts) == 2
    assert done == [1]


def test_what_waits_for_a_commit_that_never_comes_is_never_done(client: MongoClient[Any]) -> None:
    done: list[int] = []

    def fail() -> None:
        after_commit(lambda: done.append(1))
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        in_transaction(client, fail)
    after_commit(lambda: done.append(2))
    assert done == [2], "outside of a transaction there is nothing to wait for"


GREEN_THREADS = """
import warnings; warnings.simplefilter("ignore")
{patch}
import sys
from shared.persistence import connect, database, in_transaction, session
from shared.settings import load
settings = load({{"AMQP_URI": "unused", "MONGO_URI": sys.argv[1], "MONGO_DATABASE_PREFIX": sys.argv[2]}})
client = connect(settings, "test")
rows = database(client, settings, "persistence")["green"]
rows.insert_one({{"_id": "n", "n": 0}})
def work():
    def add():
        n = rows.find_one({{"_id": "n"}}, session=session())["n"]
        rows.update_one({{"_id": "n"}}, {{"$set": {{"n": n + 1}}}}, session=session())
    in_transaction(client, add)
threads = [{spawn}(work) for _ in range(6)]
for thread in threads: thread.{wait}()
assert rows.find_one({{"_id": "n"}})["n"] == 6
assert session() is None
rows.drop()
"""


@pytest.mark.parametrize(
    "words",
    [
        {"patch": "import eventlet; eventlet.monkey_patch()", "spawn": "eventlet.spawn", "wait": "wait"},
        {"patch": "import gevent.monkey; gevent.monkey.patch_all()", "spawn": "gevent.spawn", "wait": "get"},
    ],
    ids=["eventlet", "gevent"],
)
def test_green_threads_have_transactions_of_their_own(settings: Settings, words: dict[str, str]) -> None:
    script = GREEN_THREADS.format(**words)
    arguments = [settings.mongo_uri, settings.mongo_database_prefix]
    subprocess.run([sys.executable, "-c", script, *arguments], cwd=REPO, check=True)


def test_indexes_are_made_once_and_stay(rows: Collection[Any]) -> None:
    declared = [
        IndexModel([("code", ASCENDING)], unique=True),
        IndexModel([("due", ASCENDING)], name="due", partialFilterExpression={"due": {"$exists": True}}),
    ]
    for _ in range(2):
        ensure_indexes(rows, declared)
    assert set(rows.index_information()) == {"_id_", "code_1", "due"}


def test_an_index_over_much_that_is_stored_may_take_its_time(rows: Collection[Any], mongo_uri: str) -> None:
    with MongoClient[Any](mongo_uri, timeoutMS=1, serverSelectionTimeoutMS=30_000) as hasty:
        ensure_indexes(hasty[rows.database.name][rows.name], [IndexModel([("code", ASCENDING)], name="code")])
    assert "code" in rows.index_information()


@pytest.mark.parametrize(
    "changed",
    [
        IndexModel([("code", ASCENDING)], name="code", unique=True),
        IndexModel([("agency", ASCENDING)], name="code"),
        IndexModel([("code", ASCENDING)], name="renamed"),
    ],
)
def test_an_index_that_differs_from_its_declaration_is_named(rows: Collection[Any], changed: IndexModel) -> None:
    ensure_indexes(rows, [IndexModel([("code", ASCENDING)], name="code")])
    with pytest.raises(IndexDiffers, match=rf"{rows.full_name}: index '{changed.document['name']}'"):
        ensure_indexes(rows, [changed])
