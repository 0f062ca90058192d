"""Documents of three kinds, about which questions are asked."""

from datetime import timedelta
from typing import Any

from services.document_routing.usecases import questions, registers
from shared.contracts.principal import Principal
from tests.support.document_house import DocumentHouse
from tests.support.document_world import THEIR_CLERK, THEIR_LEADER
from tests.unit.document_routing.test_incoming import ASSIGNMENT


def exchanged(house: DocumentHouse) -> dict[str, str]:
    """Three documents of the ward: one handled at the department, one that is only there, one that is a draft."""
    handled = house.issued(subject="V/v cấp giấy phép xây dựng nhà ở riêng lẻ")
    house.fire()
    arrival = house.arrival_of(handled)
    house.now += timedelta(minutes=30)
    house.on_arrival("register_arrival", arrival, THEIR_CLERK)
    house.on_arrival("assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT)
    house.reader.text = "Nội dung khác hẳn về vệ sinh môi trường"
    house.now += timedelta(minutes=1)
    waiting = house.issued(subject="Thông báo lịch họp", kind="thong_bao", unit=None, urgency=1)
    house.fire()
    house.settle()
    house.now += timedelta(minutes=1)
    return {"handled": handled, "arrival": arrival, "waiting": waiting, "draft": house.draft(subject="Dự thảo")}


def ask(house: DocumentHouse, operation: str, principal: Principal, **request: Any) -> Any:
    module = registers if hasattr(registers, operation) else questions
    return getattr(module, operation)(house.context, request, principal)


def subjects(house: DocumentHouse, operation: str, principal: Principal, **filters: Any) -> list[str]:
    """The subjects of all rows, page by page."""
    found, cursor = [], None
    while True:
        page = ask(house, operation, principal, limit=2, cursor=cursor, **filters)
        found += [row["subject"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found
