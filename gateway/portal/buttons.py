"""What one may do with a thing, as buttons of its page: one stands out at most, as GOV.UK's guidance has it."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.portal.actions import Action, Weight
from gateway.portal.language import gettext as _

_ORDER: tuple[Weight, ...] = ("first", "plain", "grave")


def buttons_of(table: Mapping[str, Action], offered: Iterable[str]) -> list[dict[str, Any]]:
    """What is offered, as buttons: the likeliest next step first, and that one alone stands out on its page.

    Of steps of one weight the one that stands before in the table is the likelier.
    """
    allowed = set(offered)
    names = sorted((name for name in table if name in allowed), key=lambda name: _ORDER.index(table[name].weight))
    return [
        {"key": name, "name": _(table[name].name), "first": number == 0 and table[name].weight == "first"}
        for number, name in enumerate(names)
    ]
