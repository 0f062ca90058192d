"""One suite for every bucket: what the file store promises, over memory and over MongoDB."""

import hashlib
import io
import json
import os
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from shared import files, settings
from shared.errors import Error, Internal, Invalid, NotFound, TooLarge, Unsupported
from shared.file_bucket import MongoBucket
from shared.files import CHUNK, Bucket, FileStore
from shared.persistence import connect, database
from tests.support.memory_bucket import MemoryBucket

ALLOWED = ("pdf", "jpeg", "png", "docx", "xlsx", "odt", "ods", "xml", "p7s")
MIB = 1024 * 1024
REPO = Path(__file__).parents[2]


@dataclass
class Kit:
    """A store under test, its bucket, its clock, a count of chunks that it keeps and a way to damage one."""

    bucket: Bucket
    kept_chunks: Callable[[], int]
    damage: Callable[[str], None]
    now: datetime = datetime(2020, 2, 3, 8, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.store = FileStore(self.bucket, ALLOWED, lambda: self.now)

    def put(
        self, content: bytes, name: str = "đơn.pdf", declared: str = "", owner: str = "an", limit: int = MIB
    ) -> Any:
        return self.store.put(io.BytesIO(content), limit=limit, name=name, declared_type=declared, owner=owner)

    def read(self, file_id: str) -> bytes:
        return b"".join(self.store.open(file_id).chunks)


@pytest.fixture(params=["memory", "mongodb"])
def kit(request: pytest.FixtureRequest) -> Iterator[Kit]:
    if request.param == "memory":
        yield memory_kit()
        return
    uri, prefix = request.getfixturevalue("mongo_uri"), request.getfixturevalue("mongo_prefix")
    own = f"{prefix}{uuid.uuid4().hex[:8]}_"
    loaded = settings.load({"AMQP_URI": "unused", "MONGO_URI": uri, "MONGO_DATABASE_PREFIX": own})
    with connect(loaded, "test") as client:
        store = database(client, loaded, "files")
        bucket = MongoBucket(store)
        bucket.ensure_indexes()
        chunks = store["fs.chunks"]

        def damage(upload: str) -> None:
            chunks.update_one({"files_id": ObjectId(upload), "n": 0}, {"$set": {"data": b"%PDF-damaged"}})

        yield Kit(bucket, lambda: chunks.count_documents({}), damage)
        client.drop_database(store)


def memory_kit() -> Kit:
    bucket = MemoryBucket()

    def damage(upload: str) -> None:
        bucket.uploads[upload][0] = b"%PDF-damaged"

    return Kit(bucket, lambda: sum(map(len, bucket.uploads.values())), damage)


def pdf(size: int = 1000) -> bytes:
    return b"%PDF-1.7\n" + os.urandom(size - 9)


def archive(**entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in entries.items():
            target.writestr(name, text)
    return out.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"})
XLSX = archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
DOCM = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>", "word/vbaProject.bin": "x"})
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<c/>"})
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<c/>"})
P7S = bytes.fromhex("3082010006092a864886f70d010702") + b"\0" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40


@pytest.mark.parametrize("size", [10, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
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
        ("a.PDF", "application/pdf; charset=binary", b"\xef\xbb\xbf%PDF-1.4", "application/pdf"),
        ("ảnh.jpg", "image/jpeg", JPEG, "image/jpeg"),
        ("a.png", "application/octet-stream", PNG, "image/png"),
        ("a.docx", "", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", "", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", "", ODT, "application/vnd.oasis.opendocument.text"),
        ("a.ods", "", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.xml", "text/xml", b"<?xml version='1.0'?><a/>", "application/xml"),
        ("a.p7s", "application/x-pkcs7-signature", P7S, "application/pkcs7-signature"),
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
        ("a.pdf", "image/png", pdf(), "file_type_mismatch"),
        ("a.png", "", b"<html>", "file_type_mismatch"),
        ("a.docx", "", XLSX, "file_type_mismatch"),
        ("a.docx", "", DOCM, "file_type_mismatch"),
        ("a.docx", "", archive(a="a"), "file_type_mismatch"),
        ("a.docx", "", DOCX[:-30], "file_type_mismatch"),
        ("a.odt", "", ODS, "file_type_mismatch"),
        ("a.docx", "", DOCX[:-10] + (2**31).to_bytes(4, "little") + DOCX[-6:], "file_type_mismatch"),
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


def test_clearing_away_spares_what_was_attached_or_is_young(kit: Kit) -> None:
    forgotten, attached, repeated = kit.put(pdf()), kit.put(pdf()), pdf()
    kit.put(repeated)
    kit.store.claim(attached.id, "an")
    kit.now += timedelta(hours=30)
    young, again = kit.put(pdf()), kit.put(repeated)
    assert kit.store.delete_unclaimed(kit.now - timedelta(hours=24)) == 1
    assert [kit.store.exists(file.id) for file in (forgotten, attached, young, again)] == [False, True, True, True]
    assert kit.kept_chunks() == 3
    with pytest.raises(NotFound):
        kit.store.claim(forgotten.id, "an")


def test_what_was_cleared_away_can_be_uploaded_again(kit: Kit) -> None:
    content = pdf()
    kit.put(content)
    kit.store.delete_unclaimed(kit.now + timedelta(hours=1))
    stored = kit.put(content, owner="binh")
    assert kit.read(stored.id) == content
    with pytest.raises(NotFound):
        kit.store.claim(stored.id, "an")


def test_what_was_attached_stays_for_ever(kit: Kit) -> None:
    content = pdf()
    stored = kit.put(content)
    kit.store.claim(stored.id, "an")
    kit.put(content, owner="binh")
    assert kit.store.delete_unclaimed(kit.now + timedelta(days=10_000)) == 0
    assert kit.read(stored.id) == content


def test_clearing_away_goes_through_more_than_one_batch(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", 20)
    for number in range(21):
        kit.put(b"%%PDF-%d" % number)
    assert kit.store.delete_unclaimed(kit.now + timedelta(hours=1)) == 21
    assert kit.kept_chunks() == 0


def test_what_is_claimed_while_it_is_about_to_go_stays(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = kit.put(pdf())
    remove = kit.bucket.remove

    def claimed_just_before(file_id: str, since: datetime) -> bool:
        kit.store.claim(stored.id, "an")
        return remove(file_id, since)

    monkeypatch.setattr(kit.bucket, "remove", claimed_just_before)
    assert kit.store.delete_unclaimed(kit.now + timedelta(hours=1)) == 0
    assert kit.store.exists(stored.id)


def test_abandoned_chunks_are_cleared_away(kit: Kit) -> None:
    abandoned, running = str(ObjectId.from_datetime(datetime(2019, 1, 1, tzinfo=UTC))), kit.bucket.begin()
    if isinstance(kit.bucket, MemoryBucket):
        kit.bucket.uploads[abandoned] = []
    for upload in (abandoned, running):
        kit.bucket.write(upload, 0, b"%PDF-")
    kit.store.delete_unclaimed(datetime(2019, 1, 2, tzinfo=UTC))
    assert kit.kept_chunks() == 1
    assert list(kit.bucket.chunks(running)) == [b"%PDF-"]


def test_many_uploads_and_removals_of_one_content_at_once_leave_it_whole_or_gone(kit: Kit) -> None:
    content = pdf(CHUNK + 9)
    file_id = hashlib.sha256(content).hexdigest()
    later = kit.now + timedelta(days=1)

    def upload(number: int) -> None:
        assert kit.put(content, owner=f"person {number}").id == file_id

    def clear(_: int) -> None:
        kit.store.delete_unclaimed(later)

    jobs = [upload, clear, upload, upload, clear, upload, upload, clear] * 3
    if isinstance(kit.bucket, MemoryBucket):
        jobs = [upload] * 8  # the fake promises no more: one thread at a time
        for number, job in enumerate(jobs):
            job(number)
    else:
        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(job, number) for number, job in enumerate(jobs)]:
                done.result()
    if kit.store.exists(file_id):
        assert kit.read(file_id) == content
    kit.store.delete_unclaimed(later)
    assert kit.kept_chunks() == 0


def test_the_daily_job_clears_away_and_says_so(mongo_uri: str, mongo_prefix: str) -> None:
    own = {"AMQP_URI": "unused", "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": f"{mongo_prefix}job_"}
    loaded = settings.load(own)
    with connect(loaded, "test") as client:
        bucket = MongoBucket(database(client, loaded, "files"))
        bucket.ensure_indexes()
        FileStore(bucket, ALLOWED, lambda: datetime(2020, 1, 1, tzinfo=UTC)).put(
            io.BytesIO(pdf()), limit=MIB, name="a.pdf", declared_type="", owner="an"
        )
        job = [sys.executable, "-m", "shared.file_bucket"]
        for removed in (1, 0):
            said = subprocess.run(job, cwd=REPO, env=os.environ | own, check=True, capture_output=True, text=True)
            assert json.loads(said.stdout)["contents"] == removed
        client.drop_database(database(client, loaded, "files"))


def test_every_refusal_has_a_code_and_no_personal_data(kit: Kit) -> None:
    with pytest.raises(Error) as refused:
        kit.put(PNG, "Nguyễn Văn An 012345678901.pdf")
    assert "Nguyễn" not in str(refused.value)
