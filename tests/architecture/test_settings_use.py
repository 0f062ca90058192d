"""Only `shared.environment` reads the environment, and every setting is documented and used."""

import ast
from collections.abc import Iterable
from dataclasses import fields

import pytest

from shared.environment import env_name
from shared.settings import Settings
from tests.architecture.sources import REPO, Module, module, modules

READER = "shared/environment.py"


def environment_readers(sources: Iterable[Module]) -> list[str]:
    """The lines that reach for the environment."""
    return [
        f"{source.path}:{node.lineno}"
        for source in sources
        for node in ast.walk(source.tree)
        if source.path != READER and _reaches_for_environment(node)
    ]


def _reaches_for_environment(node: ast.AST) -> bool:
    names = {"environ", "environb", "getenv", "getenvb"}
    if isinstance(node, ast.Attribute):
        return node.attr in names and ast.unparse(node.value) == "os"
    return isinstance(node, ast.ImportFrom) and node.module == "os" and bool({name.name for name in node.names} & names)


def unused(sources: Iterable[Module]) -> set[str]:
    """The settings that nobody asks for."""
    asked = {
        node.attr
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and "settings" in ast.unparse(node.value)
    }
    return {declared.name for declared in fields(Settings)} - asked


def test_only_the_settings_read_the_environment() -> None:
    assert environment_readers(modules()) == []


@pytest.mark.parametrize(
    "text", ["import os\nos.environ['X']", "import os\nos.getenv('X')", "\nfrom os import environ", "\nos.environ.get"]
)
def test_another_reader_is_named(text: str) -> None:
    assert environment_readers([module(text, "gateway/app.py")]) == ["gateway/app.py:2"]
    assert environment_readers([module(text, READER)]) == []


def test_every_setting_is_used() -> None:
    assert unused(modules()) == set()


def test_an_unused_setting_is_named() -> None:
    some = module("settings.log_level\nself._settings.heartbeat\nother.max_workers")
    assert unused([some]) >= {"max_workers", "public_url"}
    assert not unused([some]) & {"log_level", "heartbeat"}


def test_every_setting_is_documented_in_one_sentence() -> None:
    page = (REPO / "docs/settings.md").read_text(encoding="utf-8")
    for declared in fields(Settings):
        assert f"| `{env_name(declared)}`" in page
        doc = declared.metadata["doc"]
        assert doc[0].isupper(), declared.name
        assert doc.endswith("."), declared.name
