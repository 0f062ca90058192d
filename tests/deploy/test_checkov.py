"""checkov finds nothing in the image's recipe nor in any overlay but what .checkov.yaml excepts, each for a reason."""

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from local.state import DEFAULT_FOLDER, ROOT
from tests.deploy.overlay import OVERLAYS, rendered

CONFIG = ROOT / ".checkov.yaml"
MISSING = "checkov is missing; install it: make judges"


def test_nothing_is_found_but_what_is_excepted_and_every_exception_is_needed(tmp_path: Path) -> None:
    for overlay in OVERLAYS:
        (tmp_path / f"{overlay}.yaml").write_text(yaml.safe_dump_all(rendered(overlay)), "utf-8")
    config = yaml.safe_load(CONFIG.read_text("utf-8"))
    excepted = set(config.pop("skip-check"))
    judged = judge([ROOT / "Dockerfile", *tmp_path.glob("*.yaml")], config, tmp_path / "config")
    assert {part["check_type"] for part in judged} == set(config["framework"])
    assert all(part["summary"]["passed"] > 50 and not part["summary"]["parsing_errors"] for part in judged)
    found = defaultdict(set)
    for part in judged:
        for failed in part["results"]["failed_checks"]:
            found[failed["check_id"]].add(f"{Path(failed['file_path']).name} {failed['resource']}")
    assert {check: sorted(where) for check, where in found.items() if check not in excepted} == {}
    assert excepted - found.keys() == set()


def test_every_exception_says_why() -> None:
    listed = CONFIG.read_text("utf-8").partition("skip-check:\n")[2].splitlines()
    assert listed
    assert [line for line in listed if not re.fullmatch(r"  - CKV\w+ # [^:]+: .{10,}", line)] == []


def judge(files: list[Path], config: dict[str, Any], place: Path) -> list[dict[str, Any]]:
    """What checkov says of files, by framework."""
    path = f"{DEFAULT_FOLDER / 'checkov/bin'}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which("checkov", path=path)
    assert program, MISSING
    place.write_text(yaml.safe_dump(config), "utf-8")
    command = [program, "--config-file", place, "--compact", "--quiet", "--soft-fail", "--output", "json"]
    asked = [*command, "--file", *files]
    done = subprocess.run(
        asked, cwd=place.parent, capture_output=True, text=True, check=False
    )  # else our file is read too
    assert done.returncode == 0, done.stdout + done.stderr
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said
