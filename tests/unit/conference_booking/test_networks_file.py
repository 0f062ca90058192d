"""The file of networks: what it says, and that every mistake in it is named by line."""

from pathlib import Path

import pytest

from services.conference_booking.adapters.networks_file import BUNDLED, read_networks
from services.conference_booking.setup import main
from shared.data_files import DataFileError


def altered(folder: Path, right: str, wrong: str) -> Path:
    text = BUNDLED.read_text(encoding="utf-8")
    assert right in text
    file = folder / "networks.yaml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return file


def test_the_networks_that_come_with_the_platform() -> None:
    file = read_networks()
    assert [network.key for network in file.networks] == ["thanh-hoa", "can-tho"]
    assert [sum(one["network"] == key for one in file.endpoints) for key in ("thanh-hoa", "can-tho")] == [31, 12]
    assert [rank.key for rank in file.networks.ranks.values() if rank.preempts] == [
        "government",
        "party",
        "leadership",
        "emergency",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "where", "reason"),
    [
        ("lead: 2 working days ", "lead: ngày mai ", "networks.0.lead", "write it such as"),
        ("set_up: 60 ", "set_up: 61 ", "networks.0.set_up", "steps of five"),
        ("key: th-02", "key: th-01", "networks.0", "“th-01” stands there twice"),
        ("ports: 160 ", "ports: nhiều ", "networks.0.bridge.ports", "whole number"),
        ("approver: H56.01 ", "approver: Văn phòng ", "networks.0.approver", "H56.01"),
        ('from: "06:30"', 'from: "06:31"', "networks.0.hours.from", ""),
        ("cost: {480p: 1", "cost: {8k: 1", "networks.0.bridge.cost", ""),
        ("seats: 60", "chairs: 60", "networks.0.endpoints.0.chairs", "no such name"),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, right: str, wrong: str, where: str, reason: str) -> None:
    with pytest.raises(DataFileError) as told:
        read_networks(altered(tmp_path, right, wrong))
    named = [problem for problem in told.value.problems if where in problem]
    assert named
    assert any(reason in problem and problem.startswith("networks.yaml:") for problem in named), told.value.problems


def test_the_set_up_job_only_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert main(["--check", "--networks", str(altered(tmp_path, "set_up: 60 ", "set_up: 61 "))]) == 1
    assert "steps of five" in capsys.readouterr().out
    assert main(["--check", "--networks", str(tmp_path / "nothing.yaml")]) == 1
