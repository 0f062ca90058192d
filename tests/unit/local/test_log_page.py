"""Every warning and error has a name that can be searched for, and runbooks quote none that nobody writes."""

import re
from pathlib import Path

from local.event_pages import REPO
from local.log_page import log_page, logged

NAME = re.compile(r"[a-z]+(_[a-z]+)+")


def test_what_is_logged_has_a_name_and_fields() -> None:
    found = list(logged(REPO))
    assert len(found) > 50
    assert [f"{one.module}:{one.line}" for one in found if not NAME.fullmatch(one.text or "")] == []


def test_a_sentence_or_a_text_with_holes_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "gateway").mkdir()
    (tmp_path / "gateway/bus.py").write_text('_log.error("lost %s", name)\n_log.info("fine")\nlog.exception(f"{x}")\n')
    assert [(one.text, one.level, one.line) for one in logged(tmp_path)] == [(None, "error", 1), (None, "error", 3)]


def test_the_page_leads_to_the_runbook_that_quotes_the_event(tmp_path: Path) -> None:
    (tmp_path / "gateway").mkdir()
    (tmp_path / "docs/runbooks").mkdir(parents=True)
    (tmp_path / "gateway/bus.py").write_text(
        '_log.warning("bus_lost", error=repr(e))\n_log.warning("bus_lost", at=1)\n'
    )
    (tmp_path / "docs/runbooks/part-down.md").write_text("The log says `bus_lost`.")
    rows = log_page(tmp_path).splitlines()
    assert (
        rows[-1] == "| `bus_lost` | warning | `at`, `error` | `gateway/bus.py` | [part-down](runbooks/part-down.md) |"
    )


def test_what_runbooks_quote_of_the_log_is_written_by_somebody() -> None:
    written = {one.text for one in logged(REPO)}
    quoted = {
        name
        for path in (REPO / "docs/runbooks").glob("*.md")
        for sentence in re.findall(r"[^.]*\blog\b[^.]*\.", path.read_text("utf-8"))
        for name in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", sentence)
    }
    assert "register_altered" in quoted
    assert quoted <= written | {"replay_asked"}  # it is no warning
