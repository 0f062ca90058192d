"""Evidence on the command line: `python -m services.document_routing.evidence export DOCUMENT FILE` writes everything
that proves a document into one file; `verify FILE` judges such a file, needs no database, and names what was altered.
"""

import argparse
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from services.document_routing.adapters.evidence_file import Verdict, ZipVault, judge
from services.document_routing.adapters.exchange_settings import seal_of
from services.document_routing.assembly import standalone
from services.document_routing.usecases.evidence import findings
from services.document_routing.usecases.exchange_evidence import evidence_for
from shared.contracts.document_routing.operations import SERVICE
from shared.errors import Error
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.persistence import connect, database
from shared.settings import load

UNSIGNED = 3
"""The exit code for evidence that contradicts itself nowhere but proves nothing, because nobody signed it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Export or verify; the exit code is 0 only when all is well and signed."""
    parser = argparse.ArgumentParser(description="Chứng cứ của văn bản · Evidence of a document")
    parts = parser.add_subparsers(dest="part", required=True)
    export = parts.add_parser("export", help="write the evidence of a document into a file")
    export.add_argument("document", help="the document's id")
    export.add_argument("file", type=Path)
    export.add_argument("--agency", default="", help="whose view of it: the issuer's, or that of this receiver")
    verify = parts.add_parser("verify", help="judge a file of evidence")
    verify.add_argument("file", type=Path)
    verify.add_argument("--certificate", type=Path, help="the certificate (PEM) that must have signed it")
    given = parser.parse_args(arguments)
    return (
        _export(given.document, given.file, given.agency)
        if given.part == "export"
        else _verify(given.file, given.certificate)
    )


def _export(document: str, file: Path, agency: str) -> int:
    settings = load()
    with connect(settings, f"{SERVICE} evidence") as client:
        context = standalone(client, settings)
        files = FileStore(MongoBucket(database(client, settings, "files")), allowed=("zip",))
        try:
            evidence = evidence_for(context, document, agency)
            with file.open("wb") as target:
                ZipVault(files, files, seal_of(settings)).write_to(target, evidence, context.now())
        except Error as error:
            _say(f"Không xuất được · Not exported: {error}")
            return 1
    _say(f"Đã ghi · Written: {file}")
    return 0


def _verify(file: Path, certificate: Path | None) -> int:
    pem = certificate.read_text(encoding="utf-8") if certificate else ""
    try:
        with file.open("rb") as source:
            verdict = judge(source, findings, pem)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:  # the last: an unknown packing
        _say(f"Không đọc được tệp · The file cannot be read: {error}")
        return 2
    _tell(verdict)
    if verdict.findings:
        return 1
    return 0 if verdict.signed_by else UNSIGNED


def _tell(verdict: Verdict) -> None:
    signed = verdict.signed_by or "không ai · nobody"
    _say(f"Đã kiểm tra · Checked: {verdict.checked}. Người ký · Signed by: {signed}")
    for one in verdict.findings:
        _say(f"{_WORDS.get(one.problem, one.problem)}: {one.part} {one.detail}".rstrip())
    if not verdict.findings:
        _say("Toàn vẹn · Intact" if verdict.signed_by else _NOBODY_SIGNED)


_NOBODY_SIGNED = (
    "Các phần khớp với nhau, nhưng không ai ký: ai sửa tệp cũng có thể tính lại mọi mã băm · "
    "The parts fit together, but nobody signed them: whoever changed the file could have written all hashes anew"
)
_WORDS = {
    "altered": "Bị sửa · altered",
    "missing": "Bị mất · missing",
    "inserted": "Bị thêm vào · inserted",
    "not_linked": "Đứt chuỗi · not linked",
    "out_of_place": "Sai vị trí · out of place",
    "unreadable": "Không đọc được hết · unreadable",
}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
