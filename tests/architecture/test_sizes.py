"""A module that has grown too long to be read at once is parted by what is looked for in it."""

from pathlib import Path

from tests.architecture.sources import REPO, modules

MOST_LINES = 300


def too_long(repo: Path) -> list[str]:
    """The modules of more lines."""
    return [one.path for one in modules(repo=repo) if (repo / one.path).read_text("utf-8").count("\n") > MOST_LINES]


def test_every_module_can_be_read_at_once() -> None:
    assert too_long(REPO) == []


def test_a_longer_module_is_named(tmp_path: Path) -> None:
    (tmp_path / "gateway").mkdir()
    for lines in (300, 301):
        (tmp_path / "gateway" / f"of_{lines}.py").write_text("\n" * lines, "utf-8")
    assert too_long(tmp_path) == ["gateway/of_301.py"]
