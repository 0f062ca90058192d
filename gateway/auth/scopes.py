"""Which scopes each role is granted, from `scopes.yaml`."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml


@cache
def scopes_by_role() -> Mapping[str, tuple[str, ...]]:
    """The scopes of every role."""
    text = (Path(__file__).parent / "scopes.yaml").read_text(encoding="utf-8")
    return {role: tuple(scopes) for role, scopes in yaml.safe_load(text).items()}


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """All scopes of several roles."""
    return frozenset(scope for role in roles for scope in scopes_by_role().get(role, ()))
