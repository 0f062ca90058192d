"""The gateway as it is served: gunicorn with gevent workers, real RabbitMQ, real files, and no service at all."""

import hashlib
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import orjson
import pytest
from pymongo import MongoClient

from gateway.http.sentences import sentences
from local.platform import CLIENTS_FILE
from local.processes import Process
from local.servers import Servers
from local.starting import wait_ready
from local.state import ROOT, State
from shared.contracts.one_stop_shop.application_operations import SUBMIT_EXAMPLE
from shared.file_bucket import MongoBucket
from tests.support import stack
from tests.support.gateway import new_signing_key, secrets
from tests.support.running import eventually

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4096 + b"\n%%EOF\n"


class Served:
    """A gateway process of its own."""

    def __init__(self, state: State, amqp_uri: str, mongo_uri: str, prefix: str, **more: str) -> None:
        self.port, self.internal = state.port("gateway-test"), state.port("gateway-test-internal")
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = Process(
            "gateway-test",
            [sys.executable, "-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"],
            folder=state.folder,
            env={
                "PYTHONPATH": str(ROOT),
                "AMQP_URI": amqp_uri,
                "MONGO_URI": mongo_uri,
                "MONGO_DATABASE_PREFIX": prefix,
                "PUBLIC_URL": self.url,
                "CLIENTS_FILE": str(CLIENTS_FILE),
                "ISSUER_KEY": new_signing_key(),
                "GATEWAY_BIND": f"127.0.0.1:{self.port}",
                "GATEWAY_WORKERS": "2",
                "HEALTH_PORT": str(self.internal),
                "READ_TIMEOUT_SECONDS": "1",
                "MAX_UPLOAD_BYTES": "2000000",
                **more,
            },
            cwd=ROOT,
            is_ready=self._is_ready,
        )

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready").status_code == 200
        except httpx.HTTPError:
            return False

    def client(self, login: str) -> httpx.Client:
        """A client that has signed in."""
        answer = httpx.post(
            f"{self.url}/oauth/token", data={"grant_type": "client_credentials"}, auth=(login, secrets()[login])
        )
        token = answer.raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "0123456789"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    @contextmanager
    def raw(self) -> Iterator[socket.socket]:
        """A bare connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            yield connection


@pytest.fixture(scope="module")
def served(servers: Servers, module_broker_uri: str) -> Iterator[Served]:
    prefix = stack.fresh_prefix()
    client: MongoClient[dict[str, object]] = MongoClient(servers.mongo_uri)
    MongoBucket(client[f"{prefix}files"]).ensure_indexes()
    with stack.fresh_state() as state:
        gateway = Served(state, module_broker_uri, servers.mongo_uri, prefix)
        gateway.process.start()
        wait_ready([gateway.process], 60)
        yield gateway
        gateway.process.stop()
    client.close()


def test_without_its_service_a_request_is_refused_at_once_and_may_be_repeated(served: Served) -> None:
    with served.client("citizen-an") as client:
        answer = client.post("/api/v1/applications", json=SUBMIT_EXAMPLE)

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert answer.headers["Retry-After"] == "2"


def test_a_file_streams_in_without_its_length_being_known(served: Served) -> None:
    def pieces() -> Iterator[bytes]:
        for start in range(0, len(PDF), 10_000):
            yield PDF[start : start + 10_000]

    with served.client("citizen-an") as client:
        answer = client.post(
            "/api/v1/files", content=pieces(), headers={"Content-Type": "application/pdf", "X-File-Name": "a.pdf"}
        )

    assert answer.status_code == 201
    assert answer.json()["id"] == hashlib.sha256(PDF).hexdigest()


def test_a_file_that_is_too_large_is_cut_off(served: Served) -> None:
    with served.client("citizen-an") as client:
        answer = client.post(
            "/api/v1/files",
            content=iter([PDF, PDF]),
            headers={"Content-Type": "application/pdf", "X-File-Name": "a.pdf"},
        )

    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_a_body_that_never_comes_ends_the_wait(served: Served) -> None:
    with served.client("citizen-an") as client, served.raw() as connection:
        token = client.headers["Authorization"]
        connection.sendall(
            b"POST /api/v1/applications HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\nIdempotency-Key: 0123456789\r\nAuthorization: " + token.encode() + b"\r\n\r\n{"
        )
        answer = b""
        while not answer.endswith(b"}"):  # the problem's last letter; a connection that closes before is a failure
            piece = connection.recv(65536)
            assert piece, answer
            answer += piece

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"body_too_slow" in answer


@pytest.mark.parametrize("path", [b"/api/v1/applications", b"/api/v1/files", b"/nowhere"])
def test_nobody_has_to_wait_while_a_refused_body_still_comes(served: Served, path: bytes) -> None:
    most, piece, sent = 200 << 20, bytes(1 << 20), 0
    with served.raw() as connection:
        connection.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % most)
        answer = connection.recv(65536)
        try:
            while sent < most:
                connection.sendall(piece)
                sent += len(piece)
        except OSError:
            pass  # the gateway has closed: it does not read what it has refused

    assert answer.startswith(b"HTTP/1.1 40")
    assert b"connection: close" in answer.lower()
    assert sent < most / 4


def test_a_refused_body_that_has_arrived_whole_leaves_the_connection_open(served: Served) -> None:
    with served.raw() as connection:
        for _ in range(2):
            connection.sendall(b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            answer = b""
            while not answer.endswith(b"}"):
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 404 ")
            assert b"connection: close" not in answer.lower()


@pytest.mark.parametrize(
    ("request_line", "header", "status", "code"),
    [
        (b"GET /" + b"x" * 9000, b"", 414, "request_line_too_long"),
        (b"GET /live", b"X-Long: " + b"x" * 20_000 + b"\r\n", 431, "headers_too_large"),
        (b"GET /live", b"No colon\r\n", 400, "request_malformed"),
        (b"nonsense", b"", 400, "request_malformed"),
    ],
)
def test_what_the_server_itself_refuses_is_a_problem_in_both_languages(
    served: Served, request_line: bytes, header: bytes, status: int, code: str
) -> None:
    with served.raw() as connection:
        connection.sendall(request_line + b" HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n")
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
    problem = orjson.loads(body)
    assert head.split()[1] == str(status).encode()
    assert b"Content-Type: application/problem+json" in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert sentences()[code]["vi"] in problem["detail"]
    assert sentences()[code]["en"] in problem["detail"]


def test_asked_which_verbs_there_are_it_says_nothing_else(served: Served) -> None:
    answer = httpx.options(f"{served.url}/api/v1/applications")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "POST" in answer.headers["Allow"]
    assert "Content-Type" not in answer.headers


def test_figures_of_all_workers_stand_on_the_internal_port_only(served: Served) -> None:
    for _ in range(20):
        assert httpx.get(f"{served.url}/api/v1/docs/style.css").status_code == 200

    page = httpx.get(f"http://127.0.0.1:{served.internal}/metrics").text
    counted = re.search(r'requests_total\{method="GET",route="/api/v1/docs/style.css",status="200"\} (\d+)', page)
    assert counted is not None
    assert int(counted[1]) >= 20
    assert httpx.get(f"{served.url}/metrics").status_code == 404
    assert httpx.get(f"http://127.0.0.1:{served.internal}/live").status_code == 200


def test_many_may_sign_in_at_the_same_time(served: Served) -> None:
    def sign_in(_: int) -> bool:
        with served.client("citizen-binh") as client:
            return "Authorization" in client.headers

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(sign_in, range(16)))


def test_what_is_under_way_is_finished_before_the_process_ends(servers: Servers, module_broker_uri: str) -> None:
    with stack.fresh_state() as state:
        gateway = Served(state, module_broker_uri, servers.mongo_uri, stack.fresh_prefix())
        gateway.process.start()
        wait_ready([gateway.process], 60)
        with gateway.client("citizen-an") as client, gateway.raw() as connection:
            head = (
                "POST /api/v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\nX-File-Name: a.pdf\r\n"
                f"Idempotency-Key: 0123456789\r\nContent-Length: {len(PDF)}\r\n"
                f"Authorization: {client.headers['Authorization']}\r\n\r\n"
            )
            connection.sendall(head.encode() + PDF[:1000])
            time.sleep(0.5)
            gateway.process.signal(signal.SIGTERM)
            time.sleep(1)
            connection.sendall(PDF[1000:])
            assert connection.recv(65536).startswith(b"HTTP/1.1 201 ")
        assert gateway.process.wait_ended() == 0
        assert not list(Path("/dev/shm").glob(f"trucchung-metrics-{gateway.process.pid}*"))


def test_a_gateway_that_is_told_to_end_says_so_and_answers_until_balancers_have_left_it(
    servers: Servers, module_broker_uri: str
) -> None:
    with stack.fresh_state() as state:
        gateway = Served(state, module_broker_uri, servers.mongo_uri, stack.fresh_prefix(), DRAIN_SECONDS="6")
        gateway.process.start()
        wait_ready([gateway.process], 60)
        gateway.process.signal(signal.SIGTERM)
        eventually(lambda: httpx.get(f"{gateway.url}/ready").text == "ending\n", "it says that it ends", 4)
        end = time.monotonic() + 2
        while time.monotonic() < end:  # each over a connection of its own
            assert httpx.get(f"{gateway.url}/live").status_code == 200
        assert httpx.get(f"{gateway.url}/ready").status_code == 503
        assert gateway.process.wait_ended() == 0
