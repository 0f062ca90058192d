"""Twenty thousand officers taken in as a table, what one more change costs then, and whether searches stay flat."""

import csv
import io
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx
import psutil

from tests.support.stack import Stack

ADMIN = "directory-can-tho"
AGENCIES = ("H13.06", "H13.09", "H13.10", "H13.12", "H13.15", "H13.17", "H13.18", "H13.30.01", "H13.30.02", "H13.60")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLE = ("Văn", "Thị", "Minh", "Quốc", "Ngọc", "Hữu", "Thanh", "Đức", "Xuân", "Kim")
GIVEN = ("An", "Bình", "Cường", "Dung", "Đạt", "Giang", "Hà", "Khoa", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quân")
TRIES = 40
TABLE_ROWS = 40_000


@dataclass(frozen=True, slots=True)
class Taken:
    """One import: how many rows there were and how many were in the directory after it, and what it took."""

    rows: int
    officers: int
    seconds: float
    mebibytes: float
    question_ms: float
    change_ms: float


def measure_directory(stack: Stack, sizes: tuple[int, ...]) -> list[Taken]:
    """Import until there are so many officers, one size after the other, and measure at each."""
    taken = []
    with stack.client(ADMIN) as admin:
        before = 0
        for size in sizes:
            cuts = [*range(before, size, TABLE_ROWS), size]
            seconds = sum(_import(admin, _table(first, end)) for first, end in pairwise(cuts))
            service = psutil.Process(stack.processes["email_provisioning"].pid)
            mebibytes = service.memory_info().rss / 2**20
            taken.append(Taken(size - before, size, seconds, mebibytes, _question(admin), _change(admin)))
            before = size
    return taken


def _table(first: int, end: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Mã cán bộ", "Họ và tên", "Mã cơ quan", "Chức vụ", "Vai trò", "Tài khoản"))
    writer.writerows(
        (f"BM-{n}", _name(n), AGENCIES[n % len(AGENCIES)], "Chuyên viên", "specialist", f"bm{n}")
        for n in range(first, end)
    )
    return out.getvalue().encode()


def _name(number: int) -> str:
    return f"{FAMILY[number % 10]} {MIDDLE[number // 10 % 10]} {GIVEN[number // 7 % len(GIVEN)]}"


def _import(admin: httpx.Client, table: bytes) -> float:
    headers = {"Content-Type": "text/csv", "X-File-Name": "can-bo.csv", "Idempotency-Key": uuid.uuid4().hex}
    file = admin.post("/api/v1/files", content=table, headers=headers).raise_for_status().json()["id"]
    started = time.perf_counter()
    body = {"kind": "officers", "file": file, "dry_run": False, "sample": True}
    found: Any = _post(admin, "/imports", body)
    while found["state"] not in ("done", "failed"):
        time.sleep(0.25)
        found = admin.get(f"/api/v1/directory/imports/{found['id']}").raise_for_status().json()
    if (found["state"], found["refused"]) != ("done", 0):
        raise RuntimeError(f"the import ended otherwise: {found}")
    return time.perf_counter() - started


def _question(admin: httpx.Client) -> float:
    """Milliseconds that a search for a number among all takes, at the median."""
    numbers = iter(range(1, 2 * TRIES))

    def ask() -> None:
        asked = {"q": f"BM {next(numbers)}", "limit": 20}
        answer = admin.get("/api/v1/directory/officers", params=asked).raise_for_status().json()
        if not answer["items"]:
            raise RuntimeError("nobody was found")

    return _median(ask)


def _change(admin: httpx.Client) -> float:
    """Milliseconds that one more change takes, at the median."""
    found = admin.get("/api/v1/directory/officers", params={"q": "BM 7"}).raise_for_status().json()["items"][0]
    versions: Iterator[int] = iter(range(found["version"], 10**6))

    def change() -> None:
        version = next(versions)
        body = {"reason": "Đo hiệu năng", "phone": f"09{time.time_ns() % 10**8:08d}"}
        _post(admin, f"/officers/{found['id']}/change", body, {"If-Match": f'"{version}"'})

    return _median(change)


def _post(admin: httpx.Client, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex} | (headers or {})
    return admin.post(f"/api/v1/directory{path}", json=body, headers=headers).raise_for_status().json()


def _median(act: Callable[[], None]) -> float:
    took = []
    for _ in range(TRIES):
        started = time.perf_counter()
        act()
        took.append(time.perf_counter() - started)
    return statistics.median(took) * 1000
