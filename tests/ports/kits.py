"""File stores to be tested, over memory and over MongoDB, and contents for them; every test runs with both."""

import io
import os
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId

from shared import settings
from shared.file_bucket import MongoBucket
from shared.files import Bucket, FileStore
from shared.persistence import connect, database
from tests.support.memory_bucket import MemoryBucket

ALLOWED = ("pdf", "jpeg", "png", "docx", "xlsx", "odt", "ods", "xml", "p7s", "csv")
MIB = 1024 * 1024


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
    return b"%PDF-1.7\n" + os.urandom(size - 15) + b"\n%%EOF"


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
CSV = "họ và tên,mã cơ quan\nLê Văn Đức,H13.06\n".encode()
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
