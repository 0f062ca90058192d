"""Generations and chores, on a file in memory's place: no server is needed to see what would be done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_host.accounts import Accounts
from mail_host.following import Chore
from mail_host.instructions import Instruction, NotUnderstood, read_instruction

LATE = 1e12


def wanted(generation: int, mailbox: str = "m1", **changes: Any) -> Instruction:
    data = {
        "mailbox": mailbox,
        "generation": generation,
        "exists": True,
        "login": True,
        "delivery": "accept",
        "addresses": ["an@x.vn"],
        "quota": 5,
        "secrets": 1,
        "password": "{X}a",
    }
    return read_instruction(data | changes)


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    accounts = Accounts(tmp_path / "accounts.db")
    accounts.follow([wanted(1)])
    accounts.finish(accounts.due_chores(Chore, 10, LATE))
    yield accounts
    accounts.close()


def chores(accounts: Accounts) -> set[Chore]:
    return {chore.kind for chore in accounts.due_chores(Chore, 100, LATE)}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"quota": 9}, set()),
        ({"login": False}, {Chore.KICK}),
        ({"secrets": 2}, {Chore.KICK}),
        ({"password": "{X}b"}, {Chore.KICK}),
        ({"addresses": ["an@new.vn"]}, {Chore.RELOAD}),
        ({"delivery": "defer"}, set()),
        ({"exists": False, "archive": True}, {Chore.KICK, Chore.ARCHIVE}),
        ({"exists": False, "purge": True}, {Chore.KICK, Chore.PURGE}),
    ],
)
def test_what_a_change_makes_to_do(accounts: Accounts, changes: dict[str, Any], expected: set[Chore]) -> None:
    accounts.follow([wanted(2, **changes)])
    assert chores(accounts) == expected


def test_the_same_again_makes_nothing_to_do(accounts: Accounts) -> None:
    accounts.follow([wanted(2, login=False)])
    accounts.finish(accounts.due_chores(Chore, 10, LATE))
    accounts.follow([wanted(2, login=False)])
    assert chores(accounts) == set()


def test_archived_and_back_and_held_and_released(accounts: Accounts) -> None:
    accounts.follow([wanted(2, exists=False, archive=True)])
    accounts.follow([wanted(3)])
    assert Chore.RESTORE in chores(accounts)
    assert Chore.ARCHIVE not in chores(accounts)
    accounts.follow([wanted(4, delivery="defer")])
    accounts.follow([wanted(5)])
    assert Chore.FLUSH in chores(accounts)


def test_a_generation_is_told_when_its_chores_are_done_and_a_problem_once(accounts: Accounts) -> None:
    accounts.note_reported(accounts.unreported(10))
    accounts.follow([wanted(2, login=False)])
    assert accounts.unreported(10) == []
    kicks = accounts.due_chores([Chore.KICK], 10)
    for _ in range(2):
        accounts.postpone(kicks, "Dovecot is away", 0)
        told = accounts.unreported(10)
        accounts.note_reported(told)
    assert told == []  # the second time it was the same problem
    accounts.finish(kicks)
    assert [(each.generation, each.problem) for each in accounts.unreported(10)] == [(2, "")]


@given(st.permutations(range(1, 8)), st.lists(st.integers(0, 6), max_size=4))
def test_in_any_order_the_newest_prevails(order: list[int], again: list[int]) -> None:
    accounts = Accounts(Path(":memory:"))
    for number in [*order, *(order[index] for index in again)]:
        accounts.follow([wanted(number, login=number % 2 == 0, addresses=[f"a{number}@x.vn"])])
    row = accounts.rows("SELECT generation, login FROM mailbox")[0]
    assert tuple(row) == (7, 0)
    assert [each["address"] for each in accounts.rows("SELECT address FROM address")] == ["a7@x.vn"]
    accounts.close()


def test_an_address_belongs_to_whom_it_was_given_last(accounts: Accounts) -> None:
    accounts.follow([wanted(1, "m2")])
    assert accounts.mailbox_at("AN@x.vn") == "m2"
    accounts.follow([wanted(2, addresses=[])])
    assert accounts.mailbox_at("an@x.vn") == "m2"


@pytest.mark.parametrize(
    "changes",
    [{"mailbox": "../m"}, {"mailbox": ""}, {"addresses": ["no address"]}, {"delivery": "perhaps"}, {"quota": "much"},
     {"app_passwords": [{"id": "a/b", "hash": ""}]}],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        wanted(1, **changes)
