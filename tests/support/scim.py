"""An identity provider in a test's hands: it sends to the SCIM interface what such programs send."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection

from services.email_provisioning.domain.scim.wishes import ENTERPRISE, GROUP_EXTENSION, USER_EXTENSION
from services.email_provisioning.usecases.mail.hosts import report_mail_applied
from services.email_provisioning.usecases.scim.serve import serve_scim
from services.email_provisioning.usecases.scim.wishes import fire_due_wish, mark_mailboxes
from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.mail_events import MailboxChanged
from shared.contracts.principal import Principal, Role
from tests.support.directory import DirectoryWorld

IDP = Principal("identity", "Identity", frozenset({Role.IDENTITY_PROVIDER}), agency="H13")
WARD_IDP = Principal("identity-ward", "Identity", frozenset({Role.IDENTITY_PROVIDER}), agency="H13.30.01")
OTHER_IDP = Principal("identity-other", "Identity", frozenset({Role.IDENTITY_PROVIDER}), agency="H56")

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TOLD = f"{USER_EXTENSION}:officer,{USER_EXTENSION}:mailbox"
BASE = "http://localhost/scim/v2"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the interface answered."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class IdentityProvider:
    """Sends requests as one principal."""

    world: DirectoryWorld
    principal: Principal = IDP

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: str
    ) -> Answer:
        """Any request."""
        request = {
            "method": method,
            "base_url": BASE,
            "path": path,
            "query": query,
            "headers": headers or {},
            "body": "" if body is None else json.dumps(body),
        }
        found = serve_scim(self.world.context, request, self.principal)
        return Answer(found["status"], found["headers"], found["body"])

    def create(self, user_name: str, **more: Any) -> str:
        """A new user's id."""
        answer = self.send("POST", "/Users", user(user_name, **more))
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def patch(self, path: str, *operations: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        """Changes, as they stand in a PATCH."""
        return self.send("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)}, headers)

    def told(self, identifier: str) -> dict[str, Any]:
        """What a user is told of the officer and the mailbox."""
        answer = self.send("GET", f"/Users/{identifier}", attributes=TOLD)
        assert answer.status == 200, answer.body
        found: dict[str, Any] = answer.body.get(USER_EXTENSION, {})
        return {"officer": found.get("officer"), **found.get("mailbox", {})}


def user(user_name: str, *, number: str = "", said: dict[str, Any] | None = None, **core: Any) -> dict[str, Any]:
    """A user as an identity provider sends one; `said` is what the platform's own extension says."""
    body: dict[str, Any] = {"schemas": [CORE_USER], "userName": user_name, **core}
    if said is not None:
        body["schemas"].append(USER_EXTENSION)
        body[USER_EXTENSION] = said
    if number:
        body["schemas"].append(ENTERPRISE)
        body[ENTERPRISE] = {"employeeNumber": number}
    return body


def group(name: str, members: list[str], **said: Any) -> dict[str, Any]:
    """A group of users."""
    body: dict[str, Any] = {"schemas": [CORE_GROUP], "displayName": name}
    body["members"] = [{"value": member} for member in members]
    if said:
        body["schemas"].append(GROUP_EXTENSION)
        body[GROUP_EXTENSION] = said
    return body


def provision(world: DirectoryWorld, mailbox: str) -> None:
    """Let the mail host report that it has a mailbox as it should be."""
    loaded = world.mail.mailboxes.find(mailbox)
    assert loaded is not None
    report = {"mailbox": mailbox, "generation": loaded.document["generation"], "error": ""}
    host = Principal("mail-host:mail-1", "mail-1", frozenset())
    report_mail_applied(world.context, {"host": "mail-1", "reports": [report]}, host)
    mark_mailboxes(world.context, [_changed(mailbox)])


def do_due_wishes(world: DirectoryWorld, rows: Collection[dict[str, Any]]) -> int:
    """Do the due work of all resources, and answer of how many."""
    due = [row["_id"] for row in rows.find({"next_due_at": {"$lte": world.now}}, {"_id": 1})]
    for identifier in due:
        fire_due_wish(world.context, identifier)
    return len(due)


def _changed(mailbox: str) -> ReceivedEvent:
    return ReceivedEvent(MailboxChanged, f"{mailbox}:1", mailbox, 1, datetime.now(UTC), {})
