"""The operators of a cluster understand what the manifests ask of them, and reach what they watch over."""

import base64
import fnmatch
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from cryptography import x509

from local.prepare_cluster import Cluster, cluster_of, prepare, secrets_of
from local.state import ROOT
from tests.deploy.overlay import CUSTOM, OVERLAYS, VERSIONS, Manifest, of_kind

FIELDS: dict[str, Any] = yaml.safe_load((ROOT / "tests/deploy/operators.yaml").read_text("utf-8"))
TRIGGERS = FIELDS.pop("triggers")
TYPES = {"string": str, "integer": int, "boolean": bool}
POD: Manifest = {"containers": [{"name": "any"}]}
overlays = pytest.mark.parametrize("overlay", OVERLAYS)


def refused(found: Any, known: Any, path: str) -> Iterator[str]:
    """The places at which a resource holds what its operator does not take."""
    match known:
        case "anything":
            return
        case str() if known.startswith("/"):
            yield from _refused_by_kubernetes(found, *known[1:].split("/"), path)
        case str():
            kind, _, longest = known.partition(" of ")
            if type(found) is not TYPES[kind] or (longest and len(found) > int(longest)):
                yield path
        case [one]:
            for number, part in enumerate(found):
                yield from refused(part, one, f"{path}[{number}]")
        case dict():
            for name, part in found.items():
                yield from refused(part, known[name], f"{path}.{name}") if name in known else [f"{path}.{name}"]


def _refused_by_kubernetes(found: Any, kind: str, field: str, path: str) -> Iterator[str]:
    whole = {
        "Container": ("Pod", {"spec": {"containers": [{"name": "any", field: found}]}}),
        "Pod": ("Pod", {"spec": POD | (found if field == "spec" else {field: found})}),
        "HorizontalPodAutoscaler": (
            kind,
            {"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "any"}, "maxReplicas": 1, field: found}},
        ),
    }
    name, rest = whole.get(kind, (kind, {field: found}))
    version = {"HorizontalPodAutoscaler": "autoscaling/v2"}.get(name, "v1")
    try:
        kubernetes_validate.validate({"apiVersion": version, "kind": name} | rest, VERSIONS[-1], strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{path}: {error.message}"


@overlays
def test_operators_know_every_field_that_is_set(overlay: str) -> None:
    assert set(FIELDS) == CUSTOM
    for kind, known in FIELDS.items():
        for manifest in of_kind(overlay, kind):
            assert list(refused(manifest["spec"], known, kind)) == []


@pytest.mark.parametrize(
    ("kind", "spec", "place"),
    [
        (
            "RabbitmqCluster",
            {"secretBackend": {"externalSecrets": {}}},
            "RabbitmqCluster.secretBackend.externalSecrets",
        ),
        ("RabbitmqCluster", {"replicas": "3"}, "RabbitmqCluster.replicas"),
        (
            "RabbitmqCluster",
            {"rabbitmq": {"additionalConfig": "#" * 2001}},
            "RabbitmqCluster.rabbitmq.additionalConfig",
        ),
        ("MongoDBCommunity", {"users": [{"role": []}]}, "MongoDBCommunity.users[0].role"),
        ("RabbitmqCluster", {"affinity": {"podAntiAffinities": {}}}, "RabbitmqCluster.affinity: Additional"),
    ],
)
def test_what_an_operator_does_not_take_is_found(kind: str, spec: Manifest, place: str) -> None:
    (found,) = refused(spec, FIELDS[kind], kind)
    assert found.startswith(place)


@overlays
def test_scalers_are_told_in_words_that_they_know(overlay: str) -> None:
    given = {one["metadata"]["name"]: one["spec"] for one in of_kind(overlay, "TriggerAuthentication")}
    for scaled in of_kind(overlay, "ScaledObject"):
        for trigger in scaled["spec"]["triggers"]:
            known = TRIGGERS[trigger["type"]]
            assert set(trigger["metadata"]) <= set(known["metadata"])
            assert all(isinstance(value, str) for value in trigger["metadata"].values())
            kept = given[trigger["authenticationRef"]["name"]] if "authenticationRef" in trigger else {}
            assert [one["parameter"] for one in kept.get("secretTargetRef", ())] == known["secrets"]


@pytest.fixture(scope="module", params=["production", "dev"])
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    made = cluster_of([request.param, "--folder", str(tmp_path_factory.mktemp("secrets"))])
    prepare(made)
    return made


def test_the_brokers_operator_finds_its_account_where_it_looks(cluster: Cluster) -> None:
    """Newer ones read INSTANCE-default-user, whatever `externalSecret` names; all mount what that names."""
    (broker,) = of_kind(cluster.overlay, "RabbitmqCluster")
    name = f"{broker['metadata']['name']}-default-user"
    assert broker["spec"]["secretBackend"]["externalSecret"]["name"] == name
    held = secrets_of(cluster)[name]()
    user, password = held["username"], held["password"]
    assert held["default_user.conf"] == f"default_user = {user}\ndefault_pass = {password}\n"
    assert held["port"] == ("5671" if "tls" in broker["spec"] else "5672")
    told = json.loads(secrets_of(cluster)["rabbitmq-definitions"]()["definitions.json"])
    (account,) = [one for one in told["users"] if one["name"] == user]
    assert account["tags"] == ["monitoring"]
    kept = base64.b64decode(account["password_hash"])
    assert hashlib.sha256(kept[:4] + password.encode()).digest() == kept[4:]


def test_the_brokers_operator_trusts_each_node(tmp_path: Path) -> None:
    """It asks RABBITMQ-server-N.RABBITMQ-nodes.NAMESPACE.svc, and trusts the authority of `caSecretName`."""
    cluster = cluster_of(["production", "--folder", str(tmp_path)])
    (broker,) = of_kind("production", "RabbitmqCluster")
    tls, name = broker["spec"]["tls"], broker["metadata"]["name"]
    shown, trusted = secrets_of(cluster)[tls["secretName"]](), secrets_of(cluster)[tls["caSecretName"]]()
    certificate = x509.load_pem_x509_certificate(shown["tls.crt"].encode())
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(trusted["ca.crt"].encode()))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    patterns = names.get_values_for_type(x509.DNSName)
    for number in range(broker["spec"]["replicas"]):
        node = f"{name}-server-{number}.{name}-nodes.{broker['metadata']['namespace']}.svc"
        assert any(fnmatch.fnmatch(node, one) and one.count(".") == node.count(".") for one in patterns), node
