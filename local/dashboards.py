"""The dashboards of Grafana, from a table of what they show: `make docs` writes them as JSON for k8s/.

A test scrapes the running platform and finds every figure that they name.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path("k8s/components/monitoring/dashboards")

Panel = tuple[str, str, tuple[tuple[str, str], ...]]
"""Title, unit, and each query with what its lines are called."""

_REQUESTS = "trucchung_gateway_requests_total"
_SECONDS = "trucchung_gateway_request_seconds"
_BY_ROUTE = "sum by (route) (rate({}[5m]))"
_MEAN = f"{_BY_ROUTE.format(_SECONDS + '_sum')} / {_BY_ROUTE.format(_SECONDS + '_count')}"
_BOARDS: dict[str, tuple[str, tuple[Panel, ...]]] = {
    "platform": (
        "Trục Chung: the whole",
        (
            ("Requests per second", "reqps", (("sum(rate(trucchung_gateway_requests_total[5m]))", "answered"),)),
            (
                "Requests that fail",
                "percentunit",
                (
                    (
                        f'sum(rate({_REQUESTS}{{status=~"5.."}}[5m])) / sum(rate({_REQUESTS}[5m]))',
                        "5xx",
                    ),
                ),
            ),
            (
                "Slowest request of twenty",
                "s",
                (
                    (
                        "histogram_quantile(0.95, sum by (le) (rate(trucchung_gateway_request_seconds_bucket[5m])))",
                        "gateway",
                    ),
                ),
            ),
            ("Processes that tell figures", "short", (("count by (app) (up == 1)", "{{app}}"),)),
            ("Messages that wait", "short", (("queue_messages > 0", "{{queue}}"),)),
            ("Queues that nobody reads", "short", (('count(queue_readers{queue!~"dlq[.].*"} == 0)', "queues"),)),
            ("Certificates end in", "s", (("certificate_expires_timestamp_seconds - time()", "{{certificate}}"),)),
            ("Jobs: since the last success", "s", (("time() - task_succeeded_timestamp_seconds", "{{task}}"),)),
            ("Jobs: problems found", "short", (("task_problems", "{{task}}"), ("task_failed", "{{task}} failed"))),
            ("Processor time", "short", (("sum by (app) (rate(process_cpu_seconds_total[5m]))", "{{app}}"),)),
            ("Memory", "bytes", (("sum by (app) (process_resident_memory_bytes)", "{{app}}"),)),
        ),
    ),
    "gateway": (
        "Trục Chung: gateway",
        (
            (
                "Requests per second by status",
                "reqps",
                (("sum by (status) (rate(trucchung_gateway_requests_total[5m]))", "{{status}}"),),
            ),
            (
                "The ten most used routes",
                "reqps",
                (
                    (
                        "topk(10, sum by (route, method) (rate(trucchung_gateway_requests_total[5m])))",
                        "{{method}} {{route}}",
                    ),
                ),
            ),
            (
                "Time to the answer",
                "s",
                tuple(
                    (
                        f"histogram_quantile({share}, sum by (le) (rate({_SECONDS}_bucket[5m])))",
                        f"{share:.0%}",
                    )
                    for share in (0.5, 0.95, 0.99)
                ),
            ),
            (
                "The ten slowest routes, mean",
                "s",
                (
                    (
                        f"topk(10, {_MEAN})",
                        "{{route}}",
                    ),
                ),
            ),
            ("Requests in progress", "short", (("sum by (pod) (trucchung_gateway_requests_in_progress)", "{{pod}}"),)),
        ),
    ),
    "messaging": (
        "Trục Chung: services and messages",
        (
            ("Requests per second", "reqps", (("sum by (app) (rate(rpc_seconds_count[5m]))", "{{app}}"),)),
            (
                "Requests refused or failed",
                "reqps",
                (('sum by (app, outcome) (rate(rpc_seconds_count{outcome!="ok"}[5m]))', "{{app}} {{outcome}}"),),
            ),
            (
                "Slowest request of twenty",
                "s",
                (("histogram_quantile(0.95, sum by (app, le) (rate(rpc_seconds_bucket[5m])))", "{{app}}"),),
            ),
            ("Requests past their deadline", "reqps", (("sum by (app) (rate(rpc_expired_total[5m]))", "{{app}}"),)),
            ("Busy workers", "percentunit", (("avg by (app) (messages_in_progress / messages_at_once)", "{{app}}"),)),
            (
                "Events published per second",
                "short",
                (("sum by (exchange) (rate(events_published_total[5m]))", "{{exchange}}"),),
            ),
            ("Events applied per second", "short", (("sum by (app) (rate(events_handled_total[5m]))", "{{app}}"),)),
            (
                "Failures of handlers",
                "short",
                (("sum by (app, type) (rate(events_failed_total[5m]))", "{{app}} {{type}}"),),
            ),
            ("Not yet published", "short", (("max by (app) (outbox_pending)", "{{app}}"),)),
            ("Oldest event not yet published", "s", (("max by (app) (outbox_oldest_age_seconds)", "{{app}}"),)),
            ("Kept back", "short", (("max by (app, state) (inbox_held)", "{{app}} {{state}}"),)),
            ("Oldest event kept back", "s", (("max by (app, state) (inbox_oldest_age_seconds)", "{{app}} {{state}}"),)),
            (
                "Due work is late by",
                "s",
                (("max by (app, collection) (due_work_lag_seconds)", "{{app}} {{collection}}"),),
            ),
            (
                "Due work done and failed",
                "short",
                (
                    ("sum by (app) (rate(due_work_fired_total[5m]))", "{{app}} done"),
                    ("sum by (app) (rate(due_work_failed_total[5m]))", "{{app}} failed"),
                ),
            ),
            (
                "Attempts to publish that failed",
                "short",
                (("sum by (app, reason) (rate(events_publish_failed_total[5m]))", "{{app}} {{reason}}"),),
            ),
            (
                "Webhooks: time until told",
                "s",
                (("histogram_quantile(0.95, sum by (le) (rate(webhook_delay_seconds_bucket[5m])))", "95%"),),
            ),
            (
                "Webhooks told, and subscribers that stand still",
                "short",
                (
                    ("sum by (outcome) (rate(webhooks_told_total[5m]))", "{{outcome}}"),
                    ("max(webhook_subscriptions_paused)", "paused"),
                ),
            ),
            ("Mail to people", "short", (("sum by (outcome) (rate(outgoing_messages_total[5m]))", "{{outcome}}"),)),
            (
                "Mail hosts: oldest change not applied",
                "s",
                (("max by (host) (mail_host_lag_seconds)", "{{host}}"),),
            ),
            (
                "Mail hosts: how they differ from the directory",
                "short",
                (("sum by (host, what) (mail_host_differences)", "{{host}} {{what}}"),),
            ),
        ),
    ),
}


def dashboards() -> dict[str, dict[str, Any]]:
    """Each dashboard by its name, as Grafana imports it."""
    return {
        name: {
            "uid": f"truc-chung-{name}",
            "title": title,
            "tags": ["truc-chung"],
            "schemaVersion": 39,
            "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"},
            "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]},
            "panels": list(_panels(panels)),
        }
        for name, (title, panels) in _BOARDS.items()
    }


def _panels(panels: tuple[Panel, ...]) -> Iterator[dict[str, Any]]:
    for place, (title, unit, queries) in enumerate(panels):
        yield {
            "id": place + 1,
            "type": "timeseries",
            "title": title,
            "datasource": {"type": "prometheus", "uid": "${source}"},
            "gridPos": {"x": place % 3 * 8, "y": place // 3 * 8, "w": 8, "h": 8},
            "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
            "targets": [
                {"refId": chr(ord("A") + number), "expr": expression, "legendFormat": legend}
                for number, (expression, legend) in enumerate(queries)
            ],
        }
