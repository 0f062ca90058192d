"""`python -m ops` as an operator types it, on the running platform: what is well, what is named, what is changed."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from gateway.auth.clients import load_clients, secret_matches
from local.parts import service_names
from local.state import ROOT
from tests.support.stack import Stack

Document = dict[str, Any]
Rows = list[dict[str, Any]]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.timeout(300)


def ops(stack: Stack, *arguments: str, **more: str) -> tuple[int, Rows, str]:
    """Exit code, rows and complaints of a command."""
    health = ",".join(f"{name}={url}" for name, url in stack.platform.health.items())
    environment = {**os.environ, **stack.environment, "HEALTH_URLS": health, **more}
    done = subprocess.run(
        [sys.executable, "-m", "ops", *arguments, "--json"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    rows: Rows = orjson.loads(done.stdout)["rows"] if done.stdout else []
    return done.returncode, rows, done.stderr.decode()


def problems(rows: Rows) -> Rows:
    """The rows that have one."""
    return [row for row in rows if row.get("problem")]


@contextmanager
def database_of(stack: Stack, name: str) -> Iterator[Database[Document]]:
    with MongoClient[Document](stack.mongo_uri, tz_aware=True) as client:
        yield client[stack.prefix + name]


@pytest.fixture(scope="module")
def used(own_platform: Stack) -> Stack:
    """The platform with some applications in it."""
    code, rows, said = ops(own_platform, "demo", "12", "--seed", "7")
    assert (code, len({row["code"] for row in rows})) == (0, 12), said
    return own_platform


def test_samples_are_handed_in_once(used: Stack) -> None:
    first, again = ops(used, "demo", "3", "--seed", "7"), ops(used, "demo", "3", "--seed", "7")
    assert first == again
    with database_of(used, "one_stop_shop") as store:
        before = store["applications"].count_documents({})
        assert ops(used, "demo", "5", "--seed", "99", "--dry-run")[0] == 0
        assert store["applications"].count_documents({}) == before


def test_no_sample_comes_to_a_platform_of_real_people(used: Stack, tmp_path: Path) -> None:
    real = tmp_path / "clients.yaml"
    real.write_text("clients: []\n", "utf-8")
    code, _, said = ops(used, "demo", "1", CLIENTS_FILE=str(real))
    assert code == 1
    assert "demo: true" in said


def test_every_part_is_shown(used: Stack) -> None:
    code, rows, said = ops(used, "status")
    assert (code, problems(rows)) == (0, []), said
    states = {(row["kind"], row["part"]): row["state"] for row in rows}
    assert {name for kind, name in states if kind == "process"} == set(used.platform.health)
    assert {name for kind, name in states if kind == "service"} == set(service_names())
    assert "PRIMARY" in states["server", "database"]
    assert states["server", "broker"].startswith("RabbitMQ 3")


def test_a_service_that_is_gone_is_named_by_its_queue_and_its_health(used: Stack) -> None:
    used.stop("conference_booking")
    try:
        code, rows, _ = ops(used, "status")
        unread = {row["queue"] for row in problems(ops(used, "queues")[1])}
    finally:
        used.start("conference_booking")
    assert code == 1
    assert {(row["kind"], row["part"]) for row in problems(rows)} == {
        ("service", "conference_booking"),
        ("process", "conference_booking"),
    }
    assert "rpc-conference_booking" in unread
    assert all(".conference_booking" in queue or queue.endswith("conference_booking") for queue in unread)


def test_all_queues_have_readers(used: Stack) -> None:
    code, rows, _ = ops(used, "queues")
    assert (code, problems(rows)) == (0, [])
    assert {f"rpc-{name}" for name in service_names()} < {row["queue"] for row in rows}


@contextmanager
def failed_letter(platform: Stack) -> Iterator[None]:
    """A letter that a mail server refused an hour ago, and one of longer ago than anybody looks for."""
    now = datetime.now(UTC)
    letter = {
        "state": "failed",
        "source": "conference_booking",
        "last_error": "554 5.7.1 <x@y.vn>: Relay access denied",
    }
    with database_of(platform, "email_provisioning") as store:
        for identifier, at in {"f1": now - timedelta(hours=1), "f2": now - timedelta(days=4)}.items():
            store["messages"].insert_one({"_id": identifier, "requested_at": at, **letter})
        try:
            yield
        finally:
            store["messages"].delete_many({"_id": {"$in": ["f1", "f2"]}})


def test_what_waits_is_counted_with_its_age(used: Stack) -> None:
    with database_of(used, "document_routing") as store:
        store["due_failures"].insert_one({"_id": "documents/x", "error": "KeyError: 'x'"})
        store["inbox_waiting"].insert_one({"_id": "x", "state": "parked", "since": LONG_AGO, "subject": "x"})
        try:
            with failed_letter(used):
                code, rows, _ = ops(used, "waiting")
        finally:
            store["due_failures"].delete_many({})
            store["inbox_waiting"].delete_one({"_id": "x"})
    assert code == 1
    assert {(row["service"], row["what"], row["count"]) for row in problems(rows)} == {
        ("document_routing", "due failed", 1),
        ("document_routing", "parked", 1),
        ("conference_booking", "letters failed", 1),
    }
    (letters,) = [row for row in problems(rows) if row["what"] == "letters failed"]
    assert letters["where"] == "refused"
    assert letters["oldest_seconds"] > 0
    shown = {(row["service"], row["what"], row["where"]) for row in rows}
    assert {
        ("one_stop_shop", "not published", "applications"),
        ("email_provisioning", "due", "messages"),
        ("conference_booking", "due", "meetings"),
    } <= shown


def test_chains_are_sound_and_an_altered_byte_is_named(used: Stack) -> None:
    code, rows, said = ops(used, "chains")
    assert (code, problems(rows)) == (0, []), said
    checked = {(row["service"], row["what"]): row["checked"] for row in rows}
    assert checked["one_stop_shop", "applications"] >= 12
    assert checked["email_provisioning", "agencies"] > 100
    assert {service for service, _ in checked} == set(service_names())
    with database_of(used, "one_stop_shop") as store:
        victim = store["applications"].find_one({}, {"owner": 1}) or {}
        store["applications"].update_one({"_id": victim["_id"]}, {"$set": {"owner.name": "Kẻ khác"}})
        try:
            code, rows, _ = ops(used, "chains", "--service", "one_stop_shop")
        finally:
            store["applications"].update_one({"_id": victim["_id"]}, {"$set": {"owner": victim["owner"]}})
    assert code == 1
    (found,) = problems(rows)
    assert (found["what"], found["altered"], found["first"]) == ("applications", 1, victim["_id"])
    assert ops(used, "chains", "--service", "nothing")[0] == 1


def test_indexes_are_compared(used: Stack) -> None:
    code, rows, said = ops(used, "indexes")
    assert (code, problems(rows)) == (0, []), said
    with database_of(used, "document_routing") as store:
        arrivals = store["arrivals"]
        kept = arrivals.index_information()["next_due"]
        arrivals.drop_index("next_due")
        arrivals.create_index("by_hand", name="by_hand")
        arrivals.create_index("next_due_at", name="next_due")
        try:
            code, rows, _ = ops(used, "indexes")
        finally:
            for name in ("next_due", "by_hand"):
                arrivals.drop_index(name)
            filters = {"partialFilterExpression": kept["partialFilterExpression"]}
            arrivals.create_index(kept["key"], name="next_due", **filters)
        arrivals.drop_index("next_due")
        missing = problems(ops(used, "indexes")[1])
        arrivals.create_index(kept["key"], name="next_due", **filters)
    assert code == 1
    said_of = {row["index"]: row["problem"].partition(":")[0] for row in problems(rows)}
    assert said_of == {"by_hand": "not declared", "next_due": "differs"}
    assert [row["problem"] for row in missing] == ["missing: run set-up"]
    assert ops(used, "indexes")[0] == 0


def test_a_backup_is_written_noted_and_tried(used: Stack, tmp_path: Path) -> None:
    code, (written,), said = ops(used, "backup", "write", str(tmp_path), "--keep", "2")
    assert code == 0, said
    assert written["documents"] > 500
    assert ops(used, "backup", "check", written["file"])[1][0]["documents"] == written["documents"]
    code, (tried,), _ = ops(used, "backup", "restore", written["file"], "--replace", "--dry-run")
    assert code == 0
    assert f"{used.prefix}one_stop_shop" in tried["result"]
    code, _, said = ops(used, "backup", "restore", written["file"])
    assert code == 1
    assert "rpc-one_stop_shop" in said
    (job,) = (row for row in ops(used, "status")[1] if row["part"] == "backup")
    assert job["state"].startswith("ran at ")
    altered = tmp_path / "altered.zip"
    altered.write_bytes(Path(written["file"]).read_bytes()[:-50])
    assert ops(used, "backup", "check", str(altered))[0] == 1


def test_a_client_is_made_once_and_its_secret_shown_once(used: Stack, tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("# ours\nclients:\n  - {id: old, name: Cũ, roles: [citizen], secret_scrypt: x}\n", "utf-8")
    wanted = ["client", "so-tu-phap", "Phần mềm Sở Tư pháp", "--role", "agency_system", "--agency", "H13.11"]
    before = file.read_text("utf-8")
    assert ops(used, *wanted, "--file", str(file), "--dry-run")[0] == 0
    assert file.read_text("utf-8") == before
    code, (row,), said = ops(used, *wanted, "--file", str(file))
    assert code == 0, said
    assert file.read_text("utf-8").startswith(before)
    client = load_clients(file)["so-tu-phap"]
    assert secret_matches(row["secret"], client.secret)
    assert (client.agency, client.name) == ("H13.11", "Phần mềm Sở Tư pháp")
    code, _, said = ops(used, *wanted, "--file", str(file))
    assert code == 1
    assert "stands there twice" in said
    assert list(tmp_path.iterdir()) == [file]
    (shown,) = ops(used, *wanted)[1]
    assert "secret_scrypt" in shown["entry"]
    assert shown["secret"] not in shown["entry"]


@pytest.mark.parametrize(
    ("environment", "code"),
    [({"MONGO_URI": ""}, 2), ({"MONGO_URI": "mongodb://127.0.0.1:1/", "MONGO_TIMEOUT_MS": "300"}, 3)],
)
def test_scripts_can_tell_what_went_wrong(used: Stack, environment: dict[str, str], code: int) -> None:
    ended, rows, said = ops(used, "waiting", **environment)
    assert (ended, rows) == (code, [])
    assert said
    assert "Traceback" not in said


def test_a_server_that_is_away_is_a_row(used: Stack) -> None:
    code, rows, _ = ops(used, "status", AMQP_URI="pyamqp://guest:guest@127.0.0.1:1/")
    assert code == 1
    assert {row["part"] for row in problems(rows)} == {"broker"}


def test_a_person_sees_a_table_and_a_bar(used: Stack) -> None:
    """At a terminal; a bar of what takes long moves while it runs."""
    terminal, child = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "ops", "chains", "--service", "one_stop_shop"],
        cwd=ROOT,
        env={**os.environ, **used.environment, "TERM": "xterm", "COLUMNS": "140"},
        stdout=child,
        stderr=child,
        check=False,
    )
    os.close(child)
    shown = b""
    try:
        while block := os.read(terminal, 65536):
            shown += block
    except OSError:  # the other end is closed
        os.close(terminal)
    assert done.returncode == 0
    text = shown.decode()
    assert "Kiểm tra · Verifying" in text
    assert "━" in text
    assert "applications" in text
