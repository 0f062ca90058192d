"""Puts the directory together: which adapter stands behind which port."""

from functools import partial

from services.email_provisioning.adapters.agencies import MongoAgencies
from services.email_provisioning.adapters.imports import MongoImports
from services.email_provisioning.adapters.officers import MongoOfficers
from services.email_provisioning.adapters.stored_files import StoredFiles
from services.email_provisioning.adapters.tables import read_table
from services.email_provisioning.domain.finding import agency_keys
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.imports import fire_import
from services.email_provisioning.usecases.reactions import fire_due_officer
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.messaging.composition import Composition, Platform
from shared.persistence import database
from shared.wall_clock import current_moment


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        store, settings = platform.database, platform.settings
        files = FileStore(
            MongoBucket(database(platform.client, settings, "files")), allowed=settings.allowed_file_types
        )
        context = Context(
            now=current_moment,
            agencies=MongoAgencies(store, platform.announces("agency", store["agencies"]), agency_keys),
            officers=MongoOfficers(store, platform.announces("officer", store["officers"])),
            imports=MongoImports(store),
            files=StoredFiles(files),
            read_table=partial(platform.blocking, read_table),
        )
        platform.fires_due_work(store["officers"], partial(fire_due_officer, context))
        platform.fires_due_work(store["imports"], partial(fire_import, context))
        return context
