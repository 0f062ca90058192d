"""A client that is added to a file: whoever could read the file before can read it afterwards."""

import os
import stat
from pathlib import Path

import pytest

from gateway.auth.clients import load_clients
from ops.clients import Wanted, add, entry_of

GATEWAY_USER = 10001


def readers(path: Path) -> tuple[int, int, int]:
    """Owner, group and mode."""
    there = path.stat()
    return there.st_uid, there.st_gid, stat.S_IMODE(there.st_mode)


@pytest.mark.parametrize("mode", [0o640, 0o444, 0o600])
def test_the_gateway_can_still_read_the_file(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("clients:\n", "utf-8")
    file.chmod(mode)
    if os.geteuid() == 0:
        os.chown(file, GATEWAY_USER, GATEWAY_USER)
    before = readers(file)
    add(file, entry_of(Wanted("one", "Một", ("citizen",)))[1], dry_run=False)
    assert readers(file) == before
    assert "one" in load_clients(file)


def test_a_new_file_is_for_who_made_it_alone(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    (tmp_path / ".clients.yaml.new").write_text("half of a run that was killed", "utf-8")
    (tmp_path / ".clients.yaml.new").chmod(0o644)
    add(file, entry_of(Wanted("one", "Một", ("citizen",)))[1], dry_run=False)
    assert readers(file) == (os.geteuid(), os.getegid(), 0o600)
    assert list(tmp_path.iterdir()) == [file]
