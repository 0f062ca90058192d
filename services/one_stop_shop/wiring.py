"""Puts the one-stop shop together: which adapter stands behind which port."""

from datetime import timedelta
from functools import partial

from services.one_stop_shop.adapters.agencies import Agencies
from services.one_stop_shop.adapters.application_queries import ApplicationQueries
from services.one_stop_shop.adapters.applications import Applications
from services.one_stop_shop.adapters.catalogue import Procedures
from services.one_stop_shop.adapters.drafts import Drafts
from services.one_stop_shop.adapters.notices import Notices
from services.one_stop_shop.adapters.on_demand import FormPrinterOnDemand
from services.one_stop_shop.adapters.payment_gateway import SignedPaymentPage
from services.one_stop_shop.adapters.presence import Presence
from services.one_stop_shop.adapters.printed_forms import PrintedForms
from services.one_stop_shop.adapters.register_sheet import register_sheet
from services.one_stop_shop.adapters.reports import Reports
from services.one_stop_shop.adapters.rule_cache import CachedCatalogue, CachedOffices
from services.one_stop_shop.domain.forms import Lookup
from services.one_stop_shop.usecases.context import Context, Terms
from services.one_stop_shop.usecases.fall_due import fire_due_work
from services.one_stop_shop.usecases.staffing import hand_on_applications
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.message_store import MongoMessageRequests
from shared.messaging.composition import Composition, Platform
from shared.officer_store import MongoOfficerCopies
from shared.persistence import database, in_transaction
from shared.settings import Settings
from shared.wall_clock import current_moment


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        store, settings = platform.database, platform.settings
        procedures = Procedures(store, platform.announces("procedure", store["procedures"]))
        agencies = Agencies(store)
        announce = platform.announces("application", store["applications"])
        context = Context(
            now=current_moment,
            applications=Applications(store, announce, platform.group_commit),
            drafts=Drafts(store),
            presence=Presence(store),
            notices=Notices(store),
            messages=MongoMessageRequests(store, platform.announces("message", store["messages"])),
            payments=SignedPaymentPage(settings.payment_page, settings.payment_secret),
            files=FileStore(
                MongoBucket(database(platform.client, settings, "files")), allowed=settings.allowed_file_types
            ),
            catalogue=CachedCatalogue(procedures),
            offices=CachedOffices(agencies),
            queries=ApplicationQueries(store),
            reports=Reports(store),
            procedures=procedures,
            agencies=agencies,
            printed=PrintedForms(store),
            printer=FormPrinterOnDemand(),
            sheet=register_sheet,
            terms=terms_of(settings),
            together=partial(in_transaction, platform.client),
            officers=MongoOfficerCopies(store),
        )
        platform.fires_due_work(store["applications"], partial(fire_due_work, context))
        platform.fires_due_work(store["officers"], partial(hand_on_applications, context))
        return context


def terms_of(settings: Settings) -> Terms:
    """The terms of the house from the settings."""
    site = settings.public_url.rstrip("/")
    return Terms(
        lookup=Lookup(url=f"{site}/follow/", site=site, phone=settings.hotline),
        keep_drafts=timedelta(days=settings.draft_days),
        longest_to_pay=timedelta(days=settings.payment_days),
        catalogue_agency=settings.catalogue_agency,
    )
