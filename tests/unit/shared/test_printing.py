from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared import printing
from shared.printing import Press, PrintingError

AT = datetime(2026, 10, 5, 8, tzinfo=UTC)
PAGE = """
#set document(title: "Thử")
#set text(lang: "vi")
#json(bytes(sys.inputs.form)).name
"""


@pytest.fixture
def press(tmp_path: Path) -> Press:
    (tmp_path / "page.typ").write_text(PAGE)
    return Press(tmp_path)


def test_the_same_order_gives_the_same_bytes(press: Press) -> None:
    printed = [press.print("page", {"name": "Nguyễn Văn An"}, issued_at=AT) for _ in range(2)]
    assert printed[0].startswith(b"%PDF-")
    assert printed[0] == printed[1]


def test_what_does_not_fit_its_template_is_told_in_the_compilers_words(press: Press) -> None:
    with pytest.raises(PrintingError, match='does not contain key "name"'):
        press.print("page", {"title": "?"}, issued_at=AT)


def test_a_template_sees_no_file_outside_its_folder(press: Press, tmp_path: Path) -> None:
    (tmp_path / "page.typ").write_text('#read("/etc/hostname")')
    with pytest.raises(PrintingError, match="file not found"):
        press.print("page", {}, issued_at=AT)


def test_a_print_that_never_ends_is_given_up(press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.typ").write_text("#let n = 0\n#for i in range(1000000000) { n += i * i }")
    monkeypatch.setattr(printing, "LONGEST_PRINT_SECONDS", 0.5)
    with pytest.raises(PrintingError, match="not ready after"):
        press.print("page", {}, issued_at=AT)


def test_two_print_at_once_and_the_others_wait(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [0], [0]
    whole = printing._in_child

    def counted(order: bytes) -> bytes:
        running[0] += 1
        most[0] = max(most[0], running[0])
        pdf = whole(order)
        running[0] -= 1
        return pdf

    monkeypatch.setattr(printing, "_in_child", counted)
    with ThreadPoolExecutor(6) as pool:
        printed = list(pool.map(lambda _: press.print("page", {"name": "An"}, issued_at=AT), range(6)))
    assert len(set(printed)) == 1
    assert most[0] == printing.PRINTS_AT_ONCE
