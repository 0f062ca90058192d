"""Another exchange that is reached through a folder, which its own agent empties and fills (D 3.1: the national one).

`out/` holds what we send, `in/<agency>/` what came for us, `done/` and `failed/` what we took in or refused. A file is
written under another name and then renamed, so that nobody ever sees half of one.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.document_routing.ports_exchange import Inbound
from shared.errors import Unavailable

_CHUNK = 255 * 1024
_SUFFIX = ".edxml"


class FolderExchange:
    """Hands files over in a folder; declared in `ports_exchange.OutsideExchange`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, package: str, content: Iterable[bytes]) -> None:
        """Put a file into `out/`; the same package again is the same file."""
        try:
            out = self._made("out")
            half = out / f".{package}.part"
            with half.open("wb") as file:
                for chunk in content:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            half.replace(out / f"{package}{_SUFFIX}")
            _sync(out)
        except OSError as error:
            raise Unavailable("outside_exchange_unavailable") from error

    def waiting(self) -> Iterator[Inbound]:
        """The files in `in/`, of each agency by their names."""
        try:
            found = sorted(self._made("in").glob(f"*/*{_SUFFIX}"))
        except OSError as error:
            raise Unavailable("outside_exchange_unavailable") from error
        for path in found:
            if not path.name.startswith("."):
                yield Inbound(f"{path.parent.name}/{path.name}", path.parent.name, _chunks(path))

    def acknowledge(self, name: str, taken: bool, reason: str = "") -> None:
        """Move a file out of `in/`; beside one that was refused stands why."""
        agency, _, file = name.partition("/")
        try:
            goal = self._made("done" if taken else "failed") / agency
            goal.mkdir(parents=True, exist_ok=True)
            if reason:
                (goal / f"{file}.txt").write_text(reason, encoding="utf-8")
            (self._folder / "in" / agency / file).replace(goal / file)
            _sync(goal)
        except OSError as error:
            raise Unavailable("outside_exchange_unavailable") from error

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


def _sync(folder: Path) -> None:
    """Have the rename itself on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
