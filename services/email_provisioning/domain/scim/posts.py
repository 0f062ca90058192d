"""Which change of posts fulfils a wish, seen beside the posts that are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.email_provisioning.domain.posts import Post, day_after, lasting

_COMPARED = ("agency", "unit", "title", "roles")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do: `give_post` or `move_officer`, from which day on, and the post that ends before."""

    action: str
    starts_on: str
    former: Post | None = None


def step_towards(
    posts: Sequence[Post],
    wanted: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    *,
    starts_on: str | None,
    today: str,
) -> NextStep | None:
    """The next step, or None when such a post is held.

    `before` is the post that was wished the last time. It alone is exchanged where others are held beside it; who
    holds only one post moves. A post is never given a day that is past: what was held until today was held.
    """
    held = lasting(posts, today)
    day = max(starts_on or today, today)
    if any(_same(post, wanted) and (post["ends_on"] or day_after(today)) > today for post in held):
        return None
    ending = [post["ends_on"] for post in held if _same(post, wanted)]
    if ending:  # such as the post of somebody who left today and comes back
        return NextStep("give_post", max(day, *map(day_after, ending)))
    if len(held) == 1:
        return NextStep("move_officer", day)
    former = next((post for post in held if _same(post, before or {})), None)
    return NextStep("give_post", day, former)


def _same(post: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(post[name] == other.get(name) for name in _COMPARED)
