"""The private broker and database, for real."""

import signal
import urllib.request
from pathlib import Path

import psutil
import pytest
from amqp import Connection
from amqp.exceptions import NotFound
from kombu.utils.url import parse_url
from pymongo import MongoClient

from local.processes import MARK
from local.servers import Servers
from local.starting import start
from local.state import State
from tests.support import stack


def connect(uri: str) -> Connection:
    parts = parse_url(uri)
    return Connection(
        f"{parts['hostname']}:{parts['port']}",
        userid=parts["userid"],
        password=parts["password"],
        virtual_host=parts["virtual_host"],
    )


def test_virtual_hosts_are_apart_and_go_away(servers: Servers) -> None:
    with stack.fresh_vhost(servers) as one, stack.fresh_vhost(servers) as two:
        with connect(one) as connection:
            connection.channel().queue_declare("letters")
        with connect(two) as connection, pytest.raises(NotFound):
            connection.channel().queue_declare("letters", passive=True)


def test_the_database_has_transactions(mongo_uri: str, mongo_prefix: str) -> None:
    with MongoClient(mongo_uri, timeoutMS=10_000) as client, client.start_session() as session:
        database = client[mongo_prefix + "try"]
        database.create_collection("rows")
        with session.start_transaction():
            database.rows.insert_one({"_id": 1}, session=session)
            session.abort_transaction()
        assert database.rows.count_documents({}) == 0
        client.drop_database(database)


def test_the_locks_of_a_killed_client_are_let_go_after_seconds(servers: Servers) -> None:
    if servers.database is None:
        pytest.skip("a real server has the settings of its operators")
    with MongoClient(servers.mongo_uri, timeoutMS=10_000) as client:
        assert (
            client.admin.command("getParameter", transactionLifetimeLimitSeconds=1)["transactionLifetimeLimitSeconds"]
            == 10
        )


def test_everything_listens_on_the_loopback_address_only(servers: Servers) -> None:
    listening = {
        connection.laddr.ip
        for process in servers.processes
        for connection in psutil.Process(process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening <= {"127.0.0.1", "::1"}


def test_servers_keep_their_data_and_leave_no_process_behind(tmp_path: Path) -> None:
    state = State(tmp_path / "local")
    state.claim()
    for expected in (0, 1):
        servers = Servers(state)
        try:
            start(servers.plan())
            with MongoClient(servers.mongo_uri, timeoutMS=10_000) as client:
                assert client["kept"].rows.count_documents({}) == expected
                client["kept"].rows.insert_one({})
        finally:
            servers.stop()
    state.release()
    assert not [process for process in psutil.process_iter() if marked(process, state.folder)]


def test_the_database_follows_a_changed_port(tmp_path: Path) -> None:
    state = State(tmp_path / "local")
    state.claim()
    database = Servers(state).database
    assert database is not None
    with_port = {}
    for _ in range(2):
        start({database.node: ()})
        with MongoClient(database.uri, timeoutMS=10_000) as client:
            with_port[database.port] = client.admin.command("hello")["me"]
        database.node.signal(signal.SIGKILL)
        database.node.wait_ended()
        (state.folder / "ports.json").unlink()
        state.release()
        state.claim()
        database = Servers(state).database
        assert database is not None
    state.release()
    assert len(with_port) == 2
    assert list(with_port.values()) == [f"127.0.0.1:{port}" for port in with_port]


def test_real_servers_are_used_and_never_stopped(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMQP_URI", servers.amqp_uri)
    monkeypatch.setenv("MONGO_URI", servers.mongo_uri)
    state = State(tmp_path / "local")
    state.claim()
    borrowed = Servers(state)
    start(borrowed.plan())
    borrowed.stop()
    state.release()
    assert borrowed.processes == []
    assert all(process.alive for process in servers.processes)


def test_the_management_page_answers(servers: Servers) -> None:
    assert servers.broker is not None
    with urllib.request.urlopen(servers.broker.management_url, timeout=10) as answer:
        assert b"RabbitMQ" in answer.read()


def marked(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.environ().get(MARK) == str(folder)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return False
