import hashlib
from pathlib import Path

import pytest

from shared.backup.contents import ContentDamaged, Contents


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(contents: Contents, content: bytes) -> str:
    contents.put(name_of(content), [content[:3], content[3:]])
    return name_of(content)


def test_a_content_lies_under_its_hash_and_is_read_back(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    name = put(contents, b"scan of a paper")
    assert b"".join(contents.read(name)) == b"scan of a paper"
    assert (contents.has(name, 15), contents.has(name, 16), contents.has("0" * 64, 1)) == (True, False, False)
    assert contents.path(name).stat().st_mode & 0o077 == 0


def test_what_is_not_what_its_hash_says_gets_no_name(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    with pytest.raises(ContentDamaged):
        contents.put(name_of(b"one"), [b"another"])
    assert not contents.path(name_of(b"one")).exists()
    name = put(contents, b"whole")
    contents.path(name).write_bytes(b"whOle")
    with pytest.raises(ContentDamaged):
        list(contents.read(name))


def test_only_what_is_wanted_stays(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    names = sorted(put(contents, bytes([n])) for n in range(40))
    kept = names[3:30:2]
    assert contents.keep_only(sorted([*kept, *kept, "0" * 64, "f" * 64])) == len(names) - len(kept)
    assert sorted(path.name for path in (tmp_path / "contents").glob("??/*")) == kept
    assert contents.keep_only([]) == len(kept)
