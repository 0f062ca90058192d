"""Networks and endpoints as pages need them: which network somebody looks at, and what its endpoints are called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from gateway.http.call import current_call
from gateway.portal.calls import look_all
from gateway.portal.language import words
from shared.errors import NotFound

READ, ASK, OPERATE = "conferences:read", "conferences:request", "conferences:operate"
PAGE = 50
"""How many rows a page shows of a list that is ordered here."""

FROM = "tu"
_PREFIXES = ("Điểm cầu ", "Endpoint ")

Network = Mapping[str, Any]
Names = Mapping[str, str]
T = TypeVar("T")


def networks() -> list[dict[str, Any]]:
    """All networks, the reader's own first."""
    found = look_all("list_networks")
    principal = current_call().principal
    province = str(principal.agency or "").partition(".")[0] if principal else ""
    return sorted(found, key=lambda one: one["province"] != province)


def chosen_network(all_of_them: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The network that the address names, or else the first.

    Raises:
        NotFound: there is none of that key.
    """
    key = request.args.get("mang") or request.form.get("mang") or all_of_them[0]["key"]
    return network_of(key, all_of_them)


def network_of(key: str, all_of_them: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The network of a key.

    Raises:
        NotFound: there is none.
    """
    for one in all_of_them:
        if one["key"] == key:
            return one
    raise NotFound("network_unknown", network=key)


def names_of(network: str) -> dict[str, str]:
    """What the endpoints of a network are called, without the word that all begin with."""
    return {one["key"]: _short(words(one["name"])) for one in look_all("list_endpoints", {"network": network})}


def part_of(rows: Sequence[T]) -> tuple[list[T], dict[str, str]]:
    """The rows that the address asks for, and where those before and after them are."""
    given = request.args.get(FROM, "")
    start = int(given) if given.isdecimal() and len(given) < 6 else 0
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != FROM and value]

    def place(first: int) -> str:
        return f"{request.path}?{urlencode([*kept, (FROM, first)] if first else kept)}"

    before = place(max(start - PAGE, 0)) if start else ""
    after = place(start + PAGE) if start + PAGE < len(rows) else ""
    return list(rows[start : start + PAGE]), {"before": before, "after": after}


def short_name(both: Mapping[str, str]) -> str:
    """What an endpoint is called, without the word that all begin with."""
    return _short(words(both))


def _short(name: str) -> str:
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) : len(prefix) + 1].upper() + name[len(prefix) + 1 :]
    return name
