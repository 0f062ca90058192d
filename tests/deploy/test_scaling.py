"""What grows by itself, by which figures, and how far."""

import re

import pytest

from local.capacity.model import read_demand
from shared.messaging.topology import rpc_queue
from tests.architecture.test_queues import declared_queues
from tests.deploy.overlay import OVERLAYS, of_kind, workloads

overlays = pytest.mark.parametrize("overlay", OVERLAYS)


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
