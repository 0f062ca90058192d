"""What a row of a table changes, value by value, and what of it deserves a second look before it is imported."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.email_provisioning.domain.decisions import Changes, Document
from services.email_provisioning.domain.posts import Post, day_before, lasting
from shared.errors import FieldError, field_error
from shared.words import words

_PERSON = ("name", "account", "phone", "birth_date")
_POST = ("agency", "unit", "title", "roles", "starts_on", "ends_on")
_AGENCY = (
    *("name", "name_en", "legacy_codes", "level", "kind", "parent", "province", "timetable", "address", "phone"),
    *("opened_on", "closed_on", "successors"),
)


def officer_changes(before: Document | None, after: Document, today: str) -> list[Changes]:
    """Each column that becomes another one, as `{path, old, new}`; of a new officer all that the row gives."""
    old = before or {"posts": []}
    told = _differences(_PERSON, old, after)
    post = _new_post(old, after)
    if post is not None:
        told += _differences(_POST, next(iter(lasting(old["posts"], today)), {}), post)
    return told


def officer_warnings(before: Document, after: Document, today: str) -> list[FieldError]:
    """Somebody else's name under the number, posts that end, and roles that are lost with them."""
    warnings: list[FieldError] = []
    if not _may_be_one(before["name"], after["name"]):
        warnings.append(field_error("name", "number_of_another", name=before["name"]))
    post = _new_post(before, after)
    ending = [held for held in lasting(before["posts"], today) if held not in after["posts"]]
    return warnings + [found for held in ending if post is not None for found in _losses(held, post)]


def agency_changes(before: Document | None, after: Document) -> list[Changes]:
    """Each column that becomes another one, as `{path, old, new}`."""
    return _differences(_AGENCY, _flat(before) if before else {}, _flat(after))


def _differences(names: Iterable[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Changes]:
    values = [(name, old.get(name) or None, new.get(name) or None) for name in names]
    return [{"path": name, "old": was, "new": is_now} for name, was, is_now in values if was != is_now]


def _new_post(before: Mapping[str, Any], after: Document) -> Post | None:
    """The post that a row gives, which begins after all those that it ends."""
    posts: Sequence[Post] = after["posts"]
    return next((post for post in reversed(posts) if post not in before["posts"]), None)


def _losses(held: Post, post: Post) -> list[FieldError]:
    told: list[FieldError] = []
    facts = {"agency": held["agency"], "ends_on": day_before(post["starts_on"])}
    if any(held[name] != post[name] for name in ("agency", "unit", "title")):
        told.append(field_error("title", "post_will_end", title=held["title"], **facts))
    kept = post["roles"] if post["agency"] == held["agency"] else ()
    lost = [role for role in held["roles"] if role not in kept]
    if lost:
        told.append(field_error("roles", "roles_will_end", roles=lost, **facts))
    return told


def _may_be_one(one: str, other: str) -> bool:
    """Whether two names may be one person's: the family name and the given name agree, whatever stands between."""
    first, second = words(one), words(other)
    return first[:1] + first[-1:] == second[:1] + second[-1:]


def _flat(agency: Document) -> Document:
    return {**agency, "name": agency["name"]["vi"], "name_en": agency["name"]["en"]}
