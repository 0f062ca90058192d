"""Mailboxes that are asked for, approved and reported as made."""

from typing import Any

import pytest

from shared.contracts.principal import Principal
from shared.errors import Error
from shared.history import verify
from tests.support.directory import ADMIN, OPERATOR, WARD_ADMIN, DirectoryWorld

HOST = Principal("mail-host:mail-1", "mail-1", frozenset())
WHY = "Công văn số 45/VP"
WARD = "H13.30.01"


def ask_for(world: DirectoryWorld, name: str = "Nguyễn Văn An", agency: str = WARD, **more: Any) -> str:
    """A personal mailbox that waits for approval."""
    officer = world.appoint(agency, name=name, **more)
    return str(world.tell("request_mailbox", ADMIN, owner=officer)["id"])


def act(world: DirectoryWorld, operation: str, mailbox: str, principal: Principal = OPERATOR, **body: Any) -> Any:
    return world.tell(operation, principal, mailbox=mailbox, **body)


def report(world: DirectoryWorld, mailbox: str, generation: int | None = None, error: str = "") -> None:
    now = world.mail.mailboxes.find(mailbox).document["generation"] if generation is None else generation
    said = {"mailbox": mailbox, "generation": now, "error": error}
    world.ask("report_mail_applied", HOST, host="mail-1", reports=[said])


def active(world: DirectoryWorld, name: str = "Nguyễn Văn An", **more: Any) -> str:
    """A mailbox that is there."""
    mailbox = ask_for(world, name, **more)
    act(world, "approve_mailbox", mailbox)
    report(world, mailbox)
    return mailbox


def stored(world: DirectoryWorld, mailbox: str) -> dict[str, Any]:
    return dict(world.mail.mailboxes.find(mailbox).document)


def told(world: DirectoryWorld, mailbox: str) -> dict[str, Any]:
    """What the host is told to do now."""
    answer = world.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=[mailbox])
    return dict(answer["items"][0])


def refused(kind: type[Error], code: str) -> Any:
    return pytest.raises(kind, match=code)


def history(world: DirectoryWorld, mailbox: str) -> list[str]:
    whole = world.mail.mailboxes.whole(mailbox)
    assert verify(mailbox, whole["history"], version=whole["version"], head=whole["head"]) is None
    return [entry["type"].removesuffix(".v1").removeprefix("mailbox_") for entry in whole["history"]]


PASSWORD = "bốn con trâu gặm cỏ"


def link(world: DirectoryWorld, mailbox: str) -> str:
    return str(act(world, "issue_password_link", mailbox, WARD_ADMIN)["token"])


def set_password(world: DirectoryWorld, mailbox: str, password: str = PASSWORD) -> None:
    world.tell("set_password", OPERATOR, token=link(world, mailbox), password=password)


def said(world: DirectoryWorld, mailbox: str) -> tuple[str, int, str]:
    """Where a mailbox stands, and what its one host said of it last."""
    seen = world.ask("read_mailbox", ADMIN, mailbox=mailbox)
    [host] = seen["hosts"]
    return str(seen["state"]), int(host["generation"]), str(host["error"])
