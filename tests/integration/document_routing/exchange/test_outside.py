"""Another exchange behind its port: what goes out, what comes in, and what happens while it is away."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from local.state import ROOT
from services.document_routing.adapters.edxml_reader import read_message
from services.document_routing.adapters.outside_folder import FolderExchange
from services.document_routing.adapters.xml_signature import Trust
from services.document_routing.domain.edxml.message import DocumentMessage, Message, StatusMessage
from services.document_routing.ports_exchange import OutsideExchange
from services.document_routing.usecases.exchange_outside import take_in_waiting
from shared.errors import Unavailable
from shared.persistence import in_transaction
from tests.integration.document_routing.exchange.exchanging import OURS, issue, message_of, written
from tests.support.document_world import CLERK, SPECIALIST
from tests.support.documents_in_memory import DEPARTMENT, WARD
from tests.support.exchange_house import PDF, ExchangeHouse

CONTENT = b"<?xml version='1.0'?><edXML/>"


@pytest.fixture
def house(house: ExchangeHouse) -> ExchangeHouse:
    house.connect(DEPARTMENT, "outside")
    return house


@pytest.fixture
def exchange(tmp_path: Path) -> OutsideExchange:
    return FolderExchange(tmp_path)


def put_in(folder: Path, agency: str, content: bytes, name: str = "vb-1.edxml") -> None:
    """What the other exchange's agent does."""
    (folder / "in" / agency).mkdir(parents=True, exist_ok=True)
    (folder / "in" / agency / name).write_bytes(content)


def read_back(file: Path) -> Message:
    """What we handed over, its signature checked."""
    return read_message(lambda: [file.read_bytes()], limit=10**7, trust=Trust([OURS.certificate])).message


def test_a_file_is_handed_over_once_however_often(exchange: OutsideExchange, tmp_path: Path) -> None:
    for _ in range(2):
        exchange.send("p1", [CONTENT[:10], CONTENT[10:]])
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "out").iterdir()] == [("p1.edxml", CONTENT)]


def test_waiting_files_are_offered_until_they_are_acknowledged(exchange: OutsideExchange, tmp_path: Path) -> None:
    put_in(tmp_path, DEPARTMENT, CONTENT)
    put_in(tmp_path, DEPARTMENT, CONTENT, ".half.edxml")
    for _ in range(2):
        (found,) = exchange.waiting()
        assert (found.sender, b"".join(found.content)) == (DEPARTMENT, CONTENT)
    exchange.acknowledge(found.name, True)
    assert list(exchange.waiting()) == []
    assert (tmp_path / "done" / DEPARTMENT / "vb-1.edxml").read_bytes() == CONTENT
    put_in(tmp_path, DEPARTMENT, CONTENT)
    exchange.acknowledge(found.name, False, "sai chữ ký")
    assert (tmp_path / "failed" / DEPARTMENT / "vb-1.edxml.txt").read_text() == "sai chữ ký"


def test_an_exchange_that_is_away_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    away = FolderExchange(tmp_path / "file")
    for act in (
        lambda: away.send("p1", [CONTENT]),
        lambda: list(away.waiting()),
        lambda: away.acknowledge("x/y", True),
    ):
        with pytest.raises(Unavailable):
            act()


def test_a_document_goes_out_and_its_transport_is_done(house: ExchangeHouse, tmp_path: Path) -> None:
    document = issue(house)
    (file,) = (tmp_path / "out").iterdir()
    assert read_back(file).header.sender.id == WARD
    assert house.delivery(document)["transport"] == "done"


