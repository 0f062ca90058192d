"""Each process of an overlay: what it runs, is given, answers, may do, and how it ends."""

from pathlib import Path

import pytest

from shared.settings import load
from tests.deploy.overlay import OVERLAYS, Workload, selects, workloads
from tests.deploy.parts import GATEWAY, NAMES, SETTINGS, answered_paths, does_without, graceful_seconds, reads, runs

ALL = [pytest.param(overlay, work, id=f"{overlay}-{work.name}") for overlay in OVERLAYS for work in workloads(overlay)]
STAYING = [case for case in ALL if case.values[1].manifest["kind"] == "Deployment"]
each = pytest.mark.parametrize(("overlay", "work"), ALL)
each_staying = pytest.mark.parametrize(("overlay", "work"), STAYING)


def test_all_are_there() -> None:
    assert len(STAYING) == 3 * 8


@each
def test_the_command_exists(overlay: str, work: Workload) -> None:
    assert runs(work.container["command"])


@each
def test_every_setting_is_known_and_all_that_is_read_is_given(overlay: str, work: Workload, tmp_path: Path) -> None:
    given = dict(work.environment)
    mounted = set(work.mounted())
    assert given.pop("SSL_CERT_FILE", "/run/authority/bundle.crt") in mounted | {"/run/authority/bundle.crt"}
    for name, value in given.copy().items():
        setting = NAMES[name.removesuffix("_FILE") if name not in NAMES else name]
        if name not in NAMES:
            assert value in mounted, f"{name}: no such file is mounted"
            file = tmp_path / name
            file.write_text("secret", "utf-8")
            given[name] = str(file)
        elif SETTINGS[setting].type == Path | None and setting in reads(work.module):
            assert any(value == path or value.startswith(f"{path}/") for path in mounted), f"{name}={value}"
    settings = load(given, without=does_without(work.module))
    for name in reads(work.module):
        if SETTINGS[name].metadata["secret"]:
            assert getattr(settings, name), f"{name} is read and not given"


@each
def test_no_secret_is_mounted_that_is_not_read(overlay: str, work: Workload) -> None:
    given = {NAMES[name.removesuffix("_FILE")] for name in work.environment if name not in {*NAMES, "SSL_CERT_FILE"}}
    assert given <= reads(work.module)


@each_staying
def test_probes_ask_what_is_answered(overlay: str, work: Workload) -> None:
    ports = {port["name"]: port["containerPort"] for port in work.container["ports"]}
    assert str(ports["health"]) == work.environment["HEALTH_PORT"]
    for probe, path in (("startupProbe", "/live"), ("readinessProbe", "/ready"), ("livenessProbe", "/live")):
        asked = work.container[probe]["httpGet"]
        assert asked == {"path": path, "port": "health"}
        assert path in answered_paths(work.module)


@each_staying
def test_it_may_finish_its_work(overlay: str, work: Workload) -> None:
    assert work.spec["terminationGracePeriodSeconds"] > graceful_seconds(work.module, work.environment)
    if work.module == GATEWAY:  # and who is still led here meanwhile is answered
        assert float(work.environment["DRAIN_SECONDS"]) >= 5


@each
def test_a_job_that_hangs_ends(overlay: str, work: Workload) -> None:
    spec = work.manifest["spec"]
    job = spec["jobTemplate"]["spec"] if work.manifest["kind"] == "CronJob" else spec
    runs_by_itself = work.manifest["kind"] != "Deployment" and not spec.get("suspend")
    assert ("activeDeadlineSeconds" in job) == runs_by_itself  # whoever restores looks on


@each_staying
def test_only_nodes_keep_pods_from_starting(overlay: str, work: Workload) -> None:
    spread = {one["topologyKey"]: one for one in work.spec["topologySpreadConstraints"]}
    assert spread["topology.kubernetes.io/zone"]["whenUnsatisfiable"] == "ScheduleAnyway"
    if overlay == "production":
        assert spread["kubernetes.io/hostname"]["whenUnsatisfiable"] == "DoNotSchedule"
        assert spread["kubernetes.io/hostname"]["nodeTaintsPolicy"] == "Honor"
    for one in spread.values():
        assert selects(one["labelSelector"], work.labels)


@each
def test_it_is_restricted(overlay: str, work: Workload) -> None:
    pod, container = work.spec["securityContext"], work.container["securityContext"]
    assert pod["runAsNonRoot"]
    assert pod["runAsUser"] >= 10000
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert work.spec["automountServiceAccountToken"] is False
    assert (
        set(work.container["resources"]["limits"]) == set(work.container["resources"]["requests"]) == {"cpu", "memory"}
    )
    assert not work.container["image"].endswith((":latest", "truc-chung"))


def test_made_up_people_are_where_developers_are() -> None:
    for overlay in OVERLAYS:
        given = {work.environment.get("MADE_UP_PEOPLE", "welcome") for work in workloads(overlay)}
        assert given == ({"welcome"} if overlay == "dev" else {"refused"})
