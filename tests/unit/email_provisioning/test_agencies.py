"""Agencies: registered, changed, moved in the hierarchy, closed into others."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.history import verify
from tests.support.directory import ADMIN, ELSEWHERE, OPERATOR, SPECIALIST, WARD_ADMIN, DirectoryWorld

TODAY = date(2026, 11, 23)
WHY = "Nghị quyết số 1668/NQ-UBTVQH15"


def events(world: DirectoryWorld, code: str) -> list[str]:
    return [entry["type"] for entry in world.agencies.stored[code]["history"]]


def close(world: DirectoryWorld, code: str, last_day: date, *successors: str, by: Any = ADMIN) -> Any:
    return world.tell(
        "close_agency", by, agency=code, closed_on=last_day.isoformat(), successors=list(successors), reason=WHY
    )


def test_an_agency_announces_its_whole_public_state(world: DirectoryWorld) -> None:
    [entry] = world.agencies.stored["H13.30.01"]["history"]
    assert entry["type"] == "agency_registered.v1"
    assert entry["data"] == {
        "code": "H13.30.01",
        "legacy_codes": ["001.30.00.H13"],
        "name": {"vi": "Ủy ban nhân dân phường Ninh Kiều", "en": "Ủy ban nhân dân phường Ninh Kiều"},
        "level": "commune",
        "kind": "people_committee",
        "parent": "H13",
        "province": None,
        "area": "H13.30.01",
        "timetable": None,
        "sectors": [],
        "reception": None,
        "address": "",
        "phone": "",
        "opened_on": None,
        "closed_on": None,
        "successors": [],
        "units": [],
        "sample": False,
    }


def test_an_agency_stands_below_the_one_that_its_identifier_names(world: DirectoryWorld) -> None:
    assert world.agencies.stored["H13.06"]["within"] == ["H13.06", "H13"]
    world.register("H13.06.01", ADMIN)
    assert world.ask("read_agency", ADMIN, agency="H13.06.01")["above"] == ["H13.06", "H13"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "H13.30.01"}, Conflict("agency_known", agency="H13.30.01")),
        ({"legacy_codes": ["001.30.00.H13"]}, Conflict("agency_known", agency="001.30.00.H13")),
        ({"parent": "H99"}, Invalid("request_invalid")),
        ({"successors": ["H99"]}, Invalid("request_invalid")),
        ({"opened_on": "2026-01-02", "closed_on": "2026-01-01"}, Invalid("request_invalid")),
        ({"kind": "kingdom"}, Invalid("request_invalid")),
        ({"code": "000.00.07.H13"}, Invalid("request_invalid")),
        ({"code": "H56.31.01", "parent": "H56"}, Forbidden("other_agency")),
        ({"code": "H14"}, Forbidden("other_agency")),
    ],
)
def test_what_cannot_be_registered(world: DirectoryWorld, changes: dict[str, Any], refusal: Exception) -> None:
    before = len(world.agencies.stored)
    with pytest.raises(type(refusal), match=str(refusal).split()[0]):
        world.register(**{"code": "H13.31.01", "parent": "H13", "principal": ADMIN} | changes)
    assert len(world.agencies.stored) == before


def test_the_same_key_registers_once_and_gets_the_same_answer(world: DirectoryWorld) -> None:
    first = world.tell("register_agency", OPERATOR, key="once", **_ward())
    assert world.tell("register_agency", OPERATOR, key="once", **_ward()) == first
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        world.tell("register_agency", OPERATOR, key="once", digest="other", **_ward())
    with pytest.raises(Conflict, match="agency_known"):
        world.tell("register_agency", OPERATOR, key="twice", **_ward())
    assert events(world, "H13.33.01") == ["agency_registered.v1"]


def _ward() -> dict[str, Any]:
    name = {"vi": "Ủy ban nhân dân phường Ô Môn", "en": "O Mon ward"}
    return {"code": "H13.33.01", "parent": "H13", "name": name, "level": "commune", "kind": "people_committee"}


def test_a_change_keeps_what_it_does_not_name(world: DirectoryWorld) -> None:
    before = dict(world.agencies.stored["H13.30.01"])
    answer = world.tell("change_agency", WARD_ADMIN, agency="001.30.00.H13", phone="02923812345", reason=WHY)
    assert answer == {"code": "H13.30.01", "version": 2, "closed_on": None}
    after = world.agencies.stored["H13.30.01"]
    changed = {name for name in before if before[name] != after[name]} - {"version", "head", "history"}
    assert changed == {"phone"}
    assert (after["history"][1]["reason"], after["history"][1]["actor"]["sub"]) == (WHY, WARD_ADMIN.subject)


def test_identifiers_of_the_older_generation_can_be_added_and_belong_to_one(world: DirectoryWorld) -> None:
    codes = ["000.00.06.H13", "000.01.06.H13"]
    world.tell("change_agency", ADMIN, agency="H13.06", legacy_codes=codes, opened_on="2025-03-01", reason=WHY)
    for code in codes:
        assert world.ask("read_agency", ADMIN, agency=code)["code"] == "H13.06"
    with pytest.raises(Conflict, match="agency_known"):
        world.tell("change_agency", ADMIN, agency="H13.06", legacy_codes=["001.30.00.H13"], reason=WHY)
    with pytest.raises(Invalid, match="request_invalid"):
        close(world, "H13.06", date(2025, 2, 28))
    with pytest.raises(NotFound, match="agency_not_here"):
        world.ask("read_agency", ADMIN, agency="000.00.99.H13")


def test_a_change_that_changes_nothing_leaves_no_trace(world: DirectoryWorld) -> None:
    with pytest.raises(Conflict, match="agency_unchanged"):
        world.tell("change_agency", ADMIN, agency="H13.06", phone="", reason=WHY)
    assert events(world, "H13.06") == ["agency_registered.v1"]


def test_a_caller_who_saw_an_older_version_is_refused(world: DirectoryWorld) -> None:
    world.tell("change_agency", ADMIN, agency="H13.06", phone="1", reason=WHY, _version=1)
    with pytest.raises(Stale, match="version_stale"):
        world.tell("change_agency", ADMIN, agency="H13.06", phone="2", reason=WHY, _version=1)


def test_a_moved_agency_takes_those_below_it_along(world: DirectoryWorld) -> None:
    world.register("H13.06.01", ADMIN)
    officer = world.appoint("H13.06.01")
    world.tell("change_agency", OPERATOR, agency="H13.06", parent="H56", reason=WHY)
    world.hear()
    assert world.agencies.stored["H13.06.01"]["within"] == ["H13.06.01", "H13.06", "H56"]
    assert world.officers.stored[officer]["places"][0]["within"] == ["H13.06.01", "H13.06", "H56"]
    seen = [row["code"] for row in world.pages("find_agencies", ELSEWHERE)]
    assert seen == ["H13.06", "H13.06.01", "H56", "H56.30.01"]
    assert [row["id"] for row in world.pages("find_officers", ELSEWHERE)] == [officer]
    assert world.pages("find_officers", ADMIN) == []


@pytest.mark.parametrize("parent", ["H13.06.01", "H13.06"])
def test_no_agency_stands_below_itself(world: DirectoryWorld, parent: str) -> None:
    world.register("H13.06.01", ADMIN)
    with pytest.raises(Conflict, match="agency_below_itself"):
        world.tell("change_agency", OPERATOR, agency="H13.06", parent=parent, reason=WHY)


def test_an_administrator_moves_nothing_out_of_reach(world: DirectoryWorld) -> None:
    for parent in ("H56", None):
        with pytest.raises(Forbidden, match="other_agency"):
            world.tell("change_agency", ADMIN, agency="H13.06", parent=parent, reason=WHY)


def test_a_merged_agency_leads_to_its_successor_under_every_identifier(world: DirectoryWorld) -> None:
    close(world, "H13.30.01", TODAY, "H13.30.02")
    assert events(world, "H13.30.01") == ["agency_registered.v1", "agency_closed.v1"]
    for asked in ("H13.30.01", "001.30.00.H13"):
        today = world.ask("resolve_agency", SPECIALIST, agency=asked)
        tomorrow = world.ask("resolve_agency", SPECIALIST, agency=asked, on=(TODAY + timedelta(days=1)).isoformat())
        assert (today["open"], [row["code"] for row in today["acting"]]) == (True, ["H13.30.01"])
        assert (tomorrow["open"], [row["code"] for row in tomorrow["acting"]]) == (False, ["H13.30.02"])


def test_successors_are_followed_through_several_mergers_and_divisions(world: DirectoryWorld) -> None:
    for code in ("H13.40.01", "H13.40.02", "H13.40.03"):
        world.register(code, parent="H13")
    close(world, "H13.30.01", date(2026, 6, 30), "H13.40.01", "H13.40.02")
    close(world, "H13.40.01", date(2026, 9, 30), "H13.40.03")
    close(world, "H13.40.02", date(2026, 10, 31), "H13.40.03")
    acting = {
        day: [row["code"] for row in world.ask("resolve_agency", ADMIN, agency="H13.30.01", on=day)["acting"]]
        for day in ("2026-06-30", "2026-07-01", "2026-10-01", "2026-11-01")
    }
    assert acting == {
        "2026-06-30": ["H13.30.01"],
        "2026-07-01": ["H13.40.01", "H13.40.02"],
        "2026-10-01": ["H13.40.03", "H13.40.02"],
        "2026-11-01": ["H13.40.03"],
    }


@pytest.mark.parametrize(
    ("code", "successors", "refusal"),
    [
        ("H13", ["H56"], "agency_has_parts"),
        ("H13.30.01", ["H13.30.01"], "request_invalid"),
        ("H13.30.01", ["H99"], "request_invalid"),
        ("H13.30.01", ["H13.30.02"], "request_invalid"),
        ("H13.30.02", ["H13.30.01"], "agency_closed_already"),
    ],
)
def test_what_cannot_be_closed(world: DirectoryWorld, code: str, successors: list[str], refusal: str) -> None:
    close(world, "H13.30.02", TODAY - timedelta(days=1))
    with pytest.raises((Conflict, Invalid), match=refusal):
        close(world, code, TODAY, *successors)


def test_nobody_hands_officers_and_their_roles_to_an_agency_out_of_reach(world: DirectoryWorld) -> None:
    for successor in ("H56.30.01", "H13.30.02", "H13"):
        with pytest.raises(Forbidden, match="other_agency"):
            close(world, "H13.30.01", TODAY, successor, by=WARD_ADMIN)
    with pytest.raises(Forbidden, match="other_agency"):
        close(world, "H13.30.01", TODAY, "H56.30.01", by=ADMIN)
    close(world, "H13.30.01", TODAY, "H56.30.01", by=OPERATOR)


def test_a_closing_that_has_not_come_can_be_decided_anew(world: DirectoryWorld) -> None:
    close(world, "H13.30.01", TODAY + timedelta(days=30), "H13.30.02")
    close(world, "H13.30.01", TODAY + timedelta(days=60), "H13.06")
    stored = world.agencies.stored["H13.30.01"]
    assert (stored["closed_on"], stored["successors"]) == ("2027-01-22", ["H13.06"])


def test_closed_agencies_are_listed_only_where_asked_for(world: DirectoryWorld) -> None:
    close(world, "H13.30.01", TODAY - timedelta(days=1), "H13.30.02")
    codes = {row["code"] for row in world.pages("find_agencies", ADMIN)}
    assert codes == {"H13", "H13.06", "H13.30.02"}
    assert {row["code"] for row in world.pages("find_agencies", ADMIN, closed=True)} == codes | {"H13.30.01"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ninh kieu"}, ["H13.30.01"]),
        ({"q": "KIỀU phường"}, ["H13.30.01"]),
        ({"q": "phuong"}, ["H13.30.01", "H13.30.02"]),
        ({"q": "001.30.00.H13"}, ["H13.30.01"]),
        ({"q": "h13.06"}, ["H13.06"]),
        ({"q": "hac thanh"}, []),
        ({"q": "H56"}, []),
        ({"kind": "department"}, ["H13.06"]),
        ({"level": "commune", "limit": 1}, ["H13.30.01", "H13.30.02"]),
        ({"agency": "H13.30.01"}, ["H13.30.01"]),
        ({"agency": "001.30.00.H13"}, ["H13.30.01"]),
    ],
)
def test_agencies_are_found(world: DirectoryWorld, asked: dict[str, Any], found: list[str]) -> None:
    assert [row["code"] for row in world.pages("find_agencies", ADMIN, **asked)] == found


def test_nobody_lists_below_an_agency_that_is_not_theirs(world: DirectoryWorld) -> None:
    for agency in ("H56", "H13", "H99"):
        with pytest.raises(NotFound, match="agency_not_here"):
            world.ask("find_agencies", WARD_ADMIN, agency=agency)


def test_units_open_change_and_close(world: DirectoryWorld) -> None:
    def tell(operation: str, **body: Any) -> Any:
        return world.tell(operation, ADMIN, agency="H13.06", **body)

    def unit(code: str, parent: str | None = None) -> dict[str, Any]:
        return {"code": code, "name": {"vi": code, "en": code}, "parent": parent}

    tell("open_unit", **unit("van_phong"))
    tell("open_unit", **unit("to_mot_cua", "van_phong"))
    tell("change_unit", unit="to_mot_cua", closed_on="2026-12-31", reason=WHY)
    view = world.ask("read_agency", SPECIALIST.__class__(**_as_department()), agency="H13.06")
    assert [(one["code"], one["parent"], one["closed_on"]) for one in view["units"]] == [
        ("van_phong", None, None),
        ("to_mot_cua", "van_phong", "2026-12-31"),
    ]
    for refused, operation, body in (
        ("unit_known", "open_unit", unit("van_phong")),
        ("request_invalid", "open_unit", unit("phong_ban", "khong_co")),
        ("unit_below_itself", "change_unit", {"unit": "van_phong", "parent": "to_mot_cua", "reason": WHY}),
        ("unit_unknown", "change_unit", {"unit": "khong_co", "parent": None, "reason": WHY}),
        ("unit_unchanged", "change_unit", {"unit": "van_phong", "parent": None, "reason": WHY}),
    ):
        with pytest.raises((Conflict, Invalid, NotFound), match=refused):
            tell(operation, **body)


def _as_department() -> dict[str, Any]:
    return {"subject": "s", "name": "S", "roles": SPECIALIST.roles, "agency": "H13.06"}


def test_the_history_is_chained_and_can_be_verified(world: DirectoryWorld) -> None:
    world.tell("change_agency", ADMIN, agency="H13.06", phone="1", reason=WHY)
    close(world, "H13.06", TODAY)
    stored = world.agencies.stored["H13.06"]
    assert verify("H13.06", stored["history"], version=3, head=stored["head"]) is None
    assert world.ask("verify_agency_history", ADMIN, agency="H13.06") == {
        "intact": True,
        "entries": 3,
        "first_altered": None,
    }
    stored["history"][1]["data"]["phone"] = "2"
    assert world.ask("verify_agency_history", ADMIN, agency="H13.06")["first_altered"] == 2
    page = world.ask("read_agency_history", ADMIN, agency="H13.06", limit=2)
    assert [entry["seq"] for entry in page["items"]] == [1, 2]
    rest = world.ask("read_agency_history", ADMIN, agency="H13.06", limit=2, cursor=page["next"])
    assert [entry["type"] for entry in rest["items"]] == ["agency_closed.v1"]
