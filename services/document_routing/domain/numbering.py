"""Number and symbol of an outgoing document, and the identity under which exchanges know it (D 3.2, 3.4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import merge
from typing import Any

from services.document_routing.domain.document_types import DocumentType
from shared.errors import Invalid, field_error

OUTGOING, INCOMING = "outgoing", "incoming"


@dataclass(frozen=True, slots=True)
class Series:
    """A yearly series of numbers: one for all that an agency issues, paper and electronic, one for what it receives.

    It starts at 1 on 1 January and has no gaps.
    """

    agency: str
    kind: str
    year: int

    @property
    def key(self) -> str:
        """Its identity in the store."""
        return f"{self.agency}/{self.kind}/{self.year}"

    def day(self, on: date) -> date:
        """The day itself, or the last of the year where midnight of New Year passed since the series was chosen."""
        return min(on, date(self.year, 12, 31))


def faults(
    numbers: Iterable[int], last: int, skipped: Iterable[Mapping[str, Any]] = ()
) -> Iterator[tuple[int, int, str]]:
    """Where a series is not 1, 2 … `last`: first and last number of each run, and what is wrong with it.

    `numbers` are those found, in order; `skipped` the runs (`first`, `last`) that were left out on purpose. One that is
    `missing` was given and is not there any more, one that is `doubled` stands there twice, one `beyond` was never
    given by the series.
    """
    before = 0
    left_out = (range(gap["first"], gap["last"] + 1) for gap in skipped)
    for number in merge(numbers, *left_out):
        if number == before:
            yield number, number, "doubled"
        elif number > last:
            yield number, number, "beyond"
        elif number > before + 1:
            yield before + 1, number - 1, "missing"
        before = number
    if before < last:
        yield before + 1, last, "missing"


def symbol_of(kind: DocumentType, agency_symbol: str, unit: dict[str, Any] | None) -> str:
    """`QĐ-UBND` for a named type, `UBND-VP` for a công văn, which names its drafting unit instead.

    Raises:
        Invalid: a công văn without its drafting unit.
    """
    if not kind.by_unit:
        return f"{kind.abbreviation}-{agency_symbol}"
    if not unit:
        raise Invalid("request_invalid", fields=[field_error("unit", "unit_needed_for_symbol")])
    return f"{agency_symbol}-{unit['code']}"


def code_of(number: int, symbol: str) -> str:
    """`07/QĐ-UBND`: numbers below ten are written with a zero."""
    return f"{number:02d}/{symbol}"


def exchange_id(agency: str, issued_on: date, code: str) -> str:
    """The identity in edXML messages: `H13.30.01,2026/11/20,15/UBND-VP`."""
    return f"{agency},{issued_on:%Y/%m/%d},{code}"
