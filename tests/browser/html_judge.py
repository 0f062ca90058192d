"""html-validate: what is wrong with pages as they are served."""

import json
import subprocess
from pathlib import Path

import pytest

from local.state import DEFAULT_FOLDER, ROOT

JUDGE = DEFAULT_FOLDER / "html-validate/node_modules/.bin/html-validate"
RULES = ROOT / "local/html-validate/rules.cjs"
MISSING = "html-validate is missing; install it: make judges (it needs Node and npm: apt-get install nodejs npm)"


def judge(answer: Path, *files: Path) -> list[str]:
    """What is wrong with pages: the page, the line, the rule and its words; it is told by way of a file."""
    if not JUDGE.exists():
        pytest.fail(MISSING)
    command = [str(JUDGE), "--config", str(RULES), "--formatter", f"json={answer}", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{Path(found['filePath']).stem}:{one['line']}: {one['ruleId']}: {one['message']}"
        for found in json.loads(answer.read_text("utf-8"))
        for one in found["messages"]
    ]
