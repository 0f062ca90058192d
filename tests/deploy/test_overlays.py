"""Each overlay of k8s/ renders, Kubernetes takes it, and it fits the code."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml

from local.capacity.model import read_demand
from local.state import ROOT
from shared.messaging.topology import rpc_queue
from shared.settings import load
from tests.architecture.test_queues import declared_queues
from tests.deploy.overlay import OVERLAYS, SERVERS, Manifest, Workload, of_kind, render, rendered, selects, workloads
from tests.deploy.parts import GATEWAY, NAMES, SETTINGS, answered_paths, does_without, graceful_seconds, reads, runs

VERSIONS = [f"1.{minor}" for minor in range(33, int(kubernetes_validate.latest_version().split(".")[1]) + 1)]
"""From 1.33 on, where matchLabelKeys of an affinity need no switch."""

CUSTOM = {
    *("RabbitmqCluster", "MongoDBCommunity", "ScaledObject", "TriggerAuthentication"),
    *("PodMonitor", "ServiceMonitor", "PrometheusRule"),
}
"""Kinds of operators, which Kubernetes itself does not know."""

ALL = [pytest.param(overlay, work, id=f"{overlay}-{work.name}") for overlay in OVERLAYS for work in workloads(overlay)]
STAYING = [case for case in ALL if case.values[1].manifest["kind"] == "Deployment"]
overlays = pytest.mark.parametrize("overlay", OVERLAYS)
each = pytest.mark.parametrize(("overlay", "work"), ALL)
each_staying = pytest.mark.parametrize(("overlay", "work"), STAYING)


def test_all_are_there() -> None:
    assert OVERLAYS == ["dev", "production", "staging"]
    assert len(STAYING) == 3 * 8


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
    assert given.pop("SSL_CERT_FILE", "/run/authority/bundle.crt") in mounted | {"/run/authority/bundle.crt"}
    for name, value in given.copy().items():
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
    given = {NAMES[name.removesuffix("_FILE")] for name in work.environment if name not in {*NAMES, "SSL_CERT_FILE"}}
    assert given <= reads(work.module)


@each_staying
def test_probes_ask_what_is_answered(overlay: str, work: Workload) -> None:
    ports = {port["name"]: port["containerPort"] for port in work.container["ports"]}
    assert str(ports["health"]) == work.environment["HEALTH_PORT"]
    for probe, path in (("startupProbe", "/live"), ("readinessProbe", "/ready"), ("livenessProbe", "/live")):
        asked = work.container[probe]["httpGet"]
        assert asked == {"path": path, "port": "health"}
        assert path in answered_paths(work.module)


@each_staying
def test_it_may_finish_its_work(overlay: str, work: Workload) -> None:
    assert work.spec["terminationGracePeriodSeconds"] > graceful_seconds(work.module, work.environment)
    if work.module == GATEWAY:  # and who is still led here meanwhile is answered
        assert float(work.environment["DRAIN_SECONDS"]) >= 5


@each
def test_a_job_that_hangs_ends(overlay: str, work: Workload) -> None:
    spec = work.manifest["spec"]
    job = spec["jobTemplate"]["spec"] if work.manifest["kind"] == "CronJob" else spec
    runs_by_itself = work.manifest["kind"] != "Deployment" and not spec.get("suspend")
    assert ("activeDeadlineSeconds" in job) == runs_by_itself  # whoever restores looks on


@each_staying
def test_only_nodes_keep_pods_from_starting(overlay: str, work: Workload) -> None:
    spread = {one["topologyKey"]: one for one in work.spec["topologySpreadConstraints"]}
    assert spread["topology.kubernetes.io/zone"]["whenUnsatisfiable"] == "ScheduleAnyway"
    if overlay == "production":
        assert spread["kubernetes.io/hostname"]["whenUnsatisfiable"] == "DoNotSchedule"
        assert spread["kubernetes.io/hostname"]["nodeTaintsPolicy"] == "Honor"
    for one in spread.values():
        assert selects(one["labelSelector"], work.labels)


@overlays
def test_what_setup_needs_comes_before_it_and_the_processes_after(overlay: str) -> None:
    wave, first = {}, set()
    for manifest in rendered(overlay):
        kind, metadata = manifest["kind"], manifest["metadata"]
        wave[kind] = int(metadata.get("annotations", {}).get("argocd.argoproj.io/sync-wave", 0))
        if metadata.get("labels", {}).get("truc-chung/order") == "first":
            first.add(kind)
        assert (kind in first) == (wave[kind] < 0), f"{kind} {metadata['name']}"
        assert not any("hook" in name for name in metadata.get("annotations", {}))
    needed = {"Namespace", "ServiceAccount", "ConfigMap", "NetworkPolicy"}
    assert needed | {"Job"} <= first
    for server in {"RabbitmqCluster", "MongoDBCommunity"} & set(wave):
        assert max(wave[kind] for kind in needed) < wave[server] < wave["Job"]
    assert wave["Job"] < wave["Deployment"]
    (job,) = of_kind(overlay, "Job")
    assert "Replace=true" in job["metadata"]["annotations"]["argocd.argoproj.io/sync-options"]


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
def test_the_servers_pods_are_restricted(overlay: str) -> None:
    templates = [one["spec"]["override"]["statefulSet"] for one in of_kind(overlay, "RabbitmqCluster")]
    templates += [one["spec"]["statefulSet"] for one in of_kind(overlay, "MongoDBCommunity")]
    assert len(templates) == (0 if overlay == "staging" else 2)
    for template in templates:
        pod = template["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*pod["initContainers"], *pod["containers"]):
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


MONTHS_STORED, MONTHS_BACKED_UP = 24, 12
"""How long the volumes of production last for a province, with a fifth left free in those of the database."""


def test_made_up_people_are_where_developers_are() -> None:
    for overlay in OVERLAYS:
        given = {work.environment.get("MADE_UP_PEOPLE", "welcome") for work in workloads(overlay)}
        assert given == ({"welcome"} if overlay == "dev" else {"refused"})


def test_volumes_hold_what_a_province_adds() -> None:
    (added,) = re.findall(
        r"^## A province of .+?^A year adds ([0-9,]+) GB", (ROOT / "docs/capacity.md").read_text("utf-8"), re.M | re.S
    )
    monthly = int(added.replace(",", "")) / 12
    (database,) = of_kind("production", "MongoDBCommunity")
    (claim,) = database["spec"]["statefulSet"]["spec"]["volumeClaimTemplates"]
    assert _gigabytes(claim) * 0.8 >= MONTHS_STORED * monthly
    (backups,) = [one for one in of_kind("production", "PersistentVolumeClaim") if one["metadata"]["name"] == "backups"]
    (backup,) = [work for work in workloads("production") if work.name == "backup"]
    _, _, kept = backup.container["command"][-3:]
    assert _gigabytes(backups) >= (int(kept) + 1) * MONTHS_BACKED_UP * monthly


def test_the_database_keeps_the_moment_that_a_backup_reads() -> None:
    (database,) = of_kind("production", "MongoDBCommunity")
    (backup,) = [work for work in workloads("production") if work.name == "backup"]
    longest = backup.manifest["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"]
    given = database["spec"]["additionalMongodConfig"]
    assert given["setParameter.minSnapshotHistoryWindowInSeconds"] >= longest


def _gigabytes(claim: Manifest) -> float:
    number, unit = re.fullmatch(r"(\d+)(Gi|Ti)", claim["spec"]["resources"]["requests"]["storage"]).groups()
    return int(number) * {"Gi": 2**30, "Ti": 2**40}[unit] / 1e9


def test_one_of_each_is_enough_for_a_developer() -> None:
    assert {one["spec"].get("replicas", 1) for one in of_kind("dev", "Deployment", "RabbitmqCluster")} == {1}
    assert [one["spec"]["members"] for one in of_kind("dev", "MongoDBCommunity")] == [1]
    assert {one["spec"]["minReplicas"] for one in of_kind("dev", "HorizontalPodAutoscaler")} == {1}
    claims = of_kind("dev", "PersistentVolumeClaim")
    claims += [
        claim
        for one in of_kind("dev", "MongoDBCommunity")
        for claim in one["spec"]["statefulSet"]["spec"]["volumeClaimTemplates"]
    ]
    assert all(_gigabytes(claim) < 10 for claim in claims)


@overlays
def test_each_has_an_account_of_its_own_without_token(overlay: str) -> None:
    accounts = {account["metadata"]["name"]: account for account in of_kind(overlay, "ServiceAccount")}
    for database in of_kind(overlay, "MongoDBCommunity"):  # whose agent asks Kubernetes
        name = database["spec"]["statefulSet"]["spec"]["template"]["spec"]["serviceAccountName"]
        assert accounts.pop(name)["metadata"]["name"] == "mongodb-database"
        (binding,) = of_kind(overlay, "RoleBinding")
        assert [subject["name"] for subject in binding["subjects"]] == [name]
        assert [role["metadata"]["name"] for role in of_kind(overlay, "Role")] == [binding["roleRef"]["name"]]
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
    kept = {kind: labels for kind, labels in SERVERS.items() if of_kind(overlay, kind)}
    for labels in kept.values():
        (budget,) = [one for one in budgets if one["spec"]["selector"] == {"matchLabels": labels}]
        assert budget["spec"]["maxUnavailable"] == 1
        budgets.remove(budget)
    for manifest in budgets:
        chosen = [name for name, work in staying.items() if selects(manifest["spec"]["selector"], work.labels)]
        assert chosen == [manifest["metadata"]["name"]]
    assert {manifest["metadata"]["name"] for manifest in budgets} == set(staying)
    services = {service["metadata"]["name"]: service["spec"] for service in of_kind(overlay, "Service")}
    assert set(services) == {"gateway", "line-reflector"}
    for name, service in services.items():
        assert [one for one, work in staying.items() if service["selector"].items() <= work.labels.items()] == [name]
        (port,) = service["ports"]
        offered = {one["name"]: one.get("protocol") for one in staying[name].container["ports"]}
        assert offered[port["targetPort"]] == port.get("protocol")


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
def test_scalers_aim_at_what_is_planned_of_a_core(overlay: str) -> None:
    planned = f"{1000 * read_demand().machine['busy']:.0f}m"
    aims = {}
    for one in of_kind(overlay, "ScaledObject"):
        (cpu,) = [trigger for trigger in one["spec"]["triggers"] if trigger["type"] == "cpu"]
        aims[one["metadata"]["name"]] = (cpu["metricType"], cpu["metadata"]["value"])
    for one in of_kind(overlay, "HorizontalPodAutoscaler"):
        (cpu,) = [metric["resource"]["target"] for metric in one["spec"]["metrics"] if metric["type"] == "Resource"]
        aims[one["metadata"]["name"]] = (cpu["type"], cpu["averageValue"])
    assert set(aims.values()) == {("AverageValue", planned)}
    if overlay == "production":  # where nodes have to have that much
        work = {one.name: one for one in workloads(overlay)}
        assert {work[name].container["resources"]["requests"]["cpu"] for name in aims} == {planned}


@overlays
def test_scalers_count_queues_that_are_declared(overlay: str) -> None:
    queues = set(declared_queues())
    for manifest in of_kind(overlay, "ScaledObject"):
        service = manifest["metadata"]["name"].replace("-", "_")
        figures = {trigger["type"]: trigger["metadata"] for trigger in manifest["spec"]["triggers"]}
        assert figures["rabbitmq"]["queueName"] == rpc_queue(service).name in queues
        (pattern,) = re.findall(r'sum\(queue_messages{.*queue=~"(.+)"}\)', figures["prometheus"]["query"])
        heard = {queue for queue in queues if queue.startswith(f"inbox.{service}.")}
        assert {queue for queue in queues if re.fullmatch(pattern, queue)} == heard


@overlays
def test_mail_hosts_reach_a_broker_in_the_cluster_as_who_they_are(overlay: str) -> None:
    let_in = [one for one in of_kind(overlay, "NetworkPolicy") if one["metadata"]["name"] == "bus-from-mail-hosts"]
    for broker in of_kind(overlay, "RabbitmqCluster"):
        assert ("service" in broker["spec"]) == bool(let_in)
        if let_in:
            assert broker["spec"]["service"]["type"] == "LoadBalancer"
            assert broker["spec"]["override"]["service"]["spec"] == {"externalTrafficPolicy": "Local"}


@overlays
def test_probes_reach_the_port_on_which_they_are_answered(overlay: str) -> None:
    (reflector,) = [work for work in workloads(overlay) if "reflector_bind" in reads(work.module)]
    (service,) = [one for one in of_kind(overlay, "Service") if one["metadata"]["name"] == reflector.name]
    bound = reflector.environment.get("REFLECTOR_BIND") or SETTINGS["reflector_bind"].default
    ports = {port["name"]: port["containerPort"] for port in reflector.container["ports"]}
    assert service["spec"]["ports"][0]["port"] == ports["probes"] == int(bound.rpartition(":")[2])


def test_staging_is_set_as_production() -> None:
    staging, production = ({*workloads(overlay)[0].settings["data"]} for overlay in ("staging", "production"))
    assert production - staging == {"OUTSIDE_FOLDER", "TRACES_URL", "TRACES_SHARE"}  # of components beside
    assert staging <= production


@overlays
def test_both_ways_in_lead_to_the_gateway_and_let_files_through(overlay: str) -> None:
    (gateway,) = [work for work in workloads(overlay) if work.module == GATEWAY]
    (service,) = [one for one in of_kind(overlay, "Service") if one["metadata"]["name"] == "gateway"]
    ways = of_kind(overlay, "Ingress")
    assert len({way["spec"]["ingressClassName"] for way in ways}) == len(ways) == 2
    hosts = {}
    for way in ways:
        (rule,), (tls,) = way["spec"]["rules"], way["spec"]["tls"]
        hosts[way["metadata"]["name"]] = rule["host"]
        assert tls["hosts"] == [rule["host"]]
        (path,) = rule["http"]["paths"]
        assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"name": "http"}}
        limit = way["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
        largest = int(gateway.environment.get("MAX_UPLOAD_BYTES") or SETTINGS["max_upload_bytes"].default)
        assert int(re.fullmatch(r"(\d+)m", limit)[1]) * 1024 * 1024 > largest
    told = {"citizens": gateway.environment["PUBLIC_URL"], "agencies": gateway.environment["OFFICERS_URL"]}
    assert {name: urlsplit(address).hostname for name, address in told.items()} == hosts
    assert gateway.environment["TRUSTED_PROXIES"] == "1"


def test_gateway_api_leads_where_the_ingress_does(tmp_path: Path) -> None:
    parts = {"resources": ["base"], "components": ["components/gateway-api"]}
    shown = {key: [os.path.relpath(ROOT / "k8s" / name, tmp_path) for name in names] for key, names in parts.items()}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(shown), "utf-8")
    made = render(tmp_path)
    (service,) = [one for one in made if one["kind"] == "Service" and one["metadata"]["name"] == "gateway"]
    gateways, routes = (
        {one["metadata"]["name"]: one["spec"] for one in made if one["kind"] == kind}
        for kind in ("Gateway", "HTTPRoute")
    )
    ways = {way["metadata"]["name"]: way["spec"] for way in of_kind("production", "Ingress")}
    assert set(gateways) == set(routes) == set(ways)
    for name, way in ways.items():
        (listener,), (rule,) = gateways[name]["listeners"], routes[name]["rules"]
        assert gateways[name]["gatewayClassName"] == way["ingressClassName"]
        assert [listener["hostname"]] == routes[name]["hostnames"] == way["tls"][0]["hosts"]
        assert [one["name"] for one in listener["tls"]["certificateRefs"]] == [way["tls"][0]["secretName"]]
        assert routes[name]["parentRefs"] == [{"name": name, "sectionName": listener["name"]}]
        assert rule["backendRefs"] == [{"name": "gateway", "port": service["spec"]["ports"][0]["port"]}]


def test_queues_that_were_declared_before_all_nodes_had_joined_reach_them_too() -> None:
    (cluster,) = of_kind("production", "RabbitmqCluster")
    lines = dict(
        line.split(" = ") for line in cluster["spec"]["rabbitmq"]["additionalConfig"].splitlines() if "=" in line
    )
    grows = "quorum_queue.continuous_membership_reconciliation."
    assert lines[f"{grows}enabled"] == "true"
    assert lines[f"{grows}target_group_size"] == str(cluster["spec"]["replicas"])
