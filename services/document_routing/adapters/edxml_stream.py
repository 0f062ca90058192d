"""Reads an edXML file chunk by chunk: everything but the contents of attachments, which may be large, and those apart.

The file is never whole in memory. A document type declaration is refused at its first letter, so that no entity,
and no bomb made of entities, is ever defined; nothing outside the file is ever read.
"""

import binascii
import codecs
import hashlib
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from shared.errors import Invalid, TooLarge

CONTENT = "ContentTransferEncoded"

DEEPEST = 30
MOST_ELEMENTS = 20_000
LONGEST_ENVELOPE = 2 * 1024 * 1024
"""How many characters a message may have outside of its attachments."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one attachment holds, decoded; not `sound` when it was not base64."""

    size: int
    sha256: str
    sound: bool


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file without the contents of its attachments, every name and prefix as it came; and those contents' facts."""

    envelope: str
    contents: tuple[Content, ...]


def scan(chunks: Iterable[bytes], limit: int) -> Scanned:
    """Read a file once to its end.

    Raises:
        TooLarge: more than `limit` bytes, or an envelope beyond reason.
        Invalid: no XML, or XML of a kind that no message needs.
    """
    copy = _Copy()
    for _ in _parse(chunks, copy, limit):
        copy.decoded.clear()
    return Scanned("".join(copy.out), tuple(copy.contents))


class ContentStream:
    """The content of one attachment, decoded while it is read."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._held = bytearray()

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        while len(self._held) < size:
            piece = next(self._source, None)
            if piece is None:
                break
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def content_streams(chunks: Iterable[bytes], limit: int) -> Iterator[ContentStream]:
    """The contents of the attachments in their order; each is read before the next is asked for."""
    copy = _Copy()
    pieces = _pieces(chunks, copy, limit)
    number = -1
    held: tuple[int, bytes] | None = None

    def of_one(wanted: int) -> Iterator[bytes]:
        nonlocal held
        while held is not None and held[0] == wanted:
            yield held[1]
            held = next(pieces, None)

    held = next(pieces, None)
    while held is not None:
        number = held[0]
        yield ContentStream(of_one(number))
        while held is not None and held[0] == number:  # what the reader left unread
            held = next(pieces, None)


def _pieces(chunks: Iterable[bytes], copy: "_Copy", limit: int) -> Iterator[tuple[int, bytes]]:
    for _ in _parse(chunks, copy, limit):
        yield from copy.decoded
        copy.decoded.clear()


def _parse(chunks: Iterable[bytes], copy: "_Copy", limit: int) -> Iterator[None]:
    """Feed the parser; one turn per chunk and one at the end."""
    source, size = iter(chunks), 0
    head = _head(source)
    parser = _safe_parser(copy, head)
    try:
        for chunk in chain([head], source):
            size += len(chunk)
            if size > limit:
                raise TooLarge("message_too_large", limit=limit)
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise Invalid("message_unreadable", line=error.lineno, column=error.offset) from error


def _head(chunks: Iterator[bytes]) -> bytes:
    """The first chunks, as many as the declaration of the encoding may need."""
    head = b""
    while b">" not in head and len(head) < _LONGEST_DECLARATION:
        piece = next(chunks, None)
        if piece is None:
            break
        head += piece
    return head


_LONGEST_DECLARATION = 200


class _Copy:
    """What the parser tells, written again without the contents, which are decoded into `decoded`."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.contents: list[Content] = []
        self.decoded: list[tuple[int, bytes]] = []
        self._length = self._depth = self._elements = 0
        self._decoder: _Decoder | None = None
        self._inside = 0  # the depth of the content's element
        self.parser: expat.XMLParserType | None = None

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_ENVELOPE:
            raise TooLarge("message_too_large", limit=LONGEST_ENVELOPE)
        self.out.append(text)

    def declared(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and _known(encoding) is None:  # the parser would ask any codec of Python
            raise self._unreadable()

    def _unreadable(self) -> Invalid:
        return Invalid("message_unreadable", line=self.parser.CurrentLineNumber if self.parser else 1, column=0)

    def start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise Invalid("message_too_deep")
        if self._decoder is not None:
            raise self._unreadable()
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        self._write("".join([f"<{name}", *(f" {key}={quoteattr(value, _WHITE)}" for key, value in pairs), ">"]))
        if name.rpartition(":")[2] == CONTENT:
            self._decoder = _Decoder()
            self._inside = self._depth

    def end(self, name: str) -> None:
        if self._decoder is not None and self._depth == self._inside:
            rest, content = self._decoder.finish()
            self._keep(rest)
            self.contents.append(content)
            self._decoder = None
        self._depth -= 1
        self._write(f"</{name}>")

    def text(self, text: str) -> None:
        if self._decoder is not None:
            self._keep(self._decoder.feed(text))
        else:
            self._write(escape(text, {"\r": "&#13;"}))

    def _keep(self, decoded: bytes) -> None:
        # An empty piece still says that there is an attachment.
        self.decoded.append((len(self.contents), decoded))

    def instruction(self, target: str, data: str) -> None:
        if self._decoder is None:
            self._write(f"<?{target} {data}?>")


_WHITE = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _safe_parser(copy: _Copy, head: bytes) -> expat.XMLParserType:
    parser = copy.parser = expat.ParserCreate(_declared_by_another_name(head))
    parser.ordered_attributes = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.XmlDeclHandler = copy.declared
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = copy.start
    parser.EndElementHandler = copy.end
    parser.CharacterDataHandler = copy.text
    parser.ProcessingInstructionHandler = copy.instruction
    return parser


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "ascii": "US-ASCII",
    "iso8859-1": "ISO-8859-1",
    "cp1252": "WINDOWS-1252",
    "cp1258": "WINDOWS-1258",
}
"""What a message may be written in: those of XML itself, and those of old Vietnamese software on Windows.

By the names of Python's codecs, which know the others' (`utf8`, `Latin1`), the names that the parser knows.
"""
_DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def _known(encoding: str) -> str | None:
    """The parser's name of an encoding that is allowed."""
    try:
        return ENCODINGS.get(codecs.lookup(encoding).name)
    except (LookupError, ValueError):
        return None


