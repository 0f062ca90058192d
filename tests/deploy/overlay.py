"""An overlay of k8s/ as kustomize renders it, and the processes in it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

from local.state import ROOT
from tests.deploy.parts import module_of

OVERLAYS = sorted(path.parent.name for path in (ROOT / "k8s/overlays").glob("*/kustomization.yaml"))
KUBECTL = Path(sys.executable).parent / "kubectl"
Manifest = dict[str, Any]
VERSIONS = [f"1.{minor}" for minor in range(33, int(kubernetes_validate.latest_version().split(".")[1]) + 1)]
"""From 1.33 on, where matchLabelKeys of an affinity need no switch."""
CUSTOM = {
    *("RabbitmqCluster", "MongoDBCommunity", "ScaledObject", "TriggerAuthentication"),
    *("PodMonitor", "ServiceMonitor", "PrometheusRule"),
}
"""Kinds of operators, which Kubernetes itself does not know."""
SERVERS = {
    "RabbitmqCluster": {"app.kubernetes.io/name": "rabbitmq"},
    "MongoDBCommunity": {"app": "mongodb-svc"},
}
"""The labels that the operators give to the servers' pods."""


@dataclass(frozen=True)
class Workload:
    """One process of an overlay: a Deployment, a Job or a CronJob."""

    manifest: Manifest
    pod: Manifest
    settings: Manifest

    @property
    def name(self) -> str:
        return str(self.manifest["metadata"]["name"])

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.pod["metadata"]["labels"])

    @property
    def spec(self) -> Manifest:
        return dict(self.pod["spec"])

    @property
    def container(self) -> Manifest:
        (container,) = self.spec["containers"]
        return dict(container)

    @property
    def module(self) -> str:
        return module_of(self.container["command"])

    @property
    def environment(self) -> dict[str, str]:
        """All variables, those of the configuration and those of the process itself."""
        own = {entry["name"]: entry["value"] for entry in self.container.get("env", ())}
        return {**self.settings["data"], **own}

    def mounted(self) -> Iterator[str]:
        """The paths of all single files and of all volumes in the container."""
        volumes = {volume["name"]: volume for volume in self.spec["volumes"]}
        for mount in self.container["volumeMounts"]:
            yield mount["mountPath"]
            for source in volumes[mount["name"]].get("projected", {}).get("sources", ()):
                for item in source["secret"]["items"]:
                    yield f"{mount['mountPath']}/{item['path']}"


@cache
def rendered(overlay: str) -> list[Manifest]:
    """All objects of an overlay."""
    return render(ROOT / "k8s/overlays" / overlay)


def render(folder: Path) -> list[Manifest]:
    """What kustomize makes of a folder."""
    done = subprocess.run([KUBECTL, "kustomize", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def of_kind(overlay: str, *kinds: str) -> list[Manifest]:
    """The objects of some kinds."""
    return [manifest for manifest in rendered(overlay) if manifest["kind"] in kinds]


def workloads(overlay: str) -> list[Workload]:
    """Everything that runs our image."""
    found = []
    for manifest in of_kind(overlay, "Deployment", "Job", "CronJob"):
        spec = manifest["spec"]
        pod = (spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec)["template"]
        (source,) = pod["spec"]["containers"][0]["envFrom"]
        (settings,) = [
            m for m in of_kind(overlay, "ConfigMap") if m["metadata"]["name"] == source["configMapRef"]["name"]
        ]
        found.append(Workload(manifest, pod, settings))
    return found


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a selector of labels (matchLabels only) takes these."""
    assert set(selector) <= {"matchLabels"}, selector
    return selector.get("matchLabels", {}).items() <= labels.items()


def gigabytes(claim: Manifest) -> float:
    """How much a claim of a volume asks for."""
    number, unit = re.fullmatch(r"(\d+)(Gi|Ti)", claim["spec"]["resources"]["requests"]["storage"]).groups()
    return int(number) * {"Gi": 2**30, "Ti": 2**40}[unit] / 1e9
