"""Reads text and signatures of PDF files, each in a process of its own: a stranger wrote them."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

from services.document_routing.ports import Extract, Signature
from shared.child_process import ChildFailed, run_script
from shared.observability import logger

log = logger(__name__)

EXAMINER = Path(__file__).with_name("pdf_examiner.py")
MOST_BYTES = 50 * 1024 * 1024
READ_AT_ONCE = 1
LONGEST_READ_SECONDS = 60
NOTHING = Extract("", False, ())


class PdfTextReader:
    """Declared in `ports.TextReader`; `authorities` is a file of certificates (PEM) that signers must go back to."""

    def __init__(self, authorities: Path | None = None) -> None:
        self._arguments = (str(authorities),) if authorities else ()
        self._turn = threading.BoundedSemaphore(READ_AT_ONCE)

    def read(self, chunks: Iterator[bytes], media_type: str) -> Extract:
        """The text of a PDF; other kinds of file, scans without text and damaged files have none."""
        if media_type != "application/pdf":
            return NOTHING
        content = b"".join(chunks)
        if len(content) > MOST_BYTES:
            return NOTHING
        with self._turn:
            return self._examine(content)

    def _examine(self, content: bytes) -> Extract:
        try:
            said = json.loads(run_script(EXAMINER, content, seconds=LONGEST_READ_SECONDS, arguments=self._arguments))
        except ChildFailed as error:
            # What a stranger's file can do to the parser; the document itself is sound without its search words.
            log.warning("pdf_not_readable", error=str(error))
            return NOTHING
        for fault in said["faults"]:
            log.warning("pdf_partly_readable", error=fault)
        return Extract(said["text"], said["whole"], tuple(Signature(**one) for one in said["signatures"]))
