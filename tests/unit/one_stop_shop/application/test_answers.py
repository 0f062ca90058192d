"""Every answer of the write side is what the contract says, with nothing beside it."""

from typing import Any

import pytest
from marshmallow import RAISE

from services.one_stop_shop.usecases.drafts import create_draft, list_drafts
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from services.one_stop_shop.usecases.submit import submit_application
from shared.contracts.base import View
from shared.contracts.one_stop_shop.views import Acknowledgement, ApplicationReceipt, DraftView, PaymentStart
from shared.history import canonical
from tests.support.world import CITIZEN, SUBMISSION, World
from tests.unit.one_stop_shop.application.journeys import JOURNEYS, payment, world_in


def _check(answer: Any, view: type[View]) -> None:
    written = view(unknown=RAISE).dump(view(unknown=RAISE).load(_as_text(answer)))
    assert set(written) == set(view().fields), "every field of the view is answered"


def _as_text(answer: Any) -> Any:
    """Moments as the bus writes them."""
    if isinstance(answer, dict):
        return {name: _as_text(value) for name, value in answer.items()}
    return answer.isoformat() if hasattr(answer, "isoformat") else answer


@pytest.mark.parametrize("status", list(JOURNEYS))
def test_receipts(status: Any) -> None:
    world, application = world_in(status)
    answer = world[application]["history"][-1]["command"]["answer"]
    _check(answer, ApplicationReceipt)
    assert answer["version"] == world[application]["version"]
    canonical(answer)  # plain JSON, as a kept answer must be


def test_the_receipt_of_a_submission() -> None:
    world = World()
    _check(submit_application(world.context, {**SUBMISSION, "_command": world.command()}, CITIZEN), ApplicationReceipt)


def test_payments() -> None:
    world = World()
    application = payment(world)
    started = start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
    _check(started, PaymentStart)
    notice = {
        "payment": started["payment"], "result_code": "00", "amount": started["amount"], "transaction": "T",
        "paid_at": world.now.isoformat(),
    }  # fmt: skip
    _check(record_payment_notice(world.context, notice, None), Acknowledgement)


def test_drafts() -> None:
    world = World()
    _check(create_draft(world.context, {"content": SUBMISSION, "_command": world.command()}, CITIZEN), DraftView)
    (row,) = list_drafts(world.context, {}, CITIZEN)["items"]
    _check(row, DraftView)
