"""The set-up job: the seed becomes events once, later edits become changes, and what people changed since stays."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.email_provisioning import setup
from services.email_provisioning.usecases.seeding import seed_agencies
from services.one_stop_shop.adapters.catalogue_files import load_catalogue
from shared.contracts.email_provisioning.operations import SERVICE
from shared.data_files import DataFileError
from shared.directory.seed import read_seed
from shared.history import verify
from shared.persistence import database
from shared.settings import Settings, load

Document = dict[str, Any]

ENDPOINTS_OF_2021 = {"H56.01", "A00.56", "H56.02", "H56.14", *(f"H56.{number}" for number in range(30, 57))}
"""The agencies of Thanh Hóa's conference network: two offices, the zone board, the department, 27 districts."""


@pytest.fixture(scope="module")
def settings(mongo_uri: str, mongo_prefix: str) -> Settings:
    return load({"AMQP_URI": "unused", "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": f"{mongo_prefix}setup_"})


@pytest.fixture(scope="module")
def told(settings: Settings) -> list[str]:
    return setup.set_up(settings)


@pytest.fixture(scope="module")
def store(client: MongoClient[Document], settings: Settings, told: list[str]) -> Iterator[Database[Document]]:
    yield database(client, settings, SERVICE)
    client.drop_database(database(client, settings, SERVICE))


def test_every_row_is_registered_with_one_event_that_waits_to_be_announced(
    store: Database[Document], told: list[str]
) -> None:
    rows = read_seed()
    agencies = list(store["agencies"].find())
    assert {agency["_id"] for agency in agencies} == {row["code"] for row in rows}
    assert all(agency["sample"] for agency in agencies)
    assert {tuple(agency["outbox"]) for agency in agencies} == {(1,)}
    assert len(told) == len(rows) + store["officers"].count_documents({})
    for kind in ("agencies", "officers"):
        for one in store[kind].find():
            assert verify(one["_id"], one["history"], version=one["version"], head=one["head"]) is None


def test_no_made_up_officer_is_appointed_where_real_people_are_served(
    client: MongoClient[Document], settings: Settings
) -> None:
    real = replace(settings, mongo_database_prefix=f"{settings.mongo_database_prefix}real_", made_up_people="refused")
    store = database(client, real, SERVICE)
    try:
        setup.set_up(real)
        assert store["officers"].count_documents({}) == 0
        assert store["agencies"].count_documents({}) == len(read_seed())
    finally:
        client.drop_database(store)


def test_running_it_again_changes_nothing(settings: Settings, store: Database[Document]) -> None:
    before = {one["_id"]: one["head"] for kind in ("agencies", "officers") for one in store[kind].find()}
    assert setup.set_up(settings) == []
    assert {one["_id"]: one["head"] for kind in ("agencies", "officers") for one in store[kind].find()} == before


def test_the_directory_and_the_copy_of_the_one_stop_shop_begin_the_same(store: Database[Document]) -> None:
    copy = load_catalogue().directory
    for agency in store["agencies"].find():
        known = copy.get(agency["code"])
        assert known.name.to_dict() == agency["name"]
        assert known.area == agency["area"]
        assert known.parent in (agency["parent"], None) or known.parent not in agency["within"]
        assert list(known.successors) == agency["successors"]
        assert all(copy.is_within(agency["code"], above) for above in agency["within"])


def test_the_endpoints_of_the_conference_network_are_there_and_lead_on(store: Database[Document]) -> None:
    found = {agency["_id"]: agency for agency in store["agencies"].find({"_id": {"$in": sorted(ENDPOINTS_OF_2021)}})}
    assert (len(ENDPOINTS_OF_2021), set(found)) == (31, ENDPOINTS_OF_2021)
    districts = [agency for agency in found.values() if agency["level"] == "district"]
    assert len(districts) == 27
    assert all(agency["closed_on"] == "2025-06-30" and agency["successors"] for agency in districts)


def test_an_edited_row_becomes_a_change_and_what_people_changed_stays(
    client: MongoClient[Document], settings: Settings, store: Database[Document]
) -> None:
    context = setup.context_over(client, settings)
    rows = read_seed()
    store["agencies"].update_one({"_id": "H13.09"}, {"$set": {"phone": "changed over the API"}})
    edited = [row | {"phone": "02923000000"} if row["code"] == "H13.10" else row for row in rows]
    assert [line.split()[0] for line in seed_agencies(context, edited)] == ["H13.10"]
    assert store["agencies"].find_one({"_id": "H13.09"})["phone"] == "changed over the API"  # type: ignore[index]  # it is there
    department = store["agencies"].find_one({"_id": "H13.10"})
    assert department is not None
    assert (department["phone"], department["history"][-1]["type"]) == ("02923000000", "agency_changed.v1")
    closed = [
        row | {"closed_on": "2026-12-31", "successors": ["H13.12"]} if row["code"] == "H13.10" else row
        for row in edited
    ]
    seed_agencies(context, closed)
    department = store["agencies"].find_one({"_id": "H13.10"})
    assert department is not None
    assert (department["successors"], department["history"][-1]["type"]) == (["H13.12"], "agency_closed.v1")


def test_the_data_files_are_sound_and_mistakes_are_named(tmp_path: Any) -> None:
    assert setup.check_files() == []
    spoiled = tmp_path / "agencies.yaml"
    spoiled.write_text("- code: H13\n  name: {vi: A, en: A}\n  level: city\n  kind: office\n  parent: H99\n", "utf-8")
    with pytest.raises(DataFileError) as refused:
        read_seed(spoiled)
    assert [problem.split(": ")[0] for problem in refused.value.problems] == ["agencies.yaml:3", "agencies.yaml:5"]
