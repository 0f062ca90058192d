"""Work queue pages, search, counts and one application, asked over HTTP, with few and with many stored."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from pymongo import MongoClient
from pymongo.database import Database

from local.servers import Servers
from local.state import State
from tests.support.sample_applications import sample_applications, store_sample_applications
from tests.support.stack import Stack, started_stack

OFFICER = "reception-ninh-kieu"
QUESTIONS: dict[str, dict[str, str]] = {
    "queue, first page": {},
    "queue, one status": {"status": "4"},
    "queue, one step": {"status": "4", "step": "appraisal"},
    "queue, overdue": {"due": "overdue"},
    "queue, nearly due": {"due": "near"},
    "queue, one procedure": {"procedure": "1.001193"},
    "search, frequent name": {"q": "nguyễn"},
    "search, full name": {"q": "tran thi thuy huong"},
    "search, three filters": {"q": "nguyen", "status": "10", "procedure": "1.001193"},
}


@dataclass(frozen=True)
class Asked:
    """What a question took, in milliseconds (median), and how many rows it answered with."""

    p50: float
    rows: int


def measure_queues(state: State, servers: Servers, many: int, *, rounds: int = 60) -> dict[str, Asked]:
    """Each question with `many` applications stored."""
    with started_stack(state, servers) as stack:
        client: MongoClient[dict[str, Any]] = MongoClient(stack.mongo_uri)
        database = client[f"{stack.prefix}one_stop_shop"]
        _fill(stack, database, many)
        with stack.client(OFFICER) as officer:
            measured = _ask_all(stack, officer, rounds)
        client.drop_database(database.name)
        client.close()
    return measured


def _fill(stack: Stack, database: Database[dict[str, Any]], many: int) -> None:
    """Store the applications while the service rests and has no indexes to keep, then make these again."""
    stack.stop("one_stop_shop")
    database["applications"].drop_indexes()
    store_sample_applications(database, sample_applications(many))
    setup = [sys.executable, "-m", "services.one_stop_shop.setup"]
    subprocess.run(setup, env=os.environ | stack.environment, check=True, stdout=subprocess.DEVNULL)
    stack.start("one_stop_shop")


def _ask_all(stack: Stack, officer: httpx.Client, rounds: int) -> dict[str, Asked]:
    paths = {name: f"/api/v1/applications?{urlencode(query)}" for name, query in QUESTIONS.items()}
    paths["queue, tenth page"] = _tenth_page(officer)
    paths["counts for the menu"] = "/api/v1/applications/counts"
    first = officer.get(paths["queue, first page"]).json()["items"][0]
    paths["one application"] = f"/api/v1/applications/{first['id']}"
    return {name: _ask(officer, path, rounds) for name, path in paths.items()}


def _tenth_page(officer: httpx.Client) -> str:
    path = "/api/v1/applications?limit=50"
    for _ in range(9):
        following = officer.get(path).json()["next_cursor"]
        if following is None:
            return path
        path = f"/api/v1/applications?{urlencode({'limit': 50, 'cursor': following})}"
    return path


def _ask(officer: httpx.Client, path: str, rounds: int) -> Asked:
    times = []
    for number in range(rounds + 10):
        began = time.perf_counter()
        answer = officer.get(path).raise_for_status()
        if number >= 10:
            times.append(1000 * (time.perf_counter() - began))
    return Asked(statistics.median(times), len(answer.json().get("items", ())))
