"""Agencies and officers as they are answered."""

from collections.abc import Mapping
from typing import Any

from services.email_provisioning.domain.posts import holds, is_over

_AGENCY_ROW = (
    "code",
    "legacy_codes",
    "name",
    "level",
    "kind",
    "parent",
    "province",
    "closed_on",
    "successors",
    "sample",
    "version",
)
_AGENCY = (*_AGENCY_ROW, "area", "timetable", "sectors", "reception", "address", "phone", "opened_on", "units")


def agency_row(agency: Mapping[str, Any]) -> dict[str, Any]:
    """One row of a list."""
    return {name: agency[name] for name in _AGENCY_ROW}


def agency_view(agency: Mapping[str, Any]) -> dict[str, Any]:
    """One agency with its units and what stands above it."""
    return {name: agency[name] for name in _AGENCY} | {"above": agency["within"][1:]}


def officer_row(officer: Mapping[str, Any], today: str) -> dict[str, Any]:
    """One row of a list, with the posts that last; of those who have left, the last ones."""
    posts = [post for post in post_views(officer, today) if not is_over(post, today)]
    return {
        "id": officer["_id"],
        "name": officer["name"],
        "number": officer["number"],
        "posts": posts or post_views(officer, today)[-1:],
        "serving": bool(posts),
        "sample": officer["sample"],
        "version": officer["version"],
    }


def officer_view(officer: Mapping[str, Any], today: str, *, private: bool) -> dict[str, Any]:
    """One officer with every post; `private` adds what only administrators see."""
    left = officer["left"]
    return {
        **officer_row(officer, today),
        "posts": post_views(officer, today),
        "account": officer["account"] if private else None,
        "phone": officer["phone"] if private else None,
        "birth_date": officer["birth_date"] if private else None,
        "left": left if private or left is None else {"on": left["on"]},
    }


def post_views(officer: Mapping[str, Any], today: str) -> list[dict[str, Any]]:
    """The officer's posts with their places in the list."""
    return [{"number": number, **post, "holds": holds(post, today)} for number, post in enumerate(officer["posts"])]
