"""A service's copy of the officers: kept from the directory's events, asked who may act and who may be given work.

When a role ends, open work goes on to somebody else. That is due work of the officer's row, because it may be much
and because a post also ends by the calendar. Whatever ended is looked at twice: a command that read the copy before
may be stored after the first look.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.values import POST_ROLES
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Unavailable
from shared.officers import UNKNOWN, Officer
from shared.working_time import VIETNAM

LOOKS = 2
LOOK_AGAIN = timedelta(seconds=60)
"""Longer than any request may take."""

FILLING = timedelta(seconds=60)
"""How long after it asked for everything a new copy is not believed when it says that there is no such officer."""

Row = dict[str, Any]
"""An officer as kept: `heard` numbers the newest event, `looks` are still to be taken at the work of `accounts`."""


class Accounts(Protocol):
    """Knows officers by their accounts."""

    def of_account(self, account: str) -> Officer | None:
        """The officer whom the issuer knows by this key."""


class OfficerCopies(Accounts, Protocol):
    """Keeps the copy. Every method may raise `Unavailable`."""

    def row(self, officer: str) -> Row | None:
        """One officer as kept."""

    def put(self, row: Row) -> None:
        """Keep an officer; to be called inside the transaction that read the row before."""

    def with_posts_at(self, agencies: Collection[str]) -> list[Officer]:
        """Who has, had or will have a post at one of these agencies, and an account."""

    def settle(self, officer: str, heard: int, changes: Mapping[str, Any]) -> bool:
        """Note that work was looked at, unless a newer event was heard meanwhile."""

    def is_filling(self, now: datetime) -> bool:
        """Whether the copy is so new that an officer may be missing from it who is in the directory."""


def keep_officer(copies: OfficerCopies, event: ReceivedEvent, now: datetime) -> None:
    """Keep what the newest event says of an officer, in whatever order they come."""
    former = copies.row(event.subject)
    if former is None or former["heard"] < event.sequence:
        copies.put(heard(former, event, now))


def heard(former: Row | None, event: ReceivedEvent, now: datetime) -> Row:
    """The row after an event; who lost something, or was already gone when first heard of, is looked at."""
    data, today = event.data, now.astimezone(VIETNAM).date()
    posts = [
        {
            "agency": post["agency"],
            "roles": list(post["roles"]),
            "starts_on": post["starts_on"].isoformat(),
            "ends_on": post["ends_on"].isoformat() if post["ends_on"] else None,
        }
        for post in data["posts"]
    ]
    row: Row = {
        "_id": event.subject,
        "name": data["name"],
        "account": data["account"],
        "posts": posts,
        "successor": data["successor"],
        "heard": event.sequence,
    }
    officer = Officer.from_dict(row)
    accounts = [officer.account, *(former["accounts"] if former else ())]
    if former is None:
        looks = LOOKS if any(post.ends_on and post.ends_on < today for post in officer.posts) else 0
    else:
        lost = set(Officer.from_dict(former).granted(today)) - set(officer.granted(today))
        looks = LOOKS if lost or former["account"] != officer.account else former["looks"]
    return row | {
        "accounts": list(dict.fromkeys(filter(None, accounts))),
        "looks": looks,
        "next_due_at": now if looks else _end(officer, today),
    }


def _end(officer: Officer, today: date) -> datetime | None:
    day = officer.next_end(today)
    return datetime.combine(day, time.min, VIETNAM) if day else None


def looked_at(row: Row, now: datetime) -> dict[str, Any]:
    """What changes in a row once its work was looked at."""
    officer, today = Officer.from_dict(row), now.astimezone(VIETNAM).date()
    looks = (row["looks"] or LOOKS) - 1
    if looks:
        return {"looks": looks, "next_due_at": now + LOOK_AGAIN}
    accounts = [officer.account] if officer.account else []
    return {"looks": 0, "accounts": accounts, "next_due_at": _end(officer, today)}


HandOn = Callable[[str, Officer, Officer | None], None]
"""Takes what `account` has and its officer may no longer have to the officer's successor, or back to the queue."""


def look_after_work(copies: OfficerCopies, officer: str, now: datetime, hand_on: HandOn) -> None:
    """Hand on what an officer may no longer have. All of it may be done again: what was handed on is not found."""
    row = copies.row(officer)
    if row is None:
        return
    known = Officer.from_dict(row)
    after = copies.row(known.successor) if known.successor else None
    for account in row["accounts"]:
        hand_on(account, known, Officer.from_dict(after) if after else None)
    copies.settle(officer, row["heard"], looked_at(row, now))


def officer_named(copies: OfficerCopies, account: str, now: datetime) -> Officer | None:
    """The officer of an account, None when the directory knows none.

    Raises:
        Unavailable: `officers_awaited`, a new copy is still being filled, so nothing can be said.
    """
    officer = copies.of_account(account)
    if officer is None and copies.is_filling(now):
        raise Unavailable("officers_awaited")
    return officer


def in_post(
    copies: OfficerCopies, agencies: Collection[str], roles: Collection[str], now: datetime
) -> list[dict[str, Any]]:
    """Who holds one of the roles at these agencies now, by name, with the account under which work is given."""
    today = now.astimezone(VIETNAM).date()
    held = {one: sorted(one.roles_at(agencies, today) & set(roles)) for one in copies.with_posts_at(agencies)}
    rows = [{"account": one.account, "name": one.name, "roles": roles} for one, roles in held.items() if roles]
    return sorted(rows, key=lambda row: (row["name"], row["account"]))


def own_record(copies: OfficerCopies, account: str, now: datetime) -> Officer:
    """The record of somebody who takes work for themselves.

    Raises:
        Forbidden: `officer_unknown`.
    """
    officer = officer_named(copies, account, now)
    if officer is None:
        raise Forbidden(UNKNOWN, officer=account)
    return officer


_OF_POSTS = frozenset(POST_ROLES)


def entitled(
    principal: Principal | None,
    known: Accounts,
    agencies_of: Callable[[str, date], Collection[str]],
    now: datetime,
) -> Principal | None:
    """The caller with those roles of the token that their posts still give; a role ends before the token does.

    `agencies_of` says at which agencies posts count for the one that the caller acts for; a token for no agency, as
    that of the platform's own editors, needs the post that gives its role anywhere. Nothing is taken from
    those whom the directory does not know, such as programs, nor any role that no post gives.

    Raises:
        Forbidden: `post_not_held`, no role is left.
    """
    if principal is None or _OF_POSTS.isdisjoint(principal.roles):
        return principal
    officer = known.of_account(principal.subject)
    if officer is None:
        return principal
    today = now.astimezone(VIETNAM).date()
    if principal.agency:
        held = officer.roles_at(agencies_of(principal.agency, today), today)
    else:
        held = frozenset(role for _, role in officer.granted(today))
    roles = frozenset(role for role in principal.roles if role not in _OF_POSTS or role in held)
    if not roles:
        raise Forbidden("post_not_held", agency=principal.agency)
    return principal if roles == principal.roles else replace(principal, roles=roles)
