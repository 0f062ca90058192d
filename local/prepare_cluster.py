"""Writes every secret that an overlay of k8s/ names, with values that nobody knows; what is there already stays.

    python -m local.prepare_cluster production
    kubectl -n truc-chung apply --server-side -f secrets/production

Passwords follow from `seed` in the same folder, so that a secret which was deleted comes back as it was.
`authority.key` belongs to the authority that gives out the servers' certificates; neither goes into the cluster.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import secrets
import ssl
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

from local import certificates
from local.accounts import accounts
from local.seal import self_signed, signing_key
from local.state import ROOT

NAMESPACE, VHOST = "truc-chung", "truc_chung"
BROKER = f"rabbitmq.{NAMESPACE}.svc"
MEMBER = f"mongodb-{{}}.mongodb-svc.{NAMESPACE}.svc.cluster.local:27017"
REPLICA_SET = "mongodb"
"""The operator calls it as the resource."""
MEMBERS = {"dev": 1, "production": 3}
HOSTS = {"citizens-tls": "dichvucong.example.vn", "agencies-tls": "truc-chung.example.vn"}
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
OPERATOR = "cluster-operator"
"""Under this name the RabbitMQ Cluster Operator asks the broker."""
SALT_BYTES = 4

Keys = dict[str, str]


@dataclass(frozen=True)
class Cluster:
    """Where the servers are, and how one speaks with them."""

    overlay: str
    folder: Path
    broker: str
    broker_outside: str | None
    members: str
    replica_set: str
    hosts: dict[str, str]

    @property
    def tls(self) -> bool:
        """Whether connections inside are protected; a developer's are not."""
        return self.overlay != "dev"

    def password(self, name: str) -> str:
        """Of an account on a server: the same at every call."""
        return hmac.digest((self.folder / "seed").read_bytes(), name.encode(), hashlib.sha256).hex()[:48]

    def amqp_uri(self, name: str) -> str:
        """Where a process finds the broker."""
        scheme, port = ("amqps", 5671) if self.tls else ("pyamqp", 5672)
        return f"{scheme}://{name}:{self.password(f'bus {name}')}@{self.broker}:{port}/{VHOST}"

    def mongo_uri(self, name: str) -> str:
        """Where a process finds the database."""
        options = f"replicaSet={self.replica_set}&authSource=admin{'&tls=true' if self.tls else ''}"
        return f"mongodb://{name}:{quote(self.password(f'database {name}'))}@{self.members}/?{options}"


def secrets_of(cluster: Cluster) -> dict[str, Callable[[], Keys]]:
    """All secrets by name, each made only when it is missing."""
    made: dict[str, Callable[[], Keys]] = {}
    for account in accounts():
        name = account.name
        made[f"database-{name}"] = lambda name=name: {"mongo_uri": cluster.mongo_uri(name)}  # type: ignore[misc]
        made[f"mongodb-{name}"] = lambda name=name: {"password": cluster.password(f"database {name}")}  # type: ignore[misc]
        if account.bus:
            made[f"bus-{name}"] = lambda name=name: {"amqp_uri": cluster.amqp_uri(name)}  # type: ignore[misc]
    made |= {
        "rabbitmq-definitions": lambda: {"definitions.json": json.dumps(definitions(cluster), indent=1)},
        "rabbitmq-administrator": lambda: {
            "username": "administrator",
            "password": cluster.password("bus administrator"),
        },
        "rabbitmq-default-user": lambda: _operators_account(cluster),
        "bus-management": lambda: _management(cluster),
        "mongodb-figures": lambda: {"username": "prometheus", "password": cluster.password("figures")},
        "issuer": lambda: {"issuer_key": signing_key()},
        "clients": lambda: {"clients.yaml": _clients(cluster)},
        "payment": lambda: {"payment_secret": secrets.token_hex(24)},
        "sign-in": lambda: {"citizens": "", "officers": ""},
        "probes": lambda: {"probe_secret": secrets.token_hex(24)},
        "bridges": lambda: {"janus_admin_secret": secrets.token_hex(24), "janus_room_key": secrets.token_hex(24)},
        "exchange": _exchange,
        "mail": lambda: {"smtp_password": "", "returned_password": ""},
    }
    nodes = [cluster.broker, *(f"*.rabbitmq-nodes.{NAMESPACE}.{suffix}" for suffix in ("svc", "svc.cluster.local"))]
    nodes += [cluster.broker_outside] if cluster.broker_outside else []
    made["rabbitmq-tls"] = lambda: _pair(cluster, nodes)
    made["mongodb-tls"] = lambda: _pair(cluster, [f"*.mongodb-svc.{NAMESPACE}.svc.cluster.local"])
    for name, host in cluster.hosts.items():
        made[name] = lambda host=host: _pair(cluster, [host])  # type: ignore[misc]
    made["authority"] = lambda: _authority(cluster)
    return made


