"""Whatever people and systems on all sides do, in whatever order: numbers have no holes, chains hold, sides agree.

A ward issues documents to two desks and two agencies with systems of their own, and gets documents from one of them.
Everybody drafts, issues, recalls, updates, replaces, sends again, refuses, answers, fetches and fails as chance will
have it, and events wait for as long as it likes.
"""

from collections import Counter
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from services.document_routing.domain.transitions import INCOMING, OUTGOING
from tests.unit.document_routing.random_walk import Walk


@cache
def walked(seed: int) -> Counter[str]:
    """What happened on one walk."""
    walk = Walk(seed)
    walk.go()
    return walk.happened()


@given(st.integers(0, 2**32))
@settings(max_examples=12)
def test_a_random_walk_keeps_every_promise(seed: int) -> None:
    assert walked(seed)


def test_the_walks_reach_everything() -> None:
    happened = sum((walked(seed) for seed in range(12)), Counter[str]())
    wanted = {row.event for row in (*OUTGOING, *INCOMING)} | {"sender_request_received", "delivery_progressed"}
    wanted |= {f"{kind} {answer}" for kind in ("recall", "update", "replace") for answer in ("15", "16")}
    wanted |= {"document_replaced", "sent again", "held back", "given up by a system", "delivery_transported"}
    assert wanted <= set(happened), wanted - set(happened)
