"""The promises of the ports `Applications` and `Drafts`, asked of the fakes and of MongoDB alike."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.one_stop_shop.adapters.applications import Applications
from services.one_stop_shop.adapters.drafts import Drafts
from services.one_stop_shop.ports import AlreadyThere, Arrival
from shared.errors import Conflict
from shared.history import Entry, next_entry
from tests.support.shop_in_memory import MemoryApplications, MemoryDrafts
from tests.support.world import MONDAY

ACTOR: Any = {"sub": "a", "role": "citizen", "agency": ""}


@pytest.fixture(params=["memory", "mongodb"])
def store(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Any]]:
    """Both ports of one kind."""
    if request.param == "memory":
        yield MemoryApplications(), MemoryDrafts()
        return
    uri, prefix = request.getfixturevalue("mongo_uri"), request.getfixturevalue("mongo_prefix")
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        database = client[f"{prefix}port"]
        applications, drafts = Applications(database, lambda *_: None), Drafts(database)
        applications.ensure_indexes()
        drafts.ensure_indexes()
        yield applications, drafts
        client.drop_database(database.name)


def _entry(application: str, version: int, key: str = "") -> Entry:
    command: Any = {"key": key, "digest": "d", "answer": {"version": version + 1}} if key else None
    return next_entry(application, version, "", type="x.v1", at=MONDAY, actor=ACTOR, data={}, command=command)


def _arrival(application: str, **fields: Any) -> Arrival:
    def write(code: str) -> dict[str, Any]:
        first = _entry(application, 0, f"key-{application}")
        return {
            "_id": application, "code": code, "version": 1, "head": first["hash"], "history": [first], "outbox": [1],
            "links": [], "next_due_at": None, **fields,
        }  # fmt: skip

    return Arrival(application, "H13.30.01", MONDAY.date(), write, fields.get("national_code"))


def test_what_was_added_is_found_without_its_history(store: Any) -> None:
    applications, _ = store
    added = applications.add(_arrival("a"))
    found = applications.find("a")
    assert added["code"] == found.document["code"] == "H13.30.01-261005-0001"
    assert "history" not in found.document
    assert found.repeated is None
    assert applications.find("b") is None


def test_an_earlier_command_is_found_by_its_key(store: Any) -> None:
    applications, _ = store
    applications.add(_arrival("a"))
    assert applications.find("a", "key-a").repeated["command"]["answer"] == {"version": 1}
    assert applications.find("a", "another").repeated is None


@pytest.mark.parametrize(
    ("second", "field"),
    [
        (_arrival("a"), "_id"),
        (_arrival("b", national_code="G09-20260609-0000001"), "national_code"),
        (_arrival("b", national_code="H13.30.01-261005-0001"), "national_code"),  # the first one's local code
    ],
)
def test_nothing_is_stored_twice(store: Any, second: Arrival, field: str) -> None:
    applications, _ = store
    applications.add(_arrival("a", national_code="G09-20260609-0000001"))
    with pytest.raises(AlreadyThere) as refusal:
        applications.add(second)
    assert refusal.value.field == field
    assert applications.find("b") is None


def test_a_refused_national_code_takes_no_dossier_number(store: Any) -> None:
    applications, _ = store
    applications.add(_arrival("a", national_code="G09-20260609-0000001"))
    for _ in range(3):
        with pytest.raises(AlreadyThere, match="national_code"):
            applications.add(_arrival("b", national_code="G09-20260609-0000001"))
    assert applications.add(_arrival("c"))["code"] == "H13.30.01-261005-0002"


def test_the_same_application_is_there_already_whatever_its_code(store: Any) -> None:
    applications, _ = store
    applications.add(_arrival("a", national_code="G09-20260609-0000001"))
    with pytest.raises(AlreadyThere, match="_id"):
        applications.add(_arrival("a", national_code="G09-20260609-0000001"))


def test_a_save_needs_the_present_version(store: Any) -> None:
    applications, _ = store
    applications.add(_arrival("a"))
    assert applications.save("a", 1, {"status": 2, "next_due_at": MONDAY}, _entry("a", 1, "second"))
    assert not applications.save("a", 1, {"status": 3}, _entry("a", 1))
    found = applications.find("a", "second")
    assert (found.document["version"], found.document["status"]) == (2, 2)
    assert found.document["next_due_at"] == MONDAY
    assert found.repeated["seq"] == 2
    assert applications.save("a", 2, {"next_due_at": None}, _entry("a", 2))
    assert applications.find("a").document.get("next_due_at") is None


def test_a_waybill_belongs_to_one_application(store: Any) -> None:
    applications, _ = store
    for name in "abc":
        applications.add(_arrival(name))
    assert applications.save("a", 1, {"waybills": ["EH1VN"]}, _entry("a", 1))
    assert applications.save("a", 2, {"waybills": ["EH1VN", "EH2VN"]}, _entry("a", 2))
    assert applications.save("b", 1, {"waybills": ["EH3VN"]}, _entry("b", 1))
    for taken in ("EH1VN", "EH2VN"):
        with pytest.raises(Conflict, match="waybill_taken") as refusal:
            applications.save("b", 2, {"waybills": ["EH3VN", taken]}, _entry("b", 2))
        assert refusal.value.params == {"waybill": taken}
    assert applications.find("b").document["version"] == 2
    assert applications.save("c", 1, {"waybills": ["EH4VN"]}, _entry("c", 1))


def test_a_bundle_is_found_by_its_part(store: Any) -> None:
    applications, _ = store
    applications.add(_arrival("bundle", links=[{"application": "part", "kind": "part"}]))
    applications.add(_arrival("friend", links=[{"application": "part", "kind": "related"}]))
    assert applications.bundles_of("part") == ["bundle"]
    assert applications.bundles_of("nothing") == []


def _draft(key: str, owner: str = "an", saved: int = 0, digest: str = "d") -> dict[str, Any]:
    saved_at = MONDAY + timedelta(minutes=saved)
    return {
        "_id": key, "owner": owner, "version": 1, "content": {"n": saved}, "created_at": MONDAY, "saved_at": saved_at,
        "digest": digest, "expires_at": MONDAY + timedelta(days=36500), "submitted_as": None,
    }  # fmt: skip


def test_a_draft_belongs_to_one_person(store: Any) -> None:
    _, drafts = store
    drafts.add(_draft("d"))
    assert drafts.find("d", "an")["content"] == {"n": 0}
    assert drafts.find("d", "la") is None
    assert drafts.save("d", "la", 1, {"content": {}}) is None
    assert not drafts.delete("d", "la")
    assert drafts.delete("d", "an")
    assert not drafts.delete("d", "an")


def test_a_draft_that_is_there_is_answered_instead(store: Any) -> None:
    _, drafts = store
    drafts.add(_draft("d", digest="first"))
    assert drafts.add(_draft("d", digest="second"))["digest"] == "first"


def test_a_draft_is_saved_once_per_version(store: Any) -> None:
    _, drafts = store
    drafts.add(_draft("d"))
    assert drafts.save("d", "an", 1, {"content": {"n": 2}})["version"] == 2
    assert drafts.save("d", "an", 1, {"content": {"n": 3}}) is None
    assert drafts.find("d", "an")["content"] == {"n": 2}


def test_drafts_are_listed_last_saved_first_page_by_page(store: Any) -> None:
    _, drafts = store
    for number in range(5):
        drafts.add(_draft(f"d{number}", saved=number // 2))
    drafts.add(_draft("other", owner="la"))
    seen, after = [], None
    while True:
        rows, after = drafts.page("an", after=after, limit=2)
        seen += [row["_id"] for row in rows]
        if after is None:
            break
    assert seen == ["d4", "d3", "d2", "d1", "d0"]
