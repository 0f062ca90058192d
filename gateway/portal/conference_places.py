"""Networks and endpoints as pages need them: which network somebody looks at, and what its endpoints are called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request

from gateway.http.call import current_call
from gateway.portal.calls import look
from gateway.portal.language import words
from shared.errors import NotFound

READ, ASK, OPERATE = "conferences:read", "conferences:request", "conferences:operate"
MOST = 200
_PREFIXES = ("Điểm cầu ", "Endpoint ")

Network = Mapping[str, Any]
Names = Mapping[str, str]


def networks() -> list[dict[str, Any]]:
    """All networks, the reader's own first."""
    found: list[dict[str, Any]] = look("list_networks", {"limit": MOST})["items"]
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
    return {
        one["key"]: _short(words(one["name"]))
        for one in look("list_endpoints", {"network": network, "limit": MOST})["items"]
    }


def short_name(both: Mapping[str, str]) -> str:
    """What an endpoint is called, without the word that all begin with."""
    return _short(words(both))


def _short(name: str) -> str:
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) : len(prefix) + 1].upper() + name[len(prefix) + 1 :]
    return name
