"""Users of an identity provider, and what became of them."""

from typing import Any

from tests.support.directory import DirectoryWorld
from tests.support.scim import IdentityProvider, provision

Document = dict[str, Any]
WARD, OTHER_WARD = "H13.30.01", "H13.30.02"


def wanted(**said: Any) -> Document:
    return {"agency": WARD, "post": "Chuyên viên", **said}


def hire(idp: IdentityProvider, user_name: str = "an.lv@idp.vn", **more: Any) -> str:
    more.setdefault("said", wanted())
    more.setdefault("displayName", "Lê Văn An")
    more.setdefault("roles", [{"value": "specialist"}])
    return idp.create(user_name, **more)


def officer_of(world: DirectoryWorld, idp: IdentityProvider, identifier: str) -> Document:
    loaded = world.officers.find(idp.told(identifier)["officer"])
    assert loaded is not None
    return dict(loaded.document)


def mailbox_of(world: DirectoryWorld, officer: str) -> Document:
    found = [one for one in world.mail.mailboxes.of_owners([officer]) if one["kind"] == "personal"]
    assert len(found) == 1
    return dict(found[0])


def at_work(world: DirectoryWorld, idp: IdentityProvider, **more: Any) -> tuple[str, str]:
    """A user with a mailbox that the host has; its id and the mailbox's."""
    identifier = hire(idp, **more)
    mailbox = mailbox_of(world, idp.told(identifier)["officer"])["_id"]
    provision(world, mailbox)
    return identifier, mailbox
