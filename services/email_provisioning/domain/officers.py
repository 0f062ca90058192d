"""Officers: appointed to dated posts, moved, and leaving; a move takes the old roles at once.

What follows from the posts and the day - where an officer belongs, under which keys they are found, when that
changes next - is set by `settle`, so that no decision has to remember it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from services.email_provisioning.domain.access import check_appoints_at, check_open, sees_officer
from services.email_provisioning.domain.decisions import Changes, Decision, Document, Occasion, plain_day
from services.email_provisioning.domain.finding import officer_keys
from services.email_provisioning.domain.posts import (
    Post,
    day_after,
    day_before,
    ended,
    ended_one,
    holds,
    in_order,
    is_over,
    lasting,
    next_change,
)
from services.email_provisioning.domain.units import unit_of
from shared.errors import Conflict, Invalid, NotFound, field_error
from shared.working_time import VIETNAM

MOST_POSTS = 200
"""More than anybody ever held; every event of an officer carries them all."""

Agencies = Mapping[str, Document]
"""Agencies by every identifier under which they are known."""


def appoint_officer(body: Mapping[str, Any], agencies: Agencies, occasion: Occasion) -> Decision:
    """A new officer with the first post."""
    post = _new_post(body["post"], agencies, occasion, "post.")
    changes: Changes = {
        "name": _tidy(body["name"]),
        "number": body["number"],
        "account": body["account"],
        "phone": body["phone"],
        "birth_date": plain_day(body["birth_date"]),
        "posts": [post],
        "left": None,
        "sample": body["sample"],
    }
    return Decision("officer_appointed", changes, body.get("reason", ""))


def give_post(officer: Document, body: Mapping[str, Any], agencies: Agencies, occasion: Occasion) -> Decision:
    """A further post beside those held, or the first one again after having left.

    Raises:
        Conflict: `post_held_already`, the same one at the same place.
    """
    post = _new_post(body["post"], agencies, occasion, "post.")
    _refuse_same(lasting(officer["posts"], post["starts_on"]), post)
    return Decision("officer_appointed", _with_posts([*officer["posts"], post], left=None), body["reason"])


def move_officer(officer: Document, body: Mapping[str, Any], agencies: Agencies, occasion: Occasion) -> Decision:
    """Another post instead of all those held: they end the day before, and their roles with them.

    Raises:
        Conflict: `officer_has_no_post` to move from, or `post_held_already`.
    """
    held = lasting(officer["posts"], occasion.today.isoformat())
    if not held:
        raise Conflict("officer_has_no_post")
    post = _new_post(body["post"], agencies, occasion, "post.")
    if len(held) == 1:
        _refuse_same(held, post)
    _check_at_all(held, agencies, occasion)
    before = ended(officer["posts"], day_before(post["starts_on"]))
    return Decision("officer_moved", _with_posts([*before, post], None, body.get("successor")), body["reason"])


def end_post(officer: Document, body: Mapping[str, Any], agencies: Agencies, occasion: Occasion) -> Decision:
    """The last day of one of several posts; the last post of all ends by leaving.

    Raises:
        NotFound: `post_unknown`, there is no such post that still lasts.
        Conflict: `last_post`.
    """
    number = body["post"]
    posts: list[Post] = list(officer["posts"])
    today = occasion.today.isoformat()
    if number >= len(posts) or is_over(posts[number], today):
        raise NotFound("post_unknown", post=number)
    _check_at_all([posts[number]], agencies, occasion)
    if len(lasting(posts, today)) == 1:
        raise Conflict("last_post")
    posts[number] = ended_one(posts[number], body["last_day"].isoformat())
    changes = _with_posts(posts, officer["left"], body["successor"])
    return Decision("officer_changed", changes, body["reason"])


def leave(officer: Document, body: Mapping[str, Any], agencies: Agencies, occasion: Occasion) -> Decision:
    """All posts end on the last day, for the cause named; those that would start later never count.

    Raises:
        Conflict: `officer_left_already`.
    """
    held = lasting(officer["posts"], occasion.today.isoformat())
    if not held:
        raise Conflict("officer_left_already")
    _check_at_all(held, agencies, occasion)
    last_day = body["last_day"].isoformat()
    posts = ended(officer["posts"], last_day)
    changes = _with_posts(posts, {"cause": body["cause"], "on": last_day}, body["successor"])
    return Decision("officer_left", changes, body["reason"])


def check_successor(officer: Document, successor: Document | None, occasion: Occasion) -> None:
    """Work goes on to another officer who holds a post, and of whom the actor may know.

    Raises:
        Invalid: `successor_not_in_post`.
    """
    if (
        successor is None
        or successor["_id"] == officer["_id"]
        or not sees_officer(occasion.actor, successor)
        or not any(holds(post, occasion.today.isoformat()) for post in successor["posts"])
    ):
        raise Invalid("request_invalid", fields=[field_error("successor", "successor_not_in_post")])


def change_officer(officer: Document, body: Mapping[str, Any], agencies: Agencies, occasion: Occasion) -> Decision:
    """Another name, staff number, account or telephone; what the body does not name stays.

    Raises:
        Conflict: `officer_unchanged`.
    """
    held = lasting(officer["posts"], occasion.today.isoformat()) or officer["posts"]
    _check_at_any(held, agencies, occasion)
    wanted = {name: body[name] for name in ("number", "account", "phone") if name in body}
    if "name" in body:
        wanted["name"] = _tidy(body["name"])
    if "birth_date" in body:
        wanted["birth_date"] = plain_day(body["birth_date"])
    changes = {name: value for name, value in wanted.items() if value != officer[name]}
    if not changes:
        raise Conflict("officer_unchanged")
    return Decision("officer_changed", changes, body["reason"])


def follow_successor(officer: Document, closed: Document, successor: Document | None) -> Decision | None:
    """What the closing of an agency does to an officer: the same post at its successor from the day after.

    Without a successor the post ends; None when nothing of the officer outlives the agency.
    """
    last_day = closed["closed_on"]
    outliving = [
        post
        for post in officer["posts"]
        if post["agency"] == closed["code"] and not is_over(post, last_day) and post["ends_on"] != last_day
    ]
    if not outliving:
        return None
    posts = [ended_one(post, last_day) if post in outliving else post for post in officer["posts"]]
    reason = f"{closed['code']} → {successor['code'] if successor else '—'}"
    if successor is not None:
        posts += [_taken_over(post, successor, last_day) for post in outliving]
        return Decision("officer_moved", _with_posts(posts, left=None), reason)
    if lasting(posts, day_after(last_day)):
        return Decision("officer_changed", _with_posts(posts, left=officer["left"]), reason)
    return Decision("officer_left", _with_posts(posts, {"cause": "agency_closed", "on": last_day}), reason)


def settle(officer: Mapping[str, Any], agencies: Agencies, today: str) -> Changes:
    """Everything that follows from the officer's posts on this day."""
    held = lasting(officer["posts"], today)
    last = max((post["ends_on"] or "" for post in officer["posts"]), default="")
    belongs = held or [post for post in officer["posts"] if (post["ends_on"] or "") == last]
    places = [
        {"agency": post["agency"], "within": list(agencies[post["agency"]]["within"]), "roles": list(post["roles"])}
        for post in belongs
    ]
    keys = officer_keys(officer["name"], officer["number"], places, serving=bool(held), identifier=str(officer["_id"]))
    return {
        "places": places,
        "serving": bool(held),
        "next_due_at": _midnight(next_change(officer["posts"], today)),
        **keys,
    }


