"""`make new-service` in a copy of the tree: its result passes `make check`, starts and works."""

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.new_service import CannotWrite, write_service
from local.servers import Servers
from local.state import ROOT
from tests.architecture.test_services import forgotten
from tests.support import stack

pytestmark = pytest.mark.timeout(900)  # type checks and a whole start, on machines of any speed

PLAY = """
import sys
from pathlib import Path
from local.platform import Platform
from local.starting import start
from local.state import State
from local.demo.caller import Caller
from tests.support.stack import demo_clients

folder, amqp_uri, mongo_uri, prefix = sys.argv[1:]
state = State(Path(folder))
state.claim()
platform = Platform(state, amqp_uri, mongo_uri, prefix=prefix)
try:
    start(platform.plan())
    operator = next(who for who in demo_clients() if "operator" in who["roles"])
    with Caller(platform.base_url, operator["id"], operator["secret"]) as caller:
        client = caller.http
        sent = {"url": "/api/v1/parking-permits", "json": {"title": "Vỉa hè"}}
        sent["headers"] = {"Idempotency-Key": "open-1-permit"}
        first, again = client.post(**sent), client.post(**sent)
        assert first.status_code == 201, first.text
        assert first.json() == again.json()
        read = client.get(first.headers["Location"])
        assert read.json() == {"id": first.json()["id"], "title": "Vỉa hè"}, read.text
        assert client.post(**sent | {"json": {"title": "Lòng đường"}}).status_code == 422
        assert client.get("/api/v1/parking-permits/unknown").status_code == 404
finally:
    platform.stop()
    state.release()
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the tree with a new service in it, and this environment as its own."""
    root = tmp_path_factory.mktemp("tree")
    unwanted = shutil.ignore_patterns("__pycache__", "*.log")
    for source in ROOT.glob("[!.]*"):
        if source.is_dir():
            shutil.copytree(source, root / source.name, ignore=unwanted)
        else:
            shutil.copy(source, root)
    (root / ".venv").symlink_to(sys.prefix)
    run(root, sys.executable, "-m", "local.new_service", "parking_permits")
    return root


def run(root: Path, *command: str) -> str:
    result = subprocess.run(
        command, cwd=root, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": "."}, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_nothing_is_forgotten(tree: Path) -> None:
    assert list(forgotten(tree, "parking_permits")) == []


def test_it_passes_make_check(tree: Path) -> None:
    run(tree, "make", "--assume-old=.venv/ready", "check")


def test_its_own_and_the_architecture_tests_pass(tree: Path) -> None:
    parts = ("tests/unit/parking_permits", "tests/architecture", "tests/contract")
    prose = "--ignore=tests/architecture/test_documents.py"
    run(tree, sys.executable, "-m", "pytest", "-q", prose, *parts)


def test_it_starts_and_works(tree: Path, tmp_path: Path, servers: Servers) -> None:
    with stack.fresh_vhost(servers) as amqp_uri:
        prefix = f"test_{uuid.uuid4().hex[:8]}_"
        run(tree, sys.executable, "-c", PLAY, str(tmp_path / "local"), amqp_uri, servers.mongo_uri, prefix)


@pytest.mark.parametrize("name", ["", "Parking", "parking-permits", "1st", "class", "_parking", "../parking"])
def test_a_bad_name_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotWrite, match="say a name in lower case"):
        write_service(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_exists_is_left_alone(tree: Path) -> None:
    with pytest.raises(CannotWrite, match="exists already"):
        write_service(tree, "parking_permits")


def test_a_lost_place_for_an_insertion_is_named_and_nothing_is_written(tree: Path, tmp_path: Path) -> None:
    shutil.copytree(tree, tmp_path / "copy", symlinks=True)
    (tmp_path / "copy/docs/architecture.md").write_text("Nothing here.\n", "utf-8")
    with pytest.raises(CannotWrite, match=r"docs/architecture.md has no line"):
        write_service(tmp_path / "copy", "noise_complaints")
    assert "noise" not in (tmp_path / "copy/docker-compose.yml").read_text("utf-8")
