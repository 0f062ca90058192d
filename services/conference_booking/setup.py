"""The set-up job: `python -m services.conference_booking.setup` creates indexes, brings in networks and the directory.

It may run as often as one likes and beside a running service: what is there already stays as it is. `--check` only
reads the file of networks, needs no database, and names every mistake by file, line, path and reason.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pymongo import MongoClient

from services.conference_booking.adapters.networks_file import read_networks
from services.conference_booking.assembly import ensure_indexes as ensure_own_indexes
from services.conference_booking.assembly import standalone
from services.conference_booking.usecases.seeding import seed
from shared.contracts.conference_booking.operations import SERVICE
from shared.directory.seed import read_seed
from shared.migrations import migrate
from shared.persistence import Document, connect, database
from shared.set_up import carry_out
from shared.settings import Settings, load

SEEDED = 0
"""Comes before every number that an event can have."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, or only check; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description="Chuẩn bị hội nghị truyền hình · Prepare video conferences")
    parser.add_argument("--check", action="store_true", help="only check the file of networks")
    parser.add_argument("--networks", type=Path, help="another file of networks to be checked")
    asked = parser.parse_args(arguments)
    return carry_out(lambda: check_file(asked.networks) if asked.check else set_up(load()))


def check_file(networks: Path | None) -> list[str]:
    """That the file of networks is sound.

    Raises:
        DataFileError: it has a mistake.
    """
    read_networks(networks)
    return ["Dữ liệu hợp lệ · The data file is sound"]


def set_up(settings: Settings) -> list[str]:
    """Create the indexes, fill the copy of the directory, bring in bridges and endpoints; what was brought in.

    Raises:
        DataFileError: a file has a mistake; nothing is loaded then.
    """
    file, agencies = read_networks(settings.conference_networks), read_seed()
    with connect(settings, f"{SERVICE} setup") as client:
        migrated = migrate(client, settings, SERVICE)
        context = standalone(client, settings, file)
        for agency in agencies:
            context.agencies.keep(agency, SEEDED)
        return migrated + seed(context, file.bridges, file.endpoints)


def ensure_indexes(client: MongoClient[Document], settings: Settings) -> None:
    """Create what writing and all questions stand on."""
    ensure_own_indexes(database(client, settings, SERVICE))


if __name__ == "__main__":
    sys.exit(main())
