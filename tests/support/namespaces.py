"""Networks of their own inside this machine: namespaces joined by virtual cables, and lines made bad on purpose.

They need root, iproute2 and nftables. Where these are missing the tests that ask for them fail and say what is needed:
a line monitor that was never tried over a bad line is not tested.
"""

import ctypes
import itertools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

T = TypeVar("T")

_MARK = "tc"
_NEWNET = 0x40000000  # CLONE_NEWNET of <sched.h>
_NUMBERS = itertools.count(1)


def run(*command: str, inside: str = "", given: str | None = None) -> str:
    """Run a command, in a namespace if one is named, and answer what it printed."""
    whole = ["ip", "netns", "exec", inside, *command] if inside else list(command)
    done = subprocess.run(whole, capture_output=True, text=True, input=given, check=False, timeout=30)
    assert done.returncode == 0, f"{' '.join(whole)}: {done.stderr or done.stdout}"
    return done.stdout


def inside(space: str, act: Callable[[], T]) -> T:
    """Do something in a namespace from this process; a socket that is opened there stays there."""

    def work() -> T:
        with Path("/run/netns", space).open() as place:  # the thread ends, and with it that it was there
            assert ctypes.CDLL(None, use_errno=True).setns(place.fileno(), _NEWNET) == 0, os.strerror(
                ctypes.get_errno()
            )
        return act()

    with ThreadPoolExecutor(1) as one:
        return one.submit(work).result()


def demand_namespaces() -> None:
    """Fail in words where this machine cannot make networks."""
    missing = [program for program in ("ip", "nft", "tc") if shutil.which(program) is None]
    if missing:
        pytest.fail(
            f"these tests need {', '.join(missing)}: run `sh local/setup.sh judges` as root, which installs them"
        )
    if os.geteuid():
        pytest.fail(
            "these tests make network namespaces, which only root may: run them as root, or in a container as root"
        )


@dataclass(frozen=True)
class Cable:
    """One line between an endpoint (`near`) and the centre (`far`), each in its namespace."""

    near_space: str
    far_space: str
    near: str
    far: str
    number: int

    def lose(self, share: int, *, there: bool, port: int) -> "Rule":
        """Drop so many per cent of the packets of a port at random, on the way there or back."""
        space, interface = (self.far_space, self.far_name) if there else (self.near_space, self.near_name)
        side = "dport" if there else "sport"
        rules = f"""table inet lossy {{
            chain arriving {{
                type filter hook input priority 0;
                iifname {interface} udp {side} {port} counter name passed
                iifname {interface} udp {side} {port} numgen random mod 100 < {share} counter name lost drop
            }}
            counter passed {{}}
            counter lost {{}}
        }}"""
        run("nft", "-f", "-", inside=space, given=rules)
        return Rule(space)

    def narrow(self, kilobits: int) -> None:
        """Let no more than this pass from the endpoint."""
        limit = ("tbf", "rate", f"{kilobits}kbit", "burst", "3000", "latency", "400ms")
        run("tc", "qdisc", "add", "dev", self.near_name, "root", *limit, inside=self.near_space)

    def cut(self) -> None:
        """Pull it out."""
        run("ip", "link", "set", self.near_name, "down", inside=self.near_space)

    @property
    def near_name(self) -> str:
        """The interface at the endpoint."""
        return f"near{self.number}"

    @property
    def far_name(self) -> str:
        """The interface at the centre."""
        return f"far{self.number}"


@dataclass(frozen=True)
class Rule:
    """A rule that loses packets, and knows how many."""

    space: str

    def counted(self) -> tuple[int, int]:
        """How many packets came to the rule, and how many of them it lost."""
        told: list[dict[str, Any]] = json.loads(run("nft", "-j", "list", "counters", inside=self.space))["nftables"]
        found = {one["counter"]["name"]: one["counter"]["packets"] for one in told if "counter" in one}
        return found["passed"], found["lost"]

    def lift(self) -> None:
        """Lose nothing any more."""
        run("nft", "delete", "table", "inet", "lossy", inside=self.space)


@contextmanager
def joined(lines: int = 1) -> Iterator[list[Cable]]:
    """An endpoint and a centre, joined by so many lines; all is gone in the end, of killed runs too."""
    demand_namespaces()
    _clear_away()
    name = f"{_MARK}{os.getpid()}-{next(_NUMBERS)}"
    near, far = f"{name}-near", f"{name}-far"
    try:
        for space in (near, far):
            run("ip", "netns", "add", space)
            run("ip", "link", "set", "lo", "up", inside=space)
        yield [_cable(near, far, number) for number in range(1, lines + 1)]
    finally:
        for space in (near, far):
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)


def _cable(near: str, far: str, number: int) -> Cable:
    cable = Cable(near, far, f"10.77.{number}.1", f"10.77.{number}.2", number)
    run("ip", "link", "add", cable.near_name, "netns", near, "type", "veth", "peer", cable.far_name, "netns", far)
    for space, interface, address in ((near, cable.near_name, cable.near), (far, cable.far_name, cable.far)):
        run("ip", "address", "add", f"{address}/24", "dev", interface, inside=space)
        run("ip", "link", "set", interface, "up", inside=space)
    return cable


def _clear_away() -> None:
    """Namespaces whose test process is gone."""
    for name in (path.name for path in Path("/run/netns").glob(f"{_MARK}*")):
        owner = re.match(rf"{_MARK}(\d+)-", name)
        if owner and not psutil.pid_exists(int(owner[1])):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
