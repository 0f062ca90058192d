"""The copy of the officers in memory, and the directory's events about people in a test."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.email_provisioning.events import OfficerAppointed
from shared.contracts.principal import Principal
from shared.officer_copies import OfficerCopies, Row, keep_officer
from shared.officers import Officer

SINCE = "2025-07-01"


class MemoryOfficers:
    """Declared in `shared.officer_copies`."""

    def __init__(self, *people: Principal) -> None:
        self.rows: dict[str, Row] = {}
        for person in people:
            keep_officer(self, appointed(person), datetime(2025, 7, 1, tzinfo=UTC))

    def row(self, officer: str) -> Row | None:
        return self.rows.get(officer)

    def put(self, row: Row) -> None:
        self.rows[row["_id"]] = row

    def with_posts_at(self, agencies: Collection[str]) -> list[Officer]:
        found = map(Officer.from_dict, self.rows.values())
        return [one for one in found if one.account and any(post.agency in agencies for post in one.posts)]

    def settle(self, officer: str, heard: int, changes: Mapping[str, Any]) -> bool:
        if self.rows[officer]["heard"] == heard:
            self.rows[officer] |= changes
        return bool(self.rows[officer]["heard"] == heard)

    def of_account(self, account: str) -> Officer | None:
        found = (row for row in self.rows.values() if row["account"] == account)
        return next(map(Officer.from_dict, found), None)

    def is_filling(self, now: datetime) -> bool:
        return not self.rows


def post(agency: str, *roles: str, starts_on: str = SINCE, ends_on: str | None = None) -> dict[str, Any]:
    """A post in the form of the directory's events."""
    return {
        "agency": agency,
        "unit": None,
        "title": "Chuyên viên",
        "roles": sorted(roles),
        "starts_on": date.fromisoformat(starts_on),
        "ends_on": date.fromisoformat(ends_on) if ends_on else None,
    }


def announced(
    event: type[Event], officer: str, sequence: int, name: str, posts: Iterable[dict[str, Any]], **more: Any
) -> ReceivedEvent:
    """An event of the directory about an officer, whose account is their id unless another one is given."""
    data = event.load(event.dump(**{"account": officer} | more, name=name, posts=list(posts)))
    return ReceivedEvent(event, f"{officer}:{sequence}", officer, sequence, datetime(2026, 10, 5, tzinfo=UTC), data)


def appointed(person: Principal) -> ReceivedEvent:
    """That somebody of a test holds what their token says."""
    roles = sorted(map(str, person.roles))
    return announced(OfficerAppointed, person.subject, 1, person.name, [post(person.agency, *roles)])


def appoint(copies: OfficerCopies, *people: Principal) -> None:
    """Let a copy know of people."""
    for person in people:
        keep_officer(copies, appointed(person), datetime(2026, 10, 5, tzinfo=UTC))
