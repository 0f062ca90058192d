"""A running platform is backed up, destroyed and restored: equal counts, verified chains, work goes on."""

import dataclasses
import fcntl
import stat
import zipfile
from pathlib import Path

import pytest
from pymongo import MongoClient

from shared import migrations, persistence, restore_mark
from shared.backup import archive as backup
from shared.backup.restore import restore
from shared.backup.write import write, write_noted
from shared.errors import Unavailable
from shared.settings import Settings

pytestmark = pytest.mark.timeout(900)


def test_everything_comes_back_with_its_indexes(settings: Settings, tmp_path: Path) -> None:
    file = write(settings, tmp_path, keep=3).path
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with MongoClient(settings.mongo_uri) as client:
        things = client[f"{settings.mongo_database_prefix}one"]["things"]
        things.delete_many({"_id": {"$lt": 1000}})
        things.drop_index("by_at")
        client[f"{settings.mongo_database_prefix}three"]["later"].insert_one({})
        assert restore(settings, file, replace_all=True) == 2501
        assert things.count_documents({}) == 2500
        assert things.index_information()["by_at"]["unique"]
        assert client[f"{settings.mongo_database_prefix}three"].list_collection_names() == []


def test_a_moment_that_cannot_be_read_is_given_up_for_a_later_one(settings: Settings, tmp_path: Path) -> None:
    told: list[int] = []
    with MongoClient(settings.mongo_uri) as client:
        later = client[f"{settings.mongo_database_prefix}two"]["files.chunks"]
        version = client.server_info()["versionArray"][0]

        def make_anew_what_comes_later(more: int) -> None:
            if not told:
                later.drop()
                later.insert_one({"_id": "y", "data": b""})
            told.append(more)

        file = write(settings, tmp_path, 3, make_anew_what_comes_later).path
    assert sum(told) == 2501
    assert sum(described["count"] for described in backup.check(file)) == 2501
    assert -2500 in told or version >= 7  # what could not be read is taken back


def test_what_is_there_is_not_replaced_unasked(settings: Settings, tmp_path: Path) -> None:
    file = write(settings, tmp_path, keep=3).path
    with pytest.raises(backup.BackupError, match="hold documents"):
        restore(settings, file)


def test_a_restore_that_breaks_off_leaves_a_mark_until_it_is_repeated(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(settings, tmp_path, keep=3).path

    def break_off(told: int) -> None:
        raise OSError(f"the disk is full after {told}")

    with persistence.connect(settings, "test") as other:
        with pytest.raises(backup.BackupError, match="still connected to the database: test of"):
            restore(settings, file, replace_all=True)
        assert restore_mark.unfinished(other, settings) is None, "what was refused has changed nothing"
    with pytest.raises(OSError, match="disk is full"):
        restore(settings, file, replace_all=True, tell=break_off)
    with persistence.connect(settings, "test") as client:
        for refusing in (
            lambda: migrations.migrate(client, settings, "one_stop_shop"),
            lambda: migrations.foresee(client, settings, "one_stop_shop"),
            lambda: migrations.wait_until_understood(client, settings, "one_stop_shop"),
        ):
            with pytest.raises(restore_mark.RestoreUnfinished, match="did not end: run"):
                refusing()
        monkeypatch.setattr(restore_mark, "connect", lambda *_: client)
        with pytest.raises(Unavailable, match="restore_unfinished"):
            restore_mark.open_look(settings, "gateway")()
    with pytest.raises(SystemExit, match="did not end: run"):
        write_noted(settings, tmp_path, keep=1)
    with pytest.raises(backup.BackupError, match="did not end: run"):
        write(settings, tmp_path, keep=1)
    assert file.exists(), "half of the data replaces no good backup"
    assert restore(settings, file) == 2501
    with persistence.connect(settings, "test") as client:
        migrations.wait_until_understood(client, settings, "one_stop_shop")
    write_noted(settings, tmp_path, keep=1)


def test_who_is_connected_is_named_and_who_belongs_to_another_platform_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    file = write(settings, tmp_path, keep=3).path
    another = dataclasses.replace(settings, mongo_database_prefix=f"{settings.mongo_database_prefix}b_")
    with persistence.connect(another, "gateway") as stranger:
        stranger.admin.command("ping")
        assert restore(settings, file, replace_all=True) == 2501
        with persistence.connect(settings, "gateway") as ours:
            ours.admin.command("ping")
            with pytest.raises(backup.BackupError, match=r"gateway of \S+ \(127\.0\.0\.1\); stop"):
                restore(settings, file, replace_all=True)


def test_an_altered_file_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    file = write(settings, tmp_path, keep=3).path
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(altered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"at", b"as", 1) if name == "one/things.bson" else content)
    with pytest.raises(backup.BackupError, match="was altered"):
        restore(settings, altered, replace_all=True)
    (tmp_path / "half.zip").write_bytes(file.read_bytes()[:-100])
    with pytest.raises(backup.BackupError, match="cannot be read"):
        backup.check(tmp_path / "half.zip")
    with MongoClient(settings.mongo_uri) as client:
        assert client[f"{settings.mongo_database_prefix}one"]["things"].count_documents({}) == 2500


def test_what_could_not_be_read_leaves_no_file(settings: Settings, tmp_path: Path) -> None:
    nobody = dataclasses.replace(settings, mongo_uri="mongodb://127.0.0.1:1", mongo_timeout_ms=300)
    with pytest.raises(backup.BackupError, match=r"127\.0\.0\.1:1"):
        write(nobody, tmp_path, keep=3)
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_stay(settings: Settings, tmp_path: Path) -> None:
    for day in ("20250101", "20250102", "20250103"):
        (tmp_path / f"truc-chung-{day}T000000Z.zip").touch()
    (tmp_path / "of-somebody-else.zip").touch()
    file = write(settings, tmp_path, keep=2).path
    assert {path.name for path in tmp_path.iterdir()} == {
        "of-somebody-else.zip",
        "truc-chung-20250103T000000Z.zip",
        file.name,
        file.with_suffix(".checked").name,
        ".lock",
    }


def test_what_killed_runs_left_is_removed_and_nobody_writes_beside_another(settings: Settings, tmp_path: Path) -> None:
    left = tmp_path / "truc-chung-20250101T000000Z.new"
    left.write_bytes(b"half of it")
    with (tmp_path / ".lock").open("w") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        with pytest.raises(backup.BackupError, match="another run writes there"):
            write(settings, tmp_path, keep=3)
        assert left.exists()
    write(settings, tmp_path, keep=3)
    assert not left.exists()
