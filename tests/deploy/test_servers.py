"""Broker and database in the cluster: how they are kept in, how much they hold, who reaches them."""

import re

import pytest
import yaml

from local.state import ROOT
from tests.deploy.overlay import OVERLAYS, gigabytes, of_kind, workloads

overlays = pytest.mark.parametrize("overlay", OVERLAYS)


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


def test_volumes_hold_what_a_province_adds() -> None:
    (added,) = re.findall(
        r"^## A province of .+?^A year adds ([0-9,]+) GB", (ROOT / "docs/capacity.md").read_text("utf-8"), re.M | re.S
    )
    monthly = int(added.replace(",", "")) / 12
    (database,) = of_kind("production", "MongoDBCommunity")
    (claim,) = database["spec"]["statefulSet"]["spec"]["volumeClaimTemplates"]
    assert gigabytes(claim) * 0.8 >= MONTHS_STORED * monthly
    (backups,) = [one for one in of_kind("production", "PersistentVolumeClaim") if one["metadata"]["name"] == "backups"]
    (backup,) = [work for work in workloads("production") if work.name == "backup"]
    _, _, kept = backup.container["command"][-3:]
    assert gigabytes(backups) >= (int(kept) + 1) * MONTHS_BACKED_UP * monthly


def test_the_database_keeps_the_moment_that_a_backup_reads() -> None:
    (database,) = of_kind("production", "MongoDBCommunity")
    (backup,) = [work for work in workloads("production") if work.name == "backup"]
    longest = backup.manifest["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"]
    given = database["spec"]["additionalMongodConfig"]
    assert given["setParameter.minSnapshotHistoryWindowInSeconds"] >= longest


def test_slow_operations_are_not_logged_with_the_personal_data_in_them() -> None:
    (database,) = of_kind("production", "MongoDBCommunity")
    beside = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["mongo"]["command"]
    milliseconds = int(beside[beside.index("--slowms") + 1])
    assert database["spec"]["additionalMongodConfig"]["operationProfiling.slowOpThresholdMs"] == milliseconds


@overlays
def test_mail_hosts_reach_a_broker_in_the_cluster_as_who_they_are(overlay: str) -> None:
    let_in = [one for one in of_kind(overlay, "NetworkPolicy") if one["metadata"]["name"] == "bus-from-mail-hosts"]
    for broker in of_kind(overlay, "RabbitmqCluster"):
        assert ("service" in broker["spec"]) == bool(let_in)
        if let_in:
            assert broker["spec"]["service"]["type"] == "LoadBalancer"
            assert broker["spec"]["override"]["service"]["spec"] == {"externalTrafficPolicy": "Local"}


def test_queues_that_were_declared_before_all_nodes_had_joined_reach_them_too() -> None:
    (cluster,) = of_kind("production", "RabbitmqCluster")
    lines = dict(
        line.split(" = ") for line in cluster["spec"]["rabbitmq"]["additionalConfig"].splitlines() if "=" in line
    )
    grows = "quorum_queue.continuous_membership_reconciliation."
    assert lines[f"{grows}enabled"] == "true"
    assert lines[f"{grows}target_group_size"] == str(cluster["spec"]["replicas"])
