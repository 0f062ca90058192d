"""Twenty thousand officers taken in as a table, what one more change costs then, and whether searches stay flat."""

import csv
import io
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx
import psutil

from tests.benchmarks.turns import Act, medians
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
    """One import: how many rows there were and how many were in the directory after it, and what it took.

    `question_ms` and `change_ms` stand for the small directory ("few") and this one ("many"), taken in turn.
    """

    rows: int
    officers: int
    seconds: float
    mebibytes: float
    question_ms: dict[str, float]
    change_ms: dict[str, float]


def measure_directory(small: Stack, large: Stack, few: int, sizes: tuple[int, ...]) -> list[Taken]:
    """Import into the large one until there are so many officers, and measure at each size beside the small one."""
    taken = []
    with small.client(ADMIN) as yardstick, large.client(ADMIN) as admin:
        _import(yardstick, _table(0, few))
        before = 0
        for size in sizes:
            cuts = [*range(before, size, TABLE_ROWS), size]
            seconds = sum(_import(admin, _table(first, end)) for first, end in pairwise(cuts))
            service = psutil.Process(large.processes["email_provisioning"].pid)
            mebibytes = service.memory_info().rss / 2**20
            questions = medians({"few": _question(yardstick), "many": _question(admin)}, TRIES)
            changes = medians({"few": _change(yardstick), "many": _change(admin)}, TRIES)
            taken.append(Taken(size - before, size, seconds, mebibytes, questions, changes))
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


def _question(admin: httpx.Client) -> Act:
    """A search for the next number among all."""
    numbers = iter(range(1, 2 * TRIES))

    def ask() -> None:
        asked = {"q": f"BM {next(numbers)}", "limit": 20}
        answer = admin.get("/api/v1/directory/officers", params=asked).raise_for_status().json()
        if not answer["items"]:
            raise RuntimeError("nobody was found")

    return ask


def _change(admin: httpx.Client) -> Act:
    """One more change of somebody."""
    found = admin.get("/api/v1/directory/officers", params={"q": "BM 7"}).raise_for_status().json()["items"][0]
    versions: Iterator[int] = iter(range(found["version"], 10**6))

    def change() -> None:
        version = next(versions)
        body = {"reason": "Đo hiệu năng", "phone": f"09{time.time_ns() % 10**8:08d}"}
        _post(admin, f"/officers/{found['id']}/change", body, {"If-Match": f'"{version}"'})

    return change


def _post(admin: httpx.Client, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex} | (headers or {})
    return admin.post(f"/api/v1/directory{path}", json=body, headers=headers).raise_for_status().json()
