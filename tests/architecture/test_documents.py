"""The documents stay short where they should be, and their links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import REPO

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"^(```|~~~).*?^\1[ \t]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
ADR_WORDS = range(150, 351)


def documents(repo: Path = REPO) -> Iterator[Path]:
    """All pages that people read."""
    yield from sorted(repo.glob("*.md"))
    yield from sorted((repo / "docs").rglob("*.md"))


def dead_links(page: Path, repo: Path = REPO) -> list[str]:
    """The links of a page that lead nowhere within the repository."""
    found = []
    for target in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists() or not goal.is_relative_to(repo.resolve()):
            found.append(f"{page.relative_to(repo)}: {target} leads nowhere")
        elif anchor and goal.suffix == ".md" and anchor not in anchors(goal):
            found.append(f"{page.relative_to(repo)}: {target} has no such heading")
    return found


def anchors(page: Path) -> set[str]:
    """The anchors that code hosts make of a page's headings."""
    headings = HEADING.findall(re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S))
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def words(page: Path) -> int:
    """How many words a page has."""
    return len(re.findall(r"\w[\w'’-]*", page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", list(documents()), ids=lambda page: str(page.relative_to(REPO)))
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_dead_links_are_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/there.md").write_text("# Là gì?\n\n## The `rooms` of [it](x.md)\n\n```\n# no heading\n```\n")
    page = tmp_path / "README.md"
    page.write_text(
        "[a](docs/there.md) [b](gone.md) [c](docs/there.md#the-rooms-of-it) [d](docs/there.md#no-heading) "
        "[e](https://example.vn) `[f](gone.md)` ![g](gone.png) [h](#top) [i](docs/there.md#là-gì) [j](../outside.md)\n"
        "```\n[k](gone.md)\n```\n# Top\n"
    )
    assert dead_links(page, tmp_path) == [
        "README.md: gone.md leads nowhere",
        "README.md: docs/there.md#no-heading has no such heading",
        "README.md: gone.png leads nowhere",
        "README.md: ../outside.md leads nowhere",
    ]
    assert list(documents(tmp_path)) == [page, tmp_path / "docs/there.md"]


KUBECTL = re.compile(r"kubectl (?!kustomize|apply -k|patch --local|-n truc-chung )[^`\n]*")
"""A command to the cluster that neither says of which namespace it speaks nor takes it from an overlay."""


@pytest.mark.parametrize("page", list(documents()), ids=lambda page: str(page.relative_to(REPO)))
def test_commands_name_the_namespace(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\n", " ")
    assert KUBECTL.findall(text) == []


@pytest.mark.parametrize("decision", sorted((REPO / "docs/adr").glob("[0-9]*.md")), ids=lambda page: page.stem)
def test_a_decision_is_short_and_honest(decision: Path) -> None:
    assert words(decision) in ADR_WORDS, f"{words(decision)} words"
    text = decision.read_text(encoding="utf-8")
    headings = HEADING.findall(text)
    assert headings[1:4] == ["Context", "Decision", "Consequences"]
    assert headings[0].startswith(f"{int(decision.name[:4])}. ")
    assert re.search(r"^(Accepted|Superseded by \[.*\]), \d{4}-\d{2}-\d{2}\.$", text, re.MULTILINE)


def test_decisions_are_numbered_without_holes() -> None:
    numbers = [int(page.name[:4]) for page in sorted((REPO / "docs/adr").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_words_are_counted(tmp_path: Path) -> None:
    page = tmp_path / "0001-x.md"
    page.write_text("# 1. We don't\n\n- chọn `at-least-once`, không chờ.")
    assert words(page) == 7
