"""The catalogue: loaded as often as one likes, searched without diacritics, published and closed with a history."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from services.one_stop_shop.adapters.catalogue import Procedures
from services.one_stop_shop.domain.procedure_reading import build
from services.one_stop_shop.domain.procedure_versions import version_in_force
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.history import verify
from shared.set_up import attention_needed
from tests.support.house import House
from tests.support.world import CITIZEN, COMMUNE, HEAD, MONDAY, RECEPTION, catalogue

Document = dict[str, Any]
EDITOR = Principal("bien-tap", "Biên tập", frozenset({Role.CATALOGUE_EDITOR}), agency="H13")
OF_A_PROVINCE = Principal("h56", "Thanh Hóa", frozenset({Role.CATALOGUE_EDITOR}), agency="H56")
CODE = "2.000635"
keys = count(1)


@pytest.fixture
def procedures(house: House) -> Procedures:
    """The repository, emptied and loaded anew from the data files."""
    assert house.database is not None
    house.now = MONDAY
    house.database["procedures"].delete_many({})
    found = house.context.procedures
    assert isinstance(found, Procedures)
    found.load(catalogue(), MONDAY)
    return found


def command(key: str = "", digest: str = "d") -> Document:
    return {"key": key or f"k{next(keys)}", "digest": digest}


def definition(**changes: Any) -> Document:
    plain: Document = deepcopy(dict(next(v for v in catalogue().procedures if v.code == CODE).definition))
    return plain | changes


def publish(house: House, plain: Document, principal: Principal = EDITOR, **kept: Any) -> Document:
    answer: Document = house.ask("publish_procedure", principal, definition=plain, _command=command(**kept))
    return answer


def close(house: House, version: str, day: str, principal: Principal = EDITOR) -> Document:
    answer: Document = house.ask(
        "close_procedure", principal, code=CODE, version=version, effective_to=day, _command=command()
    )
    return answer


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
    names = {"sector": "khong_co", "life_events": ["nope"], "children": ["9.000001"]}
    with pytest.raises(Invalid, match="procedure_invalid") as refusal:
        publish(house, definition(effective_from="2026-12-01", **names))
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [
        ("definition.sector", "unknown_sector"),
        ("definition.life_events.0", "unknown_life_event"),
        ("definition.children.0", "unknown_procedure"),
    ]


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


@pytest.mark.parametrize("text", ["khai sinh", "KHAI SINH", "Khái sính", "dang ky khai s", "1.001193", "001193"])
def test_a_procedure_is_found_without_diacritics(procedures: Procedures, house: House, text: str) -> None:
    assert "1.001193" in {row["code"] for row in house.pages("list_procedures", None, q=text)}


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


def test_what_is_no_code_is_shown_again(procedures: Procedures, house: House) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(house, {**definition(), "code": "khong"})
    assert refusal.value.fields == [
        {"path": "definition.code", "code": "procedure_code_malformed", "params": {"text": "khong"}}
    ]


def test_a_year_of_the_calendar_is_computed_until_it_is_entered(house: House) -> None:
    computed = house.ask("get_calendar", None, year="2028")
    assert (computed["source"], computed["version"]) == ("computed", 0)
    off = [*computed["days_off"], "2028-01-04"]
    enter = partial(house.ask, "set_calendar", EDITOR, year="2028")
    entered = enter(days_off=off, make_up_days=["2028-01-08"], _version=0)
    assert entered == {
        "year": 2028,
        "source": "data",
        "days_off": sorted(off),
        "make_up_days": ["2028-01-08"],
        "version": 1,
    }
    assert house.ask("get_calendar", None, year="2028") == entered
    with pytest.raises(Invalid, match="calendar_invalid"):
        enter(days_off=[*off, "2030-01-01"], make_up_days=[], _version=1)
    with pytest.raises(Invalid, match=r"make_up_days\.2028-01-04: also_a_day_off"):
        enter(days_off=off, make_up_days=["2028-01-04"], _version=1)
    with pytest.raises(NotFound, match="year_unknown"):
        house.ask("get_calendar", None, year="31")


def test_a_year_is_entered_by_who_saw_it_and_only_when_it_is_at_hand(house: House) -> None:
    off = house.ask("get_calendar", None, year="2027")["days_off"]
    enter = partial(house.ask, "set_calendar", EDITOR, days_off=off, make_up_days=[])
    assert enter(year="2027", _version=0)["version"] == 1
    for version in (0, 2):
        with pytest.raises(Stale):
            enter(year="2027", _version=version)
    assert enter(year="2027", _version=1)["version"] == 2
    for year in ("2000", "2024", "2029", "2100"):
        with pytest.raises(Conflict, match="year_not_at_hand"):
            enter(year=year, _version=0)


@pytest.mark.parametrize(
    ("off", "made_up", "codes"),
    [
        ([], ["2026-10-14"], {"worked_anyway"}),
        (["2026-12-07", "2026-12-07"], [], {"day_twice"}),
        ([], ["2026-12-12", "2026-12-12"], {"day_twice"}),
        ([f"2026-12-{day:02d}" for day in range(1, 14)], [], {"too_many_days_off"}),
        (["2026-03-05"], [], {"past_day_changed"}),
        ([], ["2026-03-07"], {"past_day_changed"}),
    ],
)
def test_a_calendar_says_only_what_can_be(house: House, off: list[str], made_up: list[str], codes: set[str]) -> None:
    known = house.ask("get_calendar", None, year="2026")
    with pytest.raises(Invalid) as refusal:
        house.ask(
            "set_calendar",
            EDITOR,
            year="2026",
            days_off=[*known["days_off"], *off],
            make_up_days=[*known["make_up_days"], *made_up],
            _version=known["version"],
        )
    assert {wrong["code"] for wrong in refusal.value.fields} == codes
    assert house.ask("get_calendar", None, year="2026") == known


def test_a_day_that_is_past_changes_with_a_reason(house: House) -> None:
    known = house.ask("get_calendar", None, year="2026")
    enter = partial(house.ask, "set_calendar", EDITOR, year="2026", make_up_days=known["make_up_days"])
    off = [*known["days_off"], "2026-03-05"]
    entered = enter(days_off=off, reason="Quyết định 123/QĐ-TTg", _version=known["version"])
    assert "2026-03-05" in entered["days_off"]
    assert enter(days_off=known["days_off"], reason="Nhập nhầm", _version=entered["version"])["version"]


@pytest.mark.parametrize(
    "left_out", ["2027-01-01", "2027-02-08", "2027-04-16", "2027-04-30", "2027-09-02", "2027-11-24"]
)
def test_a_day_off_by_law_stays_one(house: House, left_out: str) -> None:
    known = house.ask("get_calendar", None, year="2027")
    asked = {"year": "2027", "_version": known["version"], "make_up_days": []}
    with pytest.raises(Invalid) as refusal:
        house.ask("set_calendar", EDITOR, days_off=[day for day in known["days_off"] if day != left_out], **asked)
    assert [wrong["code"] for wrong in refusal.value.fields] == ["day_off_by_law"]
    assert house.ask("get_calendar", None, year="2027") == known


def test_agencies_are_listed_with_both_identifiers(house: House) -> None:
    agencies = house.pages("list_agencies", None, limit=10)
    assert [agency["code"] for agency in agencies] == sorted(agency.code for agency in catalogue().agencies)
    merged = next(agency for agency in agencies if agency["code"] == "H51")
    assert (merged["active"], merged["successor"]) == (False, "H13")
    assert any(agency["legacy_code"] for agency in agencies)
