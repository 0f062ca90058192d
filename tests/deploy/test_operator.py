"""`k8s/ops.sh` makes the right pod of the pattern in the cluster, shows what it says, and ends as it does."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.state import ROOT
from tests.deploy.overlay import KUBECTL, of_kind

# What a cluster would answer; changing a manifest that is not in it is left to the real command.
STAND_IN = """#!/bin/sh
case "$*" in
  *"create job"*) shift 4; echo "$1" >"$HERE/name"; cat "$HERE/job.json" ;;
  patch*) exec "$REAL" "$@" ;;
  *"create -f -"*) cat >"$HERE/created.json" ;;
  *logs*) cat "$HERE/name" "$HERE/said" ;;
  *"get pod"*) cat "$HERE/code" ;;
  *"delete job"*) echo "$5" >"$HERE/deleted" ;;
esac
"""


def job_of(overlay: str) -> dict[str, Any]:
    """What `kubectl create job --from=cronjob/operator` makes."""
    (pattern,) = [one for one in of_kind(overlay, "CronJob") if one["metadata"]["name"] == "operator"]
    assert pattern["spec"]["suspend"] is True
    spec: dict[str, Any] = pattern["spec"]["jobTemplate"]["spec"]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "operator-now"}, "spec": spec}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status", "--json"], 0),
        (["parked", "discard", "one_stop_shop", "a/b", "--reason", 'trùng "hồ sơ" \\ 2, $HOME', "--by", "An"], 1),
    ],
)
def test_the_command_runs_in_a_pod_of_its_own(words: list[str], code: int, tmp_path: Path) -> None:
    program = tmp_path / "bin/kubectl"
    program.parent.mkdir()
    program.write_text(STAND_IN, "utf-8")
    program.chmod(0o755)
    (tmp_path / "job.json").write_text(json.dumps(job_of("production")), "utf-8")
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
    name = (tmp_path / "name").read_text("utf-8")
    assert done.stdout == f"{name}mọi thứ đều ổn\n"
    assert (tmp_path / "deleted").read_text("utf-8") == name
    spec = json.loads((tmp_path / "created.json").read_text("utf-8"))["spec"]
    pod = spec["template"]["spec"]
    assert (pod["containers"][0]["command"], pod["containers"][0]["args"]) == (["python", "-m", "ops"], words)
    assert (pod["restartPolicy"], spec["backoffLimit"]) == ("Never", 0)  # else the log of what went wrong is gone
