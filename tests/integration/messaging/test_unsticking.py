"""The commands of docs/how-to/unstick-a-message.md, as they stand there."""

import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from pymongo.database import Database

from ops.command import main
from tests.architecture.sources import REPO

Document = dict[str, Any]
PAGE = (REPO / "docs/how-to/unstick-a-message.md").read_text("utf-8")
COMMANDS = re.findall(r"^ *python -m (.+)$", PAGE, re.MULTILINE)
KEY = "one_stop_shop.application/a/2"


def run(line: str, key: str = KEY) -> int:
    """Do what a line of the page says, in this process; the exit code."""
    module, *arguments = shlex.split(line.replace("KEY", key))
    assert module == "ops"
    return main([*arguments, "--json"])


@pytest.fixture
def store(
    environment: dict[str, str], mongo: Callable[[str], Database[Document]], monkeypatch: pytest.MonkeyPatch
) -> Database[Document]:
    """A one-stop shop with one parked event."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    store = mongo("one_stop_shop")
    parked = {"_id": KEY, "state": "parked", "exchange": "one_stop_shop.application", "subject": "a", "seq": 2}
    details = {"since": datetime.now(UTC), "attempts": 8, "error": "KeyError: 'x'", "body": {"data": {"name": "An"}}}
    store["inbox_waiting"].replace_one({"_id": KEY}, parked | details, upsert=True)
    return store


def test_the_page_lists_replays_and_discards(
    store: Database[Document], environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    listing, replay, discard = COMMANDS
    assert run(listing) == 1
    said = capsys.readouterr().out
    (shown,) = orjson.loads(said)["rows"]
    assert (shown["key"], shown["attempts"], shown["error"]) == (KEY, 8, "KeyError: 'x'")
    assert "An" not in said
    assert [run(f"{line} --dry-run") for line in (replay, discard)] == [0, 0]
    assert (store["inbox_waiting"].find_one({"_id": KEY}) or {})["state"] == "parked"
    assert run(replay) == 0
    replayed = store["inbox_waiting"].find_one({"_id": KEY}) or {}
    assert (replayed["state"], replayed["attempts"], replayed["decisions"][0]["by"]) == ("failing", 0, "NAME")
    store["inbox_waiting"].update_one({"_id": KEY}, {"$set": {"state": "parked"}})
    assert run(discard) == 0
    assert store["inbox_waiting"].find_one({"_id": KEY}) is None
    discarded = store["inbox_discarded"].find_one({"_id": KEY}) or {}
    assert [decision["reason"] for decision in discarded["decisions"]] == ["TEXT", "TEXT"]


@pytest.mark.parametrize("line", [*COMMANDS[1:], f"{COMMANDS[1]} --dry-run"])
def test_a_key_that_is_not_parked_is_refused_in_words(
    store: Database[Document], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(line, "gone") == 1
    assert "one_stop_shop has no parked event with the key gone" in capsys.readouterr().err
