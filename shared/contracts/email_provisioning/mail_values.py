"""Values that the contracts of mailboxes carry."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.shapes import Shape

MAILBOX_KINDS = ("personal", "unit", "role", "group")
"""Whose a mailbox is: a person's, a unit's, a title's, or nobody's: a group leads to the mailboxes of its members."""

MAILBOX_STATES = (
    "requested",
    "refused",
    "approved",
    "active",
    "suspended",
    "scheduled_for_revocation",
    "revoked",
    "purged",
)
SUSPENSIONS = ("receive", "bounce", "hold")
"""What becomes of mail for a suspended mailbox: it is kept, sent back, or waits at the sender's."""

POSTERS = ("anybody", "members", "listed")
"""Who may write to a group: anybody, its members, or only the listed addresses, who moderate it."""

LOCAL_PART = r"[a-z0-9]+([._-][a-z0-9]+)*"
DOMAIN = r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$"
ADDRESS = rf"^{LOCAL_PART}@{DOMAIN[1:]}"
HOST = r"^[a-z0-9][a-z0-9-]{0,62}$"
MAIL_NAME = r"^[a-z0-9]{1,31}$"
SELECTOR = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
"""Of a DKIM key (RFC 6376 section 3.1)."""

LONGEST_ADDRESS = 254
"""Octets of an address (RFC 5321 section 4.5.3.1.3); 64 of them before the @ at most."""

MOST_MIB = 1024 * 1024
"""One TiB."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128


def address(*, required: bool = False, example: str = "nvan@cantho.gov.vn", **options: Any) -> fields.String:
    """A mail address as the platform gives them: lower case, ASCII."""
    rules: list[Any] = [validate.Length(max=LONGEST_ADDRESS), Shape(ADDRESS, example)]
    return fields.String(required=required, validate=rules, metadata={"example": example}, **options)


def mebibytes(*, required: bool = False, **options: Any) -> fields.Integer:
    """Storage in MiB."""
    return fields.Integer(
        strict=True, required=required, validate=validate.Range(1, MOST_MIB), metadata={"example": 2048}, **options
    )
