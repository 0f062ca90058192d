"""Adapters on large libraries that few requests need: loaded when first used, they cost no memory before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from services.document_routing.adapters.exchange_settings import Rules, Seal
from services.document_routing.domain.edxml.message import Message
from services.document_routing.domain.evidence import Evidence
from services.document_routing.ports_exchange import Letter, Partner
from shared.files import FileStore, StoredFile

if TYPE_CHECKING:
    from services.document_routing.adapters.evidence_file import ZipVault
    from services.document_routing.adapters.letters import EdxmlLetters


class LettersOnDemand:
    """Loads the XML libraries with the first message; declared in `ports_exchange.Letters`."""

    def __init__(self, files: FileStore, rules: Rules, seal: Seal | None) -> None:
        self._files = files
        self._rules = rules
        self._seal = seal

    @cached_property
    def _letters(self) -> "EdxmlLetters":
        from services.document_routing.adapters.letters import EdxmlLetters

        return EdxmlLetters(self._files, self._rules, self._seal)

    def read(self, file: str, partner: Partner) -> Letter:
        """Judge a file whole."""
        return self._letters.read(file, partner)

    def keep_attachments(self, file: str, letter: Letter) -> list[dict[str, Any]]:
        """Take the attachments of a file into the store."""
        return self._letters.keep_attachments(file, letter)

    def keep(self, content: Iterable[bytes], name: str) -> dict[str, Any]:
        """Take a file of another exchange into the store, unread."""
        return self._letters.keep(content, name)

    def write(self, message: Message, files: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
        """Write a message with the contents of stored files."""
        return self._letters.write(message, files, name)

    def certificate(self, pem: str) -> dict[str, Any]:
        """Subject, serial, fingerprint and validity of a certificate."""
        return self._letters.certificate(pem)


class VaultOnDemand:
    """Loads what writes evidence with the first export; declared in `ports_exchange.Vault`."""

    def __init__(self, contents: FileStore, store: FileStore, seal: Seal | None) -> None:
        self._contents = contents
        self._store = store
        self._seal = seal

    @cached_property
    def _vault(self) -> "ZipVault":
        from services.document_routing.adapters.evidence_file import ZipVault

        return ZipVault(self._contents, self._store, self._seal)

    def write(self, evidence: Evidence, name: str, now: datetime) -> StoredFile:
        """The stored file with all parts, their hashes, and a signature where there is a seal."""
        return self._vault.write(evidence, name, now)
