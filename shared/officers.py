"""Officers as every service knows them: their names, their accounts, and the dated posts that give them roles.

Pure: what is known comes from the directory's events, the day from whoever asks.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Post:
    """What an officer is at one agency, or in a unit of it, from `starts_on` to `ends_on`, both included."""

    agency: str
    roles: frozenset[str]
    starts_on: date
    ends_on: date | None

    def counts_on(self, day: date) -> bool:
        """Whether it counts on this day."""
        return self.starts_on <= day <= (self.ends_on or date.max)


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer; `account` is the key of the issuer of tokens, `successor` the officer who takes over open work."""

    id: str
    name: str
    account: str | None
    posts: tuple[Post, ...]
    successor: str | None

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read what a copy keeps: the fields of the directory's events, with days as text."""
        return cls(
            id=plain["_id"],
            name=plain["name"],
            account=plain.get("account"),
            posts=tuple(
                Post(
                    post["agency"],
                    frozenset(post["roles"]),
                    date.fromisoformat(post["starts_on"]),
                    date.fromisoformat(post["ends_on"]) if post["ends_on"] else None,
                )
                for post in plain["posts"]
            ),
            successor=plain.get("successor"),
        )

    def roles_at(self, agencies: Collection[str], day: date) -> frozenset[str]:
        """What the posts at these agencies let the officer do on this day."""
        return frozenset(role for agency, role in self.granted(day) if agency in agencies)

    def granted(self, day: date) -> Iterator[tuple[str, str]]:
        """Every role that counts on this day, with its agency."""
        return ((post.agency, role) for post in self.posts if post.counts_on(day) for role in post.roles)

    def next_end(self, day: date) -> date | None:
        """The first day after this one on which a post that counts today, or later, no longer does."""
        ends = [post.ends_on for post in self.posts if post.ends_on and post.ends_on >= max(day, post.starts_on)]
        return min(ends) + timedelta(days=1) if ends else None


UNKNOWN, ELSEWHERE = "officer_unknown", "officer_elsewhere"
NOT_IN_POST, OTHER_ROLE = "officer_not_in_post", "officer_of_other_role"


def unfit(officer: Officer | None, agencies: Collection[str], roles: Collection[str], day: date) -> str:
    """Why an officer cannot be given work of these agencies that takes one of the roles; empty when they can."""
    if officer is None:
        return UNKNOWN
    if not any(post.agency in agencies for post in officer.posts):
        return ELSEWHERE
    held = officer.roles_at(agencies, day)
    if not held and not any(post.counts_on(day) for post in officer.posts if post.agency in agencies):
        return NOT_IN_POST
    return "" if held & set(roles) else OTHER_ROLE
