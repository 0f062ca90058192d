"""One attempt to fulfil a wish: commands in the name of whoever sent it, and what was refused."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.ports import Document
from services.email_provisioning.ports_scim import Kept, problem
from services.email_provisioning.usecases.context import Context, actor_of
from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound

REASON = "Theo yêu cầu của nhà cung cấp định danh (SCIM)"

UseCase = Callable[[Context, dict[str, Any], Principal], dict[str, Any]]

_PLACES = {
    "post.agency": "agency",
    "post.unit": "unit",
    "post.title": "post",
    "post.roles": "roles",
    "post.starts_on": "startsOn",
    "revoke_on": "revokeOn",
    "name": "displayName",
    "number": "employeeNumber",
    "account": "externalId",
    "phone": "phoneNumbers",
    "address": "userName",
}
"""What the fields of commands are called in a SCIM user; others are called the same."""


@dataclass(slots=True)
class Attempt:
    """One attempt; `own` is what is remembered of it."""

    context: Context
    kept: Kept
    own: Document = field(default_factory=dict)
    problems: list[Document] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own = dict(self.kept.own)

    @property
    def principal(self) -> Principal:
        """Whoever sent the wish."""
        return Principal.from_dict(self.kept.by)

    @property
    def actor(self) -> Actor:
        """The same as the rules see them."""
        return actor_of(self.principal)

    def tell(self, use_case: UseCase, *, key: str = "", **request: Any) -> dict[str, Any]:
        """Give a command in the name of whoever sent the wish.

        It is compared before what is so with what is wished, so that no key need make it happen once; only what makes
        something new has one that stays.
        """
        command = {"key": key or f"scim:{self.kept.id}:{uuid.uuid4().hex}", "digest": ""}
        return use_case(self.context, {**request, "_command": command}, self.principal)

    @contextmanager
    def step(self) -> Iterator[None]:
        """A part of the wish that may be refused without keeping the others from being fulfilled."""
        try:
            yield
        except (Invalid, NotFound, Conflict, Forbidden) as error:
            self.problems.append(told(error))

    def refuse(self, error: Error) -> None:
        """Note what keeps the wish from being fulfilled."""
        self.problems.append(told(error))


def told(error: Error) -> Document:
    """A refusal as it is told: of a malformed request, the first field and what is wrong with it."""
    if not error.fields:
        return problem(error.code, error.params)
    first: Mapping[str, Any] = error.fields[0]
    path = re.sub(r"\.\d+$", "", str(first["path"]))
    return problem(str(first["code"]), first.get("params") or {}, _PLACES.get(path, path.rpartition(".")[2]))
