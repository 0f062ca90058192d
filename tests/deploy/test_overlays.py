"""Each overlay of k8s/ renders, Kubernetes takes it, and its parts fit each other."""

import kubernetes_validate
import pytest

from tests.deploy.overlay import CUSTOM, OVERLAYS, SERVERS, VERSIONS, gigabytes, of_kind, rendered, selects, workloads

overlays = pytest.mark.parametrize("overlay", OVERLAYS)


def test_all_are_there() -> None:
    assert OVERLAYS == ["dev", "production", "staging"]


@overlays
@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_object(overlay: str, version: str) -> None:
    for manifest in rendered(overlay):
        if manifest["kind"] not in CUSTOM:
            kubernetes_validate.validate(manifest, version, strict=True)


@overlays
def test_what_setup_needs_comes_before_it_and_the_processes_after(overlay: str) -> None:
    wave, first = {}, set()
    for manifest in rendered(overlay):
        kind, metadata = manifest["kind"], manifest["metadata"]
        if metadata["name"] == "gateway" and kind == "Deployment":
            continue
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


@overlays
def test_a_new_gateway_comes_after_the_services_that_it_asks(overlay: str) -> None:
    waves = {
        one["metadata"]["name"]: int(one["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", 0))
        for one in of_kind(overlay, "Deployment")
    }
    last = {
        one["metadata"]["name"]
        for one in rendered(overlay)
        if one["metadata"].get("labels", {}).get("truc-chung/order") == "last"
    }
    assert last == {"gateway"}
    assert waves.pop("gateway") > max(waves.values())


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
    assert all(gigabytes(claim) < 10 for claim in claims)


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


def test_staging_is_set_as_production() -> None:
    staging, production = ({*workloads(overlay)[0].settings["data"]} for overlay in ("staging", "production"))
    assert production - staging == {"OUTSIDE_FOLDER", "TRACES_URL", "TRACES_SHARE"}  # of components beside
    assert staging <= production
