import subprocess
import sys
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
    monkeypatch.setattr(printing, "LONGEST_PRINT_SECONDS", 1)
    with pytest.raises(PrintingError, match="not ready after"):
        press.print("page", {}, issued_at=AT)


def test_two_print_at_once_and_the_others_wait(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [0], [0]
    whole = printing.run_script

    def counted(script: Path, order: bytes, *, seconds: int) -> bytes:
        running[0] += 1
        most[0] = max(most[0], running[0])
        pdf = whole(script, order, seconds=seconds)
        running[0] -= 1
        return pdf

    monkeypatch.setattr(printing, "run_script", counted)
    with ThreadPoolExecutor(6) as pool:
        printed = list(pool.map(lambda _: press.print("page", {"name": "An"}, issued_at=AT), range(6)))
    assert len(set(printed)) == 1
    assert most[0] == printing.PRINTS_AT_ONCE


UNDER_EVENTLET = """
import warnings; warnings.simplefilter("ignore")
import eventlet; eventlet.monkey_patch()
import sys
from datetime import UTC, datetime
from pathlib import Path
from shared import printing
printing.TYPESET, printing.LONGEST_PRINT_SECONDS = Path(sys.argv[1]), 1
with eventlet.Timeout(20):
    try:
        printing.Press(Path(".")).print("page", {"text": "x" * 200_000}, issued_at=datetime.now(UTC))
    except printing.PrintingError as error:
        print(error)
"""


@pytest.mark.parametrize(
    ("child", "told"),
    [("raise SystemExit(3)", "exit 3"), ("import signal, time; signal.alarm(1); time.sleep(60)", "not ready after 1")],
)
def test_in_a_service_a_child_that_dies_or_hangs_holds_nobody_up(tmp_path: Path, child: str, told: str) -> None:
    (tmp_path / "child.py").write_text(child)
    done = subprocess.run(
        [sys.executable, "-c", UNDER_EVENTLET, str(tmp_path / "child.py")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told in done.stdout, done.stderr
