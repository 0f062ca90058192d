"""requirements.lock is the only place of versions: it covers pyproject.toml, is hashed, and names no host."""

import re
import tomllib

from local.state import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINS = re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==(\S+)", LOCK, re.MULTILINE)


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[=<>~!; ]", name)[0].lower().replace("_", "-") for name in wanted}
    assert len(names) > 20
    assert names - {name for name, _ in PINS} == set(), "run `make lock`"


def test_every_locked_version_has_a_hash() -> None:
    entries = re.split(r"^(?=[a-z0-9-]+(?:\[.*\])?==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINS)
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_host() -> None:
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", LOCK) == []
