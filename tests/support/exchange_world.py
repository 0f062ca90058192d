"""Document routing with its exchange over ports in memory; a letter is the message itself, its file a name for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, cast

from services.document_routing.domain import package as p
from services.document_routing.domain.agencies import Connection
from services.document_routing.domain.edxml.check import faults, invalid_message, strict_faults
from services.document_routing.domain.edxml.message import DocumentMessage, Message
from services.document_routing.ports_exchange import Exchange, Letter, Partner
from services.document_routing.usecases import exchange_receive, exchange_send
from services.document_routing.usecases.exchange_due import fire_package
from services.document_routing.usecases.exchange_reactions import HEARD_IN_EXCHANGE, react_in_exchange
from services.document_routing.usecases.reactions import HEARD, react
from shared.contracts.base import ReceivedEvent
from shared.contracts.principal import Principal
from shared.files import StoredFile
from tests.support.document_world import DocumentWorld
from tests.support.documents_in_memory import EverybodysFiles, MemoryAggregates

Row = dict[str, Any]


class MemoryLetters:
    """Messages by the names of their files; declared in `ports_exchange.Letters`."""

    def __init__(self) -> None:
        self.kept: dict[str, Message] = {}
        self._names = count(1)

    def put(self, message: Message) -> str:
        """A file that somebody uploaded."""
        name = f"{next(self._names):064x}"
        self.kept[name] = message
        return name

    def read(self, file: str, partner: Partner) -> Letter:
        wrong = faults(self.kept[file])
        if wrong:
            raise invalid_message(wrong)
        return Letter(self.kept[file], [], None, False)

    def keep_attachments(self, file: str, letter: Letter) -> list[Row]:
        assert isinstance(letter.message, DocumentMessage)
        return [
            {"id": one.content, "sha256": one.content, "name": one.name, "size": 1, "type": "application/pdf"}
            | {"role": "attachment" if number else "main"}
            for number, one in enumerate(letter.message.manifest.references)
        ]

    def write(self, message: Message, files: Sequence[Mapping[str, Any]], name: str) -> Row:
        wrong = strict_faults(message)
        if wrong:
            raise invalid_message(wrong)
        file = self.put(message)
        return {"id": file, "sha256": file, "name": name, "size": 1, "type": "application/xml"}


class MemoryMailbox:
    """Reads what the world keeps; declared in `ports_exchange.Mailbox`."""

    def __init__(self, world: "ExchangeWorld") -> None:
        self._world = world

    def package(self, package: str) -> Row | None:
        return self._world.packages.documents.get(package)

    def packages(self, agency: str, *, pending: bool, kind: str | None, after: int | None, limit: int) -> list[Row]:
        ready = [one for one in self._world.packages.documents.values() if one["position"] and one["agency"] == agency]
        offered = [one for one in ready if (one["offered"] or not pending) and kind in (None, one["kind"])]
        return sorted(offered, key=lambda one: one["position"])[:limit]

    def packages_of(self, document: str, agency: str) -> list[str]:
        wanted = document, agency, "document"
        every = self._world.packages.documents.values()
        return [one["_id"] for one in every if (one["document"], one["agency"], one["kind"]) == wanted]

    def message(self, message: str) -> Row | None:
        return self._world.messages.documents.get(message)

    def messages_of(self, document: str) -> list[Row]:
        return [one for one in self._world.messages.documents.values() if one["document"] == document]

    def document_of(self, agency: str, issued_on: date, code: str) -> Row | None:
        wanted = agency, issued_on.isoformat(), code
        every = self._world.documents.documents.values()
        found = (one["_id"] for one in every if (one["agency"], one["issued_on"], one["code"]) == wanted)
        return next((self._world.documents.find_all([one])[one] for one in found), None)


class Silent:
    """A port of which nothing comes back."""

    def append(self, document: str, hop: Mapping[str, Any]) -> None: ...
    def note(self, refusal: Mapping[str, Any]) -> None: ...
    def notify(self, notifications: Sequence[Any]) -> None: ...

    def subscribers(self, agency: str, kind: str) -> list[str]:
        return []

    def find(self, agency: str) -> Partner:
        return Partner(agency)


class Uploads(EverybodysFiles):
    """Everybody has uploaded every letter too."""

    letters: MemoryLetters

    def claim(self, file_id: str, owner: str) -> StoredFile:
        if file_id in self.letters.kept:
            return StoredFile(file_id, 1, "application/xml", "thong-diep.xml")
        return super().claim(file_id, owner)


@dataclass
class ExchangeWorld(DocumentWorld):
    """The use cases of the exchange too."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.messages, self.packages = MemoryAggregates(self._hear), MemoryAggregates(self._hear)
        self.letters, self.files = MemoryLetters(), Uploads()
        self.files.letters = self.letters
        unused: Any = None
        silent = cast(Any, Silent())
        exchange = Exchange(
            messages=self.messages,
            packages=self.packages,
            subscriptions=unused,
            letters=cast(Any, self.letters),
            partners=silent,
            refusals=silent,
            mailbox=cast(Any, MemoryMailbox(self)),
            log=silent,
            webhooks=silent,
            targets=unused,
            vault=unused,
            outside=None,
        )
        self.context = replace(self.context, exchange=exchange, files=cast(Any, self.files))

    def connect(self, agency: str, mode: str) -> None:
        """Say how an agency gets its documents."""
        self.offices.connect(Connection(agency, mode))

    def apply(self, event: ReceivedEvent) -> None:
        """Let everything follow that follows from one event."""
        if event.event in HEARD:
            react(self.context, event)
        if event.event in HEARD_IN_EXCHANGE or event.event in HEARD:
            react_in_exchange(self.context, event)

    def settle(self) -> None:
        """Let everything follow that follows, packages' files included."""
        self.write_packages()
        while self.pending:
            self.apply(self.pending.pop(0))
            self.write_packages()

    def write_packages(self) -> None:
        """Write the files of all packages that are to be offered."""
        for identifier, package in list(self.packages.documents.items()):
            if package["status"] == p.PREPARING:
                fire_package(self.context, identifier)

    def send(self, message: Message, principal: Principal) -> Row:
        """A message of an agency's system."""
        request = {"file": self.letters.put(message), "_command": self.command()}
        return exchange_send.send_message(self.context, request, principal)

    def tell(self, principal: Principal, exchange_id: str, status: str, **rest: Any) -> Row:
        """A status of an agency's system."""
        request = {"exchange_id": exchange_id, "status": status, **rest, "_command": self.command()}
        return exchange_send.send_status(self.context, request, principal)

    def offered(self, principal: Principal, kind: str = "document") -> list[Row]:
        """What an agency's system is offered."""
        request = {"kind": kind, "limit": 200}
        return list(exchange_receive.list_received_packages(self.context, request, principal)["items"])

    def fetch(self, principal: Principal, package: str) -> Message:
        """Fetch a package."""
        return self.letters.kept[exchange_receive.fetch_package(self.context, {"package": package}, principal)["file"]]

    def acknowledge(self, principal: Principal, package: str, outcome: str) -> Row:
        """Say how it went."""
        request = {"package": package, "outcome": outcome, "_command": self.command()}
        return exchange_receive.acknowledge_package(self.context, request, principal)
