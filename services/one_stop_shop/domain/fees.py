"""Fees (lệ phí) and charges (phí): what is due, for what, and on which ground it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.one_stop_shop.domain.rules import Rule, holds
from services.one_stop_shop.domain.texts import Text, text
from shared.errors import FieldError, Invalid, field_error

_QUANTITIES = frozenset({"copies", "pages"})


class Collected(StrEnum):
    """When money is taken (`HinhThucThu` 1, 2, 4 of the National Portal)."""

    RECEPTION = "reception"
    SUPPLEMENT = "supplement"
    RETURN = "return"


class Per(StrEnum):
    """What an amount is charged for; pages are those of one copy."""

    APPLICATION = "application"
    COPY = "copy"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a fee table in dong; the first line whose rule and dates fit is the one that is due.

    Per page, `then_amount` holds from page `then_from` on, and `at_most` is the limit for one copy.
    """

    amount: int
    when: Rule | None = None
    ground: Text | None = None
    valid_from: date = date.min
    valid_to: date = date.max
    then_from: int | None = None
    then_amount: int = 0
    at_most: int | None = None

    def fits(self, facts: Mapping[str, Any], on: date) -> bool:
        """Whether the line applies to this situation on this day."""
        return self.valid_from <= on <= self.valid_to and holds(self.when, facts)

    def for_pages(self, pages: int) -> int:
        """What one copy of so many pages costs."""
        cheap = max(0, pages - self.then_from + 1) if self.then_from else 0
        cost = (pages - cheap) * self.amount + cheap * self.then_amount
        return cost if self.at_most is None else min(cost, self.at_most)


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee of a procedure with its table of amounts, special lines first and the ordinary one last."""

    key: str
    kind: str
    name: Text
    collected: Collected
    per: Per
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class FeeLine:
    """What is due for one fee, how it came about, and, when less than `full_amount`, on which ground."""

    key: str
    kind: str
    name: Text
    collected: Collected
    per: Per
    copies: int
    pages: int
    unit_amount: int
    amount: int
    full_amount: int
    ground: Text | None

    def to_dict(self) -> dict[str, Any]:
        """The form in which a line is stored and answered."""
        return {
            "key": self.key,
            "kind": self.kind,
            "name": self.name.to_dict(),
            "collected": str(self.collected),
            "per": str(self.per),
            "copies": self.copies,
            "pages": self.pages,
            "unit_amount": self.unit_amount,
            "amount": self.amount,
            "full_amount": self.full_amount,
            "ground": self.ground.to_dict() if self.ground else None,
        }


def reckon(
    fees: Sequence[Fee], facts: Mapping[str, Any], quantities: Mapping[str, int], on: date, *, relieved: bool = True
) -> tuple[FeeLine, ...]:
    """One explained line for each fee; quantities are `copies` and `pages`, one of each when not given.

    Without `relieved` no ground for paying less counts.
    """
    wrong = check_quantities(quantities)
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    copies, pages = quantities.get("copies", 1), quantities.get("pages", 1)
    return tuple(_line(fee, facts, copies, pages, on, relieved=relieved) for fee in fees)


def check_quantities(quantities: Mapping[str, int]) -> list[FieldError]:
    """What is wrong with quantities, each by its path."""
    return [
        field_error(
            f"quantities.{name}", "quantity_not_positive" if name in _QUANTITIES else "quantity_unknown", names=name
        )
        for name, number in quantities.items()
        if name not in _QUANTITIES or number < 1
    ]


def total(lines: Sequence[FeeLine]) -> int:
    """The sum in dong."""
    return sum(line.amount for line in lines)


def _line(fee: Fee, facts: Mapping[str, Any], copies: int, pages: int, on: date, *, relieved: bool) -> FeeLine:
    full = next(amount for amount in fee.amounts if not amount.ground and amount.fits(facts, on))
    due = next(amount for amount in fee.amounts if amount.fits(facts, on)) if relieved else full
    return FeeLine(
        key=fee.key,
        kind=fee.kind,
        name=fee.name,
        collected=fee.collected,
        per=fee.per,
        copies=1 if fee.per is Per.APPLICATION else copies,
        pages=pages if fee.per is Per.PAGE else 1,
        unit_amount=due.amount,
        amount=_cost(fee.per, due, copies, pages),
        full_amount=_cost(fee.per, full, copies, pages),
        ground=due.ground,
    )


def _cost(per: Per, amount: Amount, copies: int, pages: int) -> int:
    if per is Per.PAGE:
        return copies * amount.for_pages(pages)
    return amount.amount * (copies if per is Per.COPY else 1)


def read_fee(plain: Mapping[str, Any]) -> Fee:
    """A fee from its checked plain form."""
    return Fee(
        plain["key"],
        plain["kind"],
        text(plain["name"]),
        Collected(plain["collected"]),
        Per(plain.get("per", "application")),
        tuple(_read_amount(line) for line in plain["amounts"]),
    )


def _read_amount(plain: Mapping[str, Any]) -> Amount:
    then = plain.get("then", {})
    return Amount(
        amount=plain["amount"],
        when=plain.get("when"),
        ground=text(plain["ground"]) if "ground" in plain else None,
        valid_from=date.fromisoformat(plain["valid_from"]) if "valid_from" in plain else date.min,
        valid_to=date.fromisoformat(plain["valid_to"]) if "valid_to" in plain else date.max,
        then_from=then.get("from_page"),
        then_amount=then.get("amount", 0),
        at_most=plain.get("at_most"),
    )
