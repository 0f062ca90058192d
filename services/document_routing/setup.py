"""The set-up job: `python -m services.document_routing.setup` creates the indexes and fills the copy of the directory.

Running it again changes nothing: what the directory has announced is never overwritten by the seed file.
"""

import sys

from pymongo import MongoClient

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.exchange_store import IDENTITY_INDEX, ensure_exchange_indexes
from services.document_routing.adapters.offices import MongoAgencyCopies
from services.document_routing.adapters.questions import ARRIVAL_INDEXES, DOCUMENT_INDEXES
from shared.contracts.document_routing.operations import SERVICE
from shared.directory.seed import read_seed
from shared.file_bucket import MongoBucket
from shared.migrations import migrate
from shared.officer_store import MongoOfficerCopies
from shared.persistence import Document, connect, database
from shared.set_up import carry_out
from shared.settings import Settings, load

SEEDED = 0
"""Comes before every number that an event can have."""


def main() -> int:
    """Set up; the exit code says whether all is well."""
    return carry_out(lambda: set_up(load()))


def set_up(settings: Settings) -> list[str]:
    """Create the indexes and fill the copy of the directory; one sentence for everything that changed.

    Raises:
        DataFileError: when the seed file has a mistake; nothing is loaded then.
    """
    agencies = read_seed()
    with connect(settings, f"{SERVICE} setup") as client:
        migrated = migrate(client, settings, SERVICE)
        ensure_indexes(client, settings)
        copies = MongoAgencyCopies(database(client, settings, SERVICE))
        for agency in agencies:
            copies.keep(agency, SEEDED)
        return migrated


def ensure_indexes(client: MongoClient[Document], settings: Settings) -> None:
    """Create what writing and all questions stand on."""
    store = database(client, settings, SERVICE)
    Aggregates(store["documents"], lambda _, __: None).ensure_indexes(*DOCUMENT_INDEXES, IDENTITY_INDEX)
    Aggregates(store["arrivals"], lambda _, __: None).ensure_indexes(*ARRIVAL_INDEXES)
    ensure_exchange_indexes(store)
    MongoOfficerCopies(store).ensure_indexes()
    MongoBucket(database(client, settings, "files")).ensure_indexes()


if __name__ == "__main__":
    sys.exit(main())
