"""`python -m shared.set_up_all` runs the topology and every service's own set-up, and stops at the first that fails."""

import re
import sys

import pytest

from local.parts import service_names
from local.state import ROOT
from shared import set_up_all as set_up


def test_every_set_up_of_a_service_is_run() -> None:
    own = [name for name in service_names() if (ROOT / "services" / name / "setup.py").exists()]
    assert len(own) > 3
    assert set_up.parts() == ["shared.messaging.topology", *(f"services.{name}.setup" for name in own)]


@pytest.mark.parametrize("name", service_names())
def test_each_migrates_before_it_makes_indexes(name: str) -> None:
    text = (ROOT / "services" / name / "setup.py").read_text("utf-8").partition("def set_up(")[2]
    assert re.search(r"migrate\(client, settings, SERVICE\)\)?\n +(ensure_indexes|context = standalone)\(", text)


def test_it_stops_at_the_first_that_fails(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(set_up, "parts", lambda: ["this", "no_such_module", "never_reached"])
    assert set_up.main() != 0
    out, err = capfd.readouterr()
    assert out.splitlines()[-1] == "no_such_module"
    assert f"{sys.executable}: No module named no_such_module" in err
