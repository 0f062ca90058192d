"""Which kinds of file there are, and how their content betrays them: what a sender claims is never believed.

Pure. Office documents are ZIP archives, so their kind shows only in the table at their end.
"""

import codecs
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import IO

from shared.errors import Invalid, Unsupported


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: its media type first among those that senders declare, and its extensions."""

    name: str
    media_types: tuple[str, ...]
    extensions: tuple[str, ...]

    @property
    def media_type(self) -> str:
        """The media type under which the file is handed out."""
        return self.media_types[0]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
FILE_TYPES = {
    kind.name: kind
    for kind in (
        FileType("pdf", ("application/pdf",), ("pdf",)),
        FileType("jpeg", ("image/jpeg", "image/pjpeg"), ("jpg", "jpeg")),
        FileType("png", ("image/png",), ("png",)),
        FileType("tiff", ("image/tiff",), ("tif", "tiff")),
        FileType("docx", (f"{_OOXML}.wordprocessingml.document",), ("docx",)),
        FileType("xlsx", (f"{_OOXML}.spreadsheetml.sheet",), ("xlsx",)),
        FileType("odt", (f"{_ODF}.text",), ("odt",)),
        FileType("ods", (f"{_ODF}.spreadsheet",), ("ods",)),
        FileType("xml", ("application/xml", "text/xml"), ("xml",)),
        FileType("p7s", ("application/pkcs7-signature", "application/x-pkcs7-signature"), ("p7s",)),
        FileType("csv", ("text/csv", "application/csv", "text/plain", "application/vnd.ms-excel"), ("csv",)),
        FileType("zip", ("application/zip", "application/x-zip-compressed"), ("zip",)),
    )
}
_PDF_END = 4096  # readers look for the end in the last 1024 bytes; some scanners write more behind it
_UNDECLARED = ("", "application/octet-stream")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the ASN.1 name of PKCS #7 signedData, RFC 5652 section 5.1
_MAX_DIRECTORY = 1024 * 1024  # a longer table of contents would cost seconds and hundreds of megabytes to read


def clean_name(name: str) -> str:
    """The file's name without folders, control and direction characters, which could dress up an extension.

    Raises:
        Invalid: when nothing sensible is left.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Cs")).strip(" .")
    if not clean or len(clean.encode()) > 255:
        raise Invalid("file_name_malformed")
    return clean


def claimed_type(name: str, declared: str, allowed: tuple[str, ...]) -> FileType:
    """The kind that name and declared media type agree on.

    Raises:
        Unsupported: when it is not among the `allowed` kinds, or when the two disagree.
    """
    extension = name.rpartition(".")[2].lower()
    for kind in (FILE_TYPES[name] for name in allowed):
        if extension in kind.extensions:
            if declared.partition(";")[0].strip().lower() not in (*kind.media_types, *_UNDECLARED):
                raise Unsupported("file_type_mismatch", expected=kind.name)
            return kind
    raise Unsupported("file_type_not_allowed", allowed=list(allowed))


def starts_like(kind: FileType, head: bytes) -> bool:
    """Whether the first bytes of a content (at least 64, if there are as many) can begin a file of this kind."""
    match kind.name:
        case "pdf":
            return _without_mark(head).startswith(b"%PDF-")
        case "jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case "tiff":
            return head.startswith((b"II*\0", b"MM\0*"))
        case "xml":
            return _XML_START.match(_text_of_xml(head)) is not None
        case "p7s":
            return head.startswith(b"\x30") and _SIGNED_DATA in head[:32]
        case "csv":
            return _is_text(head)
        case _:
            return head.startswith(b"PK\x03\x04")


def shows_at_end(kind: FileType) -> bool:
    """Whether the end of a content tells what its beginning does not, so that `holds` must look at it."""
    return kind.name in ("pdf", "docx", "xlsx", "odt", "ods", "zip")


def is_cut_off(kind: FileType, content: IO[bytes]) -> bool:
    """Whether a content that begins as a file of this kind lost its end on the way."""
    return not _ends_as_pdf(content) if kind.name == "pdf" else _end_record(content) is None


def holds(kind: FileType, content: IO[bytes]) -> bool:
    """Whether the whole, with its end, is a file of this kind; an archive with macros is of no kind at all."""
    if kind.name == "pdf":
        return True
    try:
        if _directory_too_long(content):
            return False
        with zipfile.ZipFile(content) as archive:
            return _archive_type(archive) == kind.name
    # zipfile raises NotImplementedError for a compression or encryption that it does not know.
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _ends_as_pdf(content: IO[bytes]) -> bool:
    """What was cut off on its way does not say that it ends (ISO 32000-1, 7.5.5)."""
    content.seek(max(0, content.seek(0, 2) - _PDF_END))
    end = content.read(_PDF_END)
    return b"%%EOF" in end


def _is_text(head: bytes) -> bool:
    """Whether this begins a text in UTF-8; a letter may be cut off at the end."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n" for letter in text)


def _without_mark(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


_XML_START = re.compile(r"\s*<(\?xml|!--|[^\W\d])")
"""A declaration, a comment, or the first element; no document type, with which a page for browsers begins."""


def _text_of_xml(head: bytes) -> str:
    """The beginning of an XML text; what is not in UTF-16 shows its first letters in any encoding that is allowed."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    if head.startswith((b"<\0", b"\0<")):
        return head.decode("utf-16-le" if head[1] == 0 else "utf-16-be", "replace")
    return _without_mark(head).decode("ascii", "replace")


def _directory_too_long(content: IO[bytes]) -> bool:
    """By the archive's end record, so that a hostile table of contents is never read."""
    record = _end_record(content)
    return record is None or int.from_bytes(record[12:16], "little") > _MAX_DIRECTORY


def _end_record(content: IO[bytes]) -> bytes | None:
    """An archive's end record with what follows it; that of a huge one (ZIP64) counts as too long."""
    content.seek(max(0, content.seek(0, 2) - 65_557))
    tail = content.read(65_557)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        return None
    return b"\xff" * 22 if b"PK\x06\x07" in tail else tail[end:]


def _archive_type(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
        return None
    if "mimetype" in names:
        with archive.open("mimetype") as entry:
            declared = entry.read(100).decode("ascii", "replace").strip()
        return next((name for name in ("odt", "ods") if FILE_TYPES[name].media_type == declared), "zip")
    if "[Content_Types].xml" in names:
        return next((name for name, part in _OFFICE_PARTS.items() if part in names), "zip")
    return "zip"


_OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
