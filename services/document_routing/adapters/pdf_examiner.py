"""The child of the text reader: a PDF comes by standard input, what it says and who signed it goes out as JSON.

Arguments: how many seconds it may take, and, if only certain authorities count, the file of their certificates (PEM).
Signatures are judged as PAdES (ETSI EN 319 142-1): over which bytes, whether these are unaltered, and whose
certificate it is. It fetches nothing: whether a certificate was revoked is known only from what the file brings along.

It imports nothing of the platform, and the judge of signatures only for a file that has one: it is a second's work.
"""

import io
import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_PAGES = 200
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space; a file that asks for more is not read."""


def examine(content: bytes, authorities: Path | None) -> dict[str, Any]:
    """Text and signatures of a PDF, whether that is the whole text, and what could not be read of it."""
    faults: list[str] = []
    text, whole = _text(content, faults)
    signatures = _signatures(content, authorities, faults) if b"/ByteRange" in content else []
    return {"text": text, "whole": whole, "signatures": signatures, "faults": faults}


def _text(content: bytes, faults: list[str]) -> tuple[str, bool]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        text = "\n".join(page.extract_text() for page in reader.pages[:MOST_PAGES])
        return text, bool(text.strip()) and len(reader.pages) <= MOST_PAGES
    except Exception as error:  # whatever a stranger's file does to the parser, its signatures are still judged
        faults.append(f"text: {error!r}")
        return "", False


def _signatures(content: bytes, authorities: Path | None, faults: list[str]) -> list[dict[str, Any]]:
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    except Exception as error:  # as above
        faults.append(f"signatures: {error!r}")
        return []
    return [_judged(one, authorities, faults) for one in found]


def _judged(signature: Any, authorities: Path | None, faults: list[str]) -> dict[str, Any]:
    """A signature's field, signer, moment as its signer says, and verdict (`ports.Signature`)."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    said = {"field": signature.field_name, "signer": "", "signed_at": None}
    try:
        roots = list(_certificates(authorities)) if authorities else [signature.signer_cert]
        said["signer"] = signature.signer_cert.subject.native.get("common_name", "")
        moment = signature.self_reported_timestamp
        said["signed_at"] = moment.isoformat() if moment else None
        # Judged for the moment of signing, as the signer names it: a certificate that ran out later was good then.
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
        status = validate_pdf_signature(signature, context)
    except Exception as error:  # a signature that cannot be judged is no good one
        faults.append(f"signature {signature.field_name}: {error!r}")
        return {**said, "verdict": "altered"}
    unaltered = status.intact and status.valid and status.docmdp_ok is not False
    if not unaltered:
        return {**said, "verdict": "altered"}
    return {**said, "verdict": ("good" if status.trusted else "untrusted") if authorities else "unaltered"}


def _certificates(path: Path) -> Iterator[Any]:
    from pyhanko.keys import load_certs_from_pemder

    yield from load_certs_from_pemder([str(path)])  # type: ignore[no-untyped-call]  # it says nothing of types


if __name__ == "__main__":
    signal.alarm(int(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    trusted = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    json.dump(examine(sys.stdin.buffer.read(), trusted), sys.stdout)
