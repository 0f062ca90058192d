"""Submissions under load while processes are killed and servers restarted: every promise is kept exactly once."""

import random

import pytest

from tests.faults.ordeal import freeze, kill, suffer, terminate
from tests.support.stack import Stack


@pytest.mark.parametrize("victim", ["gateway", "one_stop_shop", "broker", "database"])
def test_killed_process_loses_and_doubles_nothing(fault_platform: Stack, victim: str) -> None:
    verdict, _ = suffer(fault_platform, [(f"kill {victim}", kill(victim))] * 2, pause=4)
    assert verdict.clean, verdict
    assert verdict.accepted > 50


def test_random_faults_lose_and_double_nothing(fault_platform: Stack) -> None:
    chance = random.Random(20261121)
    plan = [
        ("kill service", kill("one_stop_shop")),
        ("kill gateway", kill("gateway")),
        ("kill broker", kill("broker")),
        ("kill database", kill("database")),
        ("terminate service", terminate("one_stop_shop")),
        ("freeze broker", freeze("broker", 5)),
        ("freeze database", freeze("database", 5)),
    ]
    chance.shuffle(plan)
    verdict, _ = suffer(fault_platform, plan, pause=4)
    assert verdict.clean, verdict
    assert verdict.accepted > 50
