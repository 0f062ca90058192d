"""edXML files in the file store: read and judged, their attachments taken out, and written; all in pieces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.document_routing.adapters.edxml_reader import ReadMessage, is_bound, read_message
from services.document_routing.adapters.edxml_stream import content_streams
from services.document_routing.adapters.edxml_writer import Enclosure, write_message
from services.document_routing.adapters.exchange_settings import Rules, Seal
from services.document_routing.adapters.xml_signature import Signature, Trust, fingerprint, read_certificate
from services.document_routing.domain.edxml.message import DocumentMessage, Message
from services.document_routing.ports_exchange import Letter, Partner
from shared.errors import Error, FieldError, Invalid, field_error
from shared.files import FileStore, StoredFile

OWNER = "document_routing"
"""Who uploads what the platform writes and takes out of messages."""


class EdxmlLetters:
    """Reads and writes edXML files; declared in `ports_exchange.Letters`."""

    def __init__(self, files: FileStore, rules: Rules, seal: Seal | None) -> None:
        self._files = files
        self._rules = rules
        self._seal = seal

    def read(self, file: str, partner: Partner) -> Letter:
        """Judge a file whole, the signature by what is registered of its sender."""
        trust = Trust(partner.certificates, self._rules.authorities, partner.names, self._rules.allow_sha1)
        read = read_message(lambda: self._files.open(file).chunks, limit=self._rules.limit, trust=trust)
        return _letter(read)

    def keep_attachments(self, file: str, letter: Letter) -> list[dict[str, Any]]:
        """Take the attachments into the store, one after the other, under their own hashes."""
        kept: list[dict[str, Any]] = []
        wrong: list[FieldError] = []
        streams = content_streams(self._files.open(file).chunks, self._rules.limit)
        for number, (found, stream) in enumerate(zip(letter.attachments, streams, strict=True)):
            try:
                stored = self._files.put(
                    stream, limit=self._rules.limit, name=found["name"], declared_type="", owner=OWNER
                )
            except Error as error:
                wrong.append(field_error(f"attachments.{number}", error.code, **error.params))
                continue
            self._files.claim(stored.id, OWNER)
            kept.append(_described(stored) | {"role": "attachment" if kept else "main"})
        if wrong:
            raise Invalid("message_invalid", fields=wrong)
        return kept

    def keep(self, content: Iterable[bytes], name: str) -> dict[str, Any]:
        """Take a file of another exchange into the store."""
        return self._stored(content, self._rules.limit, name)

    def write(self, message: Message, files: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
        """Write a message with the contents of stored files, signed with the platform's seal where there is one."""
        contents = {file["sha256"]: file["id"] for file in files}
        references = message.manifest.references if isinstance(message, DocumentMessage) else ()
        enclosures = [Enclosure(one, _Lazy(self._files, contents[one.content])) for one in references]
        return self._stored(write_message(message, enclosures, self._seal), self._rules.limit * 2, name)

    def _stored(self, pieces: Iterable[bytes], limit: int, name: str) -> dict[str, Any]:
        stored = self._files.put(_Pieces(pieces), limit=limit, name=name, declared_type="application/xml", owner=OWNER)
        self._files.claim(stored.id, OWNER)
        return _described(stored)

    def certificate(self, pem: str) -> dict[str, Any]:
        """Subject, serial, fingerprint and validity of a certificate."""
        certificate = read_certificate(pem)
        return {
            "subject": certificate.subject.rfc4514_string(),
            "serial": f"{certificate.serial_number:x}",
            "fingerprint": fingerprint(certificate),
            "valid_until": certificate.not_valid_after_utc,
        }


class _Lazy:
    """The content of a stored file, opened when it is its turn."""

    def __init__(self, files: FileStore, file: str) -> None:
        self._files = files
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._files.open(self._file).chunks)


class _Pieces:
    """Pieces of any size as a stream that is read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = bytearray()

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        while len(self._held) < size and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def _letter(read: ReadMessage) -> Letter:
    attachments = [
        {
            "name": one.reference.name,
            "type": one.reference.type,
            "size": one.content.size,
            "sha256": one.content.sha256,
        }
        for one in read.attachments
    ]
    signature = read.signature
    bound = signature is not None and (signature.covers == "file" or all(map(is_bound, read.attachments)))
    return Letter(read.message, attachments, _facts(signature, bound) if signature else None, bound)


def _facts(signature: Signature, bound: bool) -> dict[str, Any]:
    return {
        "subject": signature.subject,
        "serial": signature.serial,
        "fingerprint": signature.fingerprint,
        "valid_from": signature.valid_from,
        "valid_until": signature.valid_until,
        "method": signature.method,
        "covers": signature.covers,
        "attachments": bound,
        "checked_at": datetime.now(UTC),
    }


def _described(stored: StoredFile) -> dict[str, Any]:
    return {"id": stored.id, "sha256": stored.id, "name": stored.name, "size": stored.size, "type": stored.type}
