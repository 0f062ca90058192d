"""docker-compose.yml fits the code: commands, settings, secrets and networks of each part."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.env_example import env_example
from local.state import ROOT
from ops.clock import HERE, LATE, TURNS
from shared.environment import env_name
from shared.settings import load
from tests.compose.composed import staying
from tests.compose.test_survival import KILLED
from tests.deploy.overlay import of_kind, workloads
from tests.deploy.parts import NAMES, SETTINGS, does_without, module_of, reads, runs

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
OURS = {name: part for name, part in FILE["services"].items() if "build" in part}
FOUNDER = "replica_set"
PARTS = [name for name in OURS if name != FOUNDER]
NETWORKS = {
    "amqp_uri": "bus",
    "mongo_uri": "storage",
    "webhook_seconds": "internet",
    "bridge_seconds": "internet",
    "smtp_host": "internet",
    "gateway_bind": "internet",
    "reflector_bind": "internet",
}
"""The settings by which a process knows whom to call or where to listen, and the network for that."""


def command(name: str) -> list[str]:
    """What a part runs: its own command, or that of the image."""
    (of_image,) = re.findall(r"^CMD (.+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    found: list[str] = OURS[name].get("command") or json.loads(of_image)
    return found


@pytest.mark.parametrize("name", OURS)
def test_the_command_exists(name: str) -> None:
    assert runs(command(name))


@pytest.mark.parametrize("name", PARTS)
def test_every_setting_is_known_and_all_that_is_read_is_given(name: str, tmp_path: Path) -> None:
    part, module = OURS[name], module_of(command(name))
    given: dict[str, str] = dict(part["environment"])
    for variable, value in part["environment"].items():
        assert variable.removesuffix("_FILE") in NAMES or variable in NAMES
        if value.startswith("/run/secrets/"):
            assert value.removeprefix("/run/secrets/") in part["secrets"]
        if variable not in NAMES:
            file = tmp_path / variable
            file.write_text("secret", "utf-8")
            given[variable] = str(file)
    settings = load(given, without=does_without(module))
    for setting in reads(module):
        if SETTINGS[setting].metadata["secret"]:
            assert getattr(settings, setting), f"{setting} is read and not given"


@pytest.mark.parametrize("name", PARTS)
def test_no_secret_is_given_that_is_not_read(name: str) -> None:
    part = OURS[name]
    values = set(part["environment"].values())
    assert {f"/run/secrets/{secret}" for secret in part["secrets"]} <= values
    for variable in part["environment"]:
        if variable not in NAMES:
            assert NAMES[variable.removesuffix("_FILE")] in reads(module_of(command(name)))


@pytest.mark.parametrize("name", PARTS)
def test_each_part_is_in_the_networks_that_it_needs(name: str) -> None:
    read = reads(module_of(command(name)))
    assert set(OURS[name]["networks"]) == {network for setting, network in NETWORKS.items() if setting in read}


def test_every_part_that_stays_up_is_killed_by_a_test() -> None:
    assert sorted(KILLED) == sorted(staying(FILE))


def test_servers_are_reached_by_nobody_else() -> None:
    assert all(FILE["networks"][name]["internal"] for name in ("bus", "storage"))
    assert [name for name, part in FILE["services"].items() if "ports" in part] == ["line_reflector", "gateway"]
    assert FILE["services"]["rabbitmq"]["networks"] == ["bus"]
    assert FILE["services"]["mongo"]["networks"] == ["storage"]


def test_all_that_is_decided_outside_stands_in_the_example() -> None:
    example = env_example()
    for variable in set(re.findall(r"\$\{(\w+)", TEXT)):
        assert re.search(rf"^(# )?{variable}=", example, re.MULTILINE), variable


def test_every_setting_is_given_here_or_stands_in_the_example() -> None:
    example = set(re.findall(r"^(?:# )?(\w+)=", env_example(), re.MULTILINE))
    given = {variable.removesuffix("_FILE") for part in OURS.values() for variable in part["environment"]}
    left_out = {name for name in SETTINGS if env_name(SETTINGS[name]) not in example | given}
    in_containers = {"health_address", "gateway_bind", "prometheus_multiproc_dir", "reflector_bind"}
    of_mail_hosts = {
        name for name in reads("mail_host.service") | reads("mail_host.configure") if name.startswith("mail_")
    }
    assert left_out == in_containers | of_mail_hosts


def test_the_clock_keeps_the_times_of_the_cluster() -> None:
    jobs = {tuple(work.container["command"][2:]): work.manifest["spec"] for work in workloads("production")}
    for turn in TURNS:
        spec = jobs[turn.command]
        assert spec["schedule"] == f"{turn.at.minute} {turn.at.hour} * * *"
        assert (spec["timeZone"], spec["startingDeadlineSeconds"]) == (HERE.key, LATE.total_seconds())
        assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == turn.within.total_seconds()
        assert spec["jobTemplate"]["spec"]["backoffLimit"] == turn.tries - 1
    nightly = [work for work in workloads("staging") if work.manifest["kind"] == "CronJob"]
    assert len(TURNS) == sum(not work.manifest["spec"].get("suspend") for work in nightly)
    told = (ROOT / "docs/how-to/operate-the-platform.md").read_text("utf-8")
    for turn in TURNS:
        assert f"| {turn.at:%H:%M} | `python -m {turn.command[0]}" in told
    assert "/backups" in str(OURS["clock"]["volumes"])
    assert OURS["operator"]["volumes"] == OURS["clock"]["volumes"], "who restores finds what the clock wrote"
    assert {OURS[name]["environment"]["JOBS_RUN_BY"] for name in ("watch", "operator")} == {"clock"}


def test_images_of_others_are_exact_and_those_of_the_cluster() -> None:
    (broker,), (database,) = of_kind("production", "RabbitmqCluster"), of_kind("production", "MongoDBCommunity")
    images = {"rabbitmq": broker["spec"]["image"], "mongo": f"mongo:{database['spec']['version']}"}
    for name, image in images.items():
        assert re.fullmatch(rf"{name}:\d+\.\d+\.\d+(-management)?", image)
        variable = f"{name.upper()}_IMAGE"
        assert FILE["services"][name]["image"] == f"${{{variable}:-{image}}}"
        assert f"# {variable}={image}\n" in env_example()
