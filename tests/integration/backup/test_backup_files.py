"""Contents of files are stored once beside all backups of a folder, read again, and come back whole."""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import encode, json_util
from pymongo import MongoClient

from ops import command
from shared.backup import listing
from shared.backup import write as writing
from shared.backup.__main__ import main
from shared.backup.archive import BackupError, check, check_noted
from shared.backup.restore import restore
from shared.backup.write import write, write_noted
from shared.errors import Internal
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.persistence import connect, database
from shared.settings import Settings, load

LARGE = b"%PDF-1.7\n" + os.urandom(600_000) + b"\n%%EOF\n"
SMALL = b"%PDF-1.7\nm\n%%EOF\n"


@pytest.fixture
def settings(mongo_uri: str, mongo_prefix: str) -> Iterator[Settings]:
    given = load({"AMQP_URI": "pyamqp://unused", "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": f"{mongo_prefix}f_"})
    yield given
    with MongoClient(mongo_uri) as client:
        for name in client.list_database_names():
            if name.startswith(given.mongo_database_prefix):
                client.drop_database(name)


def put(settings: Settings, *contents: bytes) -> None:
    with connect(settings, "test") as client:
        bucket = MongoBucket(database(client, settings, "files"))
        bucket.ensure_indexes()
        for content in contents:
            FileStore(bucket, ("pdf",)).put(
                io.BytesIO(content), limit=10**7, name="a.pdf", declared_type="application/pdf", owner="x"
            )


def got(settings: Settings, content: bytes) -> bytes:
    with connect(settings, "test") as client:
        store = FileStore(MongoBucket(database(client, settings, "files")), ("pdf",))
        return b"".join(store.open(name_of(content)).chunks)


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def lying(folder: Path, content: bytes) -> Path:
    return folder / "contents" / name_of(content)[:2] / name_of(content)


def test_each_content_is_taken_once_and_comes_back(settings: Settings, tmp_path: Path) -> None:
    put(settings, LARGE)
    first = write(settings, tmp_path, keep=9)
    put(settings, SMALL)
    second = write(settings, tmp_path, keep=9)
    assert (first.new_contents, second.new_contents) == (1, 1)
    assert second.path.stat().st_size < 10_000
    assert sum(one["count"] for one in check(second.path)) == second.documents
    with connect(settings, "test") as client:
        pieces = database(client, settings, "files")["fs.chunks"]
        before = {(one["files_id"], one["n"]): one["data"] for one in pieces.find()}
        pieces.delete_many({})
    restore(settings, second.path, replace_all=True)
    assert (got(settings, LARGE), got(settings, SMALL)) == (LARGE, SMALL)
    with connect(settings, "test") as client:
        pieces = database(client, settings, "files")["fs.chunks"]
        assert {(one["files_id"], one["n"]): one["data"] for one in pieces.find()} == before
        assert "files_id_1_n_1" in pieces.index_information()


def test_a_content_that_is_altered_or_gone_is_found_before_anything_is_replaced(
    settings: Settings, tmp_path: Path
) -> None:
    put(settings, LARGE, SMALL)
    file = write(settings, tmp_path, keep=9).path
    lying(tmp_path, SMALL).write_bytes(SMALL.replace(b"m", b"n"))
    check(file, chosen=lambda _: False)
    for look in (check, check_noted, lambda path: restore(settings, path, replace_all=True)):
        with pytest.raises(BackupError, match="not what its name says"):
            look(file)
    (seen,) = listing.look(tmp_path)
    assert "not what its name says" in seen.problem
    lying(tmp_path, SMALL).unlink()
    with pytest.raises(BackupError, match="is not there"):
        check(file, chosen=lambda _: False)
    assert got(settings, SMALL) == SMALL
    assert write(settings, tmp_path, keep=9).new_contents == 1, "what is lost here and not there is taken again"
    check_noted(file)
    assert [seen.problem for seen in listing.look(tmp_path)] == ["", ""]


