"""How a field of a message stands in the XML: its element, whether it must be there, how long it may be.

Declared once per field, so that the reader, the writer and the checks cannot disagree.
"""

from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

LONGEST_TEXT: Final = 10_000
"""How many characters a text may have for which the standard names no limit."""


def element(
    name: str,
    *,
    required: bool = False,
    limit: int = LONGEST_TEXT,
    inside: str = "",
    path: str = "",
    default: Any = MISSING,
) -> Any:
    """Declare a field that stands in the element `name`; `inside` is the element around all items of a list.

    `path` replaces the end of the path by which partners name the field in error codes.
    """
    given = {"name": name, "required": required, "limit": limit, "inside": inside, "path": path}
    return field(metadata=given) if default is MISSING else field(default=default, metadata=given)


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a message as reader, writer and checks see it; `many` when it is a list."""

    field: str
    name: str
    kind: Any
    many: bool
    required: bool
    limit: int
    inside: str
    path: str
    default: Any

    @property
    def nested(self) -> bool:
        """Whether the value has fields of its own."""
        return hasattr(self.kind, "__dataclass_fields__")


def parts_of(kind: Any) -> tuple[Part, ...]:
    """The fields of a part of a message, in the order in which they are written."""
    return _parts(kind)


@cache
def _parts(kind: Any) -> tuple[Part, ...]:
    hints = get_type_hints(kind)
    return tuple(_part(declared, hints[declared.name]) for declared in fields(kind))


def _part(declared: Field[Any], hint: Any) -> Part:
    given = declared.metadata
    many = get_origin(hint) is tuple
    kind = get_args(hint)[0] if many else hint
    if isinstance(kind, UnionType):
        kind = next(one for one in get_args(kind) if one is not NoneType)
    around = f"{given['inside']}." if given["inside"] else ""
    return Part(
        declared.name,
        given["name"],
        kind,
        many,
        given["required"],
        given["limit"],
        given["inside"],
        given["path"] or f"{around}{given['name']}",
        declared.default,
    )
