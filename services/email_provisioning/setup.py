"""The set-up job: `python -m services.email_provisioning.setup` creates indexes and brings in agencies and samples.

It may run as often as one likes and beside a running service. `--check` only reads the data files, needs no
database, and names every mistake by file, line, path and reason.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.email_provisioning.adapters.agencies import MongoAgencies
from services.email_provisioning.adapters.imports import MongoImports
from services.email_provisioning.adapters.mail_hosts import MongoFollowUps, MongoMailHosts
from services.email_provisioning.adapters.mail_rules import read_mail_rules
from services.email_provisioning.adapters.mail_secrets import MAIL_SECRETS
from services.email_provisioning.adapters.mail_use import MongoMailUse
from services.email_provisioning.adapters.mail_use_sheet import mail_use_sheet
from services.email_provisioning.adapters.mailboxes import MongoMailboxes
from services.email_provisioning.adapters.messages import MongoMessages
from services.email_provisioning.adapters.name_servers import NameServers, key_bits
from services.email_provisioning.adapters.officers import MongoOfficers
from services.email_provisioning.adapters.returned_mail import begin_reading, ensure_reading_index
from services.email_provisioning.adapters.scim.door import MongoScimDoor
from services.email_provisioning.adapters.scim.resources import MongoScimResources
from services.email_provisioning.adapters.scim.schemas import provider
from services.email_provisioning.adapters.stored_files import StoredFiles
from services.email_provisioning.adapters.tables import CSV, read_table
from services.email_provisioning.domain.finding import agency_keys
from services.email_provisioning.domain.tables import name_columns
from services.email_provisioning.ports_mail import Names
from services.email_provisioning.ports_scim import Scim
from services.email_provisioning.usecases.context import Context, Mail
from services.email_provisioning.usecases.seeding import seed_agencies, seed_officers
from shared.contracts.email_provisioning.operations import SERVICE
from shared.data_files import DataFileError
from shared.directory.seed import read_seed
from shared.errors import Invalid
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.history import Entry
from shared.migrations import migrate
from shared.persistence import connect, database
from shared.set_up import carry_out, say
from shared.settings import Settings, load
from shared.wall_clock import current_moment

OFFICERS = Path(__file__).parent / "data" / "officers.csv"


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, or only check; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description="Chuẩn bị danh bạ · Prepare the directory")
    parser.add_argument("--check", action="store_true", help="only check the data files")
    parser.add_argument("--mail-rules", type=Path, help="another file of mail rules to be checked")
    asked = parser.parse_args(arguments)
    problems = check_files(asked.mail_rules)
    if problems:
        say(problems)
        return 1
    return carry_out(lambda: ["Dữ liệu hợp lệ · The data files are sound"] if asked.check else set_up(load()))


def check_files(mail_rules: Path | None = None) -> list[str]:
    """Every mistake in the data files, in words."""
    problems: list[str] = []
    try:
        read_seed()
    except DataFileError as error:
        problems += error.problems
    try:
        read_mail_rules(mail_rules)
    except DataFileError as error:
        problems += error.problems
    try:
        sample_officers()
    except Invalid as error:
        problems.append(f"{OFFICERS.name}: {error}")
    return problems


def sample_officers() -> list[dict[str, str]]:
    """The rows of the sample officers, by the names of the columns.

    Raises:
        Invalid: the file is no such table.
    """
    header, rows = read_table(OFFICERS.read_bytes(), CSV)
    columns = name_columns("officers", header)
    return [{columns[name]: text for name, text in cells.items() if name in columns} for _, cells in rows]


def set_up(settings: Settings) -> list[str]:
    """Create the indexes, bring in the data files; one sentence for everything that changed.

    Raises:
        DataFileError: when the seed file has a mistake; nothing is loaded then.
    """
    agencies = read_seed()
    officers = sample_officers() if settings.made_up_people == "welcome" else []
    with connect(settings, f"{SERVICE} setup") as client:
        migrated = migrate(client, settings, SERVICE)
        ensure_indexes(client, settings)
        if settings.returned_host:  # else a row would be due that nobody looks at
            begin_reading(database(client, settings, SERVICE))
        context = context_over(client, settings)
        return migrated + seed_agencies(context, agencies) + seed_officers(context, officers)


def ensure_indexes(client: MongoClient[dict[str, Any]], settings: Settings) -> None:
    """Create what writing and all questions stand on."""
    store = database(client, settings, SERVICE)
    for part in (
        MongoAgencies(store, _tell_later, agency_keys),
        MongoOfficers(store, _tell_later),
        MongoImports(store),
        MongoMailboxes(store, _tell_later),
        MongoMailHosts(store),
        MongoMailUse(store),
        MongoFollowUps(store),
        MongoMessages(store, _tell_later),
        MongoScimResources(store, provider(most_bytes=settings.max_body_bytes)),
        MongoBucket(database(client, settings, "files")),
    ):
        part.ensure_indexes()
    ensure_reading_index(store)


def context_over(client: MongoClient[dict[str, Any]], settings: Settings) -> Context:
    """The use cases without a bus; the running service announces what is stored here."""
    store = database(client, settings, SERVICE)
    agencies = MongoAgencies(store, _tell_later, agency_keys)
    officers, imports = MongoOfficers(store, _tell_later), MongoImports(store)
    bucket = MongoBucket(database(client, settings, "files"))
    mail = mail_over(store, settings)
    files = StoredFiles(FileStore(bucket, settings.allowed_file_types))
    return Context(current_moment, agencies, officers, imports, files, read_table, mail, scim_over(store, settings))


def mail_over(store: Database[dict[str, Any]], settings: Settings) -> Mail:
    """What mailboxes need."""
    mailboxes, hosts, followups = MongoMailboxes(store, _tell_later), MongoMailHosts(store), MongoFollowUps(store)
    messages, use = MongoMessages(store, _tell_later), MongoMailUse(store)
    rules, names = read_mail_rules(settings.mail_rules), Names(NameServers(settings.name_servers).asking, key_bits)
    return Mail(rules, mailboxes, hosts, use, followups, MAIL_SECRETS, messages, mail_use_sheet, names)


def scim_over(store: Database[dict[str, Any]], settings: Settings) -> Scim:
    """What the SCIM interface needs; nobody asks it anything here."""
    speaks = provider(most_bytes=settings.max_body_bytes)
    resources = MongoScimResources(store, speaks)
    return Scim(MongoScimDoor(store, speaks, b"unused"), resources, settings.scim_mailboxes)


def _tell_later(_: str, __: Sequence[Entry]) -> None:
    """The running service finds what was stored here and announces it."""


if __name__ == "__main__":
    sys.exit(main())
