"""Dated posts: a post counts on the days from `starts_on` to `ends_on`, both included."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Post = Mapping[str, Any]


def holds(post: Post, day: str) -> bool:
    """Whether the post counts on this day."""
    return bool(post["starts_on"] <= day <= (post["ends_on"] or "9999-12-31"))


def is_over(post: Post, day: str) -> bool:
    """Whether the post counts neither on this day nor on any later one."""
    return bool(post["ends_on"]) and (post["ends_on"] < day or post["ends_on"] < post["starts_on"])


def lasting(posts: Iterable[Post], day: str) -> list[Post]:
    """The posts that count on this day or a later one."""
    return [post for post in posts if not is_over(post, day)]


def roles_on(posts: Iterable[Post], agency: str, day: str) -> set[str]:
    """What the posts let their holder do at one agency on this day."""
    return {role for post in posts if post["agency"] == agency and holds(post, day) for role in post["roles"]}


def ended(posts: Sequence[Post], last_day: str) -> list[dict[str, Any]]:
    """The same posts, none of which counts after the last day; one that would start later never counts."""
    return [ended_one(post, last_day) for post in posts]


def ended_one(post: Post, last_day: str) -> dict[str, Any]:
    """A post that does not count after the last day; one that would start later never counts."""
    if post["ends_on"] and post["ends_on"] <= last_day:
        return dict(post)
    return {**post, "ends_on": last_day if post["starts_on"] <= last_day else day_before(post["starts_on"])}


def in_order(posts: Iterable[Post]) -> list[Post]:
    """In the order of their first days, as they are stored and announced."""
    return sorted(posts, key=lambda post: (post["starts_on"], post["agency"], post["unit"] or "", post["title"]))


def next_change(posts: Iterable[Post], day: str) -> str | None:
    """The first day after this one on which another post counts or one no longer does."""
    days = [post["starts_on"] for post in posts if not is_over(post, day)]
    days += [day_after(post["ends_on"]) for post in posts if post["ends_on"] and not is_over(post, day)]
    return min((found for found in days if found > day), default=None)


def day_before(day: str) -> str:
    """The day before, as text."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """The day after, as text."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
