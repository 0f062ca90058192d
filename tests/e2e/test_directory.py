"""The directory over REST: what its administrators change reaches the services that copy it."""

import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.running import eventually
from tests.support.stack import Stack

WHY = "Quyết định số 12/QĐ-UBND ngày 20/11/2026"
NAME = {"vi": "Trung tâm Thử nghiệm thành phố Cần Thơ", "en": "Test Centre of Can Tho"}


@pytest.fixture(scope="module")
def admin(platform: Stack) -> Iterator[httpx.Client]:
    with platform.client("directory-can-tho") as client:
        yield client


def post(client: httpx.Client, path: str, body: dict[str, Any], version: int | None = None, status: int = 200) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex} | ({"If-Match": f'"{version}"'} if version else {})
    answer = client.post(f"/api/v1/directory{path}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def in_the_shop(client: httpx.Client, code: str) -> dict[str, Any] | None:
    """The agency as the one-stop shop copied it; whoever asks too often must wait, so nobody does."""
    time.sleep(0.6)
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/api/v1/agencies", params={"limit": 200} | cursor).json()
        found = next((agency for agency in page["items"] if agency["code"] == code), None)
        if found or not page["next_cursor"]:
            return dict(found) if found else None
        cursor = {"cursor": page["next_cursor"]}


def test_the_seed_is_registered_and_the_demo_people_are_officers(admin: httpx.Client) -> None:
    city = admin.get("/api/v1/directory/agencies/H13").json()
    assert (city["name"]["vi"], city["sample"], city["version"]) == ("Ủy ban nhân dân thành phố Cần Thơ", True, 1)
    acting = admin.get("/api/v1/directory/agencies/000.00.30.H51/acting").json()
    assert [agency["code"] for agency in acting["acting"]] == ["H13.41.01"]
    found = admin.get("/api/v1/directory/officers", params={"q": "pham thu ha", "agency": "H13.30.01"}).json()
    assert [(one["name"], one["sample"]) for one in found["items"]] == [("Phạm Thu Hà", True)]
    officer = admin.get(f"/api/v1/directory/officers/{found['items'][0]['id']}").json()
    assert officer["account"] == "reception-ninh-kieu"
    assert admin.get("/api/v1/directory/agencies/H56").status_code == 404


def test_a_change_of_the_directory_reaches_the_one_stop_shop(admin: httpx.Client) -> None:
    code = f"H13.{time.time_ns() % 900 + 100}"
    body = {"code": code, "name": NAME, "level": "province", "kind": "public_service_unit", "province": "H13"}
    made = post(admin, "/agencies", body, status=201)
    assert made == {"code": code, "version": 1, "closed_on": None}
    copied = eventually(lambda: in_the_shop(admin, code), "the one-stop shop knows the new agency")
    assert (copied["name"], copied["active"]) == (NAME["vi"], True)
    post_there = {"agency": code, "title": "Văn thư", "roles": ["clerk"], "starts_on": "2025-07-01"}
    body = {"name": "Trần Văn Theo", "reason": WHY, "post": post_there, "sample": True}
    officer = post(admin, "/officers", body, status=201)["id"]
    closing = {"closed_on": "2026-01-31", "successors": ["H13.06"], "reason": WHY}
    stale = admin.post(
        f"/api/v1/directory/agencies/{code}/close",
        json=closing,
        headers={"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"7"'},
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "version_stale")
    post(admin, f"/agencies/{code}/close", closing, version=1)

    def is_closed() -> dict[str, Any] | None:
        copied = in_the_shop(admin, code)
        return copied if copied and not copied["active"] else None

    assert eventually(is_closed, "the copy is closed")["successor"] == "H13.06"

    def has_followed() -> list[dict[str, Any]] | None:
        posts: list[dict[str, Any]] = admin.get(f"/api/v1/directory/officers/{officer}").json()["posts"]
        return posts if len(posts) > 1 else None

    posts = eventually(has_followed, "the officer follows the agency")
    assert [(one["agency"], one["starts_on"], one["ends_on"], one["roles"]) for one in posts] == [
        (code, "2025-07-01", "2026-01-31", ["clerk"]),
        ("H13.06", "2026-02-01", None, ["clerk"]),
    ]


def test_an_officer_is_imported_moved_and_leaves(platform: Stack, admin: httpx.Client) -> None:
    number = f"E2E-{time.time_ns()}"
    table = (
        "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ,Vai trò,Từ ngày\n"
        f"{number},Nguyễn Thị Thử Nghiệm,H13.30.01,Chuyên viên,chuyên viên,01/07/2025\n"
        f"{number}-X,Người Xa Lạ,H56.30.01,Chuyên viên,,\n"
    )
    upload = admin.post(
        "/api/v1/files",
        content=table.encode(),
        headers={"Content-Type": "text/csv", "X-File-Name": "can-bo.csv", "Idempotency-Key": uuid.uuid4().hex},
    )
    assert upload.status_code == 201, upload.text

    def take_in(*, dry_run: bool) -> dict[str, Any]:
        body = {"kind": "officers", "file": upload.json()["id"], "dry_run": dry_run, "sample": True}
        started = post(admin, "/imports", body, status=201)

        def finished() -> dict[str, Any] | None:
            found = admin.get(f"/api/v1/directory/imports/{started['id']}").json()
            return found if found["state"] in ("done", "failed") else None

        return eventually(finished, "the import is done")

    tried, done = take_in(dry_run=True), take_in(dry_run=False)
    assert [(one["created"], one["refused"]) for one in (tried, done)] == [(1, 1), (1, 1)]
    rows = admin.get(f"/api/v1/directory/imports/{done['id']}/rows").json()["items"]
    assert [(row["line"], row["outcome"], [one["code"] for one in row["problems"]]) for row in rows] == [
        (2, "created", []),
        (3, "refused", ["agency_not_here"]),
    ]

    officer = rows[0]["subject"]
    there = {"agency": "H13.17", "title": "Phó Trưởng phòng", "roles": ["head_of_unit"]}
    moved = post(admin, f"/officers/{officer}/move", {"post": there, "reason": WHY}, version=1)
    assert moved["version"] == 2
    view = admin.get(f"/api/v1/directory/officers/{officer}").json()
    assert [(one["agency"], one["holds"]) for one in view["posts"]] == [("H13.30.01", False), ("H13.17", True)]
    leaving = {"cause": "resigned", "last_day": "2026-12-31", "reason": WHY}
    post(admin, f"/officers/{officer}/leave", leaving, version=2)
    history = admin.get(f"/api/v1/directory/officers/{officer}/history").json()["items"]
    assert [entry["type"] for entry in history] == ["officer_appointed.v1", "officer_moved.v1", "officer_left.v1"]
    assert admin.get(f"/api/v1/directory/officers/{officer}/history/verification").json()["intact"]
    with platform.client("specialist-ninh-kieu") as colleague:
        assert colleague.get(f"/api/v1/directory/officers/{officer}").status_code == 404
    with platform.client("citizen-an") as citizen:
        assert citizen.get("/api/v1/directory/officers").status_code == 403
