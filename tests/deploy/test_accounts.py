"""Accounts on broker and database: what each may do, and that every secret which a manifest names can be had."""

import base64
import hashlib
import json
import re
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from local import prepare_cluster
from local.accounts import Account, accounts
from local.prepare_cluster import cluster_of, prepare, secrets_of
from local.state import ROOT
from ops.queues import service_classes
from shared.messaging import topology
from shared.settings import load
from tests.deploy.overlay import OVERLAYS, Manifest, Workload, of_kind, rendered, workloads

SERVICES = service_classes()
BY_NAME = {account.name: account for account in accounts()}
PAIR = ("tls.crt", "tls.key")
KEYS = {
    "secretName": PAIR,
    "certificateKeySecretRef": PAIR,
    "caCertificateSecretRef": ("ca.crt",),
    "caSecretName": ("ca.crt",),
    "passwordSecretRef": ("password",),
    "scramCredentialsSecretName": (),  # which the operator itself writes
}
"""The keys of a secret that a field names without them."""
PAGE = (ROOT / "docs/how-to/run-on-kubernetes.md").read_text("utf-8")
overlays = pytest.mark.parametrize("overlay", OVERLAYS)
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def may(pattern: str, name: str) -> bool:
    """As RabbitMQ judges: the pattern is searched for in the name."""
    return re.search(pattern, name) is not None


@each_service
def test_a_service_may_declare_and_read_what_is_its_own(service: type[topology.Service]) -> None:
    rights = BY_NAME[service.name.replace("_", "-")].bus
    assert rights
    for queue in topology.queues_of(service):
        assert all(may(right, queue.name) for right in (rights.configure, rights.write, rights.read)), queue.name
        assert all(may(rights.read, exchange) for exchange, _ in queue.bindings)
    for exchange in topology.exchanges_of(service):
        assert may(rights.configure, exchange)
        assert may(rights.write, exchange) == exchange.startswith(f"{service.name}.")


@each_service
def test_a_service_touches_no_queue_of_another(service: type[topology.Service]) -> None:
    rights = BY_NAME[service.name.replace("_", "-")].bus
    assert rights
    others = [queue.name for other in SERVICES if other is not service for queue in topology.queues_of(other)]
    for queue in [*others, "mail_agent.mail", "mail_agent.mail-1", "rpc-operations"]:
        for right in (rights.configure, rights.write, rights.read):
            assert not may(right, queue), queue


def test_only_who_must_sees_all_databases() -> None:
    everywhere = {name for name, one in BY_NAME.items() if any("Any" in role for role, _ in one.databases)}
    assert everywhere == {"auditor", "operator"}
    for service in SERVICES:
        one = BY_NAME[service.name.replace("_", "-")]
        own = (("readWrite", f"trucchung_{service.name}"), ("readWrite", "trucchung_files"))
        assert one.databases == (*own, ("read", "trucchung_operations"))


def account_of(work: Workload) -> Iterator[str]:
    for volume in work.spec["volumes"]:
        for source in volume.get("projected", {}).get("sources", ()):
            if (name := source["secret"]["name"]).startswith(("bus-", "database-")):
                yield name.partition("-")[2]


@overlays
def test_each_process_has_one_account_and_only_operators_have_all_rights(overlay: str) -> None:
    powerful = set()
    for work in workloads(overlay):
        names = set(account_of(work))
        assert len(names) == (0 if work.name == "line-reflector" else 1), work.name
        if "operator" in names:
            powerful.add(work.name)
        if work.name in BY_NAME:
            assert names == {work.name}
    assert powerful == {"migrations", "operator", "operator-backups", "restore", "retention", "setup", "watch"}


@overlays
def test_the_database_makes_these_accounts(overlay: str) -> None:
    for database in of_kind(overlay, "MongoDBCommunity"):
        made = {user["name"]: user for user in database["spec"]["users"]}
        assert set(made) == set(BY_NAME)
        for name, user in made.items():
            assert tuple((role["name"], role["db"]) for role in user["roles"]) == BY_NAME[name].databases


