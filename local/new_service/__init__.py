"""Writes a new service: `make new-service NAME=parking_permits`.

The result is small, complete and green: one aggregate that can be opened and read, with its event, contract, routes,
indexes, deployment and unit test. What it is called there is the name without its plural ending.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from string import Template

_FILES = Path(__file__).parent / "files"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class CannotWrite(Exception):
    """The service cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Lines that go into an existing file, before or after the first line that begins with `anchor`."""

    file: str
    anchor: str
    lines: str
    after: bool = False


_INSERTIONS = (
    Insertion(
        "docker-compose.yml",
        "  gateway:",
        "  $name:\n    <<: *service\n    command: [python, -m, shared.messaging.run, services.$name.service]\n\n",
    ),
    Insertion("k8s/base/kustomization.yaml", "configMapGenerator:", "  - $path.yaml\n"),
    Insertion("gateway/app.py", "from gateway.auth.access ", "from gateway.api.$name import $name\n"),
    Insertion("gateway/app.py", "    app.register_blueprint(health)", "    api.register_blueprint($name)\n"),
    Insertion("gateway/openapi/document.py", '    "about":', '    "$path": "$title",\n'),
    Insertion("gateway/auth/scopes.yaml", "operator:", "  - $path:read\n  - $path:write\n", after=True),
    Insertion("docs/architecture.md", "| `one_stop_shop` |", "| `$name` | ${item}s |\n", after=True),
)


def write_service(root: Path, name: str) -> list[Path]:
    """Write and insert everything; answer the files that were written or changed.

    Raises:
        CannotWrite: before anything is changed.
    """
    _check(root, name)
    words = _words(name)
    changed = _insert(root, words)
    for template in sorted(_FILES.rglob("*.txt")):
        target = root / _named(template.relative_to(_FILES), words)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text("utf-8")).substitute(words), "utf-8")
        changed.append(target)
    return changed


def _check(root: Path, name: str) -> None:
    if not _NAME.fullmatch(name) or iskeyword(name):
        raise CannotWrite("say a name in lower case: make new-service NAME=parking_permits")
    if (root / "services" / name).exists():
        raise CannotWrite(f"services/{name} exists already")


def _words(name: str) -> Mapping[str, str]:
    """What the templates speak of."""
    item = name.removesuffix("s") if name.endswith("s") else f"{name}_case"
    return {
        "name": name,
        "path": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "class_name": _camel_case(name),
        "item": item,
        "Item": _camel_case(item),
    }


def _camel_case(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _named(template: Path, words: Mapping[str, str]) -> Path:
    """Where a template's text goes."""
    path = str(template).removesuffix(".txt")
    return Path(path.replace("NAME", words["name"]).replace("ITEM", words["item"]).replace("PATH", words["path"]))


def _insert(root: Path, words: Mapping[str, str]) -> list[Path]:
    """Make all insertions, or none when a place for one is not found."""
    texts: dict[Path, list[str]] = {}
    for insertion in _INSERTIONS:
        path = root / insertion.file
        lines = texts.setdefault(path, path.read_text("utf-8").splitlines(keepends=True))
        at = _place(insertion, lines)
        lines[at:at] = [Template(insertion.lines).substitute(words)]
    for path, lines in texts.items():
        path.write_text("".join(lines), "utf-8")
    return list(texts)


def _place(insertion: Insertion, lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if line.startswith(insertion.anchor):
            return number + insertion.after
    raise CannotWrite(f"{insertion.file} has no line that begins with {insertion.anchor!r} any more")


def tidy(root: Path, files: list[Path]) -> None:
    """Bring what was written into the form that `make check` wants, and write the generated pages again."""
    python = [str(path) for path in files if path.suffix == ".py"]
    ruff = str(Path(sys.executable).parent / "ruff")
    for command in (
        [ruff, "check", "--quiet", "--fix", "--select", "I", *python],
        [ruff, "format", "--quiet", *python],
        [sys.executable, "-m", "local.docs"],
    ):
        subprocess.run(command, cwd=root, check=True)
