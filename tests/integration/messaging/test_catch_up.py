"""A service that listens for the first time is sent everything that happened before, once and in order."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo.database import Database

from local.state import ROOT
from tests.support.running import eventually, running

Ask = Callable[..., Any]
Databases = Callable[[str], Database[dict[str, Any]]]

STORIES = 120
"""More than are sent at a time, so that the owner leaves itself requests for the rest."""


def test_a_new_listener_hears_all_that_was_told_before_and_everything_again_changes_nothing(
    environment: dict[str, str], bus: Ask, mongo: Databases, tmp_path: Path
) -> None:
    surroundings = environment | {"HEARER_MOOD": str(tmp_path / "good")}
    with running("teller", surroundings, tmp_path) as teller:
        for number in range(STORIES):
            for text in ("once", "upon a time"):
                bus("teller", "tell", {"story": f"{number:03d}", "text": text})
        with running("hearer", surroundings, tmp_path) as hearer:
            heard = mongo("hearer")["heard"]
            everything = [(f"{number:03d}", ["once", "upon a time"]) for number in range(STORIES)]

            def told() -> list[tuple[str, list[str]]]:
                found = heard.find({}).sort("_id", 1)
                return [(story["_id"], [part["text"] for part in story["parts"]]) for story in found]

            eventually(lambda: told() == everything, "the new listener has heard everything")
            assert teller.logged("everything_replayed")[-1]["events"] == 2 * (STORIES % 50)
            assert mongo("hearer")["inbox_joined"].count_documents({"_id": "teller.story"}) == 1

            again = [sys.executable, "-m", "shared.messaging.catch_up", "hearer", "teller.story"]
            subprocess.run(again, cwd=ROOT, env=os.environ | surroundings, check=True, timeout=60)
            eventually(lambda: len(teller.logged("everything_replayed")) == 6, "the operator's request is answered")
            bus("teller", "tell", {"story": "000", "text": "there was"})
            eventually(lambda: told()[0][1] == ["once", "upon a time", "there was"], "new events follow")
            assert told()[1:] == everything[1:]

            hearer.terminate()
        with running("hearer", surroundings, tmp_path):
            bus("teller", "tell", {"story": "001", "text": "there was"})
            eventually(lambda: len(told()[1][1]) == 3, "events follow after a restart")
            assert len(teller.logged("everything_replayed")) == 6, "it asks only the first time"
