"""What SCIM questions and writes cost with few and with many users stored, asked over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
from pymongo import MongoClient

from tests.benchmarks.turns import Act, medians
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
BY_CURSOR = "page of 50, by cursor"
BY_INDEX = "page of 50, by index, with the total"
QUESTIONS = frozenset({*FILTERS, BY_CURSOR, BY_INDEX})


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was measured with so many users: milliseconds at the median, and the service's memory."""

    users: int
    took: dict[str, float]
    mebibytes: float


def measure_scim(places: Mapping[int, Stack], *, rounds: int = 60) -> list[Crowd]:
    """Store so many users at each place, and ask all places in turn."""
    with ExitStack() as open_ones:
        idps = {size: open_ones.enter_context(_crowded(stack, size)) for size, stack in places.items()}
        acts = {size: _acts(idp, size) for size, idp in idps.items()}
        took: dict[int, dict[str, float]] = {size: {} for size in places}
        for name in next(iter(acts.values())):
            turns = rounds if name in QUESTIONS else rounds // 3
            for place, milliseconds in medians({str(size): acts[size][name] for size in places}, turns).items():
                took[int(place)][name] = milliseconds
        return [Crowd(size, took[size], _mebibytes(stack)) for size, stack in places.items()]


def _mebibytes(stack: Stack) -> float:
    return float(psutil.Process(stack.processes["email_provisioning"].pid).memory_info().rss / 2**20)


@contextmanager
def _crowded(stack: Stack, size: int) -> Iterator[httpx.Client]:
    """A client of a place that holds so many users."""
    headers = {"Authorization": f"Bearer {stack.token(IDP)}"}
    client: MongoClient[dict[str, Any]] = MongoClient(stack.mongo_uri)
    rows = client[f"{stack.prefix}email_provisioning"]["scim_resources"]
    with closing(client), httpx.Client(base_url=f"{stack.base_url}/scim/v2", headers=headers, timeout=30) as idp:
        sent = _create(idp, "mark0@idp.vn", "ext-mark0", "BMS-mark0", "mark0@example.vn")
        crowd(rows, sent, size)
        client.admin.command("fsync")  # what was poured in is on the disk before anything is measured
        yield idp


def _acts(idp: httpx.Client, size: int) -> dict[str, Act]:
    numbers = iter(range(1, size))

    def finding(wanted: str) -> Act:
        return lambda: _find(idp, wanted.format(next(numbers)))

    made = iter(range(10**6))
    users: list[str] = []

    def create() -> None:
        tag = f"{size}-{next(made)}"
        said = {"agency": "H13.06", "post": "Chuyên viên"}
        users.append(_create(idp, f"new{tag}@idp.vn", f"ext-{tag}", f"BMN-{tag}", f"{tag}@example.vn", said))

    renamed = iter(users)  # grows while officers are made
    return {
        **{name: finding(wanted) for name, wanted in FILTERS.items()},
        BY_CURSOR: lambda: _page(idp, {"cursor": "", "count": "50"}),
        BY_INDEX: lambda: _page(idp, {"count": "50"}),
        "new officer with a mailbox": create,
        "changed name": lambda: _rename(idp, next(renamed)),
    }


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
