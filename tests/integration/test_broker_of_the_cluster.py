"""A broker that starts on what production's manifests and secrets give it lets in who must get in, and nobody else."""

import base64
import http.client
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import amqp
import pytest
import yaml

from local.accounts import accounts
from local.broker import Broker
from local.prepare_cluster import VHOST, Cluster, cluster_of, prepare
from local.processes import Process
from local.starting import wait_ready
from tests.deploy.overlay import of_kind
from tests.support import stack

pytestmark = pytest.mark.timeout(300)

NODE = "rabbitmq-server-0.rabbitmq-nodes.truc-chung.svc"
# What the operator adds where `tls` names an authority and leaves no plain listener.
OF_THE_OPERATOR = """
listeners.tcp = none
listeners.ssl.1 = 127.0.0.1:{amqps}
ssl_options.certfile = {folder}/tls.crt
ssl_options.keyfile = {folder}/tls.key
ssl_options.cacertfile = {folder}/ca.crt
ssl_options.verify = verify_peer
management.ssl.ip = 127.0.0.1
management.ssl.port = {https}
management.ssl.certfile = {folder}/tls.crt
management.ssl.keyfile = {folder}/tls.key
management.ssl.cacertfile = {folder}/ca.crt
"""


def secret(cluster: Cluster, name: str) -> dict[str, str]:
    """What the cluster would mount."""
    return dict(yaml.safe_load((cluster.folder / f"{name}.yaml").read_text("utf-8"))["stringData"])


class Started:
    """The node, and how one speaks with it."""

    def __init__(self, cluster: Cluster, folder: Path, amqps: int, https: int) -> None:
        self.cluster, self.amqps, self.https = cluster, amqps, https
        self.authority = folder / "ca.crt"

    def listens(self) -> bool:
        """Whether both of its doors are open."""
        return all(_listens(port) for port in (self.amqps, self.https))

    def enters(self, name: str, password: str) -> bool:
        """Whether an account gets in over TLS, without a certificate of its own."""
        told = {"ca_certs": str(self.authority), "server_hostname": self.cluster.broker, "cert_reqs": ssl.CERT_REQUIRED}
        address = f"127.0.0.1:{self.amqps}"
        try:
            with amqp.Connection(address, userid=name, password=password, virtual_host=VHOST, ssl=told):
                return True
        except amqp.AccessRefused:
            return False

    def status(self, path: str, name: str, password: str) -> int:
        """What the management interface answers to an account that asks the node by its own name."""
        context = ssl.create_default_context(cafile=str(self.authority))
        asked = http.client.HTTPConnection(NODE)
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=30)
        asked.sock = context.wrap_socket(plain, server_hostname=NODE)
        words = base64.b64encode(f"{name}:{password}".encode()).decode()
        asked.request("GET", path, headers={"Authorization": f"Basic {words}"})
        try:
            return asked.getresponse().status
        finally:
            asked.close()


@pytest.fixture(scope="module")
def broker() -> Iterator[Started]:
    with stack.fresh_state() as state:
        cluster = cluster_of(["production", "--folder", str(state.folder / "secrets")])
        prepare(cluster)
        for name, text in {**secret(cluster, "rabbitmq-tls"), **secret(cluster, "rabbitmq-definitions")}.items():
            (state.folder / name).write_text(text, "utf-8")
        made = Broker(state)
        started = Started(cluster, state.folder, state.port("amqps"), state.port("https"))
        file = state.path("broker") / "rabbitmq.conf"
        file.write_text(configuration(state.folder, started), "utf-8")
        node = Process("broker", made.node.argv, folder=state.folder, env=made.node.env, is_ready=started.listens)
        try:
            for process in (made.port_mapper, node):
                process.start()
                wait_ready([process], 120)
            yield started
        finally:
            node.stop()
            made.port_mapper.stop()


def configuration(folder: Path, started: Started) -> str:
    """Of production, with what the operator adds, and without what Debian's older broker does not know."""
    (manifest,) = of_kind("production", "RabbitmqCluster")
    lines = manifest["spec"]["rabbitmq"]["additionalConfig"].replace("/etc/rabbitmq/definitions", str(folder))
    own = "\n".join(line for line in lines.splitlines() if not line.startswith("quorum_queue."))
    told = OF_THE_OPERATOR.format(amqps=started.amqps, https=started.https, folder=folder)
    account = secret(started.cluster, manifest["spec"]["secretBackend"]["externalSecret"]["name"])
    return f"{account['default_user.conf']}{told}{own}"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_every_process_gets_in_over_tls(broker: Started) -> None:
    for account in accounts():
        if account.bus:
            assert broker.enters(account.name, broker.cluster.password(f"bus {account.name}")), account.name
    assert not broker.enters("guest", "guest")


def test_the_operator_and_keda_are_told_what_they_ask(broker: Started) -> None:
    held = secret(broker.cluster, "rabbitmq-default-user")
    operator = held["username"], held["password"]
    assert broker.status("/api/health/checks/node-is-quorum-critical", *operator) == 200
    assert broker.status("/api/overview", *operator) == 200
    keda = "keda", broker.cluster.password("bus keda")
    assert broker.status(f"/api/queues/{VHOST}/rpc-one_stop_shop", *keda) == 404  # allowed, and not there yet
    assert broker.status("/api/overview", "guest", "guest") == 401
