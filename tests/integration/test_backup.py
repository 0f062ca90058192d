"""A running platform is backed up, destroyed and restored: equal counts, verified chains, work goes on."""

import dataclasses
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from shared import backup
from shared.settings import Settings, load
from tests.faults.load import Clients
from tests.faults.oracle import database_of, judge, settle
from tests.support.stack import Stack

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def settings(mongo_uri: str, mongo_prefix: str) -> Iterator[Settings]:
    """Two small databases with an index, and nothing else under their prefix."""
    with MongoClient(mongo_uri) as client:
        client[f"{mongo_prefix}one"]["things"].insert_many({"_id": n, "at": n * 2} for n in range(2500))
        client[f"{mongo_prefix}one"]["things"].create_index("at", name="by_at", unique=True)
        client[f"{mongo_prefix}two"]["files.chunks"].insert_one({"_id": "x", "data": b"\x00" * 300_000})
        yield load({"AMQP_URI": "pyamqp://unused", "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": mongo_prefix})
        for name in client.list_database_names():
            if name.startswith(mongo_prefix):
                client.drop_database(name)


def test_everything_comes_back_with_its_indexes(settings: Settings, tmp_path: Path) -> None:
    file = backup.write(settings, tmp_path, keep=3)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with MongoClient(settings.mongo_uri) as client:
        things = client[f"{settings.mongo_database_prefix}one"]["things"]
        things.delete_many({"_id": {"$lt": 1000}})
        things.drop_index("by_at")
        client[f"{settings.mongo_database_prefix}three"]["later"].insert_one({})
        assert backup.restore(settings, file, replace_all=True) == 2501
        assert things.count_documents({}) == 2500
        assert things.index_information()["by_at"]["unique"]
        assert client[f"{settings.mongo_database_prefix}three"].list_collection_names() == []


def test_what_is_there_is_not_replaced_unasked(settings: Settings, tmp_path: Path) -> None:
    file = backup.write(settings, tmp_path, keep=3)
    with pytest.raises(backup.BackupError, match="hold documents"):
        backup.restore(settings, file)


def test_an_altered_file_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    file = backup.write(settings, tmp_path, keep=3)
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(altered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"at", b"as", 1) if name == "one/things.bson" else content)
    with pytest.raises(backup.BackupError, match="was altered"):
        backup.restore(settings, altered, replace_all=True)
    (tmp_path / "half.zip").write_bytes(file.read_bytes()[:-100])
    with pytest.raises(backup.BackupError, match="cannot be read"):
        backup.check(tmp_path / "half.zip")
    with MongoClient(settings.mongo_uri) as client:
        assert client[f"{settings.mongo_database_prefix}one"]["things"].count_documents({}) == 2500


def test_what_could_not_be_read_leaves_no_file(settings: Settings, tmp_path: Path) -> None:
    nobody = dataclasses.replace(settings, mongo_uri="mongodb://127.0.0.1:1", mongo_timeout_ms=300)
    with pytest.raises(backup.BackupError, match=r"127\.0\.0\.1:1"):
        backup.write(nobody, tmp_path, keep=3)
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_stay(settings: Settings, tmp_path: Path) -> None:
    for day in ("20250101", "20250102", "20250103"):
        (tmp_path / f"truc-chung-{day}T000000Z.zip").touch()
    (tmp_path / "of-somebody-else.zip").touch()
    file = backup.write(settings, tmp_path, keep=2)
    assert {path.name for path in tmp_path.iterdir()} == {
        "of-somebody-else.zip",
        "truc-chung-20250103T000000Z.zip",
        file.name,
    }


def test_a_running_platform_is_destroyed_and_restored(fault_platform: Stack, tmp_path: Path) -> None:
    stack = fault_platform
    with Clients(stack.base_url, stack.token("citizen-an"), count=2) as clients:
        stack.supervise(lambda: clients.ledger.accepted >= 20)
    stuck = settle(stack)
    before = counts(stack)
    ours = ["gateway", *(process.name for process in stack.platform.services)]
    run(stack, "write", str(tmp_path))  # while everything runs
    for name in ours:
        stack.stop(name)
    with MongoClient(stack.mongo_uri) as client:
        for name in before:
            client.drop_database(name)
    (file,) = tmp_path.iterdir()
    run(stack, "restore", str(file))
    restored = counts(stack)
    assert restored == in_file(stack, file)
    assert sum(sum(counted.values()) for counted in restored.values()) > 500
    shop = f"{stack.prefix}one_stop_shop"
    assert restored[shop]["applications"] == before[shop]["applications"] >= 20
    stack.start(*ours)
    verdict = judge(stack, clients, set(), stuck)
    assert verdict.clean, verdict
    with Clients(stack.base_url, stack.token("citizen-an"), count=2) as more:
        stack.supervise(lambda: more.ledger.accepted >= 5)
    with database_of(stack) as database:
        assert database["applications"].count_documents({}) >= verdict.stored + 5


def counts(stack: Stack) -> dict[str, dict[str, int]]:
    """How many documents each collection of the platform holds."""
    with MongoClient(stack.mongo_uri) as client:
        return {
            name: {one: client[name][one].count_documents({}) for one in client[name].list_collection_names()}
            for name in client.list_database_names()
            if name.startswith(stack.prefix)
        }


def in_file(stack: Stack, file: Path) -> dict[str, dict[str, int]]:
    """How many documents of each collection a file holds."""
    found: dict[str, dict[str, int]] = {}
    for described in backup.check(file):
        found.setdefault(stack.prefix + described["database"], {})[described["collection"]] = described["count"]
    return found


def run(stack: Stack, *arguments: str) -> None:
    """The command as an operator runs it."""
    command = [sys.executable, "-m", "shared.backup", *arguments]
    environment = {**os.environ, **stack.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
