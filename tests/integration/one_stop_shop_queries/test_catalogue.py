"""The catalogue as its files are loaded, as often as one likes."""

from dataclasses import replace

import pytest

from services.one_stop_shop.adapters.catalogue import Procedures
from services.one_stop_shop.domain.procedure_reading import build
from shared.errors import Conflict, Invalid
from shared.set_up import attention_needed
from tests.integration.one_stop_shop_queries.publishing import CODE, close, definition, publish
from tests.support.house import House
from tests.support.shop_in_memory import catalogue
from tests.support.world import MONDAY


def test_topics_are_those_that_have_procedures_and_lead_to_them(procedures: Procedures, house: House) -> None:
    topics = house.ask("list_topics", None)
    for kind, name in (("life_events", "life_event"), ("sectors", "sector")):
        assert len(topics[kind]) > 5
        for topic in topics[kind]:
            found = house.ask("list_procedures", None, limit=200, **{name: topic["key"]})["items"]
            assert len(found) == topic["procedures"] > 0
            assert {"vi", "en"} <= topic["name"].keys()
    assert "khoa_hoc_cong_nghe" not in {topic["key"] for topic in topics["sectors"]}


def test_loading_the_same_files_again_changes_nothing(procedures: Procedures, house: House) -> None:
    assert procedures.load(catalogue(), MONDAY) == []
    assert house.context.agencies.load(catalogue()) == []  # type: ignore[attr-defined]  # the real repository
    assert [version.version for version in procedures.versions(CODE)] == [1]


def test_a_changed_file_becomes_a_new_version_and_says_so(procedures: Procedures) -> None:
    changed = build(definition(retention="20 years", effective_from="2026-10-05"))
    others = [version for version in catalogue().procedures if version.code != CODE]
    told = procedures.load(replace(catalogue(), procedures=[*others, changed]), MONDAY)
    assert told == [
        (
            "2.000635 Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh: khác phiên bản 1, "
            "công bố phiên bản 2, từ 2026-10-05 · unlike version 1, published as version 2, from 2026-10-05"
        )
    ]
    assert [version.version for version in procedures.versions(CODE)] == [1, 2]
    assert procedures.load(replace(catalogue(), procedures=[changed]), MONDAY) == []


def test_a_changed_file_that_would_reach_back_is_told_and_not_published(procedures: Procedures, house: House) -> None:
    for published, begins, earliest in ((None, "2025-07-01", "2026-10-05"), ("2026-12-20", "2026-12-19", "2026-12-20")):
        if published:
            publish(house, definition(effective_from=published, retention="20 years"))
        before = len(procedures.versions(CODE))
        changed = build(definition(retention="30 years", effective_from=begins))
        for _ in range(2):
            (told,) = attention_needed(procedures.load(replace(catalogue(), procedures=[changed]), MONDAY))
            vi, en = told.split(" · ")
            assert "CHƯA công bố" in vi
            assert "NOT published" in en
            assert earliest in vi
            assert earliest in en
        assert len(procedures.versions(CODE)) == before


def test_a_file_that_would_begin_too_far_ahead_is_told_and_not_published(procedures: Procedures) -> None:
    changed = build(definition(retention="30 years", effective_from="2096-12-01"))
    (told,) = attention_needed(procedures.load(replace(catalogue(), procedures=[changed]), MONDAY))
    vi, en = told.split(" · ")
    assert "quá xa" in vi
    assert "too far ahead" in en
    assert len(procedures.versions(CODE)) == 1


def test_no_version_ends_in_another_age(procedures: Procedures, house: House) -> None:
    changed = build(definition(effective_from="2026-10-05", effective_to="2062-12-31"))
    (told,) = attention_needed(procedures.load(replace(catalogue(), procedures=[changed]), MONDAY))
    assert "effective_to is too far ahead" in told
    with pytest.raises(Invalid) as refusal:
        publish(house, definition(effective_from="2026-12-01", effective_to="2062-12-31", retention="20 years"))
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [
        ("definition.effective_to", "too_far_ahead")
    ]
    with pytest.raises(Invalid) as refusal:
        close(house, "1", "2036-10-06")
    assert [(wrong["path"], wrong["code"], wrong["params"]) for wrong in refusal.value.fields] == [
        ("effective_to", "too_far_ahead", {"latest": "05/10/2036"})
    ]
    assert close(house, "1", "2036-10-05")["effective_to"] == "2036-10-05"


def test_the_latest_day_bars_and_not_the_highest_number(procedures: Procedures, house: House) -> None:
    publish(house, definition(effective_from="2027-06-01", retention="20 years"))
    publish(house, definition(effective_from="2027-06-01", retention="21 years"))
    with pytest.raises(Conflict, match="procedure_day_overlaps"):
        publish(house, definition(effective_from="2026-12-01", retention="22 years"))


def test_what_a_definition_names_is_there(procedures: Procedures, house: House) -> None:
    children = ["9.000001", "1.001193"]
    names = {"sector": "khong_co", "life_events": ["nope"], "children": children}
    with pytest.raises(Invalid, match="procedure_invalid") as refusal:
        publish(house, definition(effective_from="2026-12-01", **names))
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [
        ("definition.sector", "unknown_sector"),
        ("definition.life_events.0", "unknown_life_event"),
        ("definition.children.0", "unknown_procedure"),
        ("definition.children.1", "part_without_case"),
    ]
