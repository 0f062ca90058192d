"""Who acts, as far as the rules of every service care; a service adds what only its own rules ask."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict


class Signature(TypedDict):
    """Who acted, in a history: the issuer's key of the person or system, the role used, the agency acted for.

    `name` is what the directory called an officer then; entries of before it was kept have none.
    """

    sub: str
    role: str
    agency: str
    name: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system who wants something, for an agency or for themselves."""

    subject: str
    name: str
    roles: frozenset[str]
    agency: str = ""

    def has(self, *roles: str) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def sign(self, roles: tuple[str, ...] = ()) -> Signature:
        """The actor with the role used: the first of the `roles` asked for that they hold."""
        held = [role for role in (roles or sorted(self.roles)) if role in self.roles]
        return {"sub": self.subject, "role": held[0] if held else "", "agency": self.agency}
