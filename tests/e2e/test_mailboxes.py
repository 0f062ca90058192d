"""Mailboxes over REST, on the whole platform: asked for, approved, given a password, told to a host, shut again."""

import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.running import eventually
from tests.support.stack import Stack

WHY = "Công văn số 45/VP ngày 20/11/2026"
PASSWORD = "bốn con trâu gặm cỏ"


@pytest.fixture(scope="module")
def admin(platform: Stack) -> Iterator[httpx.Client]:
    with platform.client("directory-can-tho") as client:
        yield client


@pytest.fixture(scope="module")
def operator(platform: Stack) -> Iterator[httpx.Client]:
    with platform.client("operator") as client:
        yield client


def post(client: httpx.Client, path: str, body: dict[str, Any], version: int | None = None, status: int = 200) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex} | ({"If-Match": f'"{version}"'} if version else {})
    answer = client.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def appoint(admin: httpx.Client, name: str) -> str:
    post_there = {"agency": "H13.30.01", "title": "Chuyên viên", "roles": ["specialist"], "starts_on": "2026-01-05"}
    body = {"name": name, "reason": WHY, "post": post_there, "sample": True}
    return str(post(admin, "/directory/officers", body, status=201)["id"])


def read(admin: httpx.Client, mailbox: str) -> dict[str, Any]:
    found: dict[str, Any] = admin.get(f"/api/v1/mail/mailboxes/{mailbox}").json()
    return found


def test_whoever_is_appointed_has_a_mailbox_soon(admin: httpx.Client) -> None:
    officer = appoint(admin, f"Nguyễn Tự Động {time.time_ns()}")

    def approved() -> dict[str, Any] | None:
        found = admin.get("/api/v1/mail/mailboxes", params={"owner": officer}).json()["items"]
        return found[0] if found and found[0]["state"] in ("approved", "active") else None

    mailbox = eventually(approved, "the mailbox follows the appointment")
    assert mailbox["address"].startswith("ntd")
    assert mailbox["agency"] == "H13.30.01"


def test_a_unit_mailbox_from_the_request_to_a_password_and_a_suspension(
    admin: httpx.Client, operator: httpx.Client, platform: Stack
) -> None:
    owner = appoint(admin, "Trần Thị Văn Thư")
    address = f"vanthu.{time.time_ns()}@cantho.gov.vn"
    body = {"kind": "unit", "name": "Văn thư phường Ninh Kiều", "address": address, "owner": owner, "reason": WHY}
    made = admin.post("/api/v1/mail/mailboxes", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/mail/mailboxes/{made.json()['id']}")
    mailbox = made.json()["id"]
    path = f"/mail/mailboxes/{mailbox}"
    refused = admin.post(
        f"/api/v1{path}/approve", json={}, headers={"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"'}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed")
    approved = post(operator, f"{path}/approve", {}, version=1)
    assert approved["state"] == "approved"
    link = post(admin, f"{path}/password-link", {"reason": WHY})
    with httpx.Client(base_url=platform.base_url) as stranger:
        weak = {"token": link["token"], "password": "ngắn"}
        key = {"Idempotency-Key": uuid.uuid4().hex}
        short = stranger.post("/api/v1/mail/passwords", json=weak, headers=key)
        assert (short.status_code, short.json()["errors"][0]["code"]) == (422, "password_too_short")
        assert post(stranger, "/mail/passwords", {"token": link["token"], "password": PASSWORD}) == {"address": address}
    assert read(admin, mailbox)["has_password"]
    taken = admin.post("/api/v1/mail/mailboxes", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert (taken.status_code, taken.json()["code"]) == (409, "mailbox_address_taken")
    history = admin.get(f"/api/v1{path}/history").json()["items"]
    assert [entry["type"] for entry in history[:2]] == ["mailbox_requested.v1", "mailbox_approved.v1"]
    assert PASSWORD not in str(history)
    assert admin.get(f"/api/v1{path}/history/verification").json()["intact"]
    pool = admin.get("/api/v1/mail/pools/H13.30.01").json()
    assert 0 < pool["used"] <= pool["grant"]
    free = admin.get("/api/v1/mail/suggestions", params={"name": "Lê Văn Bốn", "agency": "H13.30.01"}).json()
    assert free["addresses"][0].endswith("@cantho.gov.vn")
    hosts = operator.get("/api/v1/mail/hosts").json()["hosts"]
    assert [host["host"] for host in hosts] == ["mail-1"]


def test_a_grant_that_is_exhausted_is_told_in_words(admin: httpx.Client, operator: httpx.Client) -> None:
    owner = appoint(admin, "Lê Thị Hết Chỗ")
    body = {"kind": "unit", "name": "Kho", "address": f"kho.{time.time_ns()}@cantho.gov.vn", "owner": owner}
    mailbox = post(admin, "/mail/mailboxes", body | {"quota": 1024 * 1024}, status=201)["id"]
    answer = operator.post(
        f"/api/v1/mail/mailboxes/{mailbox}/approve",
        json={},
        headers={"Idempotency-Key": uuid.uuid4().hex, "If-Match": '"1"', "Accept-Language": "en"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "mailbox_pool_exhausted")
    assert "102,400 MiB" in answer.json()["detail"] or "102400 MiB" in answer.json()["detail"]


def test_an_operator_checks_a_domain_and_is_told_why(admin: httpx.Client, operator: httpx.Client) -> None:
    domains = operator.get("/api/v1/mail/domains").json()["domains"]
    assert [(one["name"], one["hosts"]) for one in domains][:1] == [("cantho.gov.vn", ["mail-1"])]
    check = operator.get("/api/v1/mail/domains/cantho.gov.vn/check").json()
    verdicts = {record["kind"]: record["verdict"] for record in check["records"]}
    assert verdicts == {"mx": "good", "spf": "warning", "dkim": "unknown", "dmarc": "bad"}
    [dmarc] = check["records"][3]["findings"]
    assert dmarc["reason"]["vi"].startswith("Không có bản ghi DMARC tại _dmarc.cantho.gov.vn")
    assert dmarc["reason"]["en"].startswith("There is no DMARC record at _dmarc.cantho.gov.vn")
    barred = admin.get("/api/v1/mail/domains/cantho.gov.vn/check")
    assert (barred.status_code, barred.json()["code"]) == (403, "role_not_allowed")
    unknown = operator.get("/api/v1/mail/domains/gmail.com/check", headers={"Accept-Language": "en"})
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "The platform has no mail domain gmail.com.")
