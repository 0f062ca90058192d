"""The one-stop shop over a real database: the adapters of the service, a clock that is set, no bus."""

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.one_stop_shop.adapters.agencies import Agencies
from services.one_stop_shop.adapters.application_queries import ApplicationQueries
from services.one_stop_shop.adapters.applications import Applications
from services.one_stop_shop.adapters.catalogue import Procedures
from services.one_stop_shop.adapters.drafts import Drafts
from services.one_stop_shop.adapters.form_printer import FormPrinter
from services.one_stop_shop.adapters.notices import Notices
from services.one_stop_shop.adapters.presence import Presence
from services.one_stop_shop.adapters.printed_forms import PrintedForms
from services.one_stop_shop.adapters.register_sheet import register_sheet
from services.one_stop_shop.adapters.reports import Reports
from services.one_stop_shop.adapters.rule_cache import CachedCatalogue, CachedOffices
from services.one_stop_shop.usecases import (
    publishing,
    queries_agencies,
    queries_applications,
    queries_catalogue,
    queries_files,
    queries_follow,
    queries_reports,
    queries_synchronisation,
)
from shared.contracts.principal import Principal
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.persistence import in_transaction
from tests.support.shop_in_memory import EverybodysFiles, catalogue
from tests.support.world import World

Document = dict[str, Any]

MODULES = (
    publishing,
    queries_agencies,
    queries_applications,
    queries_catalogue,
    queries_files,
    queries_follow,
    queries_reports,
    queries_synchronisation,
)


class UploadedAndPrinted(EverybodysFiles):
    """The file that everybody has uploaded, and a real store for what is printed."""

    def __init__(self, store: FileStore) -> None:
        self.store = store
        self.put, self.exists = store.put, store.exists


@dataclass
class House(World):
    """The use cases over MongoDB; `ask` answers a question by its operation's name."""

    database: Database[Document] | None = None
    client: MongoClient[Document] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.database is not None
        assert self.client is not None
        store, bucket = self.database, MongoBucket(self.client[f"{self.database.name}_files"])
        procedures, agencies = Procedures(store, _silent), Agencies(store)
        applications, queries, reports = Applications(store, _silent), ApplicationQueries(store), Reports(store)
        notices, drafts = Notices(store), Drafts(store)
        for part in (applications, queries, reports, notices, drafts, procedures, bucket):
            part.ensure_indexes()
        self.loaded = agencies.load(catalogue()) + procedures.load(catalogue(), self.now)
        self.context = replace(
            self.context,
            applications=applications,
            queries=queries,
            reports=reports,
            presence=Presence(store),
            notices=notices,
            drafts=drafts,
            procedures=procedures,
            agencies=agencies,
            catalogue=CachedCatalogue(procedures, 0),
            offices=CachedOffices(agencies),
            printed=PrintedForms(store),
            printer=FormPrinter(),
            sheet=register_sheet,
            together=partial(in_transaction, self.client),
            files=UploadedAndPrinted(FileStore(bucket, allowed=("pdf", "xlsx"))),
        )

    def __getitem__(self, application: str) -> Document:
        assert self.database is not None
        found = self.database["applications"].find_one({"_id": application})
        assert found is not None
        return found

    def ask(self, operation: str, principal: Principal | None, **request: Any) -> Any:
        """Ask a question as the gateway would."""
        return use_case(operation)(self.context, request, principal)

    def pages(self, operation: str, principal: Principal | None, limit: int = 50, **request: Any) -> list[Any]:
        """All rows of a list, page by page."""
        rows, cursor = [], None
        while True:
            page = self.ask(operation, principal, limit=limit, cursor=cursor, **request)
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows

    def pages_back(self, operation: str, principal: Principal | None, cursor: Any, **request: Any) -> list[Any]:
        """All rows before a place of a list, page by page backwards."""
        rows: list[Any] = []
        while cursor is not None:
            page = self.ask(operation, principal, cursor=cursor, back=True, **request)
            rows, cursor = page["items"] + rows, page["next"]
        return rows


@cache
def use_case(operation: str) -> Any:
    """The function that answers an operation."""
    return next(getattr(module, operation) for module in MODULES if hasattr(module, operation))


def _silent(_: str, __: Any) -> None:
    """Nobody listens to events here."""
