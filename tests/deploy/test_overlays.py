"""Each overlay of k8s/ renders, Kubernetes takes it, and it fits the code."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import kubernetes_validate
import pytest

from local.platform import service_names
from shared.messaging.topology import rpc_queue
from shared.settings import load
from tests.deploy.overlay import OVERLAYS, Workload, of_kind, rendered, selects, workloads
from tests.deploy.parts import GATEWAY, NAMES, SETTINGS, answered_paths, does_without, graceful_seconds, reads, runs

VERSIONS = [f"1.{minor}" for minor in range(33, int(kubernetes_validate.latest_version().split(".")[1]) + 1)]
"""From 1.33 on, where matchLabelKeys of an affinity and preStop.sleep need no switch."""

CUSTOM = {"RabbitmqCluster", "MongoDBCommunity", "ScaledObject", "TriggerAuthentication"}
"""Kinds of operators, which Kubernetes itself does not know."""

ALL = [pytest.param(overlay, work, id=f"{overlay}-{work.name}") for overlay in OVERLAYS for work in workloads(overlay)]
STAYING = [case for case in ALL if case.values[1].manifest["kind"] == "Deployment"]
overlays = pytest.mark.parametrize("overlay", OVERLAYS)
each = pytest.mark.parametrize(("overlay", "work"), ALL)
each_staying = pytest.mark.parametrize(("overlay", "work"), STAYING)


def test_all_are_there() -> None:
    assert OVERLAYS == ["dev", "production", "staging"]
    assert len(STAYING) == 3 * 6


@overlays
@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_object(overlay: str, version: str) -> None:
    for manifest in rendered(overlay):
        if manifest["kind"] not in CUSTOM:
            kubernetes_validate.validate(manifest, version, strict=True)


@each
def test_the_command_exists(overlay: str, work: Workload) -> None:
    assert runs(work.container["command"])


@each
def test_every_setting_is_known_and_all_that_is_read_is_given(overlay: str, work: Workload, tmp_path: Path) -> None:
    given = dict(work.environment)
    mounted = set(work.mounted())
    for name, value in work.environment.items():
        setting = NAMES[name.removesuffix("_FILE") if name not in NAMES else name]
        if name not in NAMES:
            assert value in mounted, f"{name}: no such file is mounted"
            file = tmp_path / name
            file.write_text("secret", "utf-8")
            given[name] = str(file)
        elif SETTINGS[setting].type == Path | None and setting in reads(work.module):
            assert any(value == path or value.startswith(f"{path}/") for path in mounted), f"{name}={value}"
    settings = load(given, without=does_without(work.module))
    for name in reads(work.module):
        if SETTINGS[name].metadata["secret"]:
            assert getattr(settings, name), f"{name} is read and not given"


@each
def test_no_secret_is_mounted_that_is_not_read(overlay: str, work: Workload) -> None:
    given = {NAMES[name.removesuffix("_FILE")] for name in work.environment if name not in NAMES}
    assert given <= reads(work.module)


@each_staying
def test_probes_ask_what_is_answered(overlay: str, work: Workload) -> None:
    ports = {port["name"]: port["containerPort"] for port in work.container["ports"]}
    assert str(ports["health"]) == work.environment["HEALTH_PORT"]
    for probe, path in (("startupProbe", "/ready"), ("readinessProbe", "/ready"), ("livenessProbe", "/live")):
        asked = work.container[probe]["httpGet"]
        assert asked == {"path": path, "port": "health"}
        assert path in answered_paths(work.module)


@each_staying
def test_it_may_finish_its_work(overlay: str, work: Workload) -> None:
    rest = work.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    assert work.spec["terminationGracePeriodSeconds"] > rest + graceful_seconds(work.module, work.environment)


@each
def test_it_is_restricted(overlay: str, work: Workload) -> None:
    pod, container = work.spec["securityContext"], work.container["securityContext"]
    assert pod["runAsNonRoot"]
    assert pod["runAsUser"] >= 10000
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert work.spec["automountServiceAccountToken"] is False
    assert (
        set(work.container["resources"]["limits"]) == set(work.container["resources"]["requests"]) == {"cpu", "memory"}
    )
    assert not work.container["image"].endswith((":latest", "truc-chung"))


@overlays
def test_each_has_an_account_of_its_own_without_token(overlay: str) -> None:
    accounts = {account["metadata"]["name"]: account for account in of_kind(overlay, "ServiceAccount")}
    for work in workloads(overlay):
        assert work.spec["serviceAccountName"] == work.name
        assert accounts.pop(work.name)["automountServiceAccountToken"] is False
    assert accounts == {}


@overlays
def test_selectors_match(overlay: str) -> None:
    staying = {work.name: work for work in workloads(overlay) if work.manifest["kind"] == "Deployment"}
    for work in staying.values():
        assert selects(work.manifest["spec"]["selector"], work.labels)
        assert [
            name for name, other in staying.items() if selects(work.manifest["spec"]["selector"], other.labels)
        ] == [work.name]
    budgets = of_kind(overlay, "PodDisruptionBudget")
    for manifest in budgets:
        chosen = [name for name, work in staying.items() if selects(manifest["spec"]["selector"], work.labels)]
        assert chosen == [manifest["metadata"]["name"]]
    assert {manifest["metadata"]["name"] for manifest in budgets} == set(staying)
    (service,) = of_kind(overlay, "Service")
    assert [name for name, work in staying.items() if service["spec"]["selector"].items() <= work.labels.items()] == [
        "gateway"
    ]
    (port,) = service["spec"]["ports"]
    assert port["targetPort"] in {port["name"] for port in staying["gateway"].container["ports"]}


@overlays
def test_each_is_scaled_by_one_or_by_nobody(overlay: str) -> None:
    targets = [
        manifest["spec"]["scaleTargetRef"]["name"]
        for manifest in of_kind(overlay, "HorizontalPodAutoscaler", "ScaledObject")
    ]
    fixed = [m["metadata"]["name"] for m in of_kind(overlay, "Deployment") if "replicas" in m["spec"]]
    assert sorted(targets + fixed) == sorted(
        manifest["metadata"]["name"] for manifest in of_kind(overlay, "Deployment")
    )


@overlays
def test_scalers_count_queues_that_are_declared(overlay: str) -> None:
    queues = {rpc_queue(name).name for name in service_names()}
    for manifest in of_kind(overlay, "ScaledObject"):
        for trigger in manifest["spec"]["triggers"]:
            if trigger["type"] == "rabbitmq":
                assert trigger["metadata"]["queueName"] in queues


@overlays
def test_both_ways_in_lead_to_the_gateway_and_let_files_through(overlay: str) -> None:
    (gateway,) = [work for work in workloads(overlay) if work.module == GATEWAY]
    (service,) = of_kind(overlay, "Service")
    ways = of_kind(overlay, "Ingress")
    assert len({way["spec"]["ingressClassName"] for way in ways}) == len(ways) == 2
    hosts = []
    for way in ways:
        (rule,), (tls,) = way["spec"]["rules"], way["spec"]["tls"]
        hosts.append(rule["host"])
        assert tls["hosts"] == [rule["host"]]
        (path,) = rule["http"]["paths"]
        assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"name": "http"}}
        limit = way["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
        largest = int(gateway.environment.get("MAX_UPLOAD_BYTES") or SETTINGS["max_upload_bytes"].default)
        assert int(re.fullmatch(r"(\d+)m", limit)[1]) * 1024 * 1024 > largest
    assert urlsplit(gateway.environment["PUBLIC_URL"]).hostname in hosts
    assert gateway.environment["TRUSTED_PROXIES"] == "1"
