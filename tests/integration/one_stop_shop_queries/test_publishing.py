"""Versions of procedures: published, closed and withdrawn by editors, with a history."""

from datetime import date, timedelta

import pytest

from services.one_stop_shop.adapters.catalogue import Procedures
from services.one_stop_shop.domain.procedure_versions import version_in_force
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.history import verify
from tests.integration.one_stop_shop_queries.publishing import CODE, close, definition, publish
from tests.support.house import House
from tests.support.shop_in_memory import catalogue
from tests.support.world import CITIZEN, HEAD, MONDAY, RECEPTION

OF_A_PROVINCE = Principal("h56", "Thanh Hóa", frozenset({Role.CATALOGUE_EDITOR}), agency="H56")


def test_what_was_published_over_the_api_survives_the_next_set_up(procedures: Procedures, house: House) -> None:
    publish(house, definition(effective_from="2026-11-01", retention="20 years"))
    assert procedures.load(catalogue(), MONDAY) == []
    assert [version.version for version in procedures.versions(CODE)] == [1, 2]


def test_a_version_holds_from_its_first_day_and_what_was_received_keeps_its_own(
    procedures: Procedures, house: House
) -> None:
    application = house.submit(CITIZEN)
    published = publish(house, definition(effective_from="2026-10-12", retention="20 years"))
    assert published["version"] == 2
    assert house.ask("get_procedure", None, code=CODE)["version"] == 1
    house.now += timedelta(days=7)
    assert house.ask("get_procedure", None, code=CODE)["version"] == 2
    house.act("receive", application, RECEPTION)
    assert house[application]["procedure"]["version"] == 1
    assert house[house.submit(CITIZEN)]["procedure"]["version"] == 2
    versions = house.ask("list_procedure_versions", None, code=CODE)["items"]
    assert [version["version"] for version in versions] == [2, 1]


def test_a_closed_version_is_refused_and_what_was_received_goes_on(procedures: Procedures, house: House) -> None:
    application = house.submit(CITIZEN)
    assert close(house, "1", "2026-10-09")["effective_to"] == "2026-10-09"
    house.now += timedelta(days=7)
    with pytest.raises(Invalid, match="procedure_not_in_force"):
        house.submit(CITIZEN)
    with pytest.raises(NotFound, match="procedure_not_in_force"):
        house.ask("get_procedure", None, code=CODE)
    assert CODE not in {row["code"] for row in house.pages("list_procedures", None)}
    house.act("receive", application, RECEPTION)
    assert house[application]["procedure"]["version"] == 1


def test_publishing_and_closing_are_events_in_a_whole(procedures: Procedures, house: House) -> None:
    publish(house, definition(effective_from="2026-11-01", retention="20 years"))
    close(house, "2", "2026-12-31")
    assert house.database is not None
    stored = house.database["procedures"].find_one({"_id": CODE})
    assert stored is not None
    assert [entry["type"] for entry in stored["history"]] == [
        "procedure_published.v1",
        "procedure_published.v1",
        "procedure_closed.v1",
    ]
    assert stored["outbox"] == [1, 2, 3]
    assert stored["history"][2]["actor"] == {"sub": "bien-tap", "role": "catalogue_editor", "agency": "H13"}
    assert verify(CODE, stored["history"], version=stored["version"], head=stored["head"]) is None


def test_a_repeated_command_publishes_once(procedures: Procedures, house: House) -> None:
    plain = definition(effective_from="2026-11-01", retention="20 years")
    first = publish(house, plain, key="same")
    assert publish(house, plain, key="same") == first
    assert len(procedures.versions(CODE)) == 2
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        publish(house, plain, key="same", digest="other")


def test_what_is_wrong_with_a_definition_is_named_by_its_path(procedures: Procedures, house: House) -> None:
    wrong = definition(service_level="half", processing_time="soon")
    del wrong["name"]
    with pytest.raises(Invalid, match="procedure_invalid") as refusal:
        publish(house, wrong)
    assert {"definition.name", "definition.service_level"} <= {field["path"] for field in refusal.value.fields}
    with pytest.raises(Invalid, match="procedure_invalid") as refusal:
        publish(house, definition(processing_time="soon"))
    assert [field["path"] for field in refusal.value.fields] == ["definition.processing_time"]
    assert [version.version for version in procedures.versions(CODE)] == [1]


def test_a_version_that_says_nothing_new_or_reaches_back_is_refused(procedures: Procedures, house: House) -> None:
    with pytest.raises(Conflict, match="procedure_version_unchanged"):
        publish(house, definition())
    with pytest.raises(Conflict, match="procedure_day_overlaps"):
        publish(house, definition(effective_from="2025-06-30"))
    with pytest.raises(Invalid) as refusal:
        publish(house, definition(effective_from="2026-10-04", retention="20 years"))
    assert [wrong["code"] for wrong in refusal.value.fields] == ["in_past"]
    with pytest.raises(Invalid) as refusal:
        close(house, "1", "2026-10-04")
    assert refusal.value.fields[0]["path"] == "effective_to"
    with pytest.raises(NotFound, match="procedure_version_unknown"):
        close(house, "7", "2026-12-31")


def test_a_version_that_has_not_begun_is_withdrawn_and_bars_no_other(procedures: Procedures, house: House) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(house, definition(effective_from="2099-01-01", retention="20 years"))
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [
        ("definition.effective_from", "too_far_ahead")
    ]
    publish(house, definition(effective_from="2028-10-05", retention="20 years"))
    sooner = definition(effective_from="2026-11-01", retention="10 years")
    with pytest.raises(Conflict, match="procedure_day_overlaps") as bar:
        publish(house, sooner)
    assert bar.value.params == {"version": 2, "effective_from": "05/10/2028"}
    assert close(house, "2", "2026-10-05")["effective_to"] == "2028-10-04"
    with pytest.raises(Conflict, match="procedure_version_withdrawn"):
        close(house, "2", "2029-01-01")
    assert publish(house, sooner)["version"] == 3
    assert [version.withdrawn for version in procedures.versions(CODE)] == [False, True, False]
    for day, version in (("2026-10-31", 1), ("2026-11-01", 3), ("2028-12-01", 3)):
        assert version_in_force(procedures.versions(CODE), date.fromisoformat(day)).version == version


@pytest.mark.parametrize("principal", [CITIZEN, RECEPTION, HEAD, OF_A_PROVINCE])
def test_only_editors_change_the_catalogue_and_the_calendar(
    procedures: Procedures, house: House, principal: Principal
) -> None:
    for attempt in (
        lambda: publish(house, definition(), principal),
        lambda: close(house, "1", "2026-12-31", principal),
        lambda: house.ask("set_calendar", principal, year="2028", days_off=[], make_up_days=[], _version=0),
    ):
        with pytest.raises(Forbidden, match="catalogue_shared" if principal is OF_A_PROVINCE else "role_not_allowed"):
            attempt()