def _declared_by_another_name(head: bytes) -> str | None:
    """The parser's name of the encoding where the file declares it by one that the parser does not know."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    found = _DECLARED.search(head.replace(b"\0", b"") if wide else head)
    name = found[1].decode() if found else ""
    return None if name.upper() in ("", *ENCODINGS.values()) else _known(name)


def _refuse_doctype(*_: Any) -> None:
    raise Invalid("message_with_doctype")


class _Decoder:
    """Base64 that comes in pieces of any length, with white space anywhere."""

    def __init__(self) -> None:
        self._rest = ""
        self._ended = False
        self._digest = hashlib.sha256()
        self._size = 0
        self._sound = True

    def feed(self, text: str) -> bytes:
        """What can be decoded so far."""
        letters = self._rest + "".join(text.split())
        whole = len(letters) // 4 * 4
        self._rest = letters[whole:]
        return self._decode(letters[:whole]) if whole else b""

    def _decode(self, letters: str) -> bytes:
        if self._ended:  # something follows the padding
            self._sound = False
        try:
            decoded = b64decode(letters, validate=True) if self._sound else b""
        except (binascii.Error, ValueError):
            self._sound, decoded = False, b""
        self._ended = letters.endswith("=")
        self._digest.update(decoded)
        self._size += len(decoded)
        return decoded

    def finish(self) -> tuple[bytes, Content]:
        """The last bytes, also where the padding was left out, and what it all was."""
        last = self._decode(self._rest.ljust(4, "=")) if self._rest else b""
        return last, Content(self._size, self._digest.hexdigest(), self._sound)
