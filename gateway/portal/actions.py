"""What may be done with a thing: what each action asks, and how the answers become its command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gateway.portal.forms import Field, Values
from gateway.portal.language import gettext as _

Application = dict[str, Any]
Fields = Callable[[Application, dict[str, Any]], Sequence[Field]]
Build = Callable[[Application, Values], dict[str, Any]]
Weight = Literal["first", "plain", "grave"]


def nested(_application: Application, values: Values) -> dict[str, Any]:
    """The body whose parts stand as `part.name`; what was left empty is left out."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        part, dot, inner = name.partition(".")
        if value is not None:
            if dot:
                body.setdefault(part, {})[inner] = value
            else:
                body[name] = value
    return body


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its name on a button, its operation, its fields, and how grave it is."""

    name: str
    operation: str
    fields: Fields
    build: Build = nested
    weight: Weight = "plain"
    files: bool = False
    hint: str = ""


def no_fields(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """Nothing is asked."""
    return ()


def note_field(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """A note may be given."""
    return (Field("note", _("Ghi chú"), "long", required=False, limit=1000),)


def reason_field(_application: Application, _definition: dict[str, Any]) -> Sequence[Field]:
    """A reason must be given."""
    return (Field("reason", _("Lý do"), "long", limit=1000),)
