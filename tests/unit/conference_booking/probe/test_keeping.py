"""What a probe is told, and what it keeps: bounded, in order, never lost before it was acknowledged."""

import os
import signal
import sqlite3
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

from local.state import ROOT
from services.conference_booking.probe.configuration import ConfigurationError, read_configuration
from services.conference_booking.probe.packets import key_of
from services.conference_booking.probe.spool import Spool

FILE = """
endpoint = "th-05"
key_file = "key"
reflector = "centre.example.vn:8620"
folder = "kept"
gateway = "https://truc-chung.example.vn/"
client = "probe-th-05"
secret_file = "secret"
[pace]
packets = 50
[lines.primary]
source = "10.1.2.3"
[lines.backup]
interface = "wwan0"
"""

WORKER = """
import sys
from pathlib import Path
from services.conference_booking.probe.spool import Spool
spool = Spool(Path(sys.argv[1]), 10_000)
for number in range(1_000_000):
    spool.add({"number": number})
    print(number, flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "key").write_text("ab" * 32 + "\n")
    (tmp_path / "secret").write_text("mat-khau\n")
    (tmp_path / "probe.toml").write_text(FILE)
    return tmp_path


def test_the_file_is_read(folder: Path) -> None:
    told = read_configuration(folder / "probe.toml")
    assert (told.endpoint, told.reflector, told.key) == ("th-05", ("centre.example.vn", 8620), b"\xab" * 32)
    assert [(line.kind, line.source, line.interface) for line in told.lines] == [
        ("primary", "10.1.2.3", ""),
        ("backup", "", "wwan0"),
    ]
    assert (told.pace.packets, told.pace.sample_seconds) == (50, 5.0)
    assert (told.gateway.url, told.gateway.secret) == ("https://truc-chung.example.vn", "mat-khau")
    assert told.folder == folder / "kept"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('endpoint = "th-05"', "", "endpoint is missing"),
        ("packets = 50", "packets = 5000", "pace.packets is between 1 and 1000"),
        ("packets = 50", "speed = 5", "speed"),
        ("[lines.backup]", "[lines.third]", "lines.third"),
        ("interface", "device", "device"),
        ('client = "probe-th-05"', "client = ", "Invalid value"),
        ('client = "probe-th-05"', 'klient = "probe-th-05"', "klient: no such entry"),
        (":8620", ":http", "http"),
        ('key_file = "key"', 'key_file = "secret"', "hexadecimal"),
        ('key_file = "key"', 'key_file = "none"', "No such file"),
    ],
)
def test_a_mistake_in_the_file_is_named(folder: Path, old: str, new: str, said: str) -> None:
    (folder / "probe.toml").write_text(FILE.replace(old, new))
    with pytest.raises(ConfigurationError, match=r"probe\.toml") as mistake:
        read_configuration(folder / "probe.toml")
    assert said in str(mistake.value)


def test_samples_wait_in_order_until_they_are_acknowledged(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "kept" / "samples", 100)
    for number in range(5):
        assert spool.add({"line": "primary", "n": number}) == 0
    assert [(one["sequence"], one["n"]) for one in spool.oldest(3)] == [(1, 0), (2, 1), (3, 2)]
    spool.forget(2)
    spool.close()
    again = Spool(tmp_path / "kept" / "samples", 100)
    assert again.source == spool.source
    assert [one["n"] for one in again.oldest(10)] == [2, 3, 4]
    again.forget(5)
    again.add({"n": 5})
    assert [one["sequence"] for one in again.oldest(10)] == [6], "a number never comes again"


def test_the_oldest_make_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "samples", 10)
    gone = [spool.add({"n": number}) for number in range(25)]
    assert gone == [0] * 10 + [1] * 15
    assert len(spool) == 10
    assert [one["n"] for one in spool.oldest(100)] == list(range(15, 25))


def test_another_file_has_another_name(tmp_path: Path) -> None:
    assert Spool(tmp_path / "one", 10).source != Spool(tmp_path / "two", 10).source


def test_nothing_that_was_kept_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    path, kept = tmp_path / "samples", 0
    for _ in range(3):
        command = [sys.executable, "-c", WORKER, str(path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            for _ in range(50):
                worker.stdout.readline()
            os.kill(worker.pid, signal.SIGKILL)
            said = 50 + len(worker.stdout.read().splitlines())
        kept += said
        spool = Spool(path, 10_000)
        assert len(spool) >= kept
        kept = len(spool)
        sequences = [one["sequence"] for one in spool.oldest(10_000)]
        assert sequences == list(range(1, kept + 1))
        spool.close()
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


def test_it_runs_alone_as_one_file_without_any_package(tmp_path: Path) -> None:
    place = tmp_path / "built" / "services" / "conference_booking" / "probe"
    place.mkdir(parents=True)
    for source in (ROOT / "services/conference_booking/probe").glob("*.py"):
        (place / source.name).write_bytes(source.read_bytes())
    single = tmp_path / "line-probe.pyz"
    zipapp.create_archive(tmp_path / "built", single, main="services.conference_booking.probe.__main__:main")
    done = subprocess.run(
        [sys.executable, "-I", "-S", single, "--key", "th-05"],
        input="bi-mat bi-mat-cu\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.strip() == key_of(b"bi-mat", "th-05").hex()
