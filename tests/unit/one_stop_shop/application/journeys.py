"""Ways to bring an application into each of the ten statuses, and a good body for each command."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.fall_due import fire_due_work
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, COMMUNE, HEAD, POST, RECEPTION, RESULT, SPECIALIST, SYSTEM, World

ITEMS = [{"component": "to_khai", "requirement": "Ký tên vào tờ khai"}]
REASON = {"reason": "Có lý do chính đáng"}
RECEIVER = {"kind": "self", "name": "Nguyễn Văn An", "identity_number": "092090000123"}

BODIES: dict[str, dict[str, Any]] = {
    "refuse": REASON,
    "correct": {**REASON, "content": "Chứng thực bản sao căn cước"},
    "request_supplement": {**REASON, "items": ITEMS},
    "supply_supplement": {"components": [{"component": "to_khai", "file": FILE}]},
    "record_payment": {"method": "cash", "amount": 16000, "receipt_number": "BL-1"},
    "exempt_payment": {"ground": "Hộ nghèo"},
    "reject_exemption": REASON,
    "refund_payment": REASON,
    "request_opinion": {"agency": "H13.17", "subject": "Sự phù hợp với quy hoạch"},
    "assign": {"assignee": "chuyen-vien", "assignee_name": "Lê Văn Cường"},
    "extend": {**REASON, "agency_at_fault": COMMUNE, "working_days": 3},
    "stop": REASON,
    "resume": REASON,
    "request_withdrawal": REASON,
    "decide_withdrawal": {**REASON, "accept": False},
    "finish": {"result": RESULT},
    "recall_result": REASON,
    "send_by_post": {"waybill": "EH1VN"},
    "record_post_event": {"waybill": "EH1VN", "state": "in_transit", "at": "2026-10-05T08:00:00+07:00"},
    "return_result": {"method": "counter", "receiver": RECEIVER, "signed_on_paper": True},
    "rate": {"score": "satisfied"},
    "unlink": {**REASON, "other": "0" * 32},
    "record_synchronisation": {"version": 1, "outcome": "done"},
}
"""What each command needs at least; those that are not listed need nothing."""


def act(world: World, action: str, application: str, principal: Any, **body: Any) -> dict[str, Any]:
    """Carry out a command with its good body; what the carrier reports happens now."""
    happened = {"at": world.now.isoformat()} if action == "record_post_event" else {}
    return world.act(action, application, principal, **{**BODIES.get(action, {}), **happened, **body})


def submitted(world: World) -> str:
    return world.submit(delivery=POST)


def received(world: World) -> str:
    application = submitted(world)
    act(world, "receive", application, RECEPTION)
    return application


def in_process(world: World) -> str:
    application = received(world)
    act(world, "hand_over", application, RECEPTION)
    return application


def refused(world: World) -> str:
    application = submitted(world)
    act(world, "refuse", application, RECEPTION)
    return application


def supplement(world: World) -> str:
    application = in_process(world)
    act(world, "request_supplement", application, SPECIALIST)
    return application


def supplement_expired(world: World) -> str:
    application = supplement(world)
    world.now += timedelta(days=60)
    fire_due_work(world.context, application)
    return application


def payment(world: World) -> str:
    application = in_process(world)
    act(world, "request_payment", application, SPECIALIST)
    return application


def withdrawal_asked(world: World) -> str:
    application = in_process(world)
    act(world, "request_withdrawal", application, CITIZEN)
    return application


def withdrawn(world: World) -> str:
    application = withdrawal_asked(world)
    act(world, "decide_withdrawal", application, HEAD, accept=True)
    return application


def stopped(world: World) -> str:
    application = in_process(world)
    act(world, "stop", application, HEAD)
    return application


def finished(world: World) -> str:
    application = in_process(world)
    act(world, "finish", application, HEAD)
    return application


def finished_and_paid(world: World) -> str:
    application = finished(world)
    act(world, "record_payment", application, RECEPTION)
    return application


def with_post(world: World) -> str:
    application = finished_and_paid(world)
    act(world, "send_by_post", application, RECEPTION)
    return application


def returned(world: World) -> str:
    application = with_post(world)
    act(world, "record_post_event", application, SYSTEM, state="delivered", receiver_name="Nguyễn Văn An")
    return application


JOURNEYS: dict[Status, Callable[[World], str]] = {
    Status.SUBMITTED: submitted,
    Status.RECEIVED: received,
    Status.REFUSED: refused,
    Status.IN_PROCESS: in_process,
    Status.SUPPLEMENT: supplement,
    Status.PAYMENT: payment,
    Status.WITHDRAWN: withdrawn,
    Status.STOPPED: stopped,
    Status.FINISHED: finished,
    Status.RETURNED: returned,
}


def world_in(status: Status) -> tuple[World, str]:
    """A world of one's own with an application in this status."""
    world, application = _played(status)
    return world.branch(), application


@cache
def _played(status: Status) -> tuple[World, str]:
    world = World()
    return world, JOURNEYS[status](world)
