"""Document routing over a real database: the adapters of the service, a clock that is set, no bus."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.book_printer import TypstBookPrinter
from services.document_routing.adapters.number_series import MongoNumberSeries
from services.document_routing.adapters.offices import CachedOffices, MongoAgencyCopies
from services.document_routing.adapters.questions import ARRIVAL_INDEXES, DOCUMENT_INDEXES, MongoQuestions
from services.document_routing.adapters.registers import MongoRegisters
from services.document_routing.usecases.context import Context
from shared.history import Entry
from shared.persistence import at_one_moment, in_transaction
from tests.support.document_world import DocumentWorld
from tests.support.documents_in_memory import AGENCIES

Document = dict[str, Any]


class _Collection:
    """What tests look at: all aggregates of a collection by their ids."""

    def __init__(self, database: Database[Document], name: str) -> None:
        self._collection = database[name]

    def __getitem__(self, identifier: str) -> Document:
        found = self._collection.find_one({"_id": identifier})
        assert found is not None
        return found

    def __iter__(self) -> Any:
        return iter(row["_id"] for row in self._collection.find({}, {"_id": 1}))


@dataclass
class DocumentHouse(DocumentWorld):
    """The use cases over MongoDB."""

    database: Database[Document] | None = None
    client: MongoClient[Document] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.database is not None
        copies = MongoAgencyCopies(self.database)
        for sequence, plain in enumerate(AGENCIES, start=1):
            copies.keep(plain, sequence)
        self.documents.documents = _Collection(self.database, "documents")  # type: ignore[assignment]  # read only
        self.arrivals.documents = _Collection(self.database, "arrivals")  # type: ignore[assignment]
        self.context = self.replica()

    def replica(self) -> Context:
        """What another process of the service would work with."""
        assert self.database is not None
        assert self.client is not None
        store = self.database
        documents = Aggregates(store["documents"], self._hear_all)
        arrivals = Aggregates(store["arrivals"], self._hear_all)
        documents.ensure_indexes(*DOCUMENT_INDEXES)
        arrivals.ensure_indexes(*ARRIVAL_INDEXES)
        return replace(
            self.context,
            documents=documents,
            arrivals=arrivals,
            series=MongoNumberSeries(store),
            together=partial(in_transaction, self.client),
            at_one_moment=partial(at_one_moment, self.client),
            offices=CachedOffices(MongoAgencyCopies(store), 0),
            copies=MongoAgencyCopies(store),
            outgoing=MongoQuestions(store["documents"]),
            incoming=MongoQuestions(store["arrivals"]),
            registers=MongoRegisters(store),
            printer=TypstBookPrinter(),
        )

    def _hear_all(self, subject: str, entries: Any) -> None:
        entry: Entry
        for entry in entries:
            self._hear(subject, entry)
