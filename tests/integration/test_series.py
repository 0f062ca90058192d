"""Series of numbers are moved on after a restore: nothing is given twice, and no register is taken for altered."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from ops import chains, series
from services.document_routing.adapters.number_series import MongoNumberSeries
from services.document_routing.domain.numbering import Series
from services.document_routing.usecases import registers
from services.one_stop_shop.adapters.dossier_codes import DossierCodes
from shared.backup.write import write
from shared.persistence import connect, database
from shared.settings import Settings, load
from shared.working_time import VIETNAM
from tests.support.document_house import DocumentHouse
from tests.support.document_world import CLERK, MONDAY

TODAY = MONDAY.date()
ELSEWHERE = "H13.99"


@pytest.fixture
def settings(mongo_uri: str, mongo_prefix: str) -> Settings:
    return load({"AMQP_URI": "pyamqp://unused", "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": f"{mongo_prefix}s_"})


@pytest.fixture
def client(settings: Settings) -> Iterator[MongoClient[dict[str, Any]]]:
    with connect(settings, "test") as client:
        yield client
    with connect(settings, "test") as client:
        for name in client.list_database_names():
            if name.startswith(settings.mongo_database_prefix):
                client.drop_database(name)


@pytest.fixture
def house(client: MongoClient[dict[str, Any]], settings: Settings) -> DocumentHouse:
    return DocumentHouse(database=database(client, settings, "document_routing"), client=client)


def move(client: MongoClient[dict[str, Any]], settings: Settings, more: int) -> None:
    wanted = [replace(one, last=one.last + more) for one in series.look(client, settings, TODAY)]
    series.raise_to(client, settings, wanted, "An", "phục hồi")


def test_documents_go_on_behind_the_gap_and_the_register_says_so(
    client: MongoClient[dict[str, Any]], settings: Settings, house: DocumentHouse
) -> None:
    house.issued()
    numbers = MongoNumberSeries(database(client, settings, "document_routing"))
    numbers.take(Series(ELSEWHERE, "incoming", TODAY.year - 1), TODAY)
    move(client, settings, 10)
    house.issued()
    asked = {"register": "outgoing", "year": TODAY.year}
    verified = registers.verify_register(house.context, asked, CLERK)
    assert (verified["given"], verified["intact"], verified["findings"]) == (12, True, [])
    assert [(gap["first"], gap["last"], gap["by"]) for gap in verified["skipped"]] == [(2, 11, "An")]
    kept = database(client, settings, "document_routing")["number_series"].find_one({"agency": CLERK.agency}) or {}
    (gap,) = kept["skipped"]
    assert (gap["first"], gap["last"], gap["by"], gap["reason"]) == (2, 11, "An", "phục hồi")
    assert isinstance(gap["at"], datetime)
    assert numbers.take(Series(ELSEWHERE, "incoming", TODAY.year), TODAY)[0] == 11, (
        "what begins this year has a gap too"
    )


def test_a_restore_gives_no_number_again_that_stood_in_what_it_replaces(
    client: MongoClient[dict[str, Any]], settings: Settings, house: DocumentHouse, tmp_path: Path, broker_uri: str
) -> None:
    store = database(client, settings, "one_stop_shop")
    store["agencies"].insert_one({"_id": "H13.01"})
    now = datetime.now(VIETNAM).date()
    numbers = MongoNumberSeries(database(client, settings, "document_routing"))
    asked = Series(CLERK.agency, "incoming", now.year)
    numbers.take(asked, now)
    file = write(settings, tmp_path, keep=1).path
    for _ in range(4):
        numbers.take(asked, now)
        DossierCodes(store).take("H13.01", now, 1)
    client.close()
    environment = {"AMQP_URI": broker_uri, "MONGO_URI": settings.mongo_uri}
    done = subprocess.run(
        [sys.executable, "-m", "ops", "backup", "restore", str(file), "--replace"],
        env={**os.environ, **environment, "MONGO_DATABASE_PREFIX": settings.mongo_database_prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "2 moved on" in done.stdout) == (0, True), done.stdout + done.stderr
    with connect(settings, "test") as again:
        numbers = MongoNumberSeries(database(again, settings, "document_routing"))
        assert numbers.take(asked, now)[0] == 6
        assert DossierCodes(database(again, settings, "one_stop_shop")).take("H13.01", now, 1)[0][-4:] == "0005"
        (gap,) = (database(again, settings, "document_routing")["number_series"].find_one() or {})["skipped"]
        assert (gap["first"], gap["last"], gap["by"]) == (2, 5, "restore")


def test_what_is_further_already_stays(
    client: MongoClient[dict[str, Any]], settings: Settings, house: DocumentHouse
) -> None:
    house.issued()
    behind = [replace(one, last=1) for one in series.look(client, settings, TODAY)]
    assert series.raise_to(client, settings, behind, "An", "phục hồi") == 0
    assert [one.last for one in series.look(client, settings, TODAY)] == [1]


def test_dossier_codes_of_the_day_go_on_for_every_agency(
    client: MongoClient[dict[str, Any]], settings: Settings
) -> None:
    store = database(client, settings, "one_stop_shop")
    store["agencies"].insert_many([{"_id": "H13.01"}, {"_id": "H13.02"}])
    DossierCodes(store).take("H13.01", TODAY, 3)
    move(client, settings, 50)
    codes = [DossierCodes(store).take(agency, TODAY, 1)[0][-4:] for agency in ("H13.01", "H13.02")]
    assert codes == ["0054", "0051"]


def test_cursors_of_mailboxes_are_no_registers(client: MongoClient[dict[str, Any]], settings: Settings) -> None:
    """They end in the year 9999, behind which no calendar goes."""
    numbers = MongoNumberSeries(database(client, settings, "document_routing"))
    numbers.take(Series(CLERK.agency, "mailbox", 9999), TODAY)
    assert [row for row in chains.report(client, settings, "document_routing").rows if row["problem"]] == []
    move(client, settings, 5)
    assert numbers.take(Series(CLERK.agency, "mailbox", 9999), TODAY)[0] == 7
