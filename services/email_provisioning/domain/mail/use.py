"""Figures of official mail: how many officers have a mailbox, and how many mailboxes are in regular use.

Each figure says what was divided by what; where nothing could be counted the value is missing, which is not 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from services.email_provisioning.domain.mail.guards import PERSONAL
from services.email_provisioning.domain.posts import Post, holds

Row = Mapping[str, Any]

DAYS_OF_RULE = 30
"""The rule of the house says on how many of so many days a mailbox in regular use is used."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted at an agency.

    `officers` are in post on the last day, `with_mailbox` of them have a personal mailbox on a mail host, `mailboxes`
    are the personal ones there. Of `not_reported` no host ever told anything; `regular` are used often enough.
    """

    officers: int
    with_mailbox: int
    mailboxes: int
    not_reported: int
    regular: int

    def to_dict(self) -> dict[str, Any]:
        """The figures as they are answered."""
        return {
            "coverage": share(self.with_mailbox, self.officers),
            "regular_use": share(self.regular, self.mailboxes - self.not_reported),
            "mailboxes": self.mailboxes,
            "not_reported": self.not_reported,
        }


def share(numerator: int, denominator: int) -> dict[str, Any]:
    """A share in percent, with two digits; missing when there is nothing to be divided by."""
    value = round(100 * numerator / denominator, 2) if denominator else None
    return {"numerator": numerator, "denominator": denominator, "value": value}


def least_days(first: date, last: date, of_thirty: int) -> int:
    """On how many days of a period a mailbox in regular use is used; at least one."""
    return max(1, ceil(((last - first).days + 1) * of_thirty / DAYS_OF_RULE))


def days_used(row: Row, first: date, last: date) -> int:
    """On how many days of a period a mailbox was used."""
    days = ((month, day) for month, days in (row.get("days") or {}).items() for day in days)
    return sum(f"{first}" <= f"{month}-{day:02d}" <= f"{last}" for month, day in days)


def is_there(row: Row, day: str) -> bool:
    """Whether a mail host had the mailbox on a day."""
    first, until = row.get("there_from"), row.get("there_until")
    return row["kind"] == PERSONAL and first is not None and first <= day and (until is None or day < until)


def in_post(posts: Mapping[str, Iterable[Post]], agencies: Iterable[str], day: str) -> dict[str, set[str]]:
    """The officers in post on a day, by agency."""
    found: dict[str, set[str]] = {agency: set() for agency in agencies}
    for officer, held in posts.items():
        for post in held:
            if post["agency"] in found and holds(post, day):
                found[post["agency"]].add(officer)
    return found


def count(
    officers: Mapping[str, set[str]], owners: set[str], rows: Sequence[Row], period: tuple[date, date], least: int
) -> tuple[Figures, dict[str, Figures]]:
    """The figures of all together, where an officer of two agencies counts once, and of each that has any.

    `officers` by agency are in post, `owners` have a mailbox, `rows` are the mailboxes that are there.
    """
    by_agency: dict[str, list[Row]] = {}
    for row in rows:
        by_agency.setdefault(row["agency"], []).append(row)
    each = {
        agency: _figures(officers.get(agency, set()), owners, by_agency.get(agency, []), period, least)
        for agency in sorted({*officers, *by_agency})
        if officers.get(agency) or by_agency.get(agency)
    }
    return _figures(set().union(*officers.values()), owners, rows, period, least), each


def _figures(
    officers: set[str], owners: set[str], rows: Sequence[Row], period: tuple[date, date], least: int
) -> Figures:
    return Figures(
        officers=len(officers),
        with_mailbox=len(officers & owners),
        mailboxes=len(rows),
        not_reported=sum("at" not in row for row in rows),
        regular=sum(days_used(row, *period) >= least for row in rows),
    )
