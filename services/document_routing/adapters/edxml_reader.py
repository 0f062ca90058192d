"""Reads edXML files of any partner: tolerant of order, prefixes and habits, never of what could do harm.

A file is read twice: once to judge it whole, signature included, and once more, if it is to be kept, to take its
attachments out, one after the other.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from services.document_routing.adapters.edxml_stream import Content, scan
from services.document_routing.adapters.edxml_tree import Building, child, children, local_name
from services.document_routing.adapters.xml_signature import (
    NOBODY,
    Signature,
    Trust,
    covers_whole_file,
    has_signature,
    verify,
)
from services.document_routing.domain.edxml.check import HEADER, MANIFEST, TRACE, Fault, Prefix, faults, invalid_message
from services.document_routing.domain.edxml.formats import document_identifier
from services.document_routing.domain.edxml.message import (
    DocumentMessage,
    Header,
    Manifest,
    Message,
    OtherInfo,
    Reference,
    StatusHeader,
    StatusMessage,
    Trace,
)
from shared.errors import Invalid, TooLarge

ATTACHMENT: Final = "AttachmentEncoded.Attachment"
LARGEST_WHOLE: Final = 20 * 1024 * 1024
"""Beyond this many bytes a signature over the whole file is not checked: it would need all of it in memory."""

_HASH = re.compile("[0-9a-f]{64}")
"""A `ContentId` that says itself what the content must be."""

_HREF = "{http://www.w3.org/1999/xlink}href"
_OLD_ORDINARY = 5
"""What one exchange writes for ordinary urgency."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment as its manifest describes it, and what was found in it."""

    reference: Reference
    content: Content


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message that was found sound; `attachments` stand in the order of their contents in the file."""

    message: Message
    attachments: tuple[Attachment, ...]
    signature: Signature | None


Source = Callable[[], Iterable[bytes]]
"""Opens the file anew."""


def read_message(source: Source, *, limit: int, trust: Trust = NOBODY) -> ReadMessage:
    """Read and judge a file of at most `limit` bytes.

    Raises:
        TooLarge, Invalid: naming every fault by the path under which partners know it.
    """
    scanned = scan(source(), limit)
    root = parse(scanned.envelope.encode())
    signature = verify(_signed_tree(root, source), trust) if has_signature(root) else None
    envelope = _only_envelope(root if signature is None else signature.signed)
    building = Building()
    message = _build(building, envelope)
    attachments = _attachments(building, message, root, scanned.contents, signature)
    if isinstance(message, DocumentMessage):
        message = replace(message, manifest=Manifest(tuple(one.reference for one in attachments)))
    wrong = sorted({*building.faults, *faults(message)})
    if wrong:
        raise invalid_message(wrong)
    return ReadMessage(message, tuple(attachments), signature)


def parse(xml: bytes) -> etree._Element:
    """The tree of an XML text; nothing outside of it is ever read.

    Raises:
        Invalid: it is none, or it declares entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Invalid("message_unreadable", line=line, column=column) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("message_with_doctype")
    return root


def _signed_tree(root: etree._Element, source: Source) -> etree._Element:
    """What the signature speaks of: the envelope, or the file as it came."""
    if not covers_whole_file(root):
        return root
    held = bytearray()
    for chunk in source():
        held += chunk
        if len(held) > LARGEST_WHOLE:
            raise TooLarge("signed_file_too_large", limit=LARGEST_WHOLE)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(bytes(held), parser)


def _only_envelope(root: etree._Element) -> etree._Element:
    """The envelope; a second one beside it could say something else than was judged."""
    found = [element for element in root.iter() if local_name(element) == "edXMLEnvelope"]
    headers = [element for element in root.iter() if local_name(element) == HEADER]
    if len(found) != 1 or len(headers) != 1:
        prefix = Prefix.MALFORMED if len(found) > 1 or len(headers) > 1 else Prefix.MISSING
        raise invalid_message([Fault(prefix, HEADER if found else "edXMLEnvelope")])
    return found[0]


def _build(building: Building, envelope: etree._Element) -> Message:
    inner = child(envelope, "edXMLHeader")
    around = envelope if inner is None else inner
    header = child(around, HEADER)
    if child(header, "StatusCode") is not None:
        return StatusMessage(building.build(StatusHeader, header, HEADER))
    built: Header = building.build(Header, header, HEADER)
    trace: Trace = building.build(Trace, child(around, TRACE), TRACE)
    manifest = child(child(envelope, "edXMLBody"), MANIFEST)
    references = tuple(_reference(building, one) for one in children(manifest, "Reference"))
    return DocumentMessage(_with_habits(built), trace, Manifest(references))


def _with_habits(header: Header) -> Header:
    """What partners leave out or write otherwise, as the standard has it."""
    if isinstance(header.other, OtherInfo) and header.other.priority == _OLD_ORDINARY:
        header = replace(header, other=replace(header.other, priority=0))
    day, code = header.promulgation.day, header.code
    if not header.document and header.sender.id and day and code.number and code.notation:
        return replace(header, document=document_identifier(header.sender.id, day, code.number, code.notation))
    return header


def _reference(building: Building, element: etree._Element) -> Reference:
    reference: Reference = building.build(Reference, element, f"{MANIFEST}.Reference")
    return replace(reference, content=_content_id(reference.content or element.get(_HREF, "")))


def _content_id(text: str) -> str:
    return text.removeprefix("cid:").strip()


def _attachments(
    building: Building,
    message: Message,
    root: etree._Element,
    contents: tuple[Content, ...],
    signature: Signature | None,
) -> list[Attachment]:
    """Each content with its reference; what is missing on either side is a fault."""
    manifest = message.manifest.references if isinstance(message, DocumentMessage) else ()
    references = {one.content: one for one in manifest}
    elements = [one for one in root.iter() if local_name(one) == "Attachment"]
    found = []
    for element, content in zip(elements, contents, strict=False):
        own: Reference = building.build(Reference, element, ATTACHMENT)
        own = replace(own, content=_content_id(own.content))
        reference = references.pop(own.content, None)
        if not content.sound:
            building.faults.append(Fault(Prefix.MALFORMED, f"{ATTACHMENT}.ContentTransferEncoded"))
        elif _HASH.fullmatch(own.content) and own.content != content.sha256:
            altered = Fault(Prefix.MALFORMED, f"{ATTACHMENT}.ContentId", why="message_attachment_altered")
            building.faults.append(altered)
        if reference is None and signature is not None and signature.covers == "envelope":
            building.faults.append(Fault(Prefix.MALFORMED, f"{MANIFEST}.Reference.ContentId"))
        found.append(Attachment(_merged(reference, own), content))
    if references or len(elements) != len(contents):
        building.faults.append(Fault(Prefix.MISSING, f"{ATTACHMENT}.ContentTransferEncoded"))
    return found


def _merged(reference: Reference | None, own: Reference) -> Reference:
    """What the manifest says, and the attachment's own word where it says nothing."""
    if reference is None:
        return own
    return Reference(
        reference.content,
        reference.type or own.type,
        reference.description or own.description,
        reference.name or own.name,
    )


def is_bound(attachment: Attachment) -> bool:
    """Whether the name of an attachment is the hash of its content, so that a signed manifest vouches for it."""
    return attachment.reference.content == attachment.content.sha256
