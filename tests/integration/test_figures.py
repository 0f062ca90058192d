"""Every figure that alerts, dashboards and scalers name is told by the running platform, with the labels they name."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from local.mail import MailHost, WithoutMail
from local.state import ROOT
from tests.architecture.sources import modules
from tests.deploy.overlay import OVERLAYS, of_kind
from tests.deploy.test_alerts import ALERTS
from tests.support import stack
from tests.support.running import eventually
from tests.support.stack import Stack

WORDS = {"by", "on", "or", "and", "bool", "unless", "ignoring", "without"}
ALARMS = ("free_disk_space_watermark", "memory_used_watermark", "file_descriptor_limit")
FROM_ELSEWHERE = {
    "up": set(),  # Prometheus itself, of each target
    # the kubelet: kubernetes.io/docs/reference/instrumentation/metrics
    "kubelet_volume_stats_available_bytes": {"persistentvolumeclaim"},
    "kubelet_volume_stats_capacity_bytes": {"persistentvolumeclaim"},
    # the broker: RabbitMQ's plugin rabbitmq_prometheus, from 3.9 on
    **{f"rabbitmq_alarms_{alarm}": set() for alarm in ALARMS},
}
"""What no process of ours tells, with its labels and where it is described."""
TARGET = {"namespace", "pod", "app"}
"""The labels that the PodMonitor puts on every figure."""


def expressions() -> Iterator[tuple[str, str]]:
    """Where something is asked of Prometheus, and what."""
    for name, rule in ALERTS.items():
        yield name, rule["expr"]
    for path in sorted((ROOT / "k8s/components/monitoring/dashboards").glob("*.json")):
        for panel in json.loads(path.read_text("utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]
    for overlay in OVERLAYS:
        for scaled in of_kind(overlay, "ScaledObject"):
            for trigger in scaled["spec"]["triggers"]:
                if trigger["type"] == "prometheus":
                    yield f"{overlay}: {scaled['metadata']['name']}", trigger["metadata"]["query"]
    for rule in adapter_rules():
        yield "adapter", rule["seriesQuery"]


def adapter_rules() -> list[dict[str, Any]]:
    """What prometheus-adapter makes of figures."""
    values = yaml.safe_load((ROOT / "k8s/components/request-rate/values.yaml").read_text("utf-8"))
    rules: list[dict[str, Any]] = values["rules"]["custom"]
    return rules


def asked(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each figure in an expression with the labels that are asked of it."""
    grouped = set(re.findall(r"\w+", " ".join(re.findall(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)", expression))))
    rest = re.sub(r"\b(?:by|on|without|ignoring)\s*\([^)]*\)", " ", expression)
    for name, labels in re.findall(r"(?<![\w\"])([a-z_]\w*)\b(?!\s*\()(?:\{([^}]*)\})?", _without_strings(rest)):
        if name not in WORDS:
            yield name, set(re.findall(r"(\w+)\s*(?:=|!)", labels)) | grouped


def _without_strings(expression: str) -> str:
    """Texts and durations are no names."""
    return re.sub(r"\[\w+\]|\boffset \w+", "", re.sub(r'"[^"]*"', '""', expression))


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('sum by (app, le) (rate(x_bucket{a="b", c!~"d.*"}[5m])) / y', [("x_bucket", {"a", "c"}), ("y", set())]),
        ('absent(z{t="by"}) or time() - z > 1', [("z", {"t"}), ("z", set())]),
    ],
)
def test_names_and_labels_are_read_off(expression: str, found: list[tuple[str, set[str]]]) -> None:
    assert [(name, labels - {"app", "le"}) for name, labels in asked(expression)] == found


@pytest.fixture(scope="module")
def with_mail(servers: stack.Servers) -> Iterator[Stack]:
    """The platform with a mail host, so that every kind of process runs."""
    with stack.fresh_state() as state:
        try:
            host = MailHost(state)
        except WithoutMail as reason:
            pytest.fail(str(reason))
        with stack.started_stack(state, servers, host) as running:
            yield running


def told(platform: Stack) -> set[str]:
    """The names of all figures that the processes tell now."""
    names = set()
    for url in platform.platform.health.values():
        text = httpx.get(f"{url}/metrics", timeout=30).raise_for_status().text
        for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE):
            names |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return names


def declared_labels() -> dict[str, set[str]]:
    """The labels of every figure, as the code declares them."""
    found: dict[str, set[str]] = {}
    for source in modules():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Counter", "Gauge", "Histogram"):
                if not (node.args and isinstance(node.args[0], ast.Constant)):
                    continue  # collections.Counter
                labels = set(ast.literal_eval(node.args[2])) if len(node.args) > 2 else set()
                name = str(node.args[0].value)
                for shown in (name, f"{name}_total", f"{name}_sum", f"{name}_count"):
                    found[shown] = labels
                found[f"{name}_bucket"] = labels | {"le"}
    return found


def test_every_figure_is_told_with_its_labels(with_mail: Stack) -> None:
    with with_mail.client() as http:
        http.get("/api/v1/procedures").raise_for_status()
    wanted = {name for _, expression in expressions() for name, _ in asked(expression)} - FROM_ELSEWHERE.keys()
    assert len(wanted) > 30
    eventually(lambda: wanted <= told(with_mail), "all are told", seconds=60)
    labels = declared_labels()
    wrong = [
        f"{where}: {name} has no label {label}"
        for where, expression in expressions()
        for name, asked_for in asked(expression)
        for label in asked_for - TARGET - labels.get(name, set()) - FROM_ELSEWHERE.get(name, set())
    ]
    assert wrong == []


def test_the_gateway_grows_with_a_figure_that_is_made() -> None:
    made = {rule["name"]["as"] for rule in adapter_rules()}
    for overlay in OVERLAYS:
        (scaler,) = [one for one in of_kind(overlay, "HorizontalPodAutoscaler") if one["metadata"]["name"] == "gateway"]
        pods = {one["pods"]["metric"]["name"] for one in scaler["spec"]["metrics"] if one["type"] == "Pods"}
        assert pods == (made if overlay == "production" else set())


def test_every_process_tells_when_it_started(with_mail: Stack) -> None:
    for name, url in with_mail.platform.health.items():
        page = httpx.get(f"{url}/metrics", timeout=30).text
        assert re.search(r"^process_start_time_seconds [1-9][\d.e+]+$", page, re.MULTILINE), name


def test_the_watch_sees_queues_and_certificates(with_mail: Stack) -> None:
    url = f"{with_mail.platform.health['watch']}/metrics"
    text = httpx.get(url, timeout=30).text
    assert re.search(r'^queue_readers\{queue="rpc-one_stop_shop"\} 1\.0$', text, re.MULTILINE)
    assert re.search(r'^certificate_expires_timestamp_seconds\{certificate="exchange"\} [\d.e+]+$', text, re.MULTILINE)
    with_mail.stop("one_stop_shop")
    try:
        eventually(
            lambda: 'queue_readers{queue="rpc-one_stop_shop"} 0.0' in httpx.get(url, timeout=30).text,
            "the watch sees that nobody reads",
            seconds=90,
        )
    finally:
        with_mail.start("one_stop_shop")
