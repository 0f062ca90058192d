"""What the file store promises about taking in and handing out, over every bucket."""

import hashlib
import io
import zipfile

import pytest

from shared.errors import Error, Internal, Invalid, NotFound, TooLarge, Unsupported
from shared.files import CHUNK
from tests.ports.kits import CSV, DOCM, DOCX, JPEG, MIB, ODS, ODT, P7S, PNG, XLSX, Kit, archive, pdf


@pytest.mark.parametrize("size", [20, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_content_comes_back_as_it_went_in(kit: Kit, size: int) -> None:
    content = pdf(size)
    stored = kit.put(content)
    assert (stored.id, stored.size, stored.type) == (hashlib.sha256(content).hexdigest(), size, "application/pdf")
    assert stored.name == "đơn.pdf"
    opened = kit.store.open(stored.id)
    assert (opened.size, opened.type) == (size, "application/pdf")
    assert b"".join(opened.chunks) == content
    assert kit.store.exists(stored.id)


def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end(kit: Kit) -> None:
    content = pdf(CHUNK + 500)

    class Trickle:
        position = 0

        def read(self, size: int, /) -> bytes:
            piece = content[self.position : self.position + min(size, 1009)]
            self.position += len(piece)
            return piece

    stored = kit.store.put(Trickle(), limit=MIB, name="a.pdf", declared_type="", owner="an")
    assert kit.read(stored.id) == content


@pytest.mark.parametrize(
    ("name", "declared", "content", "media_type"),
    [
        ("a.PDF", "application/pdf; charset=binary", b"\xef\xbb\xbf%PDF-1.4 %%EOF", "application/pdf"),
        ("ảnh.jpg", "image/jpeg", JPEG, "image/jpeg"),
        ("a.png", "application/octet-stream", PNG, "image/png"),
        ("a.docx", "", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", "", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", "", ODT, "application/vnd.oasis.opendocument.text"),
        ("a.ods", "", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.xml", "text/xml", b"<?xml version='1.0'?><a/>", "application/xml"),
        ("a.p7s", "application/x-pkcs7-signature", P7S, "application/pkcs7-signature"),
        ("a.csv", "application/vnd.ms-excel", b"\xef\xbb\xbf" + CSV, "text/csv"),
        ("a.csv", "text/csv", (CSV * 10_000)[: CHUNK + 1].replace(b",", b",\xc4\x90", 1), "text/csv"),
    ],
)
def test_every_allowed_kind_is_recognised(kit: Kit, name: str, declared: str, content: bytes, media_type: str) -> None:
    stored = kit.put(content, name, declared)
    assert stored.type == media_type
    assert kit.read(stored.id) == content


@pytest.mark.parametrize(
    ("name", "declared", "content", "code"),
    [
        ("a.exe", "", b"MZ", "file_type_not_allowed"),
        ("a", "", pdf(), "file_type_not_allowed"),
        ("a.zip", "application/zip", archive(a="a"), "file_type_not_allowed"),
        ("a.pdf", "", PNG, "file_type_mismatch"),
        ("a.pdf", "", b"%PDF-1.4", "file_cut_off"),
        ("a.pdf", "", pdf()[:-3], "file_cut_off"),
        ("a.pdf", "image/png", pdf(), "file_type_mismatch"),
        ("a.png", "", b"<html>", "file_type_mismatch"),
        ("a.docx", "", XLSX, "file_type_mismatch"),
        ("a.docx", "", DOCM, "file_type_mismatch"),
        ("a.docx", "", archive(a="a"), "file_type_mismatch"),
        ("a.docx", "", DOCX[:-30], "file_cut_off"),
        ("a.odt", "", ODS, "file_type_mismatch"),
        ("a.docx", "", DOCX[:-10] + (2**31).to_bytes(4, "little") + DOCX[-6:], "file_type_mismatch"),
        ("a.csv", "", PNG, "file_type_mismatch"),
        ("a.csv", "", "mã,tên\n1,Đức\n".encode("cp1258", "replace"), "file_type_mismatch"),
        ("a.csv", "", b"a,b\n\x00,1\n", "file_type_mismatch"),
        ("a.pdf", "", b"", "file_empty"),
        ("…/..", "", pdf(), "file_name_malformed"),
        ("a" * 300 + ".pdf", "", pdf(), "file_name_malformed"),
    ],
)
def test_what_is_not_what_it_claims_is_refused_and_leaves_nothing(
    kit: Kit, name: str, declared: str, content: bytes, code: str
) -> None:
    with pytest.raises((Unsupported, Invalid)) as refused:
        kit.put(content, name, declared)
    assert refused.value.code == code
    assert kit.kept_chunks() == 0


def test_a_name_is_cleaned_of_folders_and_direction_marks(kit: Kit) -> None:
    assert kit.put(pdf(), "C:\\hồ sơ\\gpj.exe\u202e\x00.pdf").name == "gpj.exe.pdf"


def test_too_large_a_stream_is_refused_before_it_is_read_to_its_end(kit: Kit) -> None:
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return b"%PDF-" + b"x" * (size - 5)

    stream = Endless()
    with pytest.raises(TooLarge) as refused:
        kit.store.put(stream, limit=2 * CHUNK + 5, name="a.pdf", declared_type="", owner="an")
    assert refused.value.params == {"limit": 2 * CHUNK + 5}
    assert stream.given == 3 * CHUNK
    assert kit.kept_chunks() == 0


def test_exactly_the_limit_is_accepted_and_one_byte_more_is_not(kit: Kit) -> None:
    assert kit.put(pdf(500), limit=500).size == 500
    with pytest.raises(TooLarge):
        kit.put(pdf(501), limit=500)


def test_an_archive_with_an_endless_table_of_contents_is_refused_unread(kit: Kit) -> None:
    filler = {f"{number:0200d}": "" for number in range(5000)}
    bomb = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}, **filler)
    with pytest.raises(Unsupported, match="file_type_mismatch"):
        kit.put(bomb, "a.docx", limit=8 * MIB)
    assert kit.kept_chunks() == 0


def test_an_archive_that_hides_a_second_table_of_contents_is_refused(kit: Kit) -> None:
    out = io.BytesIO(DOCX)
    with zipfile.ZipFile(out, "a") as target:
        target.comment = b"PK\x06\x07" + b"\0" * 16  # where readers look for the table of large archives
    with pytest.raises(Unsupported, match="file_type_mismatch"):
        kit.put(out.getvalue(), "a.docx")


def test_a_stream_that_breaks_off_leaves_nothing(kit: Kit) -> None:
    class Broken:
        def __init__(self) -> None:
            self.parts = [b"%PDF-" + b"x" * (CHUNK - 5)]

        def read(self, size: int, /) -> bytes:
            if not self.parts:
                raise ConnectionResetError
            return self.parts.pop()

    with pytest.raises(ConnectionResetError):
        kit.store.put(Broken(), limit=MIB, name="a.pdf", declared_type="", owner="an")
    assert kit.kept_chunks() == 0


def test_one_content_of_two_people_is_kept_once_with_two_records(kit: Kit) -> None:
    content = pdf(CHUNK + 1)
    first, second = kit.put(content, "của an.pdf", owner="an"), kit.put(content, "của bình.pdf", owner="binh")
    assert first.id == second.id
    assert kit.kept_chunks() == 2
    assert kit.store.claim(first.id, "an") == first
    assert kit.store.claim(first.id, "binh") == second


def test_the_same_upload_again_is_the_same_file_under_its_latest_name(kit: Kit) -> None:
    content = pdf()
    assert kit.put(content, "a.pdf").id == kit.put(content, "b.pdf").id
    assert kit.store.claim(hashlib.sha256(content).hexdigest(), "an").name == "b.pdf"


def test_nobody_can_claim_what_another_uploaded(kit: Kit) -> None:
    stored = kit.put(pdf(), owner="an")
    with pytest.raises(NotFound):
        kit.store.claim(stored.id, "binh")


def test_an_unknown_file_is_not_found(kit: Kit) -> None:
    for ask in (kit.store.open, lambda unknown: kit.store.claim(unknown, "an")):
        with pytest.raises(NotFound, match="file_not_found"):
            ask("0" * 64)
    assert not kit.store.exists("0" * 64)


@pytest.mark.parametrize("size", [1000, 2 * CHUNK])
def test_a_damaged_content_never_arrives_complete(kit: Kit, size: int) -> None:
    stored = kit.put(pdf(size))
    content = kit.bucket.find(stored.id)
    assert content is not None
    kit.damage(content.upload)
    arrived = []
    with pytest.raises(Internal, match="file_damaged"):
        arrived.extend(kit.store.open(stored.id).chunks)
    assert len(arrived) == size // CHUNK // 2


def test_a_content_whose_chunks_are_gone_is_damaged(kit: Kit) -> None:
    stored = kit.put(pdf())
    content = kit.bucket.find(stored.id)
    assert content is not None
    kit.bucket.discard(content.upload)
    with pytest.raises(Internal, match="file_damaged"):
        kit.read(stored.id)


def test_every_refusal_has_a_code_and_no_personal_data(kit: Kit) -> None:
    with pytest.raises(Error) as refused:
        kit.put(PNG, "Nguyễn Văn An 012345678901.pdf")
    assert "Nguyễn" not in str(refused.value)
