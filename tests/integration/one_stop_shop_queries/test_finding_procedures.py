"""Procedures are found, previewed, and listed with agencies."""

from typing import Any

import pytest

from services.one_stop_shop.adapters.catalogue import Procedures
from shared.errors import Invalid, NotFound
from tests.integration.one_stop_shop_queries.publishing import CODE, definition, publish
from tests.support.house import House
from tests.support.shop_in_memory import catalogue
from tests.support.world import COMMUNE, MONDAY


@pytest.mark.parametrize("text", ["khai sinh", "KHAI SINH", "Khái sính", "dang ky khai s", "1.001193", "001193"])
def test_a_procedure_is_found_without_diacritics(procedures: Procedures, house: House, text: str) -> None:
    assert "1.001193" in {row["code"] for row in house.pages("list_procedures", None, q=text)}


@pytest.mark.parametrize("text", ["lam giay khai sinh cho chau", "đăng kí khai sinh"])
def test_filler_words_and_another_spelling_exclude_nothing(procedures: Procedures, house: House, text: str) -> None:
    assert "1.001193" in {row["code"] for row in house.pages("list_procedures", None, q=text)}


def test_the_nearest_have_most_of_the_words(procedures: Procedures, house: House) -> None:
    for text, near in (("khai sinhh", True), ("khai sinh gấp", True), ("cmnd", False)):
        assert house.ask("list_procedures", None, q=text)["items"] == []
        found = house.ask("list_procedures", None, q=text, nearest=True)
        assert ("1.001193" in {row["code"] for row in found["items"]}) is near
        assert "1.000656" not in {row["code"] for row in found["items"]}  # khai tử has one word of two
        assert found["next"] is None
    only = house.ask("list_procedures", None, q="khai sinhh", nearest=True, sector="cu_tru")
    assert {row["sector"] for row in only["items"]} <= {"Đăng ký cư trú"}


def test_lists_of_procedures_are_filtered_and_paged(procedures: Procedures, house: House) -> None:
    everything = house.pages("list_procedures", None, limit=5)
    assert [row["code"] for row in everything] == sorted({version.code for version in catalogue().procedures})
    by_sector = {row["code"] for row in everything if row["sector"] == "Hộ tịch"}
    assert by_sector == {row["code"] for row in house.pages("list_procedures", None, sector="ho tich", limit=3)}
    by_event = house.pages("list_procedures", None, life_event="sinh_con")
    assert {row["code"] for row in everything if "sinh_con" in row["life_events"]} == {row["code"] for row in by_event}
    assert "1.001193" in {row["code"] for row in house.pages("list_procedures", None, agency=COMMUNE)}
    with pytest.raises(NotFound, match="agency_unknown"):
        house.ask("list_procedures", None, agency="H99.99")


def test_an_unknown_procedure(procedures: Procedures, house: House) -> None:
    for code in ("9.999999", "nonsense"):
        with pytest.raises(NotFound, match="procedure_unknown"):
            house.ask("get_procedure", None, code=code)


def test_a_preview_reckons_papers_fee_and_time_from_the_answers(procedures: Procedures, house: House) -> None:
    asked = {"code": CODE, "agency": COMMUNE, "quantities": {"copies": 3}}
    plain = house.ask("preview_procedure", None, **asked)
    assert plain["fee"]["amount"] == 24000
    assert [component["component"] for component in plain["components"]] == ["to_khai", "giay_to_tuy_than"]
    assert plain["due_if_received_now"] == MONDAY.replace(hour=10)  # 17:00 of the same day in Vietnam
    assert [question["key"] for question in plain["questions"]] == ["document_kind", "document_owner_name", "exemption"]
    relieved = house.ask("preview_procedure", None, **asked, answers={"exemption": "poor_household"})
    assert relieved["fee"]["amount"] == 0
    assert relieved["fee"]["lines"][0]["ground"]["vi"].startswith("Miễn lệ phí")


def test_a_preview_says_which_days_are_in_time_for_the_case(house: House) -> None:
    def asked(case: str, limit: str = "in_time") -> Any:
        found = house.ask("preview_procedure", None, code="1.001193", agency="H13.30.01", case=case)
        return {question["key"]: question.get(limit) for question in found["questions"]}["child_birth_date"]

    house.now = MONDAY
    assert asked("standard")["earliest"] == "2026-08-04"
    assert asked("standard")["otherwise"]["vi"] == "Đăng ký quá hạn"
    assert asked("overdue") is asked("standard", "late") is None
    assert (asked("overdue", "late")["earliest"], asked("overdue", "late")["fee"]) == ("2026-08-04", 0)
    assert asked("overdue", "late")["otherwise"]["en"].startswith("Registered in time")


def test_a_preview_of_a_bundle_says_what_its_parts_charge(house: House) -> None:
    def fee(born: str) -> Any:
        asked = {"code": "2.000986", "agency": "H13.30.01", "answers": {"child_birth_date": born}}
        return house.ask("preview_procedure", None, **asked)["fee"]

    house.now = MONDAY
    assert [fee(born)["amount"] for born in ("2026-08-04", "2026-08-03")] == [0, 8000]
    assert [line["key"] for line in fee("2026-08-03")["lines"]] == ["le_phi_ho_tich", "le_phi_cu_tru"]


def test_what_is_no_code_is_shown_again(procedures: Procedures, house: House) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(house, {**definition(), "code": "khong"})
    assert refusal.value.fields == [
        {"path": "definition.code", "code": "procedure_code_malformed", "params": {"text": "khong"}}
    ]


def test_agencies_are_listed_with_both_identifiers(house: House) -> None:
    agencies = house.pages("list_agencies", None, limit=10)
    assert [agency["code"] for agency in agencies] == sorted(agency.code for agency in catalogue().agencies)
    merged = next(agency for agency in agencies if agency["code"] == "H51")
    assert (merged["active"], merged["successor"]) == (False, "H13")
    assert any(agency["legacy_code"] for agency in agencies)


def test_only_agencies_that_can_receive_a_procedure_are_listed_for_it(house: House) -> None:
    agencies = {agency["code"]: agency for agency in house.pages("list_agencies", None, limit=10, procedure="1.001193")}
    assert not {"G01.92.001", "H13.60", "H51"} & set(agencies)
    assert (agencies["H13.30.01"]["province"], agencies["H13.30.01"]["active"]) == ("H13", True)
    assert all(agency["reception"] for agency in agencies.values())
