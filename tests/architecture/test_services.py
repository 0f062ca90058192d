"""A service is more than its folder: what belongs to it elsewhere and was forgotten is named."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.parts import service_names
from local.state import ROOT


def forgotten(root: Path, name: str) -> Iterator[str]:
    """What a service lacks outside and inside of its folder."""
    path = name.replace("_", "-")
    docstring = ast.get_docstring(ast.parse(_text(root / "services" / name / "__init__.py"))) or ""
    for heading in ("Owns:", "Offers:", "Announces:", "Listens to:"):
        if heading not in docstring:
            yield f"services/{name}/__init__.py: the docstring says nothing under {heading!r}"
    if not any((root / "shared/contracts" / form).exists() for form in (f"{name}.py", name)):
        yield f"shared/contracts/{name}.py"
    if not (root / "gateway/api" / f"{name}.py").exists():
        yield f"gateway/api/{name}.py"
    if f"gateway.api.{name} " not in _text(root / "gateway/app.py"):
        yield f"gateway/app.py: registers no routes of {name}"
    command = ["python", "-m", "shared.messaging.run", f"services.{name}.service"]
    if _yaml(root / "docker-compose.yml")["services"].get(name, {}).get("command") != command:
        yield f"docker-compose.yml: no service {name} that runs {' '.join(command)}"
    if f"{path}.yaml" not in _yaml(root / "k8s/base/kustomization.yaml")["resources"]:
        yield f"k8s/base/kustomization.yaml: {path}.yaml"
    if command[-1] not in _text(root / "k8s/base" / f"{path}.yaml"):
        yield f"k8s/base/{path}.yaml"
    if f"`{name}`" not in _text(root / "docs/architecture.md"):
        yield f"docs/architecture.md: says nothing of `{name}`"


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_text(path))
    return found


@pytest.mark.parametrize("name", service_names())
def test_nothing_was_forgotten(name: str) -> None:
    assert list(forgotten(ROOT, name)) == []


def test_everything_that_was_forgotten_is_named() -> None:
    assert [problem.partition(":")[0] for problem in forgotten(ROOT, "nothing_of_it")] == [
        *["services/nothing_of_it/__init__.py"] * 4,
        "shared/contracts/nothing_of_it.py",
        "gateway/api/nothing_of_it.py",
        "gateway/app.py",
        "docker-compose.yml",
        "k8s/base/kustomization.yaml",
        "k8s/base/nothing-of-it.yaml",
        "docs/architecture.md",
    ]
