from collections.abc import Sequence

import eventlet
import pytest

from shared.messaging.group_commit import Coalescer


class Store:
    """Writes groups, and refuses odd numbers above ten."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def write(self, items: Sequence[int]) -> list[str | Exception]:
        self.groups.append(list(items))
        eventlet.sleep(0.01)
        return [ValueError(item) if item > 10 and item % 2 else f"wrote {item}" for item in items]


def ask_all(coalescer: Coalescer[int, str], items: Sequence[int]) -> list[str | Exception]:
    def ask(item: int) -> str | Exception:
        try:
            return coalescer(item)
        except Exception as error:
            return error

    return [thread.wait() for thread in [eventlet.spawn(ask, item) for item in items]]


def test_callers_share_a_group_and_each_gets_its_own_outcome() -> None:
    store = Store()
    coalescer = Coalescer(store.write, most=100, writers=1)
    outcomes = ask_all(coalescer, range(20))
    assert [str(outcome) for outcome in outcomes[9:14]] == ["wrote 9", "wrote 10", "11", "wrote 12", "13"]
    assert sorted(item for group in store.groups for item in group) == list(range(20))
    assert len(store.groups) < 20
    coalescer.stop()


def test_a_group_is_not_larger_than_allowed() -> None:
    store = Store()
    coalescer = Coalescer(store.write, most=3, writers=2)
    ask_all(coalescer, range(10))
    assert max(map(len, store.groups)) == 3
    coalescer.stop()


def test_when_the_write_itself_fails_everybody_is_told_and_the_next_group_is_written() -> None:
    def write(items: Sequence[int]) -> list[str | Exception]:
        if 7 in items:
            raise ConnectionError("away")
        return ["ok"] * len(items)

    coalescer = Coalescer(write, writers=1)
    outcomes = ask_all(coalescer, [7, 1])
    assert [type(outcome) for outcome in outcomes] == [ConnectionError, ConnectionError]
    assert coalescer(1) == "ok"
    coalescer.stop()


def test_a_store_that_loses_count_is_a_defect_told_to_all() -> None:
    coalescer: Coalescer[int, str] = Coalescer(lambda items: [], writers=1)
    with pytest.raises(RuntimeError, match="0 outcomes for 1 items"):
        coalescer(1)
    coalescer.stop()
