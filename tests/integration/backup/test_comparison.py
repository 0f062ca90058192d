"""Which night an aggregate was altered: the operator's command judges it in every backup."""

import json
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from ops import command
from shared.backup.write import write
from shared.settings import Settings
from tests.support.kept_aggregates import NEW, change

Rows = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_URI", settings.mongo_uri)
    monkeypatch.setenv("MONGO_DATABASE_PREFIX", settings.mongo_database_prefix)


def keep(settings: Settings, aggregate: dict[str, Any]) -> None:
    with MongoClient[dict[str, Any]](settings.mongo_uri) as client:
        applications = client[f"{settings.mongo_database_prefix}one_stop_shop"]["applications"]
        applications.replace_one({"_id": aggregate["_id"]}, aggregate, upsert=True)


def compared(capsys: pytest.CaptureFixture[str], key: str, folder: Path) -> tuple[int, Rows, str]:
    code = command.main(["backup", "compare", "one_stop_shop", "applications", key, str(folder), "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out)["rows"] if said.out else [], said.err


def test_the_night_between_the_last_whole_one_and_the_next(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = change(NEW, name="An")
    second = change(first, status="closed")
    files = []
    for aggregate in (None, first, second, second | {"name": "Anh"}):
        if aggregate:
            keep(settings, aggregate)
        files.append(str(write(settings, tmp_path, keep=9).path))

    code, rows, _ = compared(capsys, "app-1", tmp_path)

    assert code == 1
    assert [row["where"] for row in rows] == ["database", *reversed(files)]
    assert [row["chain"] for row in rows] == ["altered", "altered", "whole", "whole", "not in it"]
    assert [row.get("differs_in") for row in rows] == ["", "", "name", "history, name, status", None]
    assert [row.get("entries") for row in rows] == [2, 2, 2, 1, None]
    assert rows[1]["problem"] == "entry 2: left_altered"


def test_a_broken_file_is_told_and_the_others_are_judged(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(settings, change(NEW, name="An"))
    whole = write(settings, tmp_path, keep=9).path
    newer = write(settings, tmp_path, keep=9).path
    newer.write_bytes(newer.read_bytes()[:-100])

    code, rows, _ = compared(capsys, "app-1", tmp_path)

    assert code == 1
    assert [(row["where"], row.get("chain")) for row in rows] == [
        ("database", "whole"), (str(newer), None), (str(whole), "whole"),
    ]  # fmt: skip
    assert rows[1]["problem"].startswith("not complete")


def test_what_nobody_knows_is_refused_in_words(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(settings, tmp_path, keep=9)
    assert "neither the database nor a backup" in compared(capsys, "app-2", tmp_path)[2]
    assert "there is no such folder" in compared(capsys, "app-2", tmp_path / "none")[2]
