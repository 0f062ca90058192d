"""A private RabbitMQ node: own ports, data, name, cookie and port mapper, bound to 127.0.0.1."""

import base64
import socket
import urllib.request
from pathlib import Path

from amqp import Connection
from amqp.exceptions import AMQPError
from kombu.utils.url import parse_url

from local.processes import Process, StartFailed
from local.state import State

# Debian's /usr/sbin wrappers would change to the system's user and data; these scripts are the maker's own.
_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_VHOST = "truc_chung"
_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_vhost = {vhost}
log.file = false
log.console = true
log.console.level = info
"""


class Broker:
    """The node and its port mapper (epmd), as two processes; epmd in the foreground, so that it ends with them."""

    def __init__(self, state: State) -> None:
        if not _SERVER.exists():
            raise StartFailed(
                "RabbitMQ is not installed. Run once: sudo apt-get install --no-install-recommends -y rabbitmq-server\n"
                "or set AMQP_URI to a real server."
            )
        home = state.path("broker")
        home.mkdir(exist_ok=True)
        self.port = state.port("broker")
        self._management = state.port("broker-management")
        epmd, distribution = state.port("broker-epmd"), state.port("broker-distribution")
        (home / "rabbitmq.conf").write_text(
            _CONFIG.format(amqp=self.port, management=self._management, vhost=_VHOST), "utf-8"
        )
        (home / "plugins").write_text("[rabbitmq_management].\n", "utf-8")
        (home / "env.conf").touch()
        env = {
            "HOME": str(home),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "truc_chung@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(home / "data"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(home / "env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            # The start script then becomes the node instead of staying as its parent: one process id to signal.
            "RABBITMQ_ALLOW_INPUT": "1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
        }
        folder = state.folder
        self.port_mapper = Process(
            "epmd",
            ["epmd", "-port", str(epmd), "-address", "127.0.0.1"],
            folder=folder,
            env=env,
            is_ready=lambda: _listens(epmd),
        )
        self.node = Process("broker", [str(_SERVER)], folder=folder, env=env, is_ready=self._answers)

    @property
    def uri(self) -> str:
        """Where services connect."""
        return self.uri_of(_VHOST)

    def uri_of(self, vhost: str) -> str:
        """The address of one virtual host."""
        return f"pyamqp://guest:guest@127.0.0.1:{self.port}/{vhost}"

    @property
    def management_url(self) -> str:
        """The node's own page, for a person."""
        return f"http://127.0.0.1:{self._management}"

    def create_vhost(self, name: str) -> str:
        """Make an empty virtual host and answer its address."""
        self._manage("PUT", f"/api/vhosts/{name}")
        return self.uri_of(name)

    def delete_vhost(self, name: str) -> None:
        """Remove a virtual host with everything in it."""
        self._manage("DELETE", f"/api/vhosts/{name}")

    def _manage(self, method: str, path: str) -> None:
        request = urllib.request.Request(self.management_url + path, method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(b"guest:guest").decode())
        urllib.request.urlopen(request, timeout=30).close()

    def _answers(self) -> bool:
        return answers(self.uri)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(uri: str) -> bool:
    """Whether a server at this address greets us and lets us in."""
    parts = parse_url(uri)
    try:
        with Connection(
            f"{parts['hostname']}:{parts['port'] or 5672}",
            userid=parts["userid"],
            password=parts["password"],
            virtual_host=parts["virtual_host"] or "/",
            connect_timeout=2,
            read_timeout=5,
        ):
            return True
    except (OSError, AMQPError):
        return False
