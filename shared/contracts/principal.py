"""Who asks: the caller as the gateway proved it, handed to the service with every request."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a caller may be; officers' roles hold within the agency they act for."""

    CITIZEN = "citizen"
    RECEPTION_OFFICER = "reception_officer"
    CLERK = "clerk"
    SPECIALIST = "specialist"
    HEAD_OF_UNIT = "head_of_unit"
    DIRECTORY_ADMINISTRATOR = "directory_administrator"
    CATALOGUE_EDITOR = "catalogue_editor"
    IDENTITY_PROVIDER = "identity_provider"
    AGENCY_SYSTEM = "agency_system"
    LINE_PROBE = "line_probe"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Principal:
    """A proven caller.

    `subject` is the stable key from the issuer; `identity` the citizen's or organisation's identity number
    (CCCD, tax code), empty for officers; `agency` the current identifier of the agency the caller acts for,
    empty for citizens.
    """

    subject: str
    name: str
    roles: frozenset[Role]
    scopes: frozenset[str] = frozenset()
    agency: str = ""
    identity: str = ""
    verified: bool = False

    def has(self, *roles: Role) -> bool:
        """Whether the caller holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def to_dict(self) -> dict[str, Any]:
        """The form in which a principal crosses the bus."""
        return asdict(self) | {"roles": sorted(self.roles), "scopes": sorted(self.scopes)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Principal":
        """Rebuild what `to_dict` wrote, ignoring fields and roles of a newer version."""
        known = {role.value for role in Role}
        return cls(
            subject=data["subject"],
            name=data["name"],
            roles=frozenset(Role(role) for role in data["roles"] if role in known),
            scopes=frozenset(data.get("scopes", ())),
            agency=data.get("agency", ""),
            identity=data.get("identity", ""),
            verified=bool(data.get("verified", False)),
        )
