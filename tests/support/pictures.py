"""PDFs as people see them: each page as a picture (poppler's pdftoppm), kept where somebody can look at it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from local.state import DEFAULT_FOLDER

FOLDER = DEFAULT_FOLDER / "pictures"
_DOTS = 72
_EDGE = 14
"""Dots, some 5 mm: no printer prints nearer to the edge of the paper, and nothing may be lost there."""


def pictures_of(name: str, content: bytes) -> list[Path]:
    """The pages of a PDF as `.local/pictures/NAME-1.png` …, none empty and none with ink at the edge of the paper."""
    if shutil.which("pdftoppm") is None:
        pytest.fail("pdftoppm is missing; install it: sudo apt-get install --no-install-recommends -y poppler-utils")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob(f"{name}-[0-9]*"):
        old.unlink()
    for kind in ("-png", "-gray"):
        command = ["pdftoppm", "-r", str(_DOTS), kind, "-", str(FOLDER / name)]
        subprocess.run(command, input=content, check=True, timeout=60)
    for page in sorted(FOLDER.glob(f"{name}-[0-9]*.pgm")):
        inside, edge = _ink(page.read_bytes())
        assert inside > 0, f"{page.stem} is empty"
        assert edge == 0, f"{page.stem} runs over the edge of the paper"
        page.unlink()
    return sorted(FOLDER.glob(f"{name}-[0-9]*.png"))


def _ink(picture: bytes) -> tuple[int, int]:
    """How many dots are dark: all, and those at the edge."""
    head, size, _, dots = picture.split(b"\n", 3)
    assert head == b"P5", "a grey picture"
    width, height = (int(part) for part in size.split())
    rows = [dots[width * row : width * (row + 1)] for row in range(height)]
    whole = sum(_dark(row) for row in rows)
    middle = sum(_dark(row[_EDGE:-_EDGE]) for row in rows[_EDGE:-_EDGE])
    return whole, whole - middle


def _dark(row: bytes) -> int:
    return sum(dot < 128 for dot in row)
