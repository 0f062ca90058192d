"""What the person who runs the containers sees: all healthy, the command's right answers, the watch's figures."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compose.composed import Composed, run

pytestmark = pytest.mark.timeout(900)

FIGURES = (
    r'queue_readers\{queue="rpc-one_stop_shop"\} 1\.0',
    r'certificate_expires_timestamp_seconds\{certificate="exchange"\} \d',
    r'mail_host_changes_waiting\{host="mail-1"\} \d',
    r"database_disk_bytes [1-9]",
    r'watch_looked_timestamp_seconds\{what="jobs"\} \d',
)
ASK = r"exec 3<>/dev/tcp/127.0.0.1/9000; printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3; cat <&3"


def test_the_operators_command_finds_all_well(platform: Composed) -> None:
    told = json.loads(platform.compose("run", "--rm", "-T", "operator", "python", "-m", "ops", "status", "--json"))
    rows = {(row["kind"], row["part"]): row for row in told["rows"]}
    assert told["problems"] == 0, told
    processes = {name for kind, name in rows if kind == "process"}
    assert processes == {name for name in platform.services() if name not in ("rabbitmq", "mongo", "line_reflector")}
    assert rows["service", "one_stop_shop"]["state"].startswith("1 running")
    assert "mongo:27017 PRIMARY" in rows["server", "database"]["state"]


def test_the_watch_tells_what_it_sees(platform: Composed) -> None:
    container = platform.container("watch").id
    platform.wait_until(lambda: "watch_looked" in run("docker", "exec", container, "bash", "-c", ASK), "a look", 60)
    page = run("docker", "exec", container, "bash", "-c", ASK)
    assert [figure for figure in FIGURES if not re.search(f"^{figure}", page, re.MULTILINE)] == []


def test_a_backup_is_copied_away_checked_there_and_copied_back(platform: Composed, tmp_path: Path) -> None:
    operate = "run", "--rm", "-T", "operator"
    platform.compose(*operate, "python", "-m", "ops", "backup", "write", "/backups")
    away = f"{platform.command_line(*operate)} tar -C /backups -cf - . | tar -C {tmp_path} -xf -"
    subprocess.run(away, shell=True, cwd=platform.folder, check=True)
    *_, file = sorted(tmp_path.glob("truc-chung-*.zip"))  # the clock has written others
    check = [sys.executable, "-m", "shared.backup", "check", str(file)]
    assert subprocess.run(check, check=False).returncode == 0

    platform.compose(*operate, "rm", f"/backups/{file.name}")
    back = f"tar -C {tmp_path} -cf - {file.name} contents | {platform.command_line(*operate)} tar -C /backups -xf -"
    subprocess.run(back, shell=True, cwd=platform.folder, check=True)
    listed = json.loads(platform.compose(*operate, "python", "-m", "ops", "backup", "list", "--json"))
    assert listed["rows"][0]["file"] == f"/backups/{file.name}"
