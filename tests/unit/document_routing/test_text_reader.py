"""Real PDF files, signed and spoilt, read in the child process that the service uses."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import typst
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter

from services.document_routing.adapters import text_reader
from services.document_routing.adapters.text_reader import NOTHING, PdfTextReader
from tests.support.certificates import seal_of

LEADER, AGENCY = "Nguyễn Văn An", "Ủy ban nhân dân phường Ninh Kiều"
TEXT = "Kính gửi: Sở Xây dựng. Đề nghị góp ý quy hoạch phân khu."


@cache
def unsigned() -> bytes:
    return bytes(typst.compile(f'#set document(date: none)\n#"{TEXT}"'.encode()))


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("keys")
    content = unsigned()
    for name, field in ((LEADER, "KySo"), (AGENCY, "ConDau")):
        key, certificate = folder / f"{field}.key", folder / f"{field}.pem"
        key.write_text(seal_of(name).key)
        certificate.write_text(seal_of(name).certificate)
        signer = SimpleSigner.load(str(key), str(certificate))
        meta = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
        content = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), meta, signer=signer).getvalue()
    return content


def verdicts(content: bytes, authorities: Path | None = None) -> list[tuple[str, str]]:
    read = PdfTextReader(authorities).read(iter((content,)), "application/pdf")
    return [(signature.signer, signature.verdict) for signature in read.signatures]


def test_a_file_tells_what_it_says_and_who_signed_it(signed: bytes) -> None:
    read = PdfTextReader().read(iter((signed[:1000], signed[1000:])), "application/pdf")
    assert " ".join(read.text.split()) == TEXT
    assert read.whole
    assert [(one.field, one.signer, one.verdict) for one in read.signatures] == [
        ("KySo", LEADER, "unaltered"),
        ("ConDau", AGENCY, "unaltered"),
    ]
    assert all(one.signed_at for one in read.signatures)


def test_only_signers_of_the_authorities_that_count_are_good(signed: bytes, tmp_path: Path) -> None:
    authorities = tmp_path / "authorities.pem"
    authorities.write_text(seal_of(AGENCY).certificate)
    assert verdicts(signed, authorities) == [(LEADER, "untrusted"), (AGENCY, "good")]
    authorities.write_text(seal_of(AGENCY).certificate + seal_of(LEADER).certificate)
    assert verdicts(signed, authorities) == [(LEADER, "good"), (AGENCY, "good")]


def test_one_changed_byte_of_what_was_signed_is_seen(signed: bytes) -> None:
    place = signed.index(b"/MediaBox[0 0 ") + len(b"/MediaBox[0 0 ")
    spoilt = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert {verdict for _, verdict in verdicts(spoilt)} == {"altered"}


def test_a_page_that_was_exchanged_after_signing_is_seen(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"][2] = page["/MediaBox"][3]
    writer.update_container(page["/MediaBox"])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    assert {verdict for _, verdict in verdicts(out.getvalue())} == {"altered"}


def test_a_field_that_was_only_filled_in_is_no_signature(signed: bytes) -> None:
    """Copying the objects keeps the field and its value; what they cover has another form then."""
    copied = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(signed))).write(copied)
    assert {verdict for _, verdict in verdicts(copied.getvalue())} <= {"altered"}


def test_a_file_without_signatures_has_none() -> None:
    assert verdicts(unsigned()) == []


@pytest.mark.parametrize(
    "spoil",
    [lambda _: b"", lambda _: b"%PDF-1.7 and nothing more", lambda content: content[: len(content) // 3]],
    ids=["empty", "only a head", "cut off"],
)
def test_a_damaged_file_has_no_text_and_harms_nobody(spoil: Callable[[bytes], bytes]) -> None:
    read = PdfTextReader().read(iter((spoil(unsigned()),)), "application/pdf")
    assert (read.text, read.signatures) == ("", ())


def test_another_kind_of_file_is_not_opened() -> None:
    assert PdfTextReader().read(iter((unsigned(),)), "image/png") == NOTHING


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text("import signal, sys\nsignal.alarm(int(sys.argv[1]))\nwhile True: pass\n")
    monkeypatch.setattr(text_reader, "EXAMINER", script)
    monkeypatch.setattr(text_reader, "LONGEST_READ_SECONDS", 1)
    assert PdfTextReader().read(iter((unsigned(),)), "application/pdf") == NOTHING
