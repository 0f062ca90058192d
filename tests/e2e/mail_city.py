"""A city whose officers get mailboxes on real servers."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import httpx
from pymongo import MongoClient

from local.mail import MailHost
from tests.support.mail_client import Mailer
from tests.support.running import eventually
from tests.support.stack import Stack

WHY = "Công văn số 46/VP ngày 20/11/2026"
PASSWORD = "bon con trau gam co xanh"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
OFFICER = "urn:ietf:params:scim:schemas:extension:trucchung:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MIB = 1024 * 1024


@dataclass
class City:
    """The platform with its mail host, and two who administer it."""

    platform: Stack
    host: MailHost
    mailer: Mailer
    admin: httpx.Client
    operator: httpx.Client
    idp: httpx.Client

    def read(self, mailbox: str) -> dict[str, Any]:
        found: dict[str, Any] = self.admin.get(f"/api/v1/mail/mailboxes/{mailbox}").json()
        return found

    def active_mailbox(self, owner: str) -> dict[str, Any] | None:
        found = self.admin.get("/api/v1/mail/mailboxes", params={"owner": owner}).json()["items"]
        return found[0] if found and found[0]["state"] == "active" else None

    def act(self, mailbox: str, action: str, body: dict[str, Any]) -> None:
        answer = self.tries(mailbox, action, body)
        assert answer.status_code == 200, answer.text

    def tries(self, mailbox: str, action: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{self.read(mailbox)["version"]}"'}
        return self.operator.post(f"/api/v1/mail/mailboxes/{mailbox}/{action}", json=body, headers=headers)

    def provision(self, login: str, name: str, quota: int) -> tuple[str, dict[str, Any]]:
        """Tell of a new officer as an identity provider does; answers the SCIM path and the mailbox, which works."""
        post = {"agency": "H13.30.01", "post": "Chuyên viên", "quota": quota}
        body = {"schemas": [USER, OFFICER], "userName": login, "displayName": name, "active": True, OFFICER: post}
        made = self.idp.post("/scim/v2/Users", json=body)
        assert made.status_code == 201, made.text
        path = f"/scim/v2/Users/{made.json()['id']}"
        asked = {"attributes": f"{OFFICER}:officer"}
        officer = eventually(
            lambda: self.idp.get(path, params=asked).json().get(OFFICER, {}).get("officer"), "an officer"
        )
        return path, eventually(lambda: self.active_mailbox(officer), "the mailbox is on its host")

    def wish(self, path: str, attribute: str, value: object) -> None:
        """Change one attribute of a SCIM user."""
        change = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": attribute, "value": value}]}
        answer = self.idp.patch(path, json=change)
        assert answer.status_code == 200, answer.text

    def give_password(self, mailbox: str) -> None:
        """What the officer does with the one-time link."""
        token = self.post(f"/mail/mailboxes/{mailbox}/password-link", {"reason": WHY})["token"]
        self.post("/mail/passwords", {"token": token, "password": PASSWORD})

    def inbox(self, address: str, *subjects: str) -> None:
        """Wait until these mails are in the inbox, and no others."""
        eventually(lambda: self.mailer.subjects(address, PASSWORD) == list(subjects), f"{subjects} at {address}")

    def age_archive(self, mailbox: str, days: int) -> None:
        """Let the archive of a mailbox be so much older, as no API can."""
        with MongoClient[dict[str, Any]](self.platform.mongo_uri) as client:
            boxes = client[f"{self.platform.prefix}email_provisioning"]["mailboxes"]
            revoked = date.fromisoformat(boxes.find_one({"_id": mailbox})["revoked_on"])  # type: ignore[index]
            boxes.update_one({"_id": mailbox}, {"$set": {"revoked_on": str(revoked - timedelta(days=days))}})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.admin.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found
