"""Which adapter stands behind which port, for the service and for the jobs beside it; it knows no bus."""

from collections.abc import Callable, Sequence
from functools import partial

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.book_printer import TypstBookPrinter
from services.document_routing.adapters.exchange_on_demand import LettersOnDemand, VaultOnDemand
from services.document_routing.adapters.exchange_settings import letter_rules, seal_of
from services.document_routing.adapters.exchange_store import MongoMailbox, MongoPartners, MongoRefusals
from services.document_routing.adapters.message_log import MongoMessageLog
from services.document_routing.adapters.number_series import MongoNumberSeries
from services.document_routing.adapters.offices import CachedOffices, MongoAgencyCopies
from services.document_routing.adapters.outside_folder import FolderExchange
from services.document_routing.adapters.questions import MongoQuestions
from services.document_routing.adapters.registers import MongoRegisters
from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.adapters.text_reader import PdfTextReader
from services.document_routing.adapters.webhook_store import MongoWebhooks
from services.document_routing.ports_exchange import Exchange
from services.document_routing.usecases.chain import link
from services.document_routing.usecases.context import Context
from shared.contracts.document_routing.operations import SERVICE
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.history import Entry
from shared.officer_store import MongoOfficerCopies
from shared.persistence import Document, at_one_moment, database, in_transaction
from shared.settings import Settings
from shared.wall_clock import current_moment

Announces = Callable[[str, Collection[Document]], Callable[[str, Sequence[Entry]], None]]


def standalone(client: MongoClient[Document], settings: Settings) -> Context:
    """The context of a job beside the service, which announces what the job has written."""
    return context_of(client, settings, lambda _, __: _tell_later)


def _tell_later(_: str, __: Sequence[Entry]) -> None:
    """The running service finds what was written and announces it."""


def context_of(client: MongoClient[Document], settings: Settings, announces: Announces) -> Context:
    """All ports over one database client; `announces` says whom the repositories tell of new entries."""
    store = database(client, settings, SERVICE)
    documents, arrivals = store["documents"], store["arrivals"]
    copies = MongoAgencyCopies(store)
    bucket = MongoBucket(database(client, settings, "files"))
    return Context(
        now=current_moment,
        documents=Aggregates(documents, announces("document", documents)),
        arrivals=Aggregates(arrivals, announces("arrival", arrivals)),
        series=MongoNumberSeries(store),
        together=partial(in_transaction, client),
        at_one_moment=partial(at_one_moment, client),
        files=FileStore(bucket, allowed=settings.allowed_file_types),
        offices=CachedOffices(copies),
        copies=copies,
        reader=PdfTextReader(settings.signature_authorities),
        outgoing=MongoQuestions(documents),
        incoming=MongoQuestions(arrivals),
        registers=MongoRegisters(store),
        printer=TypstBookPrinter(),
        exchange=exchange_of(store, bucket, settings, announces),
        officers=MongoOfficerCopies(store),
    )


def exchange_of(store: Database[Document], bucket: MongoBucket, settings: Settings, announces: Announces) -> Exchange:
    """What the exchange needs."""
    files = FileStore(bucket, allowed=settings.allowed_file_types)
    seal = seal_of(settings)
    messages, packages, subscriptions = store["messages"], store["packages"], store["subscriptions"]
    return Exchange(
        messages=Aggregates(messages, announces("message", messages)),
        packages=Aggregates(packages, announces("package", packages)),
        subscriptions=Aggregates(subscriptions, announces("subscription", subscriptions)),
        letters=LettersOnDemand(files, letter_rules(settings), seal),
        partners=MongoPartners(store),
        refusals=MongoRefusals(store),
        mailbox=MongoMailbox(store),
        log=MongoMessageLog(store, link),
        webhooks=MongoWebhooks(store),
        targets=PublicTargets(anything=settings.webhook_targets == "any"),
        vault=VaultOnDemand(files, FileStore(bucket, allowed=("zip",)), seal),
        outside=FolderExchange(settings.outside_folder) if settings.outside_folder else None,
    )