def _midnight(day: str | None) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time.min, VIETNAM) if day else None


def _new_post(body: Mapping[str, Any], agencies: Agencies, occasion: Occasion, path: str) -> dict[str, Any]:
    agency = agencies.get(body["agency"])
    if agency is None:
        raise Invalid("request_invalid", fields=[field_error(f"{path}agency", "agency_unknown", agency=body["agency"])])
    check_appoints_at(occasion.actor, [agency], f"{path}agency")
    starts_on = (body["starts_on"] or occasion.today).isoformat()
    ends_on = plain_day(body["ends_on"])
    if ends_on and ends_on < starts_on:
        raise Invalid("request_invalid", fields=[field_error(f"{path}ends_on", "period_reversed")])
    check_open(agency, starts_on)
    check_open(agency, min(max(starts_on, occasion.today.isoformat()), ends_on or "9999-12-31"))
    if body["unit"] is not None:
        _check_unit(agency, body["unit"], starts_on, path)
    return {
        "agency": agency["code"],
        "unit": body["unit"],
        "title": _tidy(body["title"]),
        "roles": sorted(set(body["roles"])),
        "starts_on": starts_on,
        "ends_on": min(filter(None, (ends_on, agency["closed_on"])), default=None),
    }


def _check_unit(agency: Document, code: str, day: str, path: str) -> None:
    try:
        unit = unit_of(agency, code)
    except NotFound as error:
        raise Invalid("request_invalid", fields=[field_error(f"{path}unit", error.code, unit=code)]) from error
    if unit["closed_on"] and unit["closed_on"] < day:
        raise Invalid("request_invalid", fields=[field_error(f"{path}unit", "unit_closed", unit=code)])


def _refuse_same(held: Sequence[Post], post: Post) -> None:
    same = ("agency", "unit", "title", "roles")
    if any(all(known[name] == post[name] for name in same) for known in held):
        raise Conflict("post_held_already", title=post["title"], agency=post["agency"])


def _check_at_all(posts: Sequence[Post], agencies: Agencies, occasion: Occasion) -> None:
    check_appoints_at(occasion.actor, [agencies[post["agency"]] for post in posts])


def _check_at_any(posts: Sequence[Post], agencies: Agencies, occasion: Occasion) -> None:
    mine = [post for post in posts if occasion.actor.agency in agencies[post["agency"]]["within"]]
    _check_at_all(mine or posts, agencies, occasion)


def _with_posts(posts: Sequence[Post], left: Mapping[str, Any] | None, successor: str | None = None) -> Changes:
    if len(posts) > MOST_POSTS:
        raise Conflict("too_many_posts", limit=MOST_POSTS)
    return {"posts": in_order(posts), "left": left, "successor": successor}


def _taken_over(post: Post, successor: Document, last_day: str) -> dict[str, Any]:
    """The post as it goes on at the successor; a unit goes on where the successor has one of the same code."""
    codes = {unit["code"] for unit in successor["units"]}
    unit = post["unit"] if post["unit"] in codes else None
    starts_on = max(day_after(last_day), post["starts_on"])
    return {**post, "agency": successor["code"], "unit": unit, "starts_on": starts_on}


def _tidy(name: str) -> str:
    """One blank between words, composed letters, so that the same name is the same text."""
    return unicodedata.normalize("NFC", " ".join(name.split()))