def definitions(cluster: Cluster) -> dict[str, object]:
    """The broker's accounts as it takes them in when it starts; passwords as salted hashes."""
    rights = [(account.name, account.bus) for account in accounts() if account.bus]
    others = [("administrator", "administrator"), ("keda", "monitoring"), (OPERATOR, "monitoring")]
    users = [(name, "") for name, _ in rights] + others
    anything = {"configure": ".*", "write": ".*", "read": ".*"}
    nothing = {"configure": "^$", "write": "^$", "read": "^$"}
    return {
        "vhosts": [{"name": VHOST}],
        "users": [
            {
                "name": name,
                "password_hash": _hash(cluster.password(f"bus {name}")),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [tag] if tag else [],
            }
            for name, tag in users
        ],
        "permissions": [
            {"user": name, "vhost": VHOST, "configure": one.configure, "write": one.write, "read": one.read}
            for name, one in rights
        ]
        + [{"user": name, "vhost": VHOST} | (anything if tag == "administrator" else nothing) for name, tag in others],
    }


def _hash(password: str) -> str:
    """https://www.rabbitmq.com/docs/passwords#computing-password-hash"""
    salt = os.urandom(SALT_BYTES)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _management(cluster: Cluster) -> Keys:
    scheme, port = ("https", 15671) if cluster.tls else ("http", 15672)
    uri = f"{scheme}://keda:{cluster.password('bus keda')}@{cluster.broker}:{port}/"
    return {"management_uri": uri, "tls": "enable" if cluster.tls else "disable", "ca": _authority_certificate(cluster)}


def _operators_account(cluster: Cluster) -> Keys:
    """Of the Cluster Operator itself, in the form of the secret that it would make; it asks the nodes how they are."""
    password = cluster.password(f"bus {OPERATOR}")
    return {
        "username": OPERATOR,
        "password": password,
        "default_user.conf": f"default_user = {OPERATOR}\ndefault_pass = {password}\n",
        "host": cluster.broker,
        "port": "5671" if cluster.tls else "5672",
        "provider": "rabbitmq",
        "type": "rabbitmq",
    }


def _clients(cluster: Cluster) -> str:
    sample = (ROOT / "local/demo/clients.yaml").read_text("utf-8")
    return sample if cluster.overlay == "dev" else "clients: []\n"


def _exchange() -> Keys:
    key = signing_key()
    return {"exchange_key": key, "exchange_certificate": self_signed(key.encode())}


def _pair(cluster: Cluster, names: list[str]) -> Keys:
    key, certificate = certificates.given_out(cluster.folder, names)
    return {"tls.crt": certificate, "tls.key": key, "ca.crt": _authority_certificate(cluster)}


def _authority(cluster: Cluster) -> Keys:
    own = _authority_certificate(cluster)
    return {"ca.crt": own, "bundle.crt": f"{_trusted_here()}\n{own}"}


def _trusted_here() -> str:
    """The authorities of this machine; without them no process would trust an issuer or a mail host any more."""
    file = ssl.get_default_verify_paths().cafile or (str(AUTHORITIES) if AUTHORITIES.exists() else None)
    if file is None:
        raise SystemExit("no file of the authorities that this machine trusts: name one in SSL_CERT_FILE")
    return Path(file).read_text("utf-8")


def _authority_certificate(cluster: Cluster) -> str:
    return certificates.authority(cluster.folder)[1]


class _Readable(yaml.SafeDumper):
    """Texts of several lines stand as they are: people put theirs in their place."""


def _text(dumper: _Readable, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Readable.add_representer(str, _text)


def prepare(cluster: Cluster) -> list[str]:
    """Write what is missing; the names of what was written."""
    for folder in (cluster.folder.parent, cluster.folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (seed := cluster.folder / "seed").exists():
        certificates.write_secret(seed, secrets.token_hex(32))
    written = []
    for name, make in secrets_of(cluster).items():
        path = cluster.folder / f"{name}.yaml"
        if not path.exists():
            metadata = {"name": name, "namespace": NAMESPACE}
            manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": make()}
            certificates.write_secret(path, yaml.dump(manifest, Dumper=_Readable, allow_unicode=True))
            written.append(name)
    return written


def cluster_of(arguments: Sequence[str] | None = None) -> Cluster:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("overlay", help="dev, production, staging, or the name of your own")
    parser.add_argument("--folder", type=Path, help="where to write (secrets/OVERLAY)")
    parser.add_argument("--broker", default=BROKER, help="the broker's name, where it runs elsewhere")
    parser.add_argument("--broker-outside", help="the broker's name as mail hosts see it, for its certificate")
    parser.add_argument("--database", default="", help="HOST:PORT,…: the members, where the database runs elsewhere")
    parser.add_argument("--replica-set", default="", help="its name, where the database runs elsewhere")
    for name, host in HOSTS.items():
        parser.add_argument(f"--{name.removesuffix('-tls')}-host", default=host, help=f"the public host ({host})")
    asked = parser.parse_args(arguments)
    if bool(asked.database) != bool(asked.replica_set):
        parser.error("--database and --replica-set go together: a replica set refuses who calls it by another name")
    members = ",".join(MEMBER.format(number) for number in range(MEMBERS.get(asked.overlay, 3)))
    folder = asked.folder or ROOT / "secrets" / asked.overlay
    hosts = {"citizens-tls": asked.citizens_host, "agencies-tls": asked.agencies_host}
    database = asked.database or members, asked.replica_set or REPLICA_SET
    return Cluster(asked.overlay, folder, asked.broker, asked.broker_outside, *database, hosts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, and say what."""
    cluster = cluster_of(arguments)
    for name in prepare(cluster):
        sys.stdout.write(f"{cluster.folder / name}.yaml\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
