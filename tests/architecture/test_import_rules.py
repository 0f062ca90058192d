"""Every import rule of pyproject.toml, shown red once: one forbidden line in a copy of the tree breaks it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from local.state import ROOT

SERVICE = "services/one_stop_shop"
VIOLATIONS = [
    ("parts", "shared/errors.py", "import gateway", "shared.errors -> gateway"),
    ("parts", "shared/errors.py", "import services.one_stop_shop", "shared.errors -> services.one_stop_shop"),
    ("parts", "gateway/bus.py", "import services.one_stop_shop", "gateway.bus -> services.one_stop_shop"),
    ("parts", f"{SERVICE}/service.py", "import gateway", "services.one_stop_shop.service -> gateway"),
    ("parts", "gateway/bus.py", "import local.state", "gateway.bus -> local.state"),
    ("services", f"{SERVICE}/service.py", "import services.parking", "one_stop_shop.service -> services.parking"),
    ("layers", f"{SERVICE}/domain/clock.py", "import services.one_stop_shop.ports", "one_stop_shop.domain.clock"),
    ("layers", f"{SERVICE}/ports.py", "import services.one_stop_shop.usecases", "one_stop_shop.usecases"),
    ("layers", f"{SERVICE}/adapters/form_text.py", "import services.one_stop_shop.usecases", "adapters.form_text"),
    ("layers", f"{SERVICE}/adapters/form_text.py", "import services.one_stop_shop.wiring", "one_stop_shop.wiring"),
    ("layers", f"{SERVICE}/wiring.py", "import services.one_stop_shop.service", "one_stop_shop.service"),
    ("layers", f"{SERVICE}/helpers.py", "", "one_stop_shop.helpers"),
    ("domain", f"{SERVICE}/domain/clock.py", "import shared.history", "imports shared.history"),
    ("domain", f"{SERVICE}/domain/clock.py", "import yaml", "imports yaml"),
    ("contracts", "shared/contracts/base.py", "import shared.settings", "imports shared.settings"),
    ("contracts", "shared/contracts/base.py", "import flask", "imports flask"),
    ("nameko", f"{SERVICE}/adapters/form_text.py", "import eventlet", "one_stop_shop.adapters.form_text -> eventlet"),
    ("nameko", f"{SERVICE}/ports.py", "import nameko", "services.one_stop_shop.ports -> nameko"),
    ("nameko", "gateway/bus.py", "import kombu", "gateway.bus -> kombu"),
    ("amqp", f"{SERVICE}/wiring.py", "import amqp", "services.one_stop_shop.wiring -> amqp"),
    ("database", f"{SERVICE}/ports.py", "import pymongo", "services.one_stop_shop.ports -> pymongo"),
    ("database", "gateway/bus.py", "import shared.persistence", "gateway.bus -> shared.persistence"),
    ("messaging", "gateway/bus.py", "import shared.messaging", "gateway.bus -> shared.messaging"),
    ("messaging", f"{SERVICE}/ports.py", "import shared.messaging", "one_stop_shop.ports -> shared.messaging"),
    ("web", f"{SERVICE}/ports.py", "import flask", "services.one_stop_shop.ports -> flask"),
    ("web", "shared/errors.py", "import gevent", "shared.errors -> gevent"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checked packages, with a second service to be independent of."""
    root = tmp_path_factory.mktemp("tree")
    for package in ("shared", "services", "gateway", "local"):
        shutil.copytree(ROOT / package, root / package, ignore=_all_but_python)
    shutil.copytree(root / SERVICE, root / "services" / "parking")
    for path in (root / "services" / "parking").rglob("*.py"):
        path.write_text(path.read_text("utf-8").replace("services.one_stop_shop", "services.parking"), "utf-8")
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if Path(name).suffix not in (".py", "") or name == "__pycache__"}


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", *arguments]
    return subprocess.run(command, cwd=tree, env={"PYTHONPATH": "."}, capture_output=True, text=True, check=False)


def test_the_tree_keeps_all_rules(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("rule", "file", "line", "named"), VIOLATIONS)
def test_a_forbidden_import_is_named(tree: Path, rule: str, file: str, line: str, named: str) -> None:
    path = tree / file
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n", "utf-8")
    try:
        result = lint(tree, "--contract", rule)
    finally:
        path.unlink() if before is None else path.write_text(before, "utf-8")
    assert result.returncode == 1, result.stdout
    assert named in result.stdout


def test_every_rule_is_shown_red() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert {rule["id"] for rule in rules} == {rule for rule, *_ in VIOLATIONS}
