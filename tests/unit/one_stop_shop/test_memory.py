"""What a process of the service keeps in memory before anybody prints anything."""

import subprocess
import sys

LARGE = {"typst", "xlsxwriter", "segno", "barcode", "holidays"}


def test_a_process_that_prints_nothing_loads_no_library_for_printing() -> None:
    told = "import sys, services.one_stop_shop.service; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-W", "ignore", "-c", told], capture_output=True, text=True, check=True)
    assert "services.one_stop_shop.wiring" in loaded.stdout.split()
    assert not LARGE & set(loaded.stdout.split())
