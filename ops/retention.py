"""Removes what is kept no longer: `python -m ops.retention [--dry-run]`, every night.

The periods are data (`retention.yaml`). No aggregate is ever touched: their histories are records.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from pymongo import MongoClient
from pymongo.database import Database

from ops.databases import having_index, stores
from ops.report import Report, Row, show
from shared.indexes import OUTBOX_INDEX
from shared.job_runs import noted_run
from shared.persistence import Document, connect
from shared.settings import Settings, load

RULES = Path(__file__).parent / "retention.yaml"
COLUMNS = ("service", "collection", "days", "removed", "problem")
ANY = "any"
BATCH = 1000


class RulesError(Exception):
    """The file of rules is wrong; the message says where."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes when the moment in the field `by` is so many days ago, and with it the rows that belong to it."""

    service: str
    collection: str
    by: str
    days: int
    rows: str = ""
    rows_by: str = ""


def read_rules(path: Path | None) -> list[Rule]:
    """The rules of a file, or those that come with the platform.

    Raises:
        RulesError: something in it is missing, unknown, or no number of days.
    """
    rules = []
    for number, entry in enumerate(yaml.safe_load((path or RULES).read_text("utf-8"))["rules"], start=1):
        try:
            rules.append(_rule(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise RulesError(f"{path or RULES}: rule {number}: {error!r}") from error
    return rules


def _rule(entry: dict[str, Any]) -> Rule:
    if unknown := set(entry) - {"service", "collection", "by", "days", "with", "why"}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    if not (isinstance(entry["days"], int) and entry["days"] >= 1 and entry["why"]):
        raise ValueError("days must be a whole number of at least 1, and why must say why")
    rows = entry.get("with", {"collection": "", "by": ""})
    return Rule(entry["service"], entry["collection"], entry["by"], entry["days"], rows["collection"], rows["by"])


def clear(client: MongoClient[Document], settings: Settings, rules: list[Rule], *, dry_run: bool) -> Iterator[Row]:
    """Remove, or only count; a rule that would touch an aggregate is refused."""
    now = datetime.now(UTC)
    for rule in rules:
        for name, store in stores(client, settings):
            if rule.service in (name, ANY):
                row = {"service": name, "collection": rule.collection, "days": rule.days, "removed": 0, "problem": ""}
                records = {one.name for one in having_index(store, OUTBOX_INDEX.document["name"])}
                if {rule.collection, rule.rows} & records:
                    yield row | {"problem": "these are records: nothing was removed"}
                    continue
                old = {rule.by: {"$lt": now - timedelta(days=rule.days)}}
                removed = store[rule.collection].count_documents(old) if dry_run else _remove(store, rule, old)
                yield row | {"removed": removed}


def _remove(store: Database[Document], rule: Rule, old: Document) -> int:
    """In small steps; the rows of each first, so that a crash leaves none behind."""
    removed = 0
    while keys := [one["_id"] for one in store[rule.collection].find(old, {"_id": 1}).limit(BATCH)]:
        if rule.rows:
            store[rule.rows].delete_many({rule.rows_by: {"$in": keys}})
        removed += store[rule.collection].delete_many({"_id": {"$in": keys}}).deleted_count
    return removed


def main(arguments: Sequence[str] | None = None) -> int:
    """The job that runs every night."""
    parser = argparse.ArgumentParser(description="Dọn dữ liệu hết hạn lưu · Remove what is kept no longer")
    parser.add_argument("--dry-run", action="store_true", help="only count")
    asked = parser.parse_args(arguments)
    settings = load(without=("amqp_uri",))
    rules = read_rules(settings.retention_rules)
    if asked.dry_run:
        with connect(settings, "retention") as client:
            found = Report("", COLUMNS, list(clear(client, settings, rules, dry_run=True)))
    else:
        with noted_run(settings, "retention") as run, connect(settings, "retention") as client:
            found = Report("", COLUMNS, list(clear(client, settings, rules, dry_run=False)))
            run.problems, run.done = found.problems, sum(row["removed"] for row in found.rows)
    show(found, as_json=True)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