def test_a_content_that_is_damaged_in_the_database_keeps_nobody_from_a_backup(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(settings, LARGE, SMALL)
    with connect(settings, "test") as client:
        database(client, settings, "files")["fs.chunks"].update_one({"n": 1}, {"$set": {"data": b"altered"}})
    written = write_noted(settings, tmp_path, keep=9)
    assert written.problems == [f"the content {name_of(LARGE)} is damaged in the database"]
    check(written.path)
    monkeypatch.setenv("MONGO_URI", settings.mongo_uri)
    monkeypatch.setenv("MONGO_DATABASE_PREFIX", settings.mongo_database_prefix)
    assert main(["write", str(tmp_path)]) == 0
    assert f"! {written.problems[0]}" in capsys.readouterr().out
    restore(settings, written.path, replace_all=True)
    assert got(settings, SMALL) == SMALL


def damage(settings: Settings, content: bytes, **change: Any) -> None:
    """Alter a piece of a content in the database, as a disk that forgets would."""
    with connect(settings, "test") as client:
        files = database(client, settings, "files")
        key = (files["fs.files"].find_one({"metadata.sha256": name_of(content)}) or {})["_id"]
        place = {"files_id": key, "n": change.pop("n", 0)}
        if change:
            files["fs.chunks"].update_one(place, {"$set": change}, upsert=True)
        else:
            files["fs.chunks"].delete_one(place)


def operate(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code and words of the operator's command."""
    code = command.main(["backup", "restore-content", *words])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_one_content_comes_back_while_the_platform_runs(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MONGO_URI", settings.mongo_uri)
    monkeypatch.setenv("MONGO_DATABASE_PREFIX", settings.mongo_database_prefix)
    put(settings, LARGE, SMALL)
    write(settings, tmp_path, keep=9)
    wanted = name_of(LARGE), str(tmp_path)
    assert "is whole in the database" in operate(capsys, *wanted)[1]
    damage(settings, LARGE, n=1, data=b"altered")
    damage(settings, LARGE)  # the first piece is gone
    damage(settings, LARGE, n=9, data=b"and there is one too many")
    assert "would be brought back" in operate(capsys, *wanted, "--dry-run")[1]
    with pytest.raises(Internal, match="file_damaged"):
        got(settings, LARGE)
    assert operate(capsys, *wanted)[0] == 0
    assert (got(settings, LARGE), got(settings, SMALL)) == (LARGE, SMALL)
    code, said = operate(capsys, name_of(b"never seen"), str(tmp_path))
    assert (code != 0, "knows no such content" in said) == (True, True)


def test_a_content_that_is_not_what_its_hash_says_is_not_brought_back(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MONGO_URI", settings.mongo_uri)
    monkeypatch.setenv("MONGO_DATABASE_PREFIX", settings.mongo_database_prefix)
    put(settings, SMALL)
    write(settings, tmp_path, keep=9)
    damage(settings, SMALL, data=b"altered")
    lying(tmp_path, SMALL).write_bytes(SMALL.replace(b"m", b"n"))
    for _ in range(2):
        code, said = operate(capsys, name_of(SMALL), str(tmp_path))
        assert code != 0
        assert "not what its name says" in said or "No such file" in said
        with pytest.raises(Internal, match="file_damaged"):
            got(settings, SMALL)
        lying(tmp_path, SMALL).unlink(missing_ok=True)


def test_what_no_backup_stands_on_any_more_goes(settings: Settings, tmp_path: Path) -> None:
    put(settings, LARGE, SMALL)
    write(settings, tmp_path, keep=2)
    with connect(settings, "test") as client:
        store = FileStore(MongoBucket(database(client, settings, "files")), ("pdf",))
        assert store.delete_unclaimed(datetime.now(UTC) + timedelta(hours=1)) == 2
    write(settings, tmp_path, keep=2)
    assert lying(tmp_path, LARGE).exists()
    (tmp_path / "truc-chung-20250101T000000Z.zip").write_bytes(b"not a backup")
    assert "no contents were cleared" in write(settings, tmp_path, keep=9).problems[0]
    assert lying(tmp_path, LARGE).exists()
    last = write(settings, tmp_path, keep=1)
    assert list((tmp_path / "contents").glob("??/*")) == []
    assert {one.name for one in tmp_path.iterdir()} == {
        ".lock",
        "contents",
        last.path.name,
        last.path.with_suffix(".checked").name,
    }


def test_a_run_that_broke_off_has_left_what_it_took_to_the_next_one(settings: Settings, tmp_path: Path) -> None:
    put(settings, LARGE, SMALL)

    def end(_: int) -> None:
        raise SystemExit("its deadline")

    with pytest.raises(SystemExit):
        write(settings, tmp_path, 9, end)
    assert list(tmp_path.glob("truc-chung-*")) == []
    assert write(settings, tmp_path, keep=9).new_contents == 0


def test_a_file_that_is_not_whole_replaces_none(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write(settings, tmp_path, keep=1).path
    write_whole = writing._write_draft

    def forget_the_end(draft: Path, *rest: Any) -> None:
        write_whole(draft, *rest)
        draft.write_bytes(draft.read_bytes()[:-40])

    monkeypatch.setattr(writing, "_write_draft", forget_the_end)
    with pytest.raises(BackupError, match="cannot be read"):
        write_noted(settings, tmp_path, keep=1)
    assert list(tmp_path.glob("truc-chung-*.[zn]*")) == [old]


def test_the_list_says_what_is_complete_and_what_was_checked(settings: Settings, tmp_path: Path) -> None:
    file = write(settings, tmp_path, keep=9).path
    (tmp_path / "truc-chung-20250101T000000Z.zip").write_bytes(file.read_bytes()[:-30])
    newest, cut_off = listing.look(tmp_path)
    assert (newest.path, newest.problem, newest.checked_at is None) == (file, "", False)
    assert (cut_off.made_at, "not complete" in cut_off.problem) == (None, True)
    with pytest.raises(BackupError, match="no such folder"):
        list(listing.look(tmp_path / "nowhere"))


def test_a_file_of_the_format_before_still_comes_back(settings: Settings, tmp_path: Path) -> None:
    """Pieces of files stood in it like everything else."""
    documents = {"fs.files": {"_id": 1, "metadata": {"sha256": "x"}}, "fs.chunks": {"_id": 1, "files_id": 1}}
    described = [
        {
            "database": "files",
            "collection": name,
            "file": f"files/{name}.bson",
            "count": 1,
            "sha256": hashlib.sha256(encode(document)).hexdigest(),
            "indexes": [],
        }
        for name, document in documents.items()
    ]
    file = tmp_path / "truc-chung-20260101T000000Z.zip"
    with zipfile.ZipFile(file, "w") as old:
        for name, document in documents.items():
            old.writestr(f"files/{name}.bson", encode(document))
        made = {"format": 1, "made_at": "2026-01-01T00:00:00+00:00", "collections": described}
        old.writestr("manifest.json", json_util.dumps(made))
    assert restore(settings, file) == 2
    with connect(settings, "test") as client:
        assert database(client, settings, "files")["fs.chunks"].find_one({}, {"_id": 0}) == {"files_id": 1}
