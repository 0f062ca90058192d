"""What is found, and by whom: an agency sees only what it sent or received."""

from datetime import timedelta
from typing import Any

import pytest

from services.document_routing.domain.agencies import Connection
from services.document_routing.usecases.connections import list_connections
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden, Invalid, NotFound
from tests.integration.document_routing.exchanged import ask, exchanged, subjects
from tests.support.document_house import DocumentHouse
from tests.support.document_world import CLERK, LEADER, OPERATOR, SPECIALIST, STRANGER, SYSTEM, THEIR_CLERK, person
from tests.support.documents_in_memory import AGENCIES, DEPARTMENT, WARD

PERIOD = {"first_day": "2026-10-01", "last_day": "2026-10-31"}
CITIZEN = Principal("cong-dan", "Nguyễn Văn An", frozenset({Role.CITIZEN}), identity="092090000123")
RECEPTION = person("tiep-nhan", Role.RECEPTION_OFFICER, WARD)


@pytest.fixture(scope="module")
def exchange(house: DocumentHouse) -> dict[str, str]:
    return exchanged(house)


@pytest.mark.parametrize("sought", ["{code}", "{number}", "V/v {code}", "UBND-VP cấp giấy phép"])
def test_the_number_is_found_by_words_too(house: DocumentHouse, exchange: dict[str, str], sought: str) -> None:
    document = house.documents.documents[exchange["handled"]]
    q = sought.format(code=document["code"], number=document["number"])
    assert document["subject"] in subjects(house, "list_documents", CLERK, q=q), q


def test_a_symbol_is_found_alone_and_what_means_nothing_is_refused(
    house: DocumentHouse, exchange: dict[str, str]
) -> None:
    symbol = house.documents.documents[exchange["handled"]]["symbol"]
    found = subjects(house, "list_documents", CLERK, code=symbol)
    assert house.documents.documents[exchange["handled"]]["subject"] in found
    assert house.documents.documents[exchange["waiting"]]["subject"] not in found
    for nothing in ("%", "…", ". /"):
        for operation, clerk in (("list_documents", CLERK), ("list_arrivals", THEIR_CLERK)):
            with pytest.raises(Invalid):
                ask(house, operation, clerk, q=nothing)


def test_a_document_says_whether_all_of_its_text_is_searched(house: DocumentHouse, exchange: dict[str, str]) -> None:
    view = ask(house, "get_arrival", THEIR_CLERK, arrival=exchange["arrival"])
    assert view["text_whole"] is True
    assert ask(house, "get_document", CLERK, document=exchange["draft"])["text_whole"] is None


BUILDING, MEETING, DRAFT = "V/v cấp giấy phép xây dựng nhà ở riêng lẻ", "Thông báo lịch họp", "Dự thảo"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [DRAFT, MEETING, BUILDING]),
        ({"q": "giay phep xay dung"}, [BUILDING]),
        ({"q": "GIẤY PHÉP"}, [BUILDING]),
        ({"q": "quy hoạch phân khu"}, [BUILDING]),  # stands only in the PDF
        ({"q": "ve sinh moi truong"}, [MEETING]),
        ({"q": "khong co gi nhu vay"}, []),
        ({"code": "02/TB-UBND"}, [MEETING]),
        ({"code": "1"}, [BUILDING]),
        ({"kind": "thong_bao"}, [MEETING]),
        ({"status": "draft"}, [DRAFT]),
        ({"receiver": "000.00.17.H13"}, [DRAFT, MEETING, BUILDING]),
        ({"receiver": "H13"}, []),
        ({"issued_from": "2026-10-05", "issued_to": "2026-10-05"}, [MEETING, BUILDING]),
        ({"issued_from": "2026-10-06"}, []),
        ({"q": "giay phep", "kind": "thong_bao"}, []),
        ({"q": "hop", "status": "issued", "kind": "thong_bao"}, [MEETING]),
    ],
)
def test_outgoing_documents_are_found(
    house: DocumentHouse, exchange: dict[str, str], filters: dict[str, Any], found: list[str]
) -> None:
    assert subjects(house, "list_documents", SPECIALIST, **filters) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [MEETING, BUILDING]),
        ({"q": "xay dung nha o"}, [BUILDING]),
        ({"q": "phan khu do thi"}, [BUILDING]),
        ({"sender": WARD, "status": "01"}, [MEETING]),
        ({"status": "04"}, [BUILDING]),
        ({"due": "near"}, []),
        ({"due": "overdue"}, []),
        ({"assignee": "chuyen-vien-so"}, [BUILDING]),
        ({"arrived_from": "2026-10-05", "arrived_to": "2026-10-05"}, [MEETING, BUILDING]),
        ({"arrived_from": "2026-10-06"}, []),
        ({"code": "01/UBND-VP", "issued_to": "2026-10-05"}, [BUILDING]),
    ],
)
def test_incoming_documents_are_found(
    house: DocumentHouse, exchange: dict[str, str], filters: dict[str, Any], found: list[str]
) -> None:
    assert subjects(house, "list_arrivals", THEIR_CLERK, **filters) == found


