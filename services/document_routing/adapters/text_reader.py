"""Reads text and signature fields of PDF files with pypdf, in a real thread where green threads must not wait."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from services.document_routing.ports import Extract
from shared.observability import logger

log = logger(__name__)

MOST_PAGES = 200
MOST_BYTES = 50 * 1024 * 1024
NOTHING = Extract("", 0, 0)

Run = Callable[..., Extract]


def call_here(work: Callable[..., Extract], *args: Any) -> Extract:
    """Run the work in the calling thread."""
    return work(*args)


class PdfTextReader:
    """Declared in `ports.TextReader`."""

    def __init__(self, run: Run = call_here) -> None:
        self._run = run

    def read(self, chunks: Iterator[bytes], media_type: str) -> Extract:
        """The text of a PDF; other kinds of file, scans without text and damaged files have none."""
        if media_type != "application/pdf":
            return NOTHING
        content = b"".join(chunks)
        return self._run(extract, content) if len(content) <= MOST_BYTES else NOTHING


def extract(content: bytes) -> Extract:
    """What a PDF says, how many pages it has, and how many signatures it carries."""
    from pypdf import PdfReader  # costs memory that only the first text should pay
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() for page in reader.pages[:MOST_PAGES]]
        return Extract("\n".join(pages), len(reader.pages), _signatures(reader))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # What a stranger's file can do to the parser; the document itself is sound without its search words.
        log.warning("pdf_not_readable", error=repr(error))
        return NOTHING


def _signatures(reader: Any) -> int:
    """Signature fields that are filled in (PAdES); whether they are good is judged where they are verified."""
    fields = reader.get_fields() or {}
    return sum(1 for field in fields.values() if field.get("/FT") == "/Sig" and field.get("/V") is not None)
