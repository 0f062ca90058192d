"""The command of the nightly job: `python -m shared.backup write|check`.

    python -m shared.backup write FOLDER --keep 14     a new file; the oldest beyond so many go
    python -m shared.backup check FILE                 whether it is whole; needs no database

What brings it back asks the broker too whether anything still works: `python -m ops backup restore FILE`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pymongo.errors import PyMongoError

from shared.backup.archive import BackupError, check_noted
from shared.backup.write import write_noted
from shared.set_up import needs_attention
from shared.settings import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code says whether all went well."""
    parser = argparse.ArgumentParser(description="Sao lưu · Back up")
    parts = parser.add_subparsers(dest="part", required=True)
    writing = parts.add_parser("write", help="write a new file")
    writing.add_argument("folder", type=Path)
    writing.add_argument("--keep", type=int, default=14, help="how many files stay (14)")
    checking = parts.add_parser("check", help="read a file whole")
    checking.add_argument("file", type=Path)
    asked = parser.parse_args(arguments)
    try:
        _say(_do(asked))
    except (BackupError, PyMongoError) as error:
        _say(f"Không thực hiện được · Not done: {error}")
        return 1
    return 0


def _do(asked: argparse.Namespace) -> str:
    if asked.part == "check":
        return f"Toàn vẹn · Whole: {check_noted(asked.file)} documents"
    if asked.keep < 1:
        raise BackupError("--keep must be at least 1")
    written = write_noted(load(without=("amqp_uri",)), asked.folder, asked.keep)
    return "\n".join([f"Đã ghi · Written: {written.path}", *(needs_attention(one) for one in written.problems)])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
