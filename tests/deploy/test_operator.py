"""`k8s/ops.sh` makes the right pod of the pattern in the cluster, shows what it says, and ends as it does."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.state import ROOT
from tests.deploy.overlay import KUBECTL, of_kind

# What a cluster would answer; changing a manifest that is not in it is left to the real command.
STAND_IN = """#!/bin/sh
case "$*" in
  *"create job"*) echo "$6" >"$HERE/pattern"; shift 4; echo "$1" >"$HERE/name"; cat "$HERE/job.json" ;;
  patch*) exec "$REAL" "$@" ;;
  *"create -f -"*) cat >"$HERE/created.json" ;;
  *logs*) cat "$HERE/name" "$HERE/said" ;;
  *"get pod"*) cat "$HERE/code" ;;
  *"delete job"*) echo "$5" >"$HERE/deleted" ;;
esac
"""


def job_of(overlay: str, name: str = "operator") -> dict[str, Any]:
    """What `kubectl create job --from=cronjob/NAME` makes."""
    (pattern,) = [one for one in of_kind(overlay, "CronJob") if one["metadata"]["name"] == name]
    assert pattern["spec"]["suspend"] is True
    spec: dict[str, Any] = pattern["spec"]["jobTemplate"]["spec"]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "operator-now"}, "spec": spec}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status", "--json"], 0),
        (["backup", "list"], 0),
        (["parked", "discard", "one_stop_shop", "a/b", "--reason", 'trùng "hồ sơ" \\ 2, $HOME', "--by", "An"], 1),
    ],
)
def test_the_command_runs_in_a_pod_of_its_own(words: list[str], code: int, tmp_path: Path) -> None:
    program = tmp_path / "bin/kubectl"
    program.parent.mkdir()
    program.write_text(STAND_IN, "utf-8")
    program.chmod(0o755)
    pattern = "operator-backups" if words[0] == "backup" else "operator"
    (tmp_path / "job.json").write_text(json.dumps(job_of("production", pattern)), "utf-8")
    (tmp_path / "said").write_text("mọi thứ đều ổn\n", "utf-8")
    (tmp_path / "code").write_text(str(code), "utf-8")
    environment = {
        **os.environ,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HERE": str(tmp_path),
        "REAL": str(KUBECTL),
    }
    done = subprocess.run(
        ["sh", "k8s/ops.sh", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert (tmp_path / "pattern").read_text("utf-8") == f"--from=cronjob/{pattern}\n"
    name = (tmp_path / "name").read_text("utf-8")
    assert done.stdout == f"{name}mọi thứ đều ổn\n"
    assert (tmp_path / "deleted").read_text("utf-8") == name
    spec = json.loads((tmp_path / "created.json").read_text("utf-8"))["spec"]
    pod = spec["template"]["spec"]
    assert (pod["containers"][0]["command"], pod["containers"][0]["args"]) == (["python", "-m", "ops"], words)
    assert (pod["restartPolicy"], spec["backoffLimit"]) == ("Never", 0)  # else the log of what went wrong is gone


def test_a_backup_is_written_by_the_job_that_may_write(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin", "NAMESPACE": "city"}  # no cluster is asked
    command = ["sh", "k8s/ops.sh", "backup", "write", "/backups"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    (told,) = re.findall(r"kubectl -n city create job --from=cronjob/(\S+) backup-now\n", done.stderr)
    (job,) = [one for one in of_kind("production", "CronJob") if one["metadata"]["name"] == told]
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert {"name": "backups", "mountPath": "/backups"} in container["volumeMounts"]


def test_commands_about_backups_see_the_volume_and_the_others_do_not_wait_for_it() -> None:
    patterns = {
        name: job_of("production", name)["spec"]["template"]["spec"] for name in ("operator", "operator-backups")
    }
    mounts = {
        name: {one["mountPath"]: one.get("readOnly") for one in spec["containers"][0]["volumeMounts"]}
        for name, spec in patterns.items()
    }
    assert mounts["operator-backups"].pop("/backups") is True
    assert mounts["operator-backups"] == mounts["operator"]
    (term,) = patterns["operator-backups"]["affinity"]["podAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert term["podAffinityTerm"]["labelSelector"]["matchLabels"] == {"app": "backup"}


@pytest.mark.parametrize(("job", "pattern"), [("copy-now", "operator-backups"), ("copy-back", "restore")])
def test_the_pod_by_which_backups_are_copied_stays_for_a_while(job: str, pattern: str) -> None:
    """The commands of the page, by the real `kubectl`."""
    page = (ROOT / "docs/how-to/back-up-and-restore.md").read_text("utf-8")
    (patch,) = re.findall(rf"create job {job} .+?patch --local .+?-p '(.+?)'", page, re.S)
    done = subprocess.run(
        [KUBECTL, "patch", "--local", "-f", "-", "--type", "json", "-o", "json", "-p", patch],
        input=json.dumps(job_of("production", pattern)),
        capture_output=True,
        text=True,
        check=True,
    )
    (container,) = json.loads(done.stdout)["spec"]["template"]["spec"]["containers"]
    assert [*container["command"], *container.get("args", [])] == ["sleep", "14400"]
