"""What SCIM questions and writes cost with few and with many users stored, asked over HTTP."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
from pymongo import MongoClient

from tests.support.scim_crowd import crowd
from tests.support.stack import Stack

IDP = "identity-can-tho"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OFFICER = "urn:ietf:params:scim:schemas:extension:trucchung:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

FILTERS = {
    "filter by user name": 'userName eq "mark{}@idp.vn"',
    "filter by external id": 'externalId eq "ext-mark{}"',
    "filter by staff number": ENTERPRISE + ':employeeNumber eq "BMS-mark{}"',
    "filter by address": 'emails[type eq "work" and value eq "mark{}@example.vn"]',
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was measured with so many users: milliseconds at the median, and the service's memory."""

    users: int
    took: dict[str, float]
    mebibytes: float


def measure_scim(stack: Stack, sizes: tuple[int, ...], *, rounds: int = 60) -> list[Crowd]:
    """Store so many users, one size after the other, and measure at each."""
    headers = {"Authorization": f"Bearer {stack.token(IDP)}"}
    client: MongoClient[dict[str, Any]] = MongoClient(stack.mongo_uri)
    rows = client[f"{stack.prefix}email_provisioning"]["scim_resources"]
    measured = []
    with httpx.Client(base_url=f"{stack.base_url}/scim/v2", headers=headers, timeout=30) as idp:
        sent = _create(idp, "mark0@idp.vn", "ext-mark0", "BMS-mark0", "mark0@example.vn")
        for size in sizes:
            crowd(rows, sent, size)
            client.admin.command("fsync")  # what was poured in is on the disk before anything is measured
            service = psutil.Process(stack.processes["email_provisioning"].pid)
            took = _measure(idp, size, rounds)
            measured.append(Crowd(size, took, service.memory_info().rss / 2**20))
    client.close()
    return measured


def _measure(idp: httpx.Client, size: int, rounds: int) -> dict[str, float]:
    numbers = iter(range(1, size))
    took = {}
    for name, wanted in FILTERS.items():
        took[name] = _median(rounds, lambda wanted=wanted: _find(idp, wanted.format(next(numbers))))  # type: ignore[misc]  # bound now
    took["page of 50, by cursor"] = _median(rounds, lambda: _page(idp, {"cursor": "", "count": "50"}))
    took["page of 50, by index, with the total"] = _median(rounds, lambda: _page(idp, {"count": "50"}))
    made = iter(range(10**6))
    users: list[str] = []

    def create() -> None:
        tag = f"{size}-{next(made)}"
        said = {"agency": "H13.06", "post": "Chuyên viên"}
        users.append(_create(idp, f"new{tag}@idp.vn", f"ext-{tag}", f"BMN-{tag}", f"{tag}@example.vn", said))

    took["new officer with a mailbox"] = _median(rounds // 3, create)
    leaving: Iterator[str] = iter(users)
    took["changed name"] = _median(rounds // 3, lambda: _rename(idp, next(leaving)))
    return took


def _create(
    idp: httpx.Client, name: str, external: str, number: str, address: str, said: dict[str, Any] | None = None
) -> str:
    body = {
        "schemas": [USER, ENTERPRISE, OFFICER],
        "userName": name,
        "externalId": external,
        "displayName": "Lê Văn Thử",
        "active": True,
        "emails": [{"value": address, "type": "work"}],
        ENTERPRISE: {"employeeNumber": number},
        OFFICER: said or {"quota": 512},
    }
    return str(idp.post("/Users", json=body).raise_for_status().json()["id"])


def _find(idp: httpx.Client, wanted: str) -> None:
    found = idp.get("/Users", params={"filter": wanted}).raise_for_status().json()
    if found["totalResults"] != 1:
        raise RuntimeError(f"{wanted} found {found['totalResults']}")


def _page(idp: httpx.Client, asked: dict[str, str]) -> None:
    found = idp.get("/Users", params=asked).raise_for_status().json()
    if len(found["Resources"]) != 50:
        raise RuntimeError("the page is not full")


def _rename(idp: httpx.Client, user: str) -> None:
    operation = {"op": "Replace", "path": "displayName", "value": "Lê Văn Thật"}
    idp.patch(f"/Users/{user}", json={"schemas": [PATCH], "Operations": [operation]}).raise_for_status()


def _median(rounds: int, act: Callable[[], None]) -> float:
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000
