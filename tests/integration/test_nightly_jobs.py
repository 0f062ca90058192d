"""The jobs that run by the clock: what they find, remove and mend, and what they leave for those who operate."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from pymongo import MongoClient

from local.state import ROOT
from tests.support.running import eventually
from tests.support.stack import Stack

Rows = list[dict[str, Any]]
NOW = datetime.now(UTC)
pytestmark = pytest.mark.timeout(300)


def job(stack: Stack, module: str, *arguments: str, **more: str) -> tuple[int, Rows]:
    """Exit code and rows of a job."""
    environment = {**os.environ, **stack.environment, **more}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert done.stdout, done.stderr
    rows: Rows = orjson.loads(done.stdout)["rows"]
    return done.returncode, rows


def noted(stack: Stack, name: str) -> dict[str, Any]:
    """What a job left of its last run."""
    with MongoClient[dict[str, Any]](stack.mongo_uri, tz_aware=True) as client:
        return client[f"{stack.prefix}operations"]["jobs"].find_one({"_id": name}) or {}


def test_a_listener_that_lost_an_event_gets_it_again(own_platform: Stack) -> None:
    eventually(lambda: job(own_platform, "ops.reconcile", "--settled", "0", "--dry-run")[0] == 0, "all have heard all")
    assert noted(own_platform, "reconcile") == {}
    with MongoClient[dict[str, Any]](own_platform.mongo_uri) as client:
        cursors = client[f"{own_platform.prefix}conference_booking"]["inbox_cursors"]
        lost = "email_provisioning.agency/H13.30.01"
        before = cursors.find_one_and_delete({"_id": lost}) or {}
        assert before["seq"] >= 1
        code, rows = job(own_platform, "ops.reconcile", "--settled", "0", "--dry-run")
        (found,) = (row for row in rows if row["behind"])
        assert (code, found["listener"], found["exchange"]) == (1, "conference_booking", "email_provisioning.agency")
        assert (found["behind"], found["first"], found["asked"]) == (1, "H13.30.01", False)
        assert found["checked"] > 100
        code, rows = job(own_platform, "ops.reconcile", "--settled", "0")
        assert code == 1
        assert [row["listener"] for row in rows if row["asked"]] == ["conference_booking"]
        eventually(lambda: (cursors.find_one({"_id": lost}) or {}).get("seq") == before["seq"], "it was sent again")
    run = noted(own_platform, "reconcile")
    assert (run["well"], run["problems"]) == (True, 1)
    assert job(own_platform, "ops.reconcile", "--settled", "0")[0] == 0
    assert noted(own_platform, "reconcile")["problems"] == 0


def test_what_is_kept_no_longer_goes_and_records_stay(own_platform: Stack, tmp_path: Path) -> None:
    old, young = NOW - timedelta(days=400), NOW - timedelta(days=300)
    with MongoClient[dict[str, Any]](own_platform.mongo_uri) as client:
        mail, documents = (
            client[f"{own_platform.prefix}email_provisioning"],
            client[f"{own_platform.prefix}document_routing"],
        )
        mail["imports"].insert_many(
            {"_id": name, "owner": "x", "position": name, "finished_at": at}
            for name, at in (("old", old), ("young", young), ("open", None))
        )
        mail["import_rows"].insert_many({"_id": f"{one}/{n}", "import": one} for one in ("old", "young") for n in "12")
        documents["inbox_discarded"].insert_many([{"_id": "old", "since": old}, {"_id": "young", "since": young}])
        removed = {
            (row["service"], row["collection"]): row["removed"]
            for row in job(own_platform, "ops.retention", "--dry-run")[1]
        }
        assert removed["email_provisioning", "imports"] == removed["document_routing", "inbox_discarded"] == 1
        assert mail["imports"].count_documents({}) == 3
        assert noted(own_platform, "retention") == {}
        code, rows = job(own_platform, "ops.retention")
        assert code == 0
        assert {(row["service"], row["collection"]): row["removed"] for row in rows} == removed
        assert {one["_id"] for one in mail["imports"].find()} == {"young", "open"}
        assert {one["import"] for one in mail["import_rows"].find()} == {"young"}
        assert [one["_id"] for one in documents["inbox_discarded"].find()] == ["young"]
        assert noted(own_platform, "retention")["done"] == 2

        rules = tmp_path / "rules.yaml"
        rules.write_text(
            "rules: [{service: email_provisioning, collection: agencies, by: at, days: 1, why: test}]", "utf-8"
        )
        agencies = mail["agencies"].count_documents({})
        code, rows = job(own_platform, "ops.retention", RETENTION_RULES=str(rules))
        assert (code, rows[0]["removed"]) == (1, 0)
        assert "records" in rows[0]["problem"]
        assert mail["agencies"].count_documents({}) == agencies > 100


def test_a_wrong_rule_is_named(own_platform: Stack, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{service: any, collection: notices, by: at, days: 0, why: x}]", "utf-8")
    environment = {**os.environ, **own_platform.environment, "RETENTION_RULES": str(rules)}
    done = subprocess.run(
        [sys.executable, "-m", "ops.retention"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "rule 1" in done.stderr


def test_chains_are_verified_and_noted(own_platform: Stack) -> None:
    code, rows = job(own_platform, "ops.chains")
    assert (code, [row for row in rows if row["problem"]]) == (0, [])
    run = noted(own_platform, "chains")
    assert (run["well"], run["problems"]) == (True, 0)
    assert run["done"] == sum(row["checked"] for row in rows) > 100
