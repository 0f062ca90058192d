"""Deadlines that were agreed with the sender."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.document_routing.domain.books import incoming_line, slip_rows
from services.document_routing.domain.duties import day_of
from shared.errors import Conflict, Invalid
from tests.support.document_world import (
    CLERK,
    DRAFT,
    LEADER,
    SIGNER,
    SPECIALIST,
    THEIR_CLERK,
    THEIR_LEADER,
    DocumentWorld,
)
from tests.unit.document_routing.requests import at_status
from tests.unit.document_routing.test_incoming import ASSIGNMENT


def test_an_agreed_deadline_is_the_one_that_is_printed() -> None:
    world, document, arrival = at_status("03", due_on="2026-10-20")
    world.on_document("update_document", document, CLERK, reason="Gia hạn", due_on="2026-11-10")
    world.settle()
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": None})
    kept = world.arrivals.documents[arrival]
    assert incoming_line(kept, "Công văn", day_of)["due_on"] == date(2026, 11, 10)
    assert slip_rows(kept, day_of)[0]["due_on"] == date(2026, 11, 10)


def agreed_deadline(due_on: str) -> tuple[DocumentWorld, str]:
    """A world with one arrival, assigned by the sender's deadline before another one was agreed."""
    world, document, arrival = at_status("03", due_on="2026-10-20")
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": None})
    world.on_document("update_document", document, CLERK, reason="Đổi hạn", due_on=due_on)
    world.settle()
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    return world, arrival


def test_a_slip_written_before_a_deadline_was_agreed_tells_the_agreed_one() -> None:
    world, arrival = agreed_deadline("2026-11-10")
    kept = world.arrivals.documents[arrival]
    assert [row["due_on"] for row in slip_rows(kept, day_of)] == [date(2026, 11, 10)]


def test_nobody_is_given_longer_than_was_agreed_with_the_sender() -> None:
    world, arrival = agreed_deadline("2026-10-30")
    with pytest.raises(Invalid) as refused:
        world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-10-31"})
    (wrong,) = refused.value.fields
    assert wrong == {"path": "due_on", "code": "after_agreed_deadline", "params": {"agreed": "2026-10-30"}}
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-10-30"})
    world.now += timedelta(days=40)  # when it is over, somebody still has to do it
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-11-20"})


def test_what_was_overtaken_is_neither_submitted_nor_signed() -> None:
    world, old, _ = at_status("03")
    first, second, third = (world.draft(replaces=old) for _ in range(3))
    for one in (first, second):
        world.on_document("submit_document", one, SPECIALIST)
    world.on_document("sign_document", first, LEADER, signer=SIGNER)
    world.on_document("issue_document", first, CLERK)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("sign_document", second, LEADER, signer=SIGNER)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("submit_document", third, SPECIALIST)


def test_nobody_is_given_a_deadline_that_is_over() -> None:
    world, document, _ = at_status("03", due_on="2026-10-20")
    yesterday, today = "2026-10-04", "2026-10-05"

    def refused(act: Any) -> None:
        with pytest.raises(Invalid) as error:
            act()
        assert [(one["path"], one["code"]) for one in error.value.fields] == [("due_on", "in_past")]

    refused(lambda: world.draft(due_on=yesterday))
    refused(lambda: world.on_document("update_document", document, CLERK, reason="Đổi hạn", due_on=yesterday))
    draft = world.draft(due_on=today)
    refused(lambda: world.on_document("revise_document", draft, SPECIALIST, **{**DRAFT, "due_on": yesterday}))
    world.on_document("submit_document", draft, SPECIALIST)
    world.now += timedelta(days=1)
    refused(lambda: world.on_document("sign_document", draft, LEADER, signer=SIGNER))
