"""Which function decides what each command of the table does to an application."""

from collections.abc import Callable
from typing import Any

from services.one_stop_shop.domain import (
    corrections,
    delivery,
    opinions,
    payment,
    processing,
    reception,
    relief,
    stopping,
    supplements,
    ties,
)
from services.one_stop_shop.domain.application import Application, Decision, Occasion

Decide = Callable[[Application, Occasion, dict[str, Any]], Decision]

DECISIONS: dict[str, Decide] = {
    "receive": reception.receive,
    "refuse": reception.refuse,
    "correct": corrections.correct,
    "request_supplement": supplements.request_supplement,
    "supply_supplement": supplements.supply_supplement,
    "request_payment": payment.request_payment,
    "start_payment": payment.start_payment,
    "record_payment": payment.record_payment,
    "exempt_payment": relief.exempt_payment,
    "accept_exemption": relief.accept_exemption,
    "reject_exemption": relief.reject_exemption,
    "refund_payment": payment.refund_payment,
    "hand_over": processing.hand_over,
    "complete_step": processing.complete_step,
    "request_opinion": opinions.request_opinion,
    "claim": processing.claim,
    "release": processing.release,
    "assign": processing.assign,
    "extend": processing.extend,
    "stop": stopping.stop,
    "resume": stopping.resume,
    "request_withdrawal": stopping.request_withdrawal,
    "decide_withdrawal": stopping.decide_withdrawal,
    "finish": processing.finish,
    "recall_result": processing.recall_result,
    "send_by_post": delivery.send_by_post,
    "record_post_event": delivery.record_post_event,
    "return_result": delivery.return_result,
    "rate": delivery.rate,
    "link": ties.link,
    "unlink": ties.unlink,
    "record_synchronisation": ties.record_synchronisation,
}
