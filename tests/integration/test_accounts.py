"""The platform runs under the accounts of local/accounts.py, on real servers that judge them, and nobody has more."""

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import amqp
import httpx
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from local import prepare_cluster
from local.accounts import accounts
from local.database import Database, answers
from local.parts import service_names
from local.platform import CLIENTS_FILE
from local.processes import Process
from local.seal import signing_key
from local.servers import Servers
from local.starting import wait_ready
from local.state import ROOT, State
from ops.queues import service_classes
from shared.amqp import connect
from shared.messaging.topology import queues_of
from tests.support import stack
from tests.support.running import eventually

pytestmark = pytest.mark.timeout(900)


class Guarded:
    """A database and a virtual host that know the accounts, and processes that use them."""

    def __init__(self, cluster: prepare_cluster.Cluster, mongo_port: int, broker_uri: str, folder: Path) -> None:
        self._cluster, self._mongo_port, self._folder = cluster, mongo_port, folder
        self._broker, self.vhost = broker_uri.partition("@")[2].rsplit("/", 1)

    def amqp_uri(self, name: str) -> str:
        password = self._cluster.password(f"bus {name}")
        return f"pyamqp://{name}:{password}@{self._broker}/{self.vhost}"

    def mongo_uri(self, name: str) -> str:
        password = self._cluster.password(f"database {name}")
        return f"mongodb://{name}:{password}@127.0.0.1:{self._mongo_port}/?replicaSet=rs0&authSource=admin"

    def environment(self, name: str, *, bus: bool = True) -> dict[str, str]:
        uris = {"MONGO_URI": self.mongo_uri(name)} | ({"AMQP_URI": self.amqp_uri(name)} if bus else {})
        key = self._folder / "issuer_key"
        if not key.exists():
            key.write_text(signing_key(), "utf-8")
        return {**uris, "CLIENTS_FILE": str(CLIENTS_FILE), "ISSUER_KEY_FILE": str(key)}

    def run(self, name: str, *command: str, bus: bool = True) -> "subprocess.CompletedProcess[str]":
        """A job under an account, which must go well."""
        environment = {**os.environ, **self.environment(name, bus=bus)}
        argv = [sys.executable, "-m", *command]
        done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]} {done.stderr[-3000:]}"
        return done

    def process(self, name: str, port: int, argv: list[str], **more: str) -> Process:
        """A process that stays up under an account."""
        environment = {**self.environment(name), "HEALTH_PORT": str(port), "HEALTH_ADDRESS": "127.0.0.1", **more}
        return Process(name, argv, folder=self._folder, env=environment, cwd=ROOT, is_ready=lambda: _ready(port))


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ready", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> prepare_cluster.Cluster:
    cluster = prepare_cluster.cluster_of(["dev", "--folder", str(tmp_path_factory.mktemp("secrets"))])
    prepare_cluster.prepare(cluster)
    return cluster


@pytest.fixture(scope="module")
def mongo_port(cluster: prepare_cluster.Cluster) -> Iterator[int]:
    """A database that asks for passwords, with the accounts in it."""
    with stack.fresh_state() as state:
        database = Database(state)
        database.node.start()
        wait_ready([database.node], 60)
        with MongoClient[dict[str, Any]](database.uri) as client:
            for account in accounts():
                roles = [{"role": role, "db": name} for role, name in account.databases]
                password = cluster.password(f"database {account.name}")
                client.admin.command("createUser", account.name, pwd=password, roles=roles)
        database.node.stop()
        guarded = _with_passwords(database, state)
        try:
            guarded.start()
            wait_ready([guarded], 60)
            yield database.port
        finally:
            guarded.stop()


def _with_passwords(database: Database, state: State) -> Process:
    key = state.folder / "members_key"
    key.write_text("A" * 64, "utf-8")
    key.chmod(0o600)
    argv = [*database.node.argv, "--auth", "--keyFile", str(key)]
    return Process("guarded-database", argv, folder=state.folder, is_ready=lambda: answers(database.uri))


