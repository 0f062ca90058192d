"""Data migrations: each once, whoever is killed or comes at the same time; older code is refused."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from local.state import ROOT
from services.document_routing.domain.deliveries import is_troubled
from services.document_routing.domain.search import TROUBLED, application_key
from services.document_routing.migrations import m0001_found_by_application
from shared import migrations
from shared.migrations import (
    Migration,
    MigrationsWrong,
    TooOld,
    apply,
    in_order,
    pending,
    read,
    refuse_older,
    repeat,
)
from tests.support.migration_worker import RENAME, left, step

PEOPLE = 95
Store = Database[dict[str, Any]]


@pytest.fixture
def store(mongo_uri: str, mongo_prefix: str) -> Iterator[Store]:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        store = client[f"{mongo_prefix}one_stop_shop"]
        store["people"].insert_many({"_id": number, "name": f"Người {number}"} for number in range(PEOPLE))
        yield store
        client.drop_database(store.name)


def job(mongo_uri: str, store: Store, batches: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.migration_worker", mongo_uri, store.name, str(batches)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def assert_all_changed_once(store: Store) -> None:
    assert store["people"].count_documents({"changed": 1, "full_name": {"$exists": True}}) == PEOPLE
    (record,) = store["migrations"].find()
    assert (record["_id"], record["name"]) == (RENAME.number, RENAME.name)
    assert [lease["holder"] for lease in store["migration_lease"].find()] == [""]


def test_what_was_killed_half_way_is_finished_by_the_next(mongo_uri: str, store: Store) -> None:
    killed = job(mongo_uri, store, batches=4)
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    assert left(store) == PEOPLE - 31  # three batches, and one of the fourth
    assert pending(store, [RENAME]) == [RENAME]
    (said,) = apply(store, [RENAME])  # as soon as the lease of the dead has run out
    assert f"{PEOPLE - 31} " in said
    assert_all_changed_once(store)
    assert apply(store, [RENAME]) == []


def test_two_at_once_do_it_once(mongo_uri: str, store: Store) -> None:
    jobs = [job(mongo_uri, store) for _ in range(3)]
    said = [one.communicate(timeout=60)[0] for one in jobs]
    assert [one.returncode for one in jobs] == [0, 0, 0]
    assert sorted(map(bool, said)) == [False, False, True]
    assert_all_changed_once(store)


def test_who_outlives_its_lease_stops_and_finds_it_done(store: Store) -> None:
    awake, stalled = threading.Event(), threading.Event()

    def stall(of: Store) -> int:
        if not stalled.is_set():
            stalled.set()
            awake.wait(30)
        return step(of)

    said: list[str] = []
    slow = Migration(RENAME.number, RENAME.name, RENAME.needs, stall, left)
    sleeper = threading.Thread(target=lambda: said.extend(apply(store, [slow], lease_seconds=0.3)))
    sleeper.start()
    assert stalled.wait(30)
    assert len(apply(store, [RENAME])) == 1
    awake.set()
    sleeper.join(30)
    assert said == []
    assert_all_changed_once(store)


def test_code_of_the_version_before_works_on_and_older_code_does_not(store: Store) -> None:
    expand = Migration(2, "m0002_expand", 0, lambda _: 0, lambda _: 0)
    contract = Migration(3, "m0003_contract", 2, lambda _: 0, lambda _: 0)
    apply(store, [RENAME, expand])
    refuse_older(store, [RENAME])  # runs beside, while pods are replaced
    apply(store, [RENAME, expand, contract])
    refuse_older(store, [RENAME, expand])
    with pytest.raises(TooOld, match="m0003_contract needs a version that knows number 2"):
        apply(store, [RENAME])
    with pytest.raises(MigrationsWrong, match="number 2 was applied as m0002_expand, not m0002_other"):
        pending(store, [RENAME, Migration(2, "m0002_other", 0, step, left), contract])


@pytest.fixture
def told(mongo_uri: str, mongo_prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command sees this database, of one service with one migration."""
    monkeypatch.setenv("MONGO_URI", mongo_uri)
    monkeypatch.setenv("MONGO_DATABASE_PREFIX", mongo_prefix)
    monkeypatch.setattr(migrations, "services", lambda: ["one_stop_shop"])
    monkeypatch.setattr(migrations, "known", lambda _: [RENAME])


