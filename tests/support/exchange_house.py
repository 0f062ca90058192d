"""Document routing with its exchange over a real database: every reaction in a transaction, files in their store."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from services.document_routing.adapters.exchange_settings import Seal
from services.document_routing.adapters.exchange_store import IDENTITY_INDEX, ensure_exchange_indexes
from services.document_routing.adapters.questions import DOCUMENT_INDEXES
from services.document_routing.assembly import exchange_of
from services.document_routing.domain.agencies import Connection
from services.document_routing.usecases import (
    exchange_evidence,
    exchange_partners,
    exchange_receive,
    exchange_refusals,
    exchange_send,
    exchange_subscriptions,
)
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.exchange_due import fire_package
from services.document_routing.usecases.exchange_reactions import HEARD_IN_EXCHANGE, react_in_exchange
from services.document_routing.usecases.reactions import HEARD, react
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing.events import OWNER
from shared.contracts.principal import Principal, Role
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.history import Entry
from shared.persistence import after_commit, ensure_indexes, in_transaction
from shared.settings import Settings, load
from tests.support.document_house import DocumentHouse
from tests.support.document_world import person
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD

MODULES = (
    exchange_evidence,
    exchange_partners,
    exchange_receive,
    exchange_refusals,
    exchange_send,
    exchange_subscriptions,
)
THEIR_SYSTEM = person("he-thong-so", Role.AGENCY_SYSTEM, DEPARTMENT)
OTHER_SYSTEM = person("he-thong-la", Role.AGENCY_SYSTEM, OTHER_WARD)
PDF = b"%PDF-1.4\n" + b"cong van so mot " * 40 + b"\n%%EOF"
ANNEX = b"%PDF-1.4\n" + b"phu luc kem theo " * 40 + b"\n%%EOF"


@dataclass
class ExchangeHouse(DocumentHouse):
    """The use cases of the exchange too; `ask` calls one by its operation's name."""

    folder: Path | None = None
    seal: Seal | None = None
    settings: Settings = field(
        default_factory=lambda: load({"AMQP_URI": "x", "MONGO_URI": "x", "WEBHOOK_TARGETS": "any"})
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.database is not None
        ensure_exchange_indexes(self.database)
        ensure_indexes(self.database["documents"], [*DOCUMENT_INDEXES, IDENTITY_INDEX])

    def replica(self) -> Context:
        context = super().replica()
        assert self.database is not None
        assert self.client is not None
        bucket = MongoBucket(self.client[f"{self.database.name}_files"])
        bucket.ensure_indexes()
        settings = replace(self.settings, outside_folder=self.folder)
        if self.seal is not None and self.folder is not None:
            certificate = self.folder / "certificate.pem"
            certificate.write_text(self.seal.certificate)
            settings = replace(settings, exchange_key=self.seal.key, exchange_certificate=certificate)
        self.store = FileStore(bucket, allowed=settings.allowed_file_types)
        exchange = exchange_of(self.database, bucket, settings, lambda _, __: self._hear_all)
        return replace(context, files=self.store, exchange=exchange)

    def _hear_all(self, subject: str, entries: Any) -> None:
        after_commit(partial(super()._hear_all, subject, entries))

    def _hear(self, subject: str, entry: Entry) -> None:
        event = Event.registry[f"{OWNER}.{entry['type']}"]
        data = event.load(entry["data"])
        told = {"historyhash": entry["hash"]}
        self.pending.append(
            ReceivedEvent(event, entry["id"], subject, entry["seq"], entry["at"], data, extensions=told)
        )

    def settle(self) -> None:
        """Let everything follow that follows, packages' files included."""
        assert self.client is not None
        while self.pending:
            event = self.pending.pop(0)
            in_transaction(self.client, partial(self._apply, event))
            self._fire_packages()

    def _apply(self, event: ReceivedEvent) -> None:
        if event.event in HEARD:
            react(self.context, event)
        if event.event in HEARD_IN_EXCHANGE or event.event in HEARD:
            react_in_exchange(self.context, event)

    def _fire_packages(self) -> None:
        assert self.database is not None
        due = {"next_due_at": {"$lte": self.now}}
        for package in self.database["packages"].find(due, {"_id": 1}):
            fire_package(self.context, package["_id"])

    def ask(self, operation: str, principal: Principal, **request: Any) -> Any:
        """Ask as the gateway would; what looks like a command gets a key."""
        use_case = next(getattr(module, operation) for module in MODULES if hasattr(module, operation))
        given = {"_command": self.command(request.pop("key", "")), **request}
        return use_case(self.context, given, principal)

    def upload(self, content: bytes, name: str, principal: Principal) -> str:
        """A file that somebody uploaded."""
        put = self.store.put(io.BytesIO(content), limit=10**8, name=name, declared_type="", owner=principal.subject)
        return put.id

    def connect(self, agency: str, mode: str, name: str | None = None) -> None:
        """Say how an agency gets its documents."""
        self.context.copies.connect(Connection(agency, mode, None, name))

    def row(self, collection: str, **wanted: Any) -> dict[str, Any]:
        """The one stored row."""
        assert self.database is not None
        (found,) = self.database[collection].find(wanted)
        return found

    def alter(self, collection: str, wanted: Mapping[str, Any], **values: Any) -> None:
        """Change what is stored behind everybody's back."""
        assert self.database is not None
        assert self.database[collection].update_one(wanted, {"$set": values}).modified_count == 1