def test_deadlines_are_near_and_overdue_by_the_clock(house: DocumentHouse, exchange: dict[str, str]) -> None:
    before = house.now
    house.now = before + timedelta(days=4)
    assert subjects(house, "list_arrivals", THEIR_CLERK, due="near") == [BUILDING]
    house.now = before + timedelta(days=5)
    assert subjects(house, "list_arrivals", THEIR_CLERK, due="overdue") == [BUILDING]
    counts = ask(house, "count_arrivals", THEIR_CLERK)
    assert (counts["overdue"], counts["unconfirmed_late"], counts["open"]) == (1, 1, 1)
    house.now = before


def test_the_other_side_never_sees_more_than_its_own(house: DocumentHouse, exchange: dict[str, str]) -> None:
    assert subjects(house, "list_documents", THEIR_CLERK) == []
    assert subjects(house, "list_arrivals", CLERK) == []
    for principal in (STRANGER,):
        assert subjects(house, "list_documents", principal) == []
        assert subjects(house, "list_arrivals", principal) == []
        assert subjects(house, "list_documents", principal, q="giay phep") == []
        assert set(ask(house, "count_documents", principal).values()) == {0}
        assert set(ask(house, "count_arrivals", principal).values()) == {0}
        assert ask(house, "list_outgoing_register", principal, **PERIOD)["items"] == []
        assert ask(house, "list_incoming_register", principal, **PERIOD)["items"] == []


ONE = (
    ("get_document", "document", "handled"),
    ("get_document_history", "document", "handled"),
    ("verify_document_history", "document", "handled"),
    ("authorise_document_file", "document", "handled"),
    ("get_arrival", "arrival", "arrival"),
    ("get_arrival_history", "arrival", "arrival"),
    ("verify_arrival_history", "arrival", "arrival"),
    ("authorise_arrival_file", "arrival", "arrival"),
    ("print_assignment_slip", "arrival", "arrival"),
)


@pytest.mark.parametrize(("operation", "name", "which"), ONE)
def test_one_document_opens_only_for_its_agency(
    house: DocumentHouse, exchange: dict[str, str], operation: str, name: str, which: str
) -> None:
    request = {name: exchange[which], "file": "1"}
    own, others = (SPECIALIST, THEIR_CLERK) if name == "document" else (THEIR_CLERK, SPECIALIST)
    assert ask(house, operation, own, **request)
    for principal in (others, STRANGER, CITIZEN, RECEPTION):
        with pytest.raises((NotFound, Forbidden)) as refused:
            ask(house, operation, principal, **request)
        assert refused.value.code in ("document_unknown", "arrival_unknown")


@pytest.mark.parametrize(
    "operation", ["list_documents", "list_arrivals", "count_documents", "count_arrivals", "list_outgoing_register"]
)
@pytest.mark.parametrize("principal", [CITIZEN, RECEPTION, OPERATOR])
def test_lists_are_for_those_who_work_with_documents(
    house: DocumentHouse, operation: str, principal: Principal
) -> None:
    with pytest.raises(Forbidden):
        ask(house, operation, principal, **(PERIOD if "register" in operation else {}))


def test_agency_systems_read_and_the_register_of_another_agency_stays_closed(
    house: DocumentHouse, exchange: dict[str, str]
) -> None:
    for mode, seen in (("system", [BUILDING]), ("outside", [BUILDING])):
        house.context.copies.connect(Connection(WARD, mode, None, None))
        assert subjects(house, "list_documents", SYSTEM, q="giay phep") == seen
    house.context.copies.connect(Connection(WARD, "desk", None, None))
    for operation in ("list_documents", "list_arrivals", "list_outgoing_register", "report_documents"):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            ask(house, operation, SYSTEM, **({} if operation.startswith("list_d") or "arr" in operation else PERIOD))
    for operation in ("list_outgoing_register", "print_outgoing_register", "print_incoming_register"):
        printed = {"format": "pdf"} if operation.startswith("print") else {}
        with pytest.raises(Forbidden, match="other_agency"):
            ask(house, operation, LEADER, agency=DEPARTMENT, **PERIOD, **printed)
    with pytest.raises(Forbidden, match="other_agency"):
        ask(house, "report_documents", LEADER, agency=DEPARTMENT, **PERIOD)
    assert ask(house, "report_documents", OPERATOR, agency=DEPARTMENT, **PERIOD)["agency"] == DEPARTMENT


def test_a_letter_is_offered_no_agency_that_is_closed(house: DocumentHouse) -> None:
    offered = [one["agency"] for one in list_connections(house.context, {"limit": 200, "cursor": None}, CLERK)["items"]]
    assert {WARD, DEPARTMENT} <= set(offered)
    closed = {one["code"] for one in AGENCIES if one["closed_on"]}
    assert closed
    assert closed & set(offered) == set()


def test_a_receiver_is_known_by_its_level_unless_the_directory_knows_nothing_of_it(house: DocumentHouse) -> None:
    house.context.copies.connect(Connection("K01.02", "system", None, "Cơ quan của trục khác"))
    offered = list_connections(house.context, {"limit": 200, "cursor": None}, CLERK)["items"]
    found = {one["agency"]: (one["name"], one["level"], one["kind"]) for one in offered}
    assert found[DEPARTMENT] == ("Sở Xây dựng thành phố Cần Thơ", "province", "department")
    assert found["K01.02"] == ("Cơ quan của trục khác", None, None)
