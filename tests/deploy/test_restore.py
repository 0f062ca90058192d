"""What docs/how-to/back-up-and-restore.md tells people to do on Kubernetes fits what is there."""

import json
import re
import subprocess
from typing import Any

import pytest
import yaml

from local.state import ROOT
from tests.deploy.overlay import OVERLAYS, Workload, of_kind, workloads

PAGE = (ROOT / "docs/how-to/back-up-and-restore.md").read_text("utf-8")
overlays = pytest.mark.parametrize("overlay", OVERLAYS)


def work(overlay: str, name: str) -> Workload:
    (found,) = [one for one in workloads(overlay) if one.name == name]
    return found


def claims(of: Workload) -> dict[str, str]:
    """Where a process mounts which claim."""
    mounts = {mount["name"]: mount["mountPath"] for mount in of.container["volumeMounts"]}
    volumes = of.spec["volumes"]
    return {
        mounts[one["name"]]: one["persistentVolumeClaim"]["claimName"]
        for one in volumes
        if "persistentVolumeClaim" in one
    }


@overlays
def test_the_restore_reads_where_the_backup_writes_and_never_runs_by_itself(overlay: str) -> None:
    restore, backup = work(overlay, "restore"), work(overlay, "backup")
    assert claims(restore) == claims(backup) == {"/backups": "backups"}
    assert restore.manifest["spec"]["suspend"] is True
    assert restore.manifest["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0


@overlays
def test_the_name_of_the_file_is_put_into_the_command_and_nowhere_else(overlay: str) -> None:
    (expression,) = re.findall(r"sed (\S+) \|", PAGE)
    (file,) = re.findall(r"backups/(truc-chung-\S+\.zip)", expression)
    job = work(overlay, "restore").pod
    done = subprocess.run(["sed", expression], input=yaml.safe_dump(job), capture_output=True, text=True, check=True)
    changed: dict[str, Any] = yaml.safe_load(done.stdout)
    command = changed["spec"]["containers"][0]["command"]
    assert command == ["python", "-m", "ops", "backup", "restore", f"/backups/{file}", "--replace"]
    changed["spec"]["containers"][0]["command"] = job["spec"]["containers"][0]["command"]
    assert changed == job


@overlays
def test_all_that_no_manifest_brings_back_is_brought_back_by_hand(overlay: str) -> None:
    (named,) = re.findall(r"scale deployment --replicas 2 \\\n +(.+)", PAGE)
    scaled = [one["metadata"]["name"] for one in of_kind(overlay, "Deployment") if "replicas" not in one["spec"]]
    assert sorted(named.split()) == sorted(scaled)
    (patterns,) = re.findall(r"grep -Ev '/\((\S+)\)\$'", PAGE)
    suspended = [one["metadata"]["name"] for one in of_kind(overlay, "CronJob") if one["spec"].get("suspend")]
    assert sorted(patterns.split("|")) == sorted(suspended), "those stay asleep"


@overlays
def test_what_is_stopped_is_chosen_by_a_label_that_all_have(overlay: str) -> None:
    (label,) = re.findall(r"scale deployment --replicas 0 -l (\S+)=(\S+)", PAGE)
    for one in of_kind(overlay, "Deployment"):
        assert one["metadata"]["labels"][label[0]] == label[1]


@overlays
@pytest.mark.parametrize(("job", "writes"), [("copy-now", False), ("copy-back", True)])
def test_files_are_copied_by_a_pod_that_only_sleeps(overlay: str, job: str, writes: bool) -> None:
    (pattern,) = re.findall(rf"create job {job} --from=cronjob/(\S+)", PAGE)
    (patch,) = re.findall(rf"create job {job} .+?-p '(.+?)'", PAGE, re.S)
    copying = work(overlay, pattern)
    container = {key: copying.container.get(key) for key in ("command", "args")}
    for one in json.loads(patch):
        key = one["path"].removeprefix("/spec/template/spec/containers/0/")
        assert one["op"] == "replace"
        assert container[key], f"{key} is not there to be replaced"
        container[key] = one["value"]
    assert [*container["command"], *(container["args"] or [])] == ["sleep", "14400"]
    (mount,) = [one for one in copying.container["volumeMounts"] if one["mountPath"] == "/backups"]
    assert mount.get("readOnly", False) is not writes
