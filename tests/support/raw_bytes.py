"""Where in a stored document the bytes of types and names stand, so that tests can alter each of them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SAME_LAYOUT = (b"\x02\x0d\x0e", b"\x03\x04", b"\x01\x09\x11\x12", b"\x0a\x06\x7f\xff")
"""Types of BSON whose values have the same layout, so that a database stores one for the other unseen.

Text, code, symbol; document, list; double, moment, timestamp, long; null, undefined, least, greatest.
"""


@dataclass(frozen=True, slots=True)
class Element:
    """A field by the names that lead to it; where the byte of its type stands, its name begins, its value begins."""

    path: tuple[str, ...]
    type_at: int
    value_at: int
    end: int

    @property
    def name_at(self) -> int:
        """Where its name begins; it ends with the zero before the value."""
        return self.type_at + 1


def elements(raw: bytes, start: int = 0, above: tuple[str, ...] = ()) -> Iterator[Element]:
    """Every field of a document, those of what it holds included, as far as our own services write them."""
    place = start + 4
    while raw[place]:
        value_at = raw.index(b"\0", place + 1) + 1
        path = (*above, raw[place + 1 : value_at - 1].decode())
        end = value_at + _length(raw, raw[place], value_at)
        yield Element(path, place, value_at, end)
        if raw[place] in b"\x03\x04":
            yield from elements(raw, value_at, path)
        place = end


def _length(raw: bytes, type_: int, value_at: int) -> int:
    fixed = {0x01: 8, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x12: 8}
    if type_ in fixed:
        return fixed[type_]
    (counted,) = struct.unpack_from("<i", raw, value_at)
    return int(counted) + (4 if type_ == 0x02 else 0)


def other_types(type_: int) -> bytes:
    """The types whose values have the layout of this one's."""
    return bytes(one for group in SAME_LAYOUT if type_ in group for one in group if one != type_)


def with_byte(raw: bytes, place: int, value: int) -> bytes:
    """The same with another byte at a place."""
    return raw[:place] + bytes([value]) + raw[place + 1 :]
