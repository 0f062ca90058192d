"""The source text as guard tests read it: modules of the parts as syntax trees, and what is raised in them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPO = Path(__file__).parents[2]
PARTS = ("shared", "services", "gateway", "mail_host", "ops")


@dataclass(frozen=True, slots=True)
class Module:
    """One file with its path within the repository."""

    path: str
    tree: ast.Module


@cache
def modules(*parts: str, repo: Path = REPO) -> tuple[Module, ...]:
    """All modules of some parts, by default of all that make up the platform."""
    found = sorted(path for part in parts or PARTS for path in (repo / part).rglob("*.py"))
    return tuple(Module(str(path.relative_to(repo)), ast.parse(path.read_text(encoding="utf-8"))) for path in found)


def module(text: str, path: str = "shared/example.py") -> Module:
    """A made-up module, to show that a guard can be red."""
    return Module(path, ast.parse(text))


@dataclass(frozen=True, slots=True)
class Raised:
    """A code that some line can raise, with the figures that it gives; None when they cannot be read off."""

    code: str
    params: frozenset[str] | None
    where: str


def error_kinds(sources: Iterable[Module]) -> frozenset[str]:
    """The names of `Error` and all classes made from it."""
    kinds = {"Error"}
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }
    while more := {name for name, parents in bases.items() if parents & kinds} - kinds:
        kinds |= more
    return frozenset(kinds)


def raised(sources: Iterable[Module], kinds: frozenset[str]) -> Iterator[Raised]:
    """Every code written in a call of an error class, of `field_error`, or of marshmallow's `ValidationError`."""
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                for code, params in _codes(node, kinds):
                    yield Raised(code, params, f"{source.path}:{node.lineno}")


def _codes(call: ast.Call, kinds: frozenset[str]) -> Iterator[tuple[str, frozenset[str] | None]]:
    name = ast.unparse(call.func).rpartition(".")[2]
    position = 0 if name in kinds or name == "ValidationError" else 1 if name == "field_error" else None
    if position is not None and len(call.args) > position:
        params = frozenset(keyword.arg or "**" for keyword in call.keywords) - {"fields"}
        for code in constants(call.args[position]):
            yield code, None if "**" in params else params
    for keyword in call.keywords:
        if keyword.arg == "error" and ast.unparse(call.func).startswith("validate."):
            yield from ((code, None) for code in constants(keyword.value))


def constants(node: ast.AST) -> Iterator[str]:
    """The text constants that an expression may have as its value."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from constants(first)
            yield from constants(second)
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from constants(part)


def all_constants(sources: Iterable[Module]) -> set[str]:
    """Every text constant anywhere, the keys and values of tables included."""
    return {
        node.value
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
