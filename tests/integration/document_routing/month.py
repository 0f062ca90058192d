"""A month of documents, for registers and figures."""

from datetime import timedelta

from services.document_routing.usecases import arrivals
from tests.support.document_house import DocumentHouse
from tests.support.document_world import CLERK, MONDAY, THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST
from tests.unit.document_routing.test_incoming import ASSIGNMENT, PAPER

PERIOD = {"first_day": "2026-10-01", "last_day": "2026-10-31"}


def a_month(house: DocumentHouse) -> dict[str, str]:
    """Three documents and a paper: one handled in time, one confirmed late, one recalled; one letter on paper."""
    in_time, late = house.issued(), house.issued(subject='=HYPERLINK("x") 100% & #chú ý')
    house.fire()
    house.now += timedelta(minutes=30)
    first = house.arrival_of(in_time)
    house.on_arrival("register_arrival", first, THEIR_CLERK)
    house.on_arrival("assign_arrival", first, THEIR_LEADER, **ASSIGNMENT | {"co_operating": [{"unit": "Thanh tra Sở"}]})
    house.on_arrival("complete_arrival", first, THEIR_SPECIALIST)
    arrivals.enter_arrival(house.context, {**PAPER, "_command": house.command()}, THEIR_CLERK)
    house.now = MONDAY + timedelta(days=1)
    house.on_arrival("register_arrival", house.arrival_of(late), THEIR_CLERK)
    paper = house.issued(medium="paper", kind="giay_moi", unit=None)
    recalled = house.issued()
    house.on_document("recall_document", recalled, CLERK, reason="Ban hành nhầm")
    house.settle()
    return {"in_time": in_time, "late": late, "paper": paper, "recalled": recalled, "arrival": first}


NOVEMBER = {"first_day": "2026-11-01", "last_day": "2026-11-30"}
