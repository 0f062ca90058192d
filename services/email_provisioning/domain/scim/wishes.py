"""A user or group as an identity provider wishes it, read out of the SCIM resource.

What is read here is not checked: the commands that follow check what they are given, so that a wish that cannot be
fulfilled is kept, and is told why.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

USER_EXTENSION = "urn:ietf:params:scim:schemas:extension:trucchung:2.0:User"
GROUP_EXTENSION = "urn:ietf:params:scim:schemas:extension:trucchung:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

EXTENSIONS = {"User": USER_EXTENSION, "Group": GROUP_EXTENSION}

_PHONE = re.compile(r"\+?[0-9]{8,15}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UserWish:
    """What the officer and their mailbox should be; None where nothing is wished.

    `address` is the user name where that is a mail address. `roles` are what the post lets its holder do.
    """

    name: str | None
    number: str | None
    account: str | None
    phone: str | None
    agency: str | None
    unit: str | None
    title: str | None
    roles: tuple[str, ...]
    starts_on: str | None
    quota: int | None
    revoke_on: str | None
    address: str | None
    active: bool

    def post(self) -> dict[str, Any]:
        """The post, as it is compared with those that are held."""
        return {"agency": self.agency, "unit": self.unit, "title": self.title, "roles": sorted(set(self.roles))}


@dataclass(frozen=True, slots=True)
class GroupWish:
    """Which address should lead to which users."""

    name: str
    address: str | None
    agency: str | None
    members: tuple[str, ...]


def user_wish(body: Body) -> UserWish:
    """What a user says; nothing said of `active` means that they are."""
    said, enterprise = body.get(USER_EXTENSION) or {}, body.get(ENTERPRISE) or {}
    user_name = str(body.get("userName") or "").strip().lower()
    return UserWish(
        name=_name(body),
        number=enterprise.get("employeeNumber") or None,
        account=body.get("externalId") or None,
        phone=_phone(body.get("phoneNumbers") or ()),
        agency=_tidy(said.get("agency")),
        unit=said.get("unit") or None,
        title=_tidy(said.get("post") or body.get("title")),
        roles=tuple(one["value"] for one in body.get("roles") or () if one.get("value")),
        starts_on=said.get("startsOn") or None,
        quota=said.get("quota"),
        revoke_on=said.get("revokeOn") or None,
        address=user_name if _ADDRESS.fullmatch(user_name) else None,
        active=body.get("active") is not False,
    )


def group_wish(body: Body) -> GroupWish:
    """What a group says."""
    said = body.get(GROUP_EXTENSION) or {}
    return GroupWish(
        name=_tidy(body.get("displayName")) or "",
        address=(said.get("address") or "").strip().lower() or None,
        agency=_tidy(said.get("agency")),
        members=tuple(member["value"] for member in body.get("members") or () if member.get("value")),
    )


def _name(body: Body) -> str | None:
    """The whole name in Vietnamese order: what is displayed, else family, middle and given name."""
    parts = body.get("name") or {}
    joined = " ".join(parts[part] for part in ("familyName", "middleName", "givenName") if parts.get(part))
    return _tidy(body.get("displayName")) or _tidy(joined) or _tidy(parts.get("formatted"))


def _phone(numbers: Any) -> str | None:
    """The first that is a telephone number; blanks, dots and hyphens between digits are for people."""
    plain = (re.sub(r"[\s().-]|^tel:", "", one.get("value") or "") for one in numbers)
    return next((one for one in plain if _PHONE.fullmatch(one)), None)


def _tidy(text: Any) -> str | None:
    return unicodedata.normalize("NFC", " ".join(str(text or "").split())) or None
