"""A running platform is backed up, destroyed and restored; nothing else may write meanwhile."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from local.database import Database
from local.starting import wait_ready
from local.state import ROOT
from ops import queues
from shared import restore_mark
from shared.amqp import ConfirmBatch, Outgoing, connect
from shared.backup import archive as backup
from shared.backup.restore import restore
from shared.backup.write import write, write_noted
from shared.messaging import topology
from shared.replica_set import NAME as REPLICA_SET
from shared.settings import Settings, load
from tests.faults.colleagues import Colleagues, wrongs
from tests.faults.load import Clients
from tests.faults.oracle import database_of, judge, settle
from tests.support.stack import Stack, discard, fresh_state


@pytest.fixture(scope="module")
def guarded() -> Iterator[dict[str, Settings]]:
    """A database that asks who comes; as whom backup and restore come to it in k8s/, with those roles and no other."""
    declared = yaml.safe_load((ROOT / "k8s/components/mongodb/users.yaml").read_text("utf-8"))
    users = [one for one in declared["spec"]["users"] if one["name"] in ("auditor", "operator")]
    with fresh_state() as state:
        database = Database(state)
        key = state.path("database-key")
        key.write_text("x" * 64, "utf-8")
        key.chmod(0o600)
        database.node.argv += ["--keyFile", str(key)]
        database.node.start()
        try:
            place = f"127.0.0.1:{database.port}"
            with MongoClient(place, directConnection=True) as first:  # who comes first, from this machine, founds it
                first.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": place}]})
                wait_ready([database.node], 60)
                root = [{"role": "root", "db": "admin"}]
                first["admin"].command("createUser", "root", pwd="secret", roles=root)
            with MongoClient(f"mongodb://root:secret@{place}/?directConnection=true") as first:
                for user in users:
                    roles = [{"role": role["name"], "db": role["db"]} for role in user["roles"]]
                    first["admin"].command("createUser", user["name"], pwd="secret", roles=roles)
            uri = f"@{place}/?replicaSet={REPLICA_SET}&authSource=admin"
            yield {
                user["name"]: load(
                    {"AMQP_URI": "pyamqp://unused", "MONGO_URI": f"mongodb://{user['name']}:secret{uri}"}
                )
                for user in users
            }
        finally:
            discard([database.node])


def test_the_roles_of_the_manifest_suffice(guarded: dict[str, Settings], tmp_path: Path) -> None:
    operator = guarded["operator"]
    prefix = operator.mongo_database_prefix
    with MongoClient(operator.mongo_uri) as client:
        with pytest.raises(OperationFailure, match="not authorized"):
            client.drop_database(f"{prefix}one")
        client[f"{prefix}one"]["things"].insert_many({"_id": n} for n in range(10))
        client[f"{prefix}one"]["things"].create_index("at", name="by_at")
        written = write_noted(guarded["auditor"], tmp_path, keep=3)
        file = written.path
        assert written.documents == 10
        client[f"{prefix}one"]["things"].delete_one({"_id": 3})
        client[f"{prefix}two"]["later"].insert_one({})
        with pytest.raises(backup.BackupError, match="clusterMonitor is needed"):
            restore(guarded["auditor"], file, replace_all=True)
        assert restore(operator, file, replace_all=True) == 10
        assert client[f"{prefix}one"]["things"].count_documents({}) == 10
        assert "by_at" in client[f"{prefix}one"]["things"].index_information()
        assert client[f"{prefix}two"].list_collection_names() == []


def backup_command(settings: Settings, amqp_uri: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m ops backup`, as an operator types it."""
    environment = {
        **os.environ,
        "AMQP_URI": amqp_uri,
        "MONGO_URI": settings.mongo_uri,
        "MONGO_DATABASE_PREFIX": settings.mongo_database_prefix,
    }
    command = [sys.executable, "-m", "ops", "backup", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_nothing_is_restored_while_a_service_works(settings: Settings, broker_uri: str, tmp_path: Path) -> None:
    file = write(settings, tmp_path, keep=3).path

    def run_restore(amqp_uri: str, *options: str) -> subprocess.CompletedProcess[str]:
        return backup_command(settings, amqp_uri, "restore", str(file), "--replace", *options)

    queue = topology.rpc_queue("one_stop_shop")
    topology.declare_queues(broker_uri, [], [queue])
    publisher = ConfirmBatch(broker_uri, name="test")
    publisher.publish([Outgoing(f"later {n}", "", queue.name, b"{}") for n in range(3)])
    publisher.close()
    with MongoClient(settings.mongo_uri) as client:
        things = client[f"{settings.mongo_database_prefix}one"]["things"]
        things.insert_one({"_id": "after", "at": -1})
        reader = connect(broker_uri, name="reader")
        try:
            reader.channel().basic_consume(queue.name)
            refused = run_restore(broker_uri, "--broker-away")
        finally:
            reader.collect()
        assert (refused.returncode, "rpc-one_stop_shop" in refused.stderr) == (1, True), refused.stderr
        refused = run_restore("pyamqp://guest:guest@127.0.0.1:1/")
        assert (refused.returncode, "--broker-away" in refused.stderr) == (1, True), refused.stderr
        assert things.find_one({"_id": "after"})
        done = run_restore(broker_uri)
        assert (done.returncode, "3 messages discarded" in done.stdout) == (0, True), done.stdout + done.stderr
        assert [seen.waiting for seen in queues.look(broker_uri) if seen.queue == queue.name] == [0]
        assert things.find_one({"_id": "after"}) is None
        things.insert_one({"_id": "after", "at": -1})
        done = run_restore("pyamqp://guest:guest@127.0.0.1:1/", "--broker-away")
        assert (done.returncode, "not emptied" in done.stdout) == (0, True), done.stdout + done.stderr
        assert things.find_one({"_id": "after"}) is None
        with pytest.raises(restore_mark.RestoreUnfinished, match="empty-queues"):
            restore_mark.refuse_half_restored(client, settings)
        done = backup_command(settings, broker_uri, "empty-queues")
        assert (done.returncode, queue.name in done.stdout) == (0, True), done.stdout + done.stderr
        restore_mark.refuse_half_restored(client, settings)


def test_a_running_platform_is_destroyed_and_restored(fault_platform: Stack, tmp_path: Path) -> None:
    stack = fault_platform
    with Clients(stack.base_url, stack.token("citizen-an"), count=2) as clients, Colleagues(stack) as colleagues:
        done = (colleagues.issued, colleagues.booked, colleagues.appointed)
        stack.supervise(lambda: clients.ledger.accepted >= 20 and all(done), seconds=240)
    stuck = settle(stack)
    assert not any((found := wrongs(stack, colleagues)).values()), found
    file, before = back_up_quiet(stack, tmp_path)
    ours = [process.name for process in stack.platform.processes]
    for name in ours:
        stack.stop(name)
    with MongoClient(stack.mongo_uri) as client:
        for name in before:
            client.drop_database(name)
    run(stack, "ops", "backup", "restore", str(file))
    assert counts(stack) == before == in_file(stack, file)
    assert before[f"{stack.prefix}one_stop_shop"]["applications"] >= 20
    stack.start(*ours, seconds=180)
    run(stack, "ops", "chains")  # of every service; one that was altered makes it fail
    verdict = judge(stack, clients, set(), stuck)
    assert verdict.clean, verdict
    assert not any((found := wrongs(stack, colleagues)).values()), found
    with Clients(stack.base_url, stack.token("citizen-an"), count=2) as more:
        stack.supervise(lambda: more.ledger.accepted >= 5)
    with database_of(stack) as database:
        assert database["applications"].count_documents({}) >= verdict.stored + 5


def back_up_quiet(stack: Stack, folder: Path) -> tuple[Path, dict[str, dict[str, int]]]:
    """A file written while everything runs, and what there was: written anew until nothing came between.

    Services still settle what was begun, and the first backup notes that it ran.
    """
    for _ in range(20):
        before = counts(stack)
        run(stack, "shared.backup", "write", str(folder), "--keep", "1")
        if counts(stack) == before:
            (file,) = folder.glob("*.zip")
            return file, before
    raise AssertionError("something is written without end")


def counts(stack: Stack) -> dict[str, dict[str, int]]:
    """How many documents each collection of the platform holds, but for what the server remembers of restores."""
    found: dict[str, dict[str, int]] = {}
    with MongoClient(stack.mongo_uri) as client:
        for name in client.list_database_names():
            for one in client[name].list_collection_names() if name.startswith(stack.prefix) else ():
                if one != restore_mark.COLLECTION:
                    found.setdefault(name, {})[one] = client[name][one].count_documents({})
    return found


def in_file(stack: Stack, file: Path) -> dict[str, dict[str, int]]:
    """How many documents of each collection a file holds."""
    found: dict[str, dict[str, int]] = {}
    for described in backup.check(file):
        found.setdefault(stack.prefix + described["database"], {})[described["collection"]] = described["count"]
    return found


def run(stack: Stack, *arguments: str) -> None:
    """The command as an operator runs it."""
    command = [sys.executable, "-m", *arguments]
    environment = {**os.environ, **stack.environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
