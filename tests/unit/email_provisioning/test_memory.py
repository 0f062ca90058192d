"""What a process of the directory keeps in memory before anybody imports anything."""

import subprocess
import sys

LARGE = {"openpyxl", "lxml", "xlsxwriter", "typst"}


def test_a_process_that_imports_nothing_loads_no_library_for_spreadsheets() -> None:
    told = "import sys, services.email_provisioning.service; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-W", "ignore", "-c", told], capture_output=True, text=True, check=True)
    assert "services.email_provisioning.wiring" in loaded.stdout.split()
    assert not LARGE & set(loaded.stdout.split())
