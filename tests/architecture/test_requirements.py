"""requirements.lock is the only place of versions: it covers pyproject.toml, is hashed, and names no host.

checkov stands beside it with a lock of its own, for it wants other versions than we do.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest

from local.state import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PIN = r"^([a-z0-9-]+)(?:\[.*\])?==(\S+)"
PINS = re.findall(PIN, LOCK, re.MULTILINE)
locks = pytest.mark.parametrize(
    "lock", [LOCK, (ROOT / "local/checkov.lock").read_text("utf-8")], ids=["ours", "checkov"]
)


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _name(requirement: str) -> str:
    return _normal(re.split(r"[\[=<>~!; ]", requirement)[0])


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = set(map(_name, PROJECT["dependencies"]))
ALL = RUNTIME | {_name(wanted) for extra in PROJECT["optional-dependencies"].values() for wanted in extra}
OWN = {"shared", "services", "gateway", "mail_host", "ops", "local", "tests"}


def imported(*folders: str) -> Iterator[tuple[str, str]]:
    """Every file with each distribution that it imports directly."""
    distributions = packages_distributions()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for package in {name.partition(".")[0] for name in names} - OWN - sys.stdlib_module_names:
                found = {_normal(name) for name in distributions.get(package, [f"unknown:{package}"])}
                # pymongo brings bson and gridfs; several packages may share one name.
                yield str(path.relative_to(ROOT)), next(iter(found & ALL), min(found))


def test_what_is_deployed_declares_what_it_imports() -> None:
    deployed = imported("shared", "services", "gateway", "mail_host", "ops")
    assert {(file, name) for file, name in deployed if name not in RUNTIME} == set()


def test_tools_and_tests_declare_what_they_import() -> None:
    assert {(file, name) for file, name in imported("local", "tests") if name not in ALL} == set()


def test_every_dependency_is_locked() -> None:
    assert len(ALL) > 20
    assert ALL - {name for name, _ in PINS} == set(), "run `make lock`"


@locks
def test_every_locked_version_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=[a-z0-9-]+(?:\[.*\])?==)", lock, flags=re.MULTILINE)[1:]
    assert len(entries) == len(re.findall(PIN, lock, re.MULTILINE)) > 20
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@locks
def test_the_lock_names_no_host(lock: str) -> None:
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", lock) == []
