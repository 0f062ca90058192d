"""Every command that a runbook or a how-to names can be run where its reader is."""

import contextlib
import importlib.util
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.state import ROOT
from ops.command import build_parser
from tests.deploy.overlay import OVERLAYS, of_kind

RUNBOOKS = sorted((ROOT / "docs/runbooks").glob("*.md"))
HOW_TOS = sorted((ROOT / "docs/how-to").glob("*.md"))
GUARANTEES = ROOT / "docs/delivery-guarantees.md"
PAGES = [*RUNBOOKS, *HOW_TOS, GUARANTEES]
OPERATE = ROOT / "docs/how-to/operate-the-platform.md"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
PROGRAM = re.compile(r"^(?:.*?(?:sh k8s/ops\.sh|python -m ops)|make ops ARGS=)\s*(?=\S)")


def commands(page: Path) -> Iterator[str]:
    """Lines of code and spans of code; a line that ends with a backslash goes on, comments go."""
    text = page.read_text("utf-8")
    for block in re.findall(r"^ *```.*?\n(.*?)^ *```", text, re.M | re.S):
        for line in re.sub(r"\\\n", " ", block).splitlines():
            yield re.sub(r"\s#\s.*", "", line.strip().removeprefix("$ "))
    for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)):
        yield re.sub(r"\s+", " ", span)


def asked_of_ops(page: Path) -> Iterator[list[str]]:
    """The arguments of every use of the operator's command."""
    for command in commands(page):
        if (found := PROGRAM.match(command)) and not re.match(r".*python -m ops\.", command):
            words = shlex.split(command[found.end() :])
            yield words[: words.index("|")] if "|" in words else words


@each_page
def test_the_operators_command_takes_it(page: Path) -> None:
    for words in asked_of_ops(page):
        complaint = io.StringIO()
        numbered = ["1" if word == "NUMBER" else word for word in words if word != "..."]
        numbered += ["--help"] if words in (["parked"], ["backup"]) else []  # the name of a group, in a sentence
        try:
            with contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(complaint):
                build_parser().parse_args(numbered)
        except SystemExit as ended:
            if ended.code == 0:
                continue
            pytest.fail(f"{page.name}: {shlex.join(words)}: {complaint.getvalue()}")


def test_commands_are_found() -> None:
    found = [words for page in PAGES for words in asked_of_ops(page)]
    assert len(found) > 30
    assert ["reconcile", "--dry-run"] in found
    assert ["dead-letters", "purge", "QUEUE", "--by", "NAME", "--reason", "TEXT"] in found


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_runbooks_name_only_what_can_be_run_in_the_cluster(page: Path) -> None:
    for command in commands(page):
        assert "python -m" not in command, f"{command}: in the cluster it is `sh k8s/ops.sh`"
        assert not re.match(r"(rabbitmq\w+|rabbitmq-\w+|mongosh|mongostat) ", command), f"{command}: where?"


@each_page
def test_every_module_that_is_named_is_there(page: Path) -> None:
    for command in commands(page):
        for module in re.findall(r"python -m ([a-z_][\w.]*)", command):
            if module != "zipapp":
                assert importlib.util.find_spec(module), command


@each_page
@pytest.mark.parametrize("overlay", ["production"])
def test_kubectl_is_pointed_at_what_is_there(page: Path, overlay: str) -> None:
    kinds = {"CronJob": "cronjob", "Deployment": "deployment"}
    names = {short: {one["metadata"]["name"] for one in of_kind(overlay, kind)} for kind, short in kinds.items()}
    for command in commands(page):
        if command.startswith("kubectl "):
            for name in re.findall(r"--from=cronjob/(\S+)", command):
                assert name in names["cronjob"] | {"NAME"}, command
            for words in re.findall(r"rollout \w+ deployment (?!-)([a-z -]+)", command):
                assert set(words.split()) <= names["deployment"], command
            assert "kubectl -n truc-chung " in command or re.search(r"kubectl (apply|kustomize) ", command), command


def test_the_table_names_every_command() -> None:
    told = re.findall(r"^\| (`.+?) \|", OPERATE.read_text("utf-8"), re.M)
    first = {re.match(r"`([a-z-]+)", cell)[1] for cell in told if re.match(r"`[a-z-]+", cell)}
    (choices,) = [action.choices for action in build_parser()._actions if action.choices]
    assert set(choices) <= first


def test_all_overlays_have_the_pattern_of_that_pod() -> None:
    for overlay in OVERLAYS:
        assert "operator" in {one["metadata"]["name"] for one in of_kind(overlay, "CronJob")}
