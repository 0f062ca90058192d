"""The SCIM interface of the running platform: judged by scim2-tester, and used as an identity provider does."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.running import eventually
from tests.support.stack import Stack

OFFICER = "urn:ietf:params:scim:schemas:extension:trucchung:2.0:User"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
JUDGE = Path(sys.executable).with_name("scim2")


@pytest.fixture(scope="module")
def idp(platform: Stack) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {platform.token('identity-can-tho')}"}
    with httpx.Client(base_url=f"{platform.base_url}/scim/v2", headers=headers, timeout=30) as client:
        yield client


def test_the_judge_finds_no_error(platform: Stack) -> None:
    """`scim2 -u http://127.0.0.1:8080/scim/v2 test` with a bearer token."""
    headers = f"Authorization: Bearer {platform.token('identity-can-tho')}"
    judged = subprocess.run(
        [str(JUDGE), "-u", f"{platform.base_url}/scim/v2", "test"],
        env={**os.environ, "SCIM_CLI_HEADERS": headers, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    verdicts = re.findall(r"^([A-Z]{5,}) (.*\n(?:  .*\n)*)", judged.stdout, re.MULTILINE)
    assert [told for verdict, told in verdicts if verdict != "SUCCESS"] == [], judged.stderr
    assert judged.returncode == 0
    assert len(verdicts) > 130


def test_an_officer_comes_is_shut_out_and_leaves(platform: Stack, idp: httpx.Client) -> None:
    login = f"an{time.time_ns()}@cantho.gov.vn"
    said = {"agency": "H13.30.01", "post": "Chuyên viên", "quota": 512}
    body = {"schemas": [USER, OFFICER], "userName": login, "displayName": "Lê Văn An", "active": True, OFFICER: said}
    made = idp.post("/Users", json=body)
    assert (made.status_code, made.headers["Content-Type"]) == (201, "application/scim+json"), made.text
    assert made.headers["Location"] == f"{platform.base_url}/scim/v2/Users/{made.json()['id']}"
    path = f"/Users/{made.json()['id']}"

    def told(**wanted: Any) -> dict[str, Any] | None:
        asked = {"attributes": f"{OFFICER}:officer,{OFFICER}:mailbox"}
        answer = idp.get(path, params=asked, headers={"Accept-Language": "en"}).json()
        found = {"officer": answer[OFFICER].get("officer"), **answer[OFFICER].get("mailbox", {})}
        return found if all(found.get(name) == value for name, value in wanted.items()) else None

    known = eventually(lambda: told(address=login), "the mailbox is there")
    with platform.client("directory-can-tho") as admin:
        officer = admin.get(f"/api/v1/directory/officers/{known['officer']}").json()
        assert (officer["name"], officer["posts"][0]["agency"]) == ("Lê Văn An", "H13.30.01")
        mailbox = admin.get("/api/v1/mail/mailboxes", params={"owner": known["officer"]}).json()["items"][0]
        assert (mailbox["address"], mailbox["quota"]) == (login, 512)
        change = {"schemas": [PATCH], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
        off = idp.patch(path, json=change)
        assert (off.status_code, off.json()["active"]) == (200, False)
        assert idp.delete(path).status_code == 204
        assert idp.get(path).status_code == 404

        def left() -> bool:
            return admin.get(f"/api/v1/directory/officers/{known['officer']}").json()["left"] is not None

        eventually(left, "the officer has left")


def test_a_wish_that_cannot_be_is_told_in_the_readers_words(idp: httpx.Client) -> None:
    body = {
        "schemas": [USER, OFFICER],
        "userName": f"x{time.time_ns()}",
        "displayName": "Lê Văn Xa",
        OFFICER: {"agency": "H13.77", "post": "Chuyên viên"},
    }
    path = f"/Users/{idp.post('/Users', json=body).json()['id']}"
    asked = {"attributes": f"{OFFICER}:mailbox"}
    english = idp.get(path, params=asked, headers={"Accept-Language": "en"}).json()
    vietnamese = idp.get(path, params=asked).json()
    assert english[OFFICER]["mailbox"]["problem"].startswith("agency: There is no agency of that code.")
    assert vietnamese[OFFICER]["mailbox"]["problem"].startswith("agency: Không có cơ quan")


def test_refusals_are_the_protocols_own(platform: Stack, idp: httpx.Client) -> None:
    with httpx.Client(base_url=f"{platform.base_url}/scim/v2") as stranger:
        unknown = stranger.get("/Users")
    assert (unknown.status_code, unknown.json()["schemas"]) == (401, [ERROR])
    assert unknown.headers["WWW-Authenticate"].startswith("Bearer")
    with platform.client("specialist-ninh-kieu") as officer:
        barred = officer.get("/scim/v2/Users")
    assert (barred.status_code, barred.json()["status"]) == (403, "403")
    assert barred.headers["Content-Type"] == "application/scim+json"
    broken = idp.post("/Users", content=b'{"userName": ')
    assert (broken.status_code, broken.json()["scimType"]) == (400, "invalidSyntax")
    large = idp.post("/Users", json={"userName": "x" * 2_000_000})
    assert (large.status_code, large.json()["schemas"]) == (413, [ERROR])