def test_what_cannot_go_out_now_is_tried_again(house: ExchangeHouse, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    document = issue(house)
    package = house.row("packages", document=document)
    assert (package["status"], package["attempts"]) == ("initial", 1)
    assert package["next_due_at"] > house.now
    (tmp_path / "out").unlink()
    house.now = package["next_due_at"]
    house._fire_packages()
    house.settle()
    assert house.delivery(document)["transport"] == "done"
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_what_is_held_back_while_it_is_handed_over_is_asked_for(house: ExchangeHouse, tmp_path: Path) -> None:
    class Slow(FolderExchange):
        """Somebody recalls the document while it is being handed over."""

        def send(self, package: str, content: Iterable[bytes]) -> None:
            super().send(package, content)
            if house.delivery(document)["transport"] == "initial" and not house.delivery(document)["cancelled"]:
                house.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
                while house.pending:
                    in_transaction(house.client, partial(house._apply, house.pending.pop(0)))  # type: ignore[arg-type]

    main = house.upload(PDF, "cong-van.pdf", SPECIALIST)
    document = house.signed(main=main, attachments=[])
    outside = Slow(tmp_path)
    house.context = replace(house.context, exchange=replace(house.context.exchange, outside=outside))
    house.on_document("issue_document", document, CLERK)
    house.settle()
    house._fire_packages()
    house.settle()
    delivery = house.delivery(document)
    assert (delivery["cancelled"], delivery["standing"]) == (None, "13")
    sent = [read_back(file) for file in (tmp_path / "out").iterdir()]
    assert sorted(one.trace.business.type for one in sent if isinstance(one, DocumentMessage)) == [0, 1]


def test_a_document_from_outside_arrives_and_its_statuses_go_out(house: ExchangeHouse, tmp_path: Path) -> None:
    put_in(tmp_path, DEPARTMENT, written(message_of(WARD)))
    assert take_in_waiting(house.context) == 1
    house.settle()
    (arrival,) = house.arrivals.documents
    house.on_arrival("register_arrival", arrival, CLERK)
    house.settle()
    told = list(map(read_back, (tmp_path / "out").iterdir()))
    assert sorted(one.header.status for one in told if isinstance(one, StatusMessage)) == ["01", "03"]
    assert take_in_waiting(house.context) == 0


@pytest.mark.parametrize(
    ("agency", "content"),
    [(DEPARTMENT, b"no xml"), (DEPARTMENT, CONTENT), (WARD, written(message_of(WARD))), ("H99", CONTENT)],
    ids=["no xml", "no message", "not an outside agency", "unknown agency"],
)
def test_what_is_refused_is_told_there_and_not_tried_again(
    house: ExchangeHouse, tmp_path: Path, agency: str, content: bytes
) -> None:
    put_in(tmp_path, agency, content)
    put_in(tmp_path, DEPARTMENT, written(message_of(WARD)), "vb-2.edxml")
    assert take_in_waiting(house.context) == 1, "the others go on"
    assert (tmp_path / "failed" / agency / "vb-1.edxml.txt").read_text()
    assert take_in_waiting(house.context) == 0


def test_the_job_takes_in_what_waits(client: MongoClient[dict[str, Any]], mongo_uri: str, tmp_path: Path) -> None:
    prefix = f"job_{id(tmp_path):x}_"
    house = ExchangeHouse(database=client[f"{prefix}document_routing"], client=client, folder=tmp_path)
    house.connect(DEPARTMENT, "outside")
    put_in(tmp_path, DEPARTMENT, written(message_of(WARD)))
    environment = {
        "PYTHONPATH": str(ROOT),
        "AMQP_URI": "not asked",
        "MONGO_URI": mongo_uri,
        "MONGO_DATABASE_PREFIX": prefix,
        "OUTSIDE_FOLDER": str(tmp_path),
    }
    command = [sys.executable, "-m", "services.document_routing.outside", "--once"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    message = house.row("messages", agency=DEPARTMENT)
    assert (message["receivers"], message["outbox"]) == ([WARD], [1]), "the running service announces it"
    assert list((tmp_path / "in" / DEPARTMENT).iterdir()) == []
    for name in (f"{prefix}document_routing", f"{prefix}document_routing_files", f"{prefix}files"):
        client.drop_database(name)
