"""The set-up job: `python -m services.one_stop_shop.setup` creates indexes and brings in the data files.

It may run as often as one likes and beside a running service. `--check` only reads the data files, needs no
database, and names every mistake by file, line, path and reason.
"""

import argparse
import sys
from collections.abc import Sequence

from pymongo import MongoClient

from services.one_stop_shop.adapters.agencies import Agencies
from services.one_stop_shop.adapters.application_queries import ApplicationQueries
from services.one_stop_shop.adapters.applications import Applications
from services.one_stop_shop.adapters.catalogue import Procedures
from services.one_stop_shop.adapters.catalogue_files import check_folder, load_catalogue
from services.one_stop_shop.adapters.drafts import Drafts
from services.one_stop_shop.adapters.notices import Notices
from services.one_stop_shop.adapters.presence import Presence
from services.one_stop_shop.adapters.reports import Reports
from shared.contracts.one_stop_shop.operations import SERVICE
from shared.file_bucket import MongoBucket
from shared.history import Entry
from shared.message_store import MongoMessageRequests
from shared.migrations import migrate
from shared.officer_store import MongoOfficerCopies
from shared.persistence import Document, connect, database
from shared.set_up import carry_out, say
from shared.settings import Settings, load
from shared.wall_clock import current_moment


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, or only check; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description="Chuẩn bị dữ liệu dịch vụ một cửa · Prepare the one-stop shop")
    parser.add_argument("--check", action="store_true", help="only check the data files")
    if parser.parse_args(arguments).check:
        problems = check_folder()
        say(problems or ["Dữ liệu hợp lệ · The data files are sound"])
        return 1 if problems else 0
    return carry_out(lambda: set_up(load()))


def set_up(settings: Settings) -> list[str]:
    """Create the indexes, bring in the data files; one sentence for everything that changed.

    Raises:
        DataFileError: when a data file has a mistake; nothing is loaded then.
    """
    catalogue = load_catalogue()
    with connect(settings, f"{SERVICE} setup") as client:
        migrated = migrate(client, settings, SERVICE)
        ensure_indexes(client, settings)
        store = database(client, settings, SERVICE)
        return (
            migrated
            + Agencies(store).load(catalogue)
            + Procedures(store, _tell_later).load(catalogue, current_moment())
        )


def ensure_indexes(client: MongoClient[Document], settings: Settings) -> None:
    """Create what writing and all questions stand on."""
    store = database(client, settings, SERVICE)
    for part in (
        Applications(store, _tell_later),
        ApplicationQueries(store),
        Reports(store),
        Drafts(store),
        Presence(store),
        Notices(store),
        MongoMessageRequests(store, _tell_later),
        MongoOfficerCopies(store),
        Procedures(store, _tell_later),
        MongoBucket(database(client, settings, "files")),
    ):
        part.ensure_indexes()


def _tell_later(_: str, __: Sequence[Entry]) -> None:
    """The running service finds what was published here and announces it."""


if __name__ == "__main__":
    sys.exit(main())
