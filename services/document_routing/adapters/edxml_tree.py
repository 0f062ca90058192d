"""Messages as XML elements and back, by what each field declares of itself."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from lxml import etree

from services.document_routing.domain.edxml.check import Fault, Prefix
from services.document_routing.domain.edxml.formats import read_day, read_moment, write_day, write_moment
from services.document_routing.domain.edxml.schema import Part, parts_of

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
PREFIX = "edXML"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"

_YES_NO = {"true": True, "1": True, "false": False, "0": False}


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The children of that name; partners use the namespace, another one or none, and correct `Bussiness`."""
    if element is not None:
        names = (name, name.replace("Bussiness", "Business"))
        for child in element:
            if local_name(child) in names and not str(child.tag).startswith(f"{{{SIGNATURE_NAMESPACE}}}"):
                yield child


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None) -> str:
    """All text inside, without white space around it, in the one form in which letters compare equal."""
    return "" if element is None else unicodedata.normalize("NFC", "".join(map(str, element.itertext()))).strip()


class Building:
    """Makes parts of messages from elements and collects what cannot be understood."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def build(self, kind: Any, element: etree._Element | None, path: str) -> Any:
        """A part of a message, whatever order its elements stand in; unknown elements are left alone."""
        return kind(**{part.field: self._value(part, element, f"{path}.{part.path}") for part in parts_of(kind)})

    def _value(self, part: Part, element: etree._Element | None, path: str) -> Any:
        around = child(element, part.inside) if part.inside else element
        if part.many:
            items = [self._one(part, found, path) for found in children(around, part.name)]
            return tuple(item for item in items if item is not None and item != "")
        return self._one(part, child(around, part.name), path)

    def _one(self, part: Part, element: etree._Element | None, path: str) -> Any:
        if part.nested:
            # An optional part that says nothing is not there.
            optional = part.default is None
            if optional and (element is None or not text_of(element)):
                return None
            return self.build(part.kind, element, path)
        text = text_of(element)
        if part.kind is str:
            return text
        return self._typed(part.kind, text, path) if text else None

    def _typed(self, kind: Any, text: str, path: str) -> Any:
        try:
            if kind is int:
                return int(text)
            if kind is bool:
                return _YES_NO[text.lower()]
            return read_day(text) if kind is date else read_moment(text)
        except (ValueError, KeyError, OverflowError):
            malformed = kind is date or kind is datetime
            self.faults.append(Fault(Prefix.MALFORMED if malformed else Prefix.TYPE, path))
            return None


def append(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    """A new element of the standard's namespace, with its prefix, which strict readers insist on."""
    added = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", nsmap={PREFIX: NAMESPACE})
    added.text = text
    return added


def write(parent: etree._Element, value: Any) -> None:
    """Write all fields of a part of a message in the standard's order; what says nothing is left out."""
    for part in parts_of(type(value)):
        held = getattr(value, part.field)
        if held is None or held == "" or held == ():
            continue
        around = append(parent, part.inside) if part.inside else parent
        for one in held if part.many else (held,):
            if part.nested:
                _write_nested(around, part.name, one)
            else:
                append(around, part.name, _as_text(one))


def _write_nested(parent: etree._Element, name: str, value: Any) -> None:
    added = append(parent, name)
    write(added, value)
    if not len(added):
        parent.remove(added)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return write_moment(value)
    return write_day(value) if isinstance(value, date) else str(value)
