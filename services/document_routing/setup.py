"""The set-up job: `python -m services.document_routing.setup` creates the indexes; running it again changes nothing."""

import sys

from services.document_routing.adapters.aggregates import Aggregates
from services.document_routing.adapters.questions import ARRIVAL_INDEXES, DOCUMENT_INDEXES
from shared.contracts.document_routing.operations import SERVICE
from shared.file_bucket import MongoBucket
from shared.persistence import connect, database
from shared.settings import Settings, load


def main() -> int:
    """Set up."""
    set_up(load())
    return 0


def set_up(settings: Settings) -> None:
    """Create the indexes."""
    with connect(settings, f"{SERVICE} setup") as client:
        store = database(client, settings, SERVICE)
        Aggregates(store["documents"], lambda _, __: None).ensure_indexes(*DOCUMENT_INDEXES)
        Aggregates(store["arrivals"], lambda _, __: None).ensure_indexes(*ARRIVAL_INDEXES)
        MongoBucket(database(client, settings, "files")).ensure_indexes()


if __name__ == "__main__":
    sys.exit(main())