@pytest.fixture(scope="module")
def guarded(
    cluster: prepare_cluster.Cluster,
    servers: Servers,
    module_broker_uri: str,
    mongo_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Guarded]:
    """Both servers, with the definitions taken in as the broker takes them in when it starts."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "log").mkdir()
    made = Guarded(cluster, mongo_port, module_broker_uri, folder)
    definitions = prepare_cluster.definitions(cluster)
    told = json.loads(json.dumps(definitions).replace('"truc_chung"', f'"{made.vhost}"'))
    assert servers.broker
    _manage(servers.broker.management_url, "POST", "/api/definitions", told)
    made.run("operator", "ops", "set-up")
    yield made
    for user in told["users"]:
        _manage(servers.broker.management_url, "DELETE", f"/api/users/{user['name']}", None)


def _manage(url: str, method: str, path: str, body: Any) -> None:
    request = urllib.request.Request(url + path, json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    request.add_header("Authorization", "Basic Z3Vlc3Q6Z3Vlc3Q=")
    urllib.request.urlopen(request, timeout=30).close()


@pytest.fixture(scope="module")
def platform(guarded: Guarded) -> Iterator[int]:
    """Services and gateway, each under its own accounts; the gateway's port."""
    with stack.fresh_state() as state:
        port = state.port("gateway")
        processes = [
            guarded.process(
                name.replace("_", "-"),
                state.port(name),
                [sys.executable, "-m", "shared.messaging.run", f"services.{name}.service"],
            )
            for name in service_names()
        ]
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"]
        bound = f"127.0.0.1:{port}"
        processes.append(guarded.process("gateway", state.port("gateway-health"), gunicorn, GATEWAY_BIND=bound))
        try:
            for process in processes:
                process.start()
            wait_ready(processes, 300)
            yield port
        finally:
            for process in processes:
                process.stop()


def test_the_platform_works_under_its_accounts(guarded: Guarded, platform: int) -> None:
    guarded.run("operator", "ops", "demo", "3")  # over the bus, into one service, whose events others hear
    base = f"http://127.0.0.1:{platform}"
    found = httpx.get(f"{base}/api/v1/procedures", params={"q": "khai sinh"}, timeout=30)
    assert found.json()["items"]
    grant = {"grant_type": "client_credentials"}
    signed = httpx.post(f"{base}/oauth/token", auth=("citizen-an", stack.secret_of("citizen-an")), data=grant)
    head = {"Authorization": f"Bearer {signed.json()['access_token']}", "Idempotency-Key": str(uuid.uuid4())}
    sent = httpx.post(f"{base}/api/v1/files", headers=head, files={"file": ("a.pdf", b"%PDF-1.4\n%%EOF\n")}, timeout=30)
    assert sent.status_code == 201, sent.text
    eventually(
        lambda: (
            json.loads(guarded.run("operator", "ops", "reconcile", "--settled", "0", "--dry-run", "--json").stdout)[
                "problems"
            ]
            == 0
        ),
        "everybody has heard everything",
    )


def test_the_jobs_of_the_night_work_under_theirs(guarded: Guarded, platform: int, tmp_path: Path) -> None:
    guarded.run("operator", "shared.migrations", bus=False)
    guarded.run("auditor", "ops.reconcile")
    guarded.run("auditor", "ops.chains", bus=False)
    guarded.run("auditor", "shared.backup", "write", str(tmp_path), bus=False)
    guarded.run("clear-away", "shared.file_bucket", bus=False)
    guarded.run("operator", "ops.retention", bus=False)


@pytest.mark.parametrize("name", [one.name for one in accounts() if one.name != "operator"])
def test_nobody_reads_the_database_of_another(guarded: Guarded, name: str) -> None:
    roles = next(one for one in accounts() if one.name == name).databases
    written = {database for role, database in roles if role == "readWrite"}
    read = written | {database for role, database in roles if role == "read"}
    with MongoClient[dict[str, Any]](guarded.mongo_uri(name)) as client:
        for service in (*service_names(), "operations", "pages"):
            store = client[f"trucchung_{service}"]
            if store.name not in read and name != "auditor":
                with pytest.raises(OperationFailure, match="not authorized"):
                    store["jobs"].find_one()
            if store.name not in written:
                with pytest.raises(OperationFailure, match="not authorized"):
                    store["jobs"].insert_one({})


def refused(uri: str, method: str, *arguments: Any) -> bool:
    """Whether the broker closes the channel because the account may not do that."""
    connection = connect(uri, name="test")
    try:
        getattr(connection.channel(), method)(*arguments)
    except amqp.AccessRefused:
        return True
    finally:
        connection.collect()
    return False


@pytest.mark.parametrize("service", service_classes(), ids=lambda service: service.name)
def test_nobody_reads_or_deletes_the_queues_of_another(guarded: Guarded, service: Any) -> None:
    own = service.name.replace("_", "-")
    queue = next(one.name for one in queues_of(service))
    assert not refused(guarded.amqp_uri(own), "basic_get", queue)
    assert refused(guarded.amqp_uri("gateway"), "exchange_delete", "nameko-rpc")
    for name in {one.name for one in accounts() if one.bus} - {own, "operator"}:
        assert refused(guarded.amqp_uri(name), "basic_get", queue), name
        assert refused(guarded.amqp_uri(name), "queue_delete", queue), name
