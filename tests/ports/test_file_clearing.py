"""What the file store promises about clearing away, over every bucket."""

import hashlib
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bson import ObjectId

from shared import files, settings
from shared.errors import NotFound
from shared.file_bucket import MongoBucket
from shared.files import CHUNK, FileStore
from shared.persistence import connect, database
from tests.ports.kits import ALLOWED, MIB, Kit, pdf
from tests.support.memory_bucket import MemoryBucket

REPO = Path(__file__).parents[2]


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
        kit.put(b"%%PDF-%d %%%%EOF" % number)
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
