"""One page of an application, and how its answers are checked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError

from gateway.portal.draft import Content
from gateway.portal.forms import Field, Values
from shared.contracts.faults import field_errors
from shared.errors import FieldError

Check = Callable[[Values], list[FieldError]]
QUESTION, PAPER = "hoi-", "giay-"
"""What the keys of pages with a question of the procedure, and with a paper, begin with."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its title, its fields, what is known already, and how the answer goes into the draft.

    `paths` are the beginnings of the paths under which a refusal names what was answered here.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    known: Values
    put: Callable[[Content, Values], None]
    done: bool
    paths: tuple[str, ...]
    check: Check = field(default=lambda _values: [])
    help: str = ""

    @property
    def is_paper(self) -> bool:
        """Whether a file is handed in here."""
        return self.key.startswith(PAPER)


def by_contract(contract: type[Schema], *names: str) -> Check:
    """A check by the contract under which the answer will be handed in, of all of it or of the fields named."""

    def check(values: Values) -> list[FieldError]:
        given = {name: value for name, value in values.items() if value is not None}
        messages = _field_messages(contract, names, given) if names else contract().validate(given)
        return [{**fault, "path": fault["path"].removeprefix("address.")} for fault in field_errors(messages)]

    return check


def _field_messages(contract: type[Schema], names: Iterable[str], given: Values) -> dict[str, Any]:
    """What marshmallow says of single fields."""
    schema, messages = contract(), {}
    for name in set(names) & set(given):
        try:
            schema.fields[name].deserialize(given[name])
        except ValidationError as error:
            messages[name] = error.messages
    return messages
