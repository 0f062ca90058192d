"""The kinds of official document with their abbreviations (Decree 30, Article 7 and Annex III)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from shared.errors import Invalid, field_error

RESULT = "Kết quả thủ tục hành chính"
"""What results of applications are called in the register; they are no kind of document of the decree."""

_UNLISTED_EN = {RESULT: "Result of an administrative procedure"}


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind; without an abbreviation the symbol names agency and drafting unit instead (công văn).

    `number` is that of QCVN 102, which does not list every kind.
    """

    kind: str
    name: str
    name_en: str
    abbreviation: str
    by_unit: bool
    number: int | None

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read the form of the data file."""
        abbreviation = plain.get("abbreviation", "")
        return cls(plain["kind"], plain["vi"], plain["en"], abbreviation, not abbreviation, plain.get("edxml"))

    @property
    def plain_name(self) -> str:
        """The name without what is explained in brackets, as it stands on the document: Quyết định."""
        return self.name.partition(" (")[0]


class DocumentTypes:
    """All kinds, found by their names in contracts."""

    def __init__(self, types: Iterable[DocumentType]) -> None:
        self._types = {known.kind: known for known in types}

    def __iter__(self) -> Iterator[DocumentType]:
        return iter(self._types.values())

    def get(self, kind: str) -> DocumentType:
        """The kind of this name.

        Raises:
            Invalid: there is none.
        """
        if kind not in self._types:
            raise Invalid("request_invalid", fields=[field_error("kind", "document_type_unknown", kind=kind)])
        return self._types[kind]

    def name(self, kind: str) -> str:
        """What people call it; documents of other systems may be of kinds that are not listed here."""
        known = self._types.get(kind)
        return known.name if known else kind

    def name_en(self, kind: str) -> str:
        """The same in English."""
        known = self._types.get(kind)
        return known.name_en if known else _UNLISTED_EN.get(kind, kind)

    def in_messages(self, kind: str) -> tuple[int | None, str]:
        """The number and the name of a kind in edXML messages."""
        known = self._types.get(kind)
        return (known.number, known.plain_name) if known else (None, kind)

    def by_name(self, name: str) -> str:
        """The kind that another system calls so in Vietnamese, or else the name itself (D 3.2: go by `TypeName`)."""
        wanted = name.strip().casefold()
        for known in self:
            if known.plain_name.casefold() == wanted:
                return known.kind
        return name.strip()