def named(overlay: str) -> set[tuple[str, str]]:
    """Every secret with every key that a manifest of an overlay names."""
    return {pair for manifest in rendered(overlay) if manifest["kind"] != "Role" for pair in _named(manifest)}


def _named(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, list):
        for one in part:
            yield from _named(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if (found := _reference(key, value)) is not None:
                yield from found
            else:
                yield from _named(value)


def _reference(key: str, value: Any) -> list[tuple[str, str]] | None:
    """The secret and keys behind a field; None where a field speaks of none."""
    match key, value:
        case "secret", ({"name": name, "items": items} | {"secretName": name, "items": items}):
            return [(name, item["key"]) for item in items]
        case "secret", {"secretName": name}:
            return [(name, "definitions.json")]  # mounted whole, by the broker alone
        case "secret", {"name": name, "key": one}:
            return [(name, one)]
        case "basicAuth", {"username": user, "password": password}:
            return [(user["name"], user["key"]), (password["name"], password["key"])]
        case "secretTargetRef", list():
            return [(one["name"], one["key"]) for one in value]
        case "secretBackend", {"externalSecret": {"name": name}}:
            return [(name, one) for one in ("default_user.conf", "username", "password")]
        case _, (str(name) | {"name": str(name)}) if key in KEYS:
            return [(name, one) for one in KEYS[key]]
    assert not ("secret" in key.lower() and value), f"{key}: {value}"
    return None


@overlays
def test_every_secret_that_is_named_is_written(overlay: str, tmp_path: Path) -> None:
    cluster = cluster_of([overlay, "--folder", str(tmp_path / "secrets")])
    prepare(cluster)
    there = {
        (name, key)
        for name in secrets_of(cluster)
        for key in yaml.safe_load((cluster.folder / f"{name}.yaml").read_text("utf-8"))["stringData"]
    }
    assert named(overlay)
    assert named(overlay) - there == set()


def test_the_page_names_every_secret_that_is_written(tmp_path: Path) -> None:
    for name in secrets_of(cluster_of(["production", "--folder", str(tmp_path)])):
        account = name.partition("-")[2]
        told = re.sub(rf"-{account}$", "-NAME", name) if account in BY_NAME else name
        assert f"`{told}`" in PAGE, told


def secret(folder: Path, name: str) -> dict[str, str]:
    found: Manifest = yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))
    assert (found["kind"], found["metadata"]) == ("Secret", {"name": name, "namespace": "truc-chung"})
    return dict(found["stringData"])


def test_nothing_is_overwritten_and_what_was_deleted_fits_the_rest_again(tmp_path: Path) -> None:
    cluster = cluster_of(["production", "--folder", str(tmp_path)])
    written = prepare(cluster)
    assert written == list(secrets_of(cluster))
    assert prepare(cluster) == []
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    for name in ("bus-gateway", "rabbitmq-definitions"):
        (tmp_path / f"{name}.yaml").unlink()
    assert prepare(cluster) == ["bus-gateway", "rabbitmq-definitions"]
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"rabbitmq-definitions.yaml"}  # a new salt
    _passwords_fit(tmp_path, [account for account in accounts() if account.bus])


def _passwords_fit(folder: Path, having: list[Account]) -> None:
    told = json.loads(secret(folder, "rabbitmq-definitions")["definitions.json"])
    hashes = {user["name"]: base64.b64decode(user["password_hash"]) for user in told["users"]}
    for account in having:
        password = re.search(r":([0-9a-f]+)@", secret(folder, f"bus-{account.name}")["amqp_uri"])[1]
        salt, digest = hashes[account.name][:4], hashes[account.name][4:]
        assert hashlib.sha256(salt + password.encode()).digest() == digest
    assert {one["user"] for one in told["permissions"]} == set(hashes)
    assert len({secret(folder, f"bus-{account.name}")["amqp_uri"] for account in having}) == len(having)


