"""What the code says of a part that runs by itself: which settings it reads, where it answers, what it does without."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import grimp

from local.state import ROOT
from ops.clock import TURNS
from shared.environment import env_name
from shared.set_up_all import parts as parts_of_set_up
from shared.settings import Settings

SETTINGS = {declared.name: declared for declared in fields(Settings)}
NAMES = {env_name(declared): name for name, declared in SETTINGS.items()}
RUN = "shared.messaging.run"
OF_THE_RUNNER = {"health_port", "traces_url", "traces_share"}
GATEWAY = "gateway.app"
GUNICORN_CONF = "gateway/gunicorn.conf.py"


def module_of(command: list[str]) -> str:
    """The module whose imports are what a command runs."""
    match command:
        case ["gunicorn", "-c", conf, application] if (
            conf == GUNICORN_CONF and application == f"{GATEWAY}:create_app()"
        ):
            return GATEWAY
        case ["python", "-m", run, service, *_] if run == RUN:
            return service
        case ["python", "-m", module, *_]:
            return f"{module}.__main__" if (ROOT / module.replace(".", "/") / "__main__.py").exists() else module
    raise AssertionError(f"no command of ours: {command}")


@cache
def reads(module: str) -> frozenset[str]:
    """The settings that a process reads: those of its own module and of all that it imports."""
    if module == "shared.set_up_all":
        found = frozenset().union(*map(reads, parts_of_set_up()))
        return frozenset(name for name in found if not name.startswith("returned_"))  # makes the index, opens no inbox
    if module == "ops.clock":
        jobs = {module_of(["python", "-m", *turn.command]) for turn in TURNS}
        return _read_by(module) | frozenset().union(*map(reads, jobs))
    if module == "shared.messaging.topology":
        return frozenset({"amqp_uri"})  # it imports services for their declarations only
    return _read_by(module)


def _read_by(module: str) -> frozenset[str]:
    found = {name for path in _sources(module) for name in _read_in(path)}
    return frozenset(found | (OF_THE_RUNNER if module.endswith(".service") else set()))


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("shared", "services", "gateway", "mail_host", "ops", cache_dir=None)


def _sources(module: str) -> Iterator[str]:
    for name in {module} | _graph().find_upstream_modules(module):
        path = name.replace(".", "/")
        yield f"{path}.py" if (ROOT / f"{path}.py").exists() else f"{path}/__init__.py"
    if module == GATEWAY:
        yield GUNICORN_CONF


@cache
def _read_in(path: str) -> frozenset[str]:
    return frozenset(
        node.attr
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        if isinstance(node, ast.Attribute) and "settings" in ast.unparse(node.value) and node.attr in SETTINGS
    )


@cache
def does_without(module: str) -> frozenset[str]:
    """The settings that must be given elsewhere, but not to this process: it says so where it loads them."""
    return frozenset(
        name
        for node in ast.walk(ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "load"
        for keyword in node.keywords
        if keyword.arg == "without"
        for name in ast.literal_eval(keyword.value)
    )


def runs(command: list[str]) -> bool:
    """Whether the module that a command names is there and does something when it is run."""
    module = module_of(command)
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        return False
    text = (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")
    if module == GATEWAY:
        return "def create_app(" in text
    return module.endswith((".service", ".__main__")) or '__name__ == "__main__"' in text


def answered_paths(module: str) -> set[str]:
    """The paths that a process answers on its health port."""
    if module == GATEWAY:
        health = (ROOT / "gateway/api/health.py").read_text("utf-8")
        (views,) = re.findall(r"for view in \((.+)\):", health)
        return {f"/{name}" for name in views.split(", ")}
    source = "shared/messaging/health.py" if module.endswith(".service") else f"{module.replace('.', '/')}.py"
    text = (ROOT / source).read_text("utf-8")
    if "serve_health(" in text:
        text = (ROOT / "shared/health_pages.py").read_text("utf-8")
    return set(re.findall(r'"(/[a-z]+)"', text))


def graceful_seconds(module: str, given: dict[str, str]) -> float:
    """How long a process may take to end after SIGTERM."""
    if module == GATEWAY:
        (seconds,) = re.findall(r"^graceful_timeout = (\d+)", (ROOT / GUNICORN_CONF).read_text("utf-8"), re.MULTILINE)
        return float(seconds) + float(given["DRAIN_SECONDS"])
    return float(given.get("STOP_GRACE_SECONDS") or SETTINGS["stop_grace_seconds"].default)
