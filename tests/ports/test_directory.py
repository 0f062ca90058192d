"""What the directory's repositories promise, in memory and in MongoDB."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from services.email_provisioning.ports import AgencyFilter, AlreadyThere, OfficerFilter
from services.email_provisioning.usecases.reactions import place_anew
from shared.history import next_entry, verify
from shared.persistence import database
from shared.settings import Settings
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld, mongo_world, small_world

TODAY = "2026-11-23"
WHY = "QĐ 1"


@pytest.fixture(params=["memory", "mongodb"])
def world(request: pytest.FixtureRequest) -> Iterator[DirectoryWorld]:
    if request.param == "memory":
        yield small_world()
        return
    client: MongoClient[Any] = request.getfixturevalue("client")
    settings: Settings = request.getfixturevalue("settings")
    store = database(client, settings, "directory")
    yield small_world(mongo_world(store))
    client.drop_database(store)


def entry_after(document: dict[str, Any]) -> Any:
    actor = {"sub": "t", "role": "", "agency": ""}
    at = DirectoryWorld().now
    return next_entry(
        document["_id"],
        document["version"],
        document["head"],
        type="agency_changed.v1",
        at=at,
        actor=actor,
        data={},  # type: ignore[arg-type]  # an actor
    )


def found(world: DirectoryWorld, **asked: Any) -> list[str]:
    wanted = AgencyFilter(**{"scope": "H13", "day": TODAY} | asked)
    rows, after = [], None
    while True:
        page = world.agencies.page(wanted, after=after, limit=2)
        rows += [row["code"] for row in page.rows]
        after = page.next
        if after is None:
            return rows


def listed(world: DirectoryWorld, **asked: Any) -> list[str]:
    wanted = OfficerFilter(**{"scope": "H13"} | asked)
    rows, after = [], None
    while True:
        page = world.officers.page(wanted, after=after, limit=2)
        rows += [row["name"] for row in page.rows]
        after = page.next
        if after is None:
            return rows


def test_an_agency_is_known_by_every_identifier(world: DirectoryWorld) -> None:
    known = world.agencies.known(["001.30.00.H13", "H13.06", "H99"])
    assert {name: agency["code"] for name, agency in known.items()} == {
        "001.30.00.H13": "H13.30.01",
        "H13.06": "H13.06",
    }
    assert world.agencies.known([]) == {}


def test_identifiers_are_given_once(world: DirectoryWorld) -> None:
    stored = world.agencies.find("H13.06").document
    with pytest.raises(AlreadyThere) as refused:
        world.agencies.add({**stored, "_id": "H13.07", "known_as": ["H13.07", "001.30.00.H13"], "history": []})
    assert refused.value.field == "known_as"
    changes = {"known_as": ["H13.06", "001.30.00.H13"]}
    with pytest.raises(AlreadyThere):
        world.agencies.save("H13.06", stored["version"], changes, entry_after(stored))
    assert world.agencies.find("H13.06").document["version"] == 1


def test_of_two_writers_of_one_version_one_wins(world: DirectoryWorld) -> None:
    stored = world.agencies.find("H13.06").document
    entry = entry_after(stored)
    assert world.agencies.save("H13.06", 1, {"phone": "1"}, entry)
    assert not world.agencies.save("H13.06", 1, {"phone": "2"}, entry)
    assert world.agencies.find("H13.06").document["phone"] == "1"


def test_a_command_is_found_by_its_key(world: DirectoryWorld) -> None:
    world.tell("change_agency", ADMIN, key="k", agency="H13.06", phone="1", reason=WHY)
    assert world.agencies.find("H13.06", f"{ADMIN.subject}:k").repeated["seq"] == 2
    assert world.agencies.find("H13.06", "another").repeated is None
    assert world.agencies.find("H13.06").repeated is None
    assert world.agencies.find("H99") is None


def test_histories_are_whole(world: DirectoryWorld) -> None:
    for phone in "1", "2", "3":
        world.tell("change_agency", ADMIN, agency="H13.06", phone=phone, reason=WHY)
    whole = world.agencies.whole("H13.06")
    assert verify("H13.06", whole["history"], version=4, head=whole["head"]) is None
    assert [entry["seq"] for entry in world.agencies.history("H13.06", after=1, limit=2)] == [2, 3]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["H13", "H13.06", "H13.30.01", "H13.30.02"]),
        ({"scope": ""}, ["H13", "H13.06", "H13.30.01", "H13.30.02", "H56", "H56.30.01"]),
        ({"scope": "H13.06"}, ["H13.06"]),
        ({"scope": "H1"}, []),
        ({"words": ("kieu",)}, ["H13.30.01"]),
        ({"words": ("ky", "lieu")}, []),
        ({"words": ("phuong", "ban")}, ["H13.30.01", "H13.30.02"]),
        ({"level": "commune"}, ["H13.30.01", "H13.30.02"]),
        ({"kind": "department", "scope": ""}, ["H13.06"]),
    ],
)
def test_agencies_are_found_page_by_page(world: DirectoryWorld, asked: dict[str, Any], codes: list[str]) -> None:
    assert found(world, **asked) == codes


def test_closed_agencies_and_open_parts(world: DirectoryWorld) -> None:
    assert world.agencies.parts("H13", TODAY) == ["H13.06", "H13.30.01", "H13.30.02"]
    body = {"closed_on": TODAY, "successors": [], "reason": WHY}
    world.tell("close_agency", ADMIN, agency="H13.06", **body)
    assert world.agencies.parts("H13", TODAY) == ["H13.30.01", "H13.30.02"]
    assert world.agencies.parts("H13", "2026-11-22") == ["H13.06", "H13.30.01", "H13.30.02"]
    assert "H13.06" in found(world)
    assert "H13.06" not in found(world, day="2026-11-24")
    assert "H13.06" in found(world, day="2026-11-24", closed=True)


def test_what_is_below_moves_along(world: DirectoryWorld) -> None:
    world.register("H13.06.01", ADMIN)
    world.register("H13.06.01.01", ADMIN)
    world.tell("change_agency", OPERATOR, agency="H13.06", parent="H56", reason=WHY)
    assert world.agencies.find("H13.06.01.01").document["within"] == ["H13.06.01.01", "H13.06.01", "H13.06", "H56"]
    assert found(world, scope="H56") == ["H13.06", "H13.06.01", "H13.06.01.01", "H56", "H56.30.01"]
    assert found(world) == ["H13", "H13.30.01", "H13.30.02"]


@pytest.fixture
def people(world: DirectoryWorld) -> dict[str, str]:
    """Three officers by name: two at the department, one of them with two posts, and one who has left."""
    made = {
        name: world.appoint("H13.06", name=name, number=number, account=account, post={"roles": roles, "unit": None})
        for name, number, account, roles in (
            ("Nguyễn Văn Đức", "CT-1", None, ["clerk"]),
            ("Trần Thị Ánh", None, "anh", ["specialist"]),
            ("Lê Bình", "CT-3", None, []),
        )
    }
    further = {"agency": "H13.30.01", "title": "Văn thư", "roles": ["clerk"]}
    world.tell("give_post", ADMIN, officer=made["Trần Thị Ánh"], post=further, reason=WHY)
    leaving = {"cause": "retired", "last_day": "2026-11-22", "reason": WHY}
    world.tell("record_leaving", ADMIN, officer=made["Lê Bình"], **leaving)
    return made


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Trần Thị Ánh", "Nguyễn Văn Đức"]),
        ({"scope": "H13.30.01"}, ["Trần Thị Ánh"]),
        ({"scope": "H56"}, []),
        ({"left": True}, ["Lê Bình"]),
        ({"role": "clerk"}, ["Trần Thị Ánh", "Nguyễn Văn Đức"]),
        ({"role": "clerk", "words": ("anh",)}, ["Trần Thị Ánh"]),
        ({"role": "specialist", "scope": "H13.06"}, ["Trần Thị Ánh"]),
        ({"words": ("du", "nguyen")}, ["Nguyễn Văn Đức"]),
        ({"words": ("1",)}, ["Nguyễn Văn Đức"]),
        ({"unit": "van_phong", "scope": "H13.06"}, []),
    ],
)
def test_officers_are_found_page_by_page(
    world: DirectoryWorld, people: dict[str, str], asked: dict[str, Any], names: list[str]
) -> None:
    assert listed(world, **asked) == names


def test_numbers_and_accounts_are_given_once_and_may_be_missing(world: DirectoryWorld, people: dict[str, str]) -> None:
    world.appoint("H13.06", name="Không mã")
    world.appoint("H13.06", name="Không mã nữa")
    known = world.officers.by_number(["CT-1", "CT-9"])
    assert [officer["name"] for officer in known.values()] == ["Nguyễn Văn Đức"]
    assert known["CT-1"]["account"] is None
    assert world.officers.with_accounts(["anh", "em"]) == {"anh": people["Trần Thị Ánh"]}
    same = [dict(world.officers.whole(people["Nguyễn Văn Đức"]))]
    assert [type(outcome) for outcome in world.officers.add_all(same)] == [AlreadyThere]
    world.tell("change_officer", ADMIN, officer=people["Nguyễn Văn Đức"], number=None, reason=WHY)
    assert world.officers.by_number(["CT-1"]) == {}
    world.appoint("H13.06", name="Người mới", number="CT-1")


def test_officers_of_an_agency_are_read_in_order_of_their_ids(world: DirectoryWorld, people: dict[str, str]) -> None:
    everybody = sorted(people.values())
    first = world.officers.within("H13", after="", limit=2)
    rest = world.officers.within("H13", after=first[-1]["_id"], limit=2)
    assert [officer["_id"] for officer in [*first, *rest]] == everybody
    assert [one["_id"] for one in world.officers.holding("H13.30.01", after="", limit=9)] == [people["Trần Thị Ánh"]]
    assert world.officers.holding("H13", after="", limit=9) == []


def test_what_follows_is_set_without_a_new_version(world: DirectoryWorld, people: dict[str, str]) -> None:
    officer = people["Trần Thị Ánh"]
    loaded = world.officers.find(officer).document
    assert not world.officers.derive(officer, loaded["version"] - 1, {"serving": False})
    assert world.officers.derive(officer, loaded["version"], {"serving": False})
    assert world.officers.find(officer).document["serving"] is False
    place_anew(world.context, world.officers.find(officer).document)
    after = world.officers.find(officer).document
    assert (after["serving"], after["version"]) == (True, loaded["version"])


def test_imports_keep_their_rows_as_progress(world: DirectoryWorld) -> None:
    imports = world.imports
    started = {"_id": "i", "position": "1", "owner": "an", "state": "waiting"}
    assert imports.add(dict(started))["state"] == "waiting"
    assert imports.add({**started, "state": "other"})["state"] == "waiting"
    blank = {"key": "k", "cells": {}, "outcome": None, "subject": None, "problems": [], "changes": [], "warnings": []}
    rows = [{"_id": f"i/{number}", "line": number, **blank} for number in range(1, 6)]
    imports.keep_rows("i", rows[:3])
    imports.settle_rows([{**rows[0], "outcome": "created", "subject": "s"}, {**rows[1], "outcome": "refused"}])
    imports.keep_rows("i", rows)
    assert [row["line"] for row in imports.open_rows("i", 2)] == [3, 4]
    assert [row["line"] for row in imports.rows_before("i", "i/4")] == [1, 3]
    assert imports.count("i") == {"created": 1, "refused": 1, "all": 5}
    page = imports.rows_page("i", None, after=None, limit=3)
    assert [row["line"] for row in imports.rows_page("i", None, after=page.next, limit=3).rows] == [4, 5]
    assert [row["line"] for row in imports.rows_page("i", "refused", after=None, limit=3).rows] == [2]
    imports.update("i", {"state": "done", "next_due_at": None})
    assert imports.find("i")["state"] == "done"
    assert [row["_id"] for row in imports.page("an", after=None, limit=5).rows] == ["i"]
    assert imports.page("binh", after=None, limit=5).rows == []
    assert imports.find("j") is None