def test_certificates_name_the_servers_and_go_back_to_the_authority(tmp_path: Path) -> None:
    cluster = cluster_of(["production", "--folder", str(tmp_path)])
    prepare(cluster)
    authority = x509.load_pem_x509_certificate(secret(tmp_path, "authority")["ca.crt"].encode())
    for name in ("rabbitmq-tls", "mongodb-tls", "citizens-tls", "agencies-tls"):
        held = secret(tmp_path, name)
        certificate = x509.load_pem_x509_certificate(held["tls.crt"].encode())
        certificate.verify_directly_issued_by(authority)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName)
        for suffix in ("crt", "key"):
            (tmp_path / suffix).write_text(held[f"tls.{suffix}"], "utf-8")
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tmp_path / "crt", tmp_path / "key")  # key fits
    assert secret(tmp_path, "authority")["bundle.crt"].endswith(secret(tmp_path, "authority")["ca.crt"])


def test_who_trusts_the_own_authority_trusts_the_machines_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = tmp_path / "others.crt"
    others.write_text("-- others --", "utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(others))
    cluster = cluster_of(["production", "--folder", str(tmp_path / "secrets/production")])
    prepare(cluster)
    assert secret(cluster.folder, "authority")["bundle.crt"].startswith("-- others --\n-----BEGIN CERTIFICATE")
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (cluster.folder, cluster.folder.parent)} == {0o700}
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone"))
    monkeypatch.setattr(prepare_cluster, "AUTHORITIES", tmp_path / "gone")
    (cluster.folder / "authority.yaml").unlink()
    with pytest.raises(SystemExit, match="SSL_CERT_FILE"):
        prepare(cluster)


def test_people_can_put_their_own_lines_into_a_secret(tmp_path: Path) -> None:
    prepare(cluster_of(["production", "--folder", str(tmp_path)]))
    assert (tmp_path / "clients.yaml").read_text("utf-8").endswith("  clients.yaml: |\n    clients: []\n")


def test_the_brokers_certificate_has_the_name_that_mail_hosts_see(tmp_path: Path) -> None:
    cluster = cluster_of(["production", "--folder", str(tmp_path), "--broker-outside", "rabbit.example.vn"])
    prepare(cluster)
    certificate = x509.load_pem_x509_certificate(secret(tmp_path, "rabbitmq-tls")["tls.crt"].encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    shown = names.get_values_for_type(x509.DNSName)
    assert {cluster.broker, "rabbit.example.vn"} < set(shown)
    assert cluster.broker in cluster.amqp_uri("gateway")


@overlays
def test_own_certificates_are_trusted_where_servers_show_them(overlay: str) -> None:
    trusting = {work.name for work in workloads(overlay) if "SSL_CERT_FILE" in work.environment}
    assert trusting == ({work.name for work in workloads(overlay)} if overlay == "production" else set())


@overlays
def test_addresses_fit_how_the_servers_are_reached(overlay: str, tmp_path: Path) -> None:
    cluster = cluster_of([overlay, "--folder", str(tmp_path)])
    prepare(cluster)
    settings = load({"AMQP_URI": cluster.amqp_uri("gateway"), "MONGO_URI": cluster.mongo_uri("gateway")})
    for broker in of_kind(overlay, "RabbitmqCluster"):
        assert ("tls" in broker["spec"]) == settings.amqp_uri.startswith("amqps://")
        assert "rabbitmq.truc-chung.svc" in settings.amqp_uri
    for database in of_kind(overlay, "MongoDBCommunity"):
        assert ("tls" in database["spec"]["security"]) == ("tls=true" in settings.mongo_uri)
        assert settings.mongo_uri.count("mongodb-svc") == database["spec"]["members"]
        assert f"replicaSet={database['metadata']['name']}&" in settings.mongo_uri


def test_a_database_elsewhere_is_called_by_its_own_name(tmp_path: Path) -> None:
    given = ["staging", "--folder", str(tmp_path), "--database", "db-1.example.vn:27017,db-2.example.vn:27017"]
    with pytest.raises(SystemExit):
        cluster_of(given)
    cluster = cluster_of([*given, "--replica-set", "city"])
    prepare(cluster)
    assert (
        "@db-1.example.vn:27017,db-2.example.vn:27017/?replicaSet=city&authSource=admin&tls=true"
        in cluster.mongo_uri("gateway")
    )