def test_what_the_version_before_stores_later_takes_the_new_form_in_the_night(
    told: None, mongo_prefix: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(store, [RENAME])
    store["people"].insert_many({"_id": f"late {number}", "name": f"Người {number}"} for number in range(25))
    assert migrations.main(["--dry-run"]) == 0
    assert f"{store.name}: m0001_full_names, khoảng 25 " in capsys.readouterr().out
    assert left(store) == 25
    assert migrations.main([]) == 0
    assert "m0001_full_names, 25 bản ghi của bản trước " in capsys.readouterr().out
    assert store["people"].count_documents({"changed": 1, "full_name": {"$exists": True}}) == PEOPLE + 25
    (record,) = store["migrations"].find()
    assert (record["changed"], record["changed_later"]) == (PEOPLE, 25)
    run = store.client[f"{mongo_prefix}operations"]["jobs"].find_one({"_id": "migrations"})
    assert run
    assert (run["well"], run["done"]) == (True, 1)
    assert migrations.main([]) == 0
    assert capsys.readouterr().out == ""


def test_what_nobody_can_write_any_more_is_not_looked_for(store: Store) -> None:
    def looked(_: Store) -> int:
        raise AssertionError("this reads the whole collection")

    contract = Migration(2, "m0002_contract", 1, lambda _: 0, lambda _: 0)
    apply(store, [RENAME, contract])
    assert repeat(store, [Migration(1, RENAME.name, 0, looked, looked), contract]) == []


def test_a_try_tells_and_changes_nothing(told: None, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert migrations.main(["--service", "one_stop_shop", "--dry-run"]) == 0
    assert f"{store.name}: m0001_full_names, khoảng {PEOPLE} " in capsys.readouterr().out
    assert left(store) == PEOPLE
    assert store.list_collection_names() == ["people"]
    assert migrations.main(["--service", "one_stop_shop"]) == 0
    assert f"m0001_full_names, {PEOPLE} " in capsys.readouterr().out
    assert_all_changed_once(store)


@pytest.mark.parametrize(
    ("numbers", "needs", "said"),
    [((1, 3), (0, 0), "number 2 is the next"), ((1, 1), (0, 0), "number 2 is the next"), ((1, 2), (0, 2), "NEEDS")],
)
def test_holes_and_what_shuts_out_the_version_before_are_refused(
    numbers: tuple[int, ...], needs: tuple[int, ...], said: str
) -> None:
    with pytest.raises(MigrationsWrong, match=said):
        in_order([Migration(n, f"m000{n}_x", m, step, left) for n, m in zip(numbers, needs, strict=True)])


def test_they_are_read_from_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_migrations"
    package.mkdir()
    (package / "__init__.py").touch()
    for number, needs in ((2, 1), (1, 0)):
        text = f"NEEDS = {needs}\n\ndef step(store):\n    return 0\n\ndef left(store):\n    return {number}\n"
        (package / f"m000{number}_what.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert [(one.number, one.name, one.needs) for one in read("some_migrations")] == [
        (1, "m0001_what", 0),
        (2, "m0002_what", 1),
    ]
    (package / "third.py").touch()
    with pytest.raises(MigrationsWrong, match="is to be called"):
        read("some_migrations")


@pytest.mark.parametrize(
    "module", [["shared.messaging.run", "services.one_stop_shop.service"], ["services.one_stop_shop.setup"]]
)
def test_older_code_neither_starts_nor_sets_up(
    module: list[str], mongo_uri: str, mongo_prefix: str, broker_uri: str, store: Store
) -> None:
    store["migrations"].insert_one({"_id": 99, "name": "m0099_later", "needs": 98})
    given = {"AMQP_URI": broker_uri, "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": mongo_prefix}
    secret = {"PAYMENT_SECRET": "x" * 32}
    command = [sys.executable, "-m", *module]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | given | secret, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "m0099_later needs a version that knows number 98" in done.stdout + done.stderr


def test_documents_of_former_days_are_found_by_their_application(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(m0001_found_by_application, "BATCH", 500)  # so that it takes several
    one, other = "a" * 32, "b" * 32
    documents = store["documents"]
    documents.insert_many(
        [
            {"_id": "old", "application": one, "search": ["cong", "van"], "version": 3, "history": [{"hash": "x"}]},
            {"_id": "oldest", "application": other, "version": 1},
            {"_id": "newer", "application": one, "search": ["cong", application_key(one)], "version": 2},
            {"_id": "of none", "application": None, "search": ["cong"], "version": 1},
            {"_id": "without", "search": ["van"], "version": 1},
            *({"_id": number, "application": other, "search": [application_key(one)]} for number in range(1100)),
        ]
    )
    migration = migrations.known("document_routing")[0]
    assert migration.left(store) == 1102
    (said,) = apply(store, [migration])
    assert "1102 " in said
    assert documents.count_documents({"search": application_key(other)}) == 1101
    assert sorted(row["_id"] for row in documents.find({"search": application_key(one), "application": one})) == [
        "newer",
        "old",
    ]
    old = documents.find_one({"_id": "old"})
    assert old == {
        "_id": "old", "application": one, "search": ["cong", "van", application_key(one)], "version": 3,
        "history": [{"hash": "x"}],
    }  # fmt: skip
    assert documents.find_one({"_id": "of none"}) == {
        "_id": "of none",
        "application": None,
        "search": ["cong"],
        "version": 1,
    }
    assert documents.find_one({"_id": "newer"})["search"] == ["cong", application_key(one)]  # type: ignore[index]
    assert (migration.left(store), migration.step(store)) == (0, 0)
    documents.insert_one({"_id": "saved by a pod of the version before", "application": other, "search": ["van"]})
    assert len(repeat(store, [migration])) == 1
    assert documents.count_documents({"search": application_key(other)}) == 1102


def test_documents_with_trouble_at_a_receiver_are_found_also_those_of_former_days(store: Store) -> None:
    def at(receiver: str, standing: str | None, transport: str = "done", **more: Any) -> dict[str, Any]:
        return {
            "receiver": receiver,
            "standing": standing,
            "transport": transport,
            "sending": 1,
            "cancelled": None,
        } | more

    stored: dict[str, list[dict[str, Any]]] = {
        "refused": [at("A", "03"), at("B", "02")],
        "asked back": [at("A", "13")],
        "not sent": [at("A", None, "fail")],
        "sent again": [at("A", "02"), at("B", "03"), at("A", None, "initial", sending=2)],
        "refused again": [at("A", "02"), at("A", "02", sending=2)],
        "held back": [at("A", None, "fail", cancelled={"id": "1"})],
        "given back": [at("A", "15")],
        "taken": [at("A", "06")],
        "replaced": [at("A", "02")],
        "a draft": [],
    }
    store["documents"].insert_many(
        {"_id": name, "status": "issued" if deliveries else "draft", "search": ["van"], "deliveries": deliveries,
         "replaced_by": "x" if name == "replaced" else None}
        for name, deliveries in stored.items()
    )  # fmt: skip
    expected = {row["_id"] for row in store["documents"].find() if is_troubled(row)}
    assert expected == {"refused", "asked back", "not sent", "refused again"}
    migration = migrations.known("document_routing")[1]
    assert migration.left(store) == 4
    apply(store, [Migration(1, migration.name, 0, migration.step, migration.left)])
    assert {row["_id"] for row in store["documents"].find({"search": TROUBLED})} == expected
    assert (migration.left(store), migration.step(store)) == (0, 0)
