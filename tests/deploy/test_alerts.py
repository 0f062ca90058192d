"""Each alert fires when it should and not before, by promtool's own judgement; each has a page that says what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.state import ROOT
from tests.deploy.overlay import workloads

RULES = [ROOT / f"k8s/components/{component}/rules.yaml" for component in ("monitoring", "monitoring-servers")]
MISSING = "promtool is missing; install it: sudo apt-get install --no-install-recommends -y prometheus"
GROUPS: list[dict[str, Any]] = [
    group for file in RULES for group in yaml.safe_load(file.read_text("utf-8"))["spec"]["groups"]
]
ALERTS = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
DAY = 24 * 60  # in minutes

LOOKED = 'watch_looked_timestamp_seconds{what="queues"}'
STARTED = 'process_start_time_seconds{namespace="truc-chung", app="gateway", pod="gateway-1"}'
REQUESTS = "trucchung_gateway_requests_total"
SECONDS = "trucchung_gateway_request_seconds_bucket"
PARTS = [work.name for work in workloads("production") if work.manifest["kind"] == "Deployment"]
SUCCEEDED = 'task_succeeded_timestamp_seconds{task="chains"}'
WITHIN = 'task_expected_within_seconds{task="chains"}'
CONTACT = 'mail_host_contact_timestamp_seconds{host="mail-1"}'
SILENT_AFTER = "mail_host_silent_after_seconds"
LAG = 'mail_host_lag_seconds{host="mail-1"}'
DISK_USED, DISK = "database_disk_used_bytes", "database_disk_bytes"
VOLUME = '{namespace="truc-chung", persistentvolumeclaim="backups"}'
LEFT, HELD = f"kubelet_volume_stats_available_bytes{VOLUME}", f"kubelet_volume_stats_capacity_bytes{VOLUME}"
ALARM = 'rabbitmq_alarms_{}{{namespace="truc-chung", pod="rabbitmq-server-0"}}'
DISK_ALARM, MEMORY_ALARM = ALARM.format("free_disk_space_watermark"), ALARM.format("memory_used_watermark")


def up(parts: list[str]) -> dict[str, str]:
    """A pod of each of these, that Prometheus reads."""
    return {f'up{{namespace="truc-chung", app="{part}", pod="{part}-1"}}': "1x20" for part in parts}


CASES: list[tuple[str, dict[str, str], int, bool]] = [
    # alert, series with their values of each minute (quarter of an hour where it takes days), minute, whether it fires
    ("PartDown", {'up{namespace="truc-chung", pod="gateway-1"}': "1 0x10"}, 5, True),
    ("PartDown", {'up{namespace="truc-chung", pod="gateway-1"}': "1 0 0 1x10"}, 6, False),
    ("PartDown", {'up{namespace="elsewhere", pod="x"}': "0x10"}, 6, False),
    *(("PartMissing", up([other for other in PARTS if other != part]), 6, True) for part in PARTS),
    ("PartMissing", up(PARTS), 6, False),
    ("PartMissing", up(PARTS[1:]), 4, False),
    ("PartRestarts", {STARTED: "0 0 100 200 300 400x20"}, 8, True),
    ("PartRestarts", {STARTED: "0 0 100 200 300x20"}, 8, False),
    ("PartRestarts", {STARTED: "0 100x20 200x20 300x20 400x20"}, 70, False),
    ("PartRestarts", {STARTED.replace("truc-chung", "elsewhere"): "0 1 2 3 4 5 6"}, 6, False),
    ("WatchBlind", {}, 3, True),
    ("WatchBlind", {LOOKED: "0x20"}, 6, True),
    ("WatchBlind", {LOOKED: "0+60x20"}, 10, False),
    ("QueueUnread", {'queue_readers{queue="rpc-one_stop_shop"}': "1 0x10"}, 4, True),
    ("QueueUnread", {'queue_readers{queue="rpc-one_stop_shop"}': "1x10"}, 4, False),
    ("QueueUnread", {'queue_readers{queue="dlq.replay.one_stop_shop"}': "0x10"}, 4, False),
    ("RequestsWait", {'queue_messages{queue="rpc-one_stop_shop"}': "0 600x10"}, 4, True),
    ("RequestsWait", {'queue_messages{queue="rpc-one_stop_shop"}': "0 600 400 600x3"}, 3, False),
    ("EventsUnread", {'queue_messages{queue="inbox.one_stop_shop.email_provisioning.mailbox"}': "0 2001x10"}, 7, True),
    ("EventsUnread", {'queue_messages{queue="inbox.one_stop_shop.x"}': "0 2001x3 1000 2001x4"}, 8, False),
    ("EventsUnread", {'queue_messages{queue="mail_agent.mail-1"}': "9999x10"}, 7, False),
    ("MessagesUnreadable", {'queue_messages{queue="dlq.replay.one_stop_shop"}': "1"}, 0, True),
    ("MessagesUnreadable", {'queue_messages{queue="replay.one_stop_shop"}': "1"}, 0, False),
    ("EventsUnpublished", {'outbox_oldest_age_seconds{app="one-stop-shop"}': "0+60x10"}, 6, True),
    ("EventsUnpublished", {'outbox_oldest_age_seconds{app="one-stop-shop"}': "0 60 120x10"}, 6, False),
    ("EventsKeptBack", {'inbox_oldest_age_seconds{app="x", state="failing"}': "901"}, 0, True),
    ("EventsKeptBack", {'inbox_oldest_age_seconds{app="x", state="parked"}': "9999"}, 0, False),
    ("EventsParked", {'inbox_held{app="x", state="parked"}': "1"}, 0, True),
    (
        "EventsParked",
        {'inbox_held{app="x", state="parked"}': "0", 'inbox_held{app="x", state="waiting"}': "9"},
        0,
        False,
    ),
    ("DeadlinesLate", {'due_work_lag_seconds{app="x", collection="applications"}': "130x10"}, 6, True),
    ("DeadlinesLate", {'due_work_lag_seconds{app="x", collection="applications"}': "130x3 0x10"}, 6, False),
    ("DueWorkFails", {'due_work_failed_total{app="x", collection="applications"}': "0+1x30"}, 10, True),
    ("DueWorkFails", {'due_work_failed_total{app="x", collection="applications"}': "0 1x40"}, 35, False),
    ("GatewayErrors", {f'{REQUESTS}{{status="200"}}': "0+98x20", f'{REQUESTS}{{status="503"}}': "0+2x20"}, 12, True),
    ("GatewayErrors", {f'{REQUESTS}{{status="200"}}': "0+999x20", f'{REQUESTS}{{status="503"}}': "0+1x20"}, 12, False),
    ("GatewayErrors", {f'{REQUESTS}{{status="200"}}': "0+10x20", f'{REQUESTS}{{status="404"}}': "0+90x20"}, 12, False),
    (
        "GatewaySlow",
        {f'{SECONDS}{{le="1"}}': "0+9x30", f'{SECONDS}{{le="5"}}': "0+20x30", f'{SECONDS}{{le="+Inf"}}': "0+20x30"},
        20,
        True,
    ),
    ("GatewaySlow", {f'{SECONDS}{{le="1"}}': "0+20x30", f'{SECONDS}{{le="+Inf"}}': "0+20x30"}, 20, False),
    ("ServiceDefects", {'rpc_seconds_count{app="x", method="submit", outcome="Internal"}': "0+1x20"}, 12, True),
    ("ServiceDefects", {'rpc_seconds_count{app="x", method="submit", outcome="Invalid"}': "0+9x20"}, 12, False),
    ("ServiceSaturated", {'messages_in_progress{app="x"}': "63x10", 'messages_at_once{app="x"}': "64x10"}, 6, True),
    ("ServiceSaturated", {'messages_in_progress{app="x"}': "32x10", 'messages_at_once{app="x"}': "64x10"}, 6, False),
    (
        "CertificateExpires",
        {'certificate_expires_timestamp_seconds{certificate="exchange"}': f"{20 * 86400}x20"},
        15,
        True,
    ),
    (
        "CertificateExpires",
        {'certificate_expires_timestamp_seconds{certificate="exchange"}': f"{22 * 86400}x20"},
        15,
        False,
    ),
    ("BackupMissing", {'task_succeeded_timestamp_seconds{task="backup"}': f"0x{2 * DAY}"}, 28 * 60, True),
    (
        "BackupMissing",
        {'task_succeeded_timestamp_seconds{task="backup"}': f"0x{2 * DAY}", LOOKED: f"1x{2 * DAY}"},
        20 * 60,
        False,
    ),
    ("BackupMissing", {WITHIN.replace("chains", "backup"): f"{26 * 3600}x{2 * DAY}"}, 28 * 60, True),
    ("BackupMissing", {WITHIN.replace("chains", "backup"): f"{26 * 3600}x{2 * DAY}"}, 25 * 60, False),
    ("BackupMissing", {LOOKED: f"1x{2 * DAY}"}, 40 * 60, False),  # where nothing starts it by the clock
    ("TaskFailed", {'task_failed{task="clear_away"}': "1x20"}, 12, True),
    ("TaskFailed", {'task_failed{task="clear_away"}': "1x5 0x20"}, 12, False),
    ("TaskFailed", {'task_problems{task="backup"}': "1x20"}, 12, True),
    ("TaskFailed", {'task_problems{task="reconcile"}': "1x20"}, 12, False),
    ("TaskMissing", {SUCCEEDED: f"0x{2 * DAY}", WITHIN: f"{26 * 3600}x{2 * DAY}"}, 28 * 60, True),
    ("TaskMissing", {SUCCEEDED: f"0x{2 * DAY}", WITHIN: f"{26 * 3600}x{2 * DAY}"}, 26 * 60, False),
    ("TaskMissing", {WITHIN: f"{26 * 3600}x{2 * DAY}"}, 28 * 60, True),
    ("TaskMissing", {WITHIN: f"{26 * 3600}x{2 * DAY}"}, 25 * 60, False),
    ("TaskMissing", {SUCCEEDED: f"0x{2 * DAY}"}, 40 * 60, False),  # where nothing starts it by the clock
    ("TaskMissing", {WITHIN.replace("chains", "backup"): f"{26 * 3600}x{2 * DAY}"}, 28 * 60, False),
    ("ChainsAltered", {'task_problems{task="chains"}': "1"}, 0, True),
    ("ChainsAltered", {'task_problems{task="chains"}': "0", 'task_problems{task="reconcile"}': "3"}, 0, False),
    ("EventsLost", {'task_problems{task="reconcile"}': "2"}, 0, True),
    ("EventsLost", {'task_problems{task="reconcile"}': "0", 'task_problems{task="chains"}': "1"}, 0, False),
    ("WebhooksPaused", {"webhook_subscriptions_paused": "1x30"}, 20, True),
    ("WebhooksPaused", {"webhook_subscriptions_paused": "1x10 0x30"}, 20, False),
    ("MailHostSilent", {CONTACT: "0x20", SILENT_AFTER: "300x20"}, 11, True),
    ("MailHostSilent", {CONTACT: "0x20", SILENT_AFTER: "900x20"}, 11, False),
    ("MailHostSilent", {CONTACT: "0+60x20", SILENT_AFTER: "300x20"}, 11, False),
    ("MailHostLags", {LAG: "0+60x30"}, 20, True),
    ("MailHostLags", {LAG: "0+60x12 0x30"}, 20, False),
    ("MailHostDiffers", {'mail_host_differences{host="mail-1", what="missing"}': "1x200"}, 130, True),
    ("MailHostDiffers", {'mail_host_differences{host="mail-1", what="missing"}': "1x60 0x200"}, 130, False),
    ("LettersFail", {'letters_failed{cause="refused"}': "3x20"}, 12, True),
    ("LettersFail", {'letters_failed{cause="refused"}': "3x5 0x20"}, 12, False),
    ("DatabaseDiskFills", {DISK_USED: "86x20", DISK: "100x20"}, 15, True),
    ("DatabaseDiskFills", {DISK_USED: "84x20", DISK: "100x20"}, 15, False),
    ("VolumeFills", {LEFT: "14x20", HELD: "100x20"}, 15, True),
    ("VolumeFills", {LEFT: "16x20", HELD: "100x20"}, 15, False),
    ("BrokerRefuses", {DISK_ALARM: "1x9", MEMORY_ALARM: "0x9"}, 3, True),
    ("BrokerRefuses", {DISK_ALARM: "0x9", MEMORY_ALARM: "1x9"}, 3, True),
    ("BrokerRefuses", {DISK_ALARM: "0x9", MEMORY_ALARM: "0x9"}, 3, False),
]


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What it says."""
    program = shutil.which("promtool")
    assert program, MISSING
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules as Prometheus itself has them."""
    file = tmp_path_factory.mktemp("rules") / "rules.yaml"
    file.write_text(yaml.safe_dump({"groups": GROUPS}, allow_unicode=True), "utf-8")
    return file


def test_prometheus_takes_the_rules(rules: Path) -> None:
    done = promtool("check", "rules", str(rules))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ALERTS)} rules found" in done.stdout


@pytest.mark.parametrize(
    ("alert", "series", "minute", "fires"), CASES, ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)]
)
def test_it_fires_when_it_should(
    alert: str, series: dict[str, str], minute: int, fires: bool, rules: Path, tmp_path: Path
) -> None:
    count = f'count(ALERTS{{alertname="{alert}", alertstate="firing"}})'
    expected = [{"labels": "{}", "value": 1}] if fires else []
    step = "15m" if minute >= DAY else "1m"
    case = {
        "interval": step,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{"expr": count, "eval_time": f"{minute}m", "exp_samples": expected}],
    }
    file = tmp_path / "test.yaml"
    file.write_text(yaml.safe_dump({"rule_files": [str(rules)], "evaluation_interval": step, "tests": [case]}), "utf-8")
    done = promtool("test", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_shown_to_fire_and_not_to_fire() -> None:
    assert {name for name, _, _, fires in CASES if fires} == set(ALERTS)
    assert {name for name, _, _, fires in CASES if not fires} == set(ALERTS)


def test_each_alert_has_its_page_and_each_page_its_alert() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs/runbooks").glob("*.md")}
    for name, rule in ALERTS.items():
        page = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        assert rule["annotations"]["runbook"] == f"docs/runbooks/{page}.md"
        text = pages.pop(page)
        assert text.startswith(f"# {name}\n")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Look", "Mend"]
        assert rule["labels"]["severity"] in ("page", "ticket")
    assert pages == {}


def test_who_mounts_the_exchange_key_is_restarted_with_a_new_one() -> None:
    page = (ROOT / "docs/runbooks/certificate-expires.md").read_text("utf-8")
    (named,) = re.findall(r"rollout restart deployment ([^`]+)`", page)
    mounting = {
        work.name
        for work in workloads("production")
        if work.manifest["kind"] == "Deployment"
        for volume in work.spec["volumes"]
        for source in volume.get("projected", {}).get("sources", ())
        if source["secret"]["name"] == "exchange"
    }
    assert set(named.split()) == mounting
