"""Puts document routing together: which adapter stands behind which port."""

from functools import partial

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.book_printer import TypstBookPrinter
from services.document_routing.adapters.number_series import MongoNumberSeries
from services.document_routing.adapters.offices import CachedOffices, MongoAgencyCopies
from services.document_routing.adapters.questions import MongoQuestions
from services.document_routing.adapters.registers import MongoRegisters
from services.document_routing.adapters.text_reader import PdfTextReader
from services.document_routing.adapters.wall_clock import current_moment
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.fall_due import fire_arrival, fire_document
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.messaging.composition import Composition, Platform
from shared.persistence import database, in_transaction


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        store, settings = platform.database, platform.settings
        documents, arrivals = store["documents"], store["arrivals"]
        copies = MongoAgencyCopies(store)
        bucket = MongoBucket(database(platform.client, settings, "files"))
        context = Context(
            now=current_moment,
            documents=Aggregates(documents, platform.announces("document", documents)),
            arrivals=Aggregates(arrivals, platform.announces("arrival", arrivals)),
            series=MongoNumberSeries(store),
            together=partial(in_transaction, platform.client),
            files=FileStore(bucket, allowed=settings.allowed_file_types),
            offices=CachedOffices(copies),
            copies=copies,
            reader=PdfTextReader(platform.blocking),
            outgoing=MongoQuestions(documents),
            incoming=MongoQuestions(arrivals),
            registers=MongoRegisters(store),
            printer=TypstBookPrinter(),
        )
        platform.fires_due_work(documents, partial(fire_document, context))
        platform.fires_due_work(arrivals, partial(fire_arrival, context))
        return context
