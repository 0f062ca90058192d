"""Writes edXML files as the strictest partner wants them: fixed order, prefixes where they belong, limits kept.

The envelope is written, and signed, first; the contents of the attachments follow in pieces, never whole in memory.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml import etree

from services.document_routing.adapters.edxml_tree import NAMESPACE, SIGNATURE_NAMESPACE, append, write
from services.document_routing.adapters.exchange_settings import Seal
from services.document_routing.adapters.xml_signature import ENVELOPE_ID, sign
from services.document_routing.domain.edxml.check import HEADER, MANIFEST, TRACE, invalid_message, strict_faults
from services.document_routing.domain.edxml.message import DocumentMessage, Message, Reference

_GROUP: Final = 57 * 1024
"""How many bytes are encoded at a time: a multiple of three, so that the pieces of base64 join."""

_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One attachment to be written; `content` gives its bytes in pieces of any size."""

    reference: Reference
    content: Iterable[bytes]


def write_message(message: Message, enclosures: Iterable[Enclosure] = (), seal: Seal | None = None) -> Iterator[bytes]:
    """The file in pieces; signed if there is a seal.

    Raises:
        Invalid: at once, when the message is not as the standard wants it.
    """
    wrong = strict_faults(message)
    if wrong:
        raise invalid_message(wrong)
    root = _root(message, seal)
    return _pieces(root, list(enclosures))


def _root(message: Message, seal: Seal | None) -> etree._Element:
    unprefixed: Any = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}edXML", nsmap=unprefixed)
    envelope = append(root, "edXMLEnvelope")
    envelope.set("Id", ENVELOPE_ID)
    around = append(envelope, "edXMLHeader")
    write(append(around, HEADER), message.header)
    if isinstance(message, DocumentMessage):
        trace = append(around, TRACE)
        for name, value in (("id", TRACE), ("version", "1.0"), ("mustUnderstand", "1"), ("actor", _ACTOR)):
            trace.set(name, value)
        write(trace, message.trace)
        _write_manifest(envelope, message)
    if seal is None:
        append(around, "DigitalSignature")
        return root
    place = etree.SubElement(around, f"{{{SIGNATURE_NAMESPACE}}}Signature", nsmap={"ds": SIGNATURE_NAMESPACE})
    place.set("Id", "placeholder")
    return sign(root, seal)


def _write_manifest(envelope: etree._Element, message: DocumentMessage) -> None:
    manifest = append(append(envelope, "edXMLBody"), MANIFEST)
    manifest.set("version", "1.0")
    for reference in message.manifest.references:
        added = append(manifest, "Reference")
        write(added, reference)
        for content in added.iterfind(f"{{{NAMESPACE}}}ContentId"):
            content.text = f"cid:{reference.content}"


def _pieces(root: etree._Element, enclosures: list[Enclosure]) -> Iterator[bytes]:
    written = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    closing = b"</edXML>"
    if not enclosures:
        yield written
        return
    yield written.removesuffix(closing) + b"<AttachmentEncoded>"
    for enclosure in enclosures:
        yield _beginning(enclosure.reference)
        yield from _encoded(enclosure.content)
        yield b"</ContentTransferEncoded></Attachment>"
    yield b"</AttachmentEncoded>" + closing


def _beginning(reference: Reference) -> bytes:
    said = (
        ("ContentId", reference.content),
        ("AttachmentName", reference.name),
        ("Description", reference.description),
        ("ContentType", reference.type),
    )
    written = "".join(f"<{name}>{escape(text, _LINE_END)}</{name}>" for name, text in said if text)
    return f"<Attachment>{written}<ContentTransferEncoded>".encode()


_LINE_END = {"\r": "&#13;"}


def _encoded(content: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in content:
        held += piece
        while len(held) >= _GROUP:
            yield b64encode(held[:_GROUP])
            del held[:_GROUP]
    if held:
        yield b64encode(held)
