"""Every import rule of pyproject.toml, shown red: forbidden lines in a copy of the tree break it."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from local.state import ROOT

SHOP = "services/one_stop_shop"
VIOLATIONS = [  # rule, file, forbidden import
    ("parts", "shared/errors.py", "gateway"),
    ("parts", "shared/errors.py", "services"),
    ("parts", "gateway/bus.py", "services"),
    ("parts", "gateway/bus.py", "ops.report"),
    ("parts", f"{SHOP}/service.py", "gateway"),
    ("parts", "gateway/bus.py", "local.state"),
    ("parts", "mail_host/converge.py", "services"),
    ("services", f"{SHOP}/service.py", "services.parking"),
    ("layers", f"{SHOP}/domain/clock.py", "services.one_stop_shop.ports"),
    ("layers", f"{SHOP}/ports.py", "services.one_stop_shop.usecases"),
    ("layers", f"{SHOP}/adapters/form_text.py", "services.one_stop_shop.usecases"),
    ("layers", f"{SHOP}/usecases/submit.py", "services.one_stop_shop.adapters"),
    ("layers", f"{SHOP}/adapters/form_text.py", "services.one_stop_shop.wiring"),
    ("layers", f"{SHOP}/wiring.py", "services.one_stop_shop.service"),
    ("domain", f"{SHOP}/domain/clock.py", "shared.history"),
    ("domain", f"{SHOP}/domain/clock.py", "yaml"),
    ("probe", "services/conference_booking/probe/packets.py", "shared.errors"),
    ("probe", "services/conference_booking/probe/packets.py", "orjson"),
    ("contracts", "shared/contracts/base.py", "shared.settings"),
    ("contracts", "shared/contracts/base.py", "flask"),
    ("nameko", f"{SHOP}/adapters/form_text.py", "eventlet"),
    ("nameko", f"{SHOP}/ports.py", "nameko"),
    ("nameko", "gateway/bus.py", "kombu"),
    ("nameko", "mail_host/converge.py", "eventlet"),
    ("amqp", f"{SHOP}/wiring.py", "amqp"),
    ("database", f"{SHOP}/ports.py", "pymongo"),
    ("database", f"{SHOP}/usecases/submit.py", "shared.persistence"),
    ("database", "gateway/bus.py", "shared.persistence"),
    ("database", "mail_host/accounts.py", "pymongo"),
    ("messaging", "gateway/bus.py", "shared.messaging.outbox"),
    ("messaging", f"{SHOP}/adapters/form_text.py", "shared.messaging.outbox"),
    ("messaging", f"{SHOP}/ports.py", "shared.messaging"),
    ("web", f"{SHOP}/ports.py", "flask"),
    ("web", "shared/errors.py", "gevent"),
]
RULES = {
    rule["id"]: rule["name"]
    for rule in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checked packages, with a second service to be independent of."""
    root = tmp_path_factory.mktemp("tree")
    for package in ("shared", "services", "gateway", "mail_host", "ops", "local"):
        shutil.copytree(ROOT / package, root / package, ignore=_all_but_python)
    shutil.copytree(root / SHOP, root / "services" / "parking")
    for path in (root / "services" / "parking").rglob("*.py"):
        path.write_text(path.read_text("utf-8").replace("services.one_stop_shop", "services.parking"), "utf-8")
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if Path(name).suffix not in (".py", "") or name == "__pycache__"}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": ".", "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def complaints(tree: Path) -> dict[str, str]:
    """What the linter says about each rule when all violations are in the tree at once."""
    sound = lint(tree)
    assert sound.returncode == 0, sound.stdout
    for _, file, imported in VIOLATIONS:
        with (tree / file).open("a", encoding="utf-8") as module:
            module.write(f"\nimport {imported}\n")
    (tree / SHOP / "helpers.py").touch()
    result = lint(tree)
    assert result.returncode == 1
    told = result.stdout.partition("Broken contracts")[2]
    starts = {rule: told.index(f"{name}\n---") for rule, name in RULES.items()}
    order = sorted(starts, key=starts.__getitem__)
    ends = [starts[rule] for rule in order[1:]] + [len(told)]
    return {rule: told[starts[rule] : end] for rule, end in zip(order, ends, strict=True)}


@pytest.mark.parametrize(("rule", "file", "imported"), VIOLATIONS)
def test_a_forbidden_import_breaks_its_rule(complaints: dict[str, str], rule: str, file: str, imported: str) -> None:
    importer = file.removesuffix(".py").replace("/", ".")
    assert re.search(rf"{importer} (->|imports) {imported}\b", complaints[rule]), complaints[rule]


def test_a_module_without_a_layer_breaks_the_layers(complaints: dict[str, str]) -> None:
    assert "services.one_stop_shop.helpers" in complaints["layers"]


def test_every_rule_is_shown_red() -> None:
    assert set(RULES) == {rule for rule, *_ in VIOLATIONS}
