"""Under which keys of one index agencies and officers are found, for each agency above them.

Whoever searches is bound to an agency; so that one index serves words, roles and plain lists alike, everything
stands under its keys once for every agency that it is within.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.email_provisioning.domain.access import EVERYWHERE
from shared.words import fold, keys_of, words

_MOST_WORDS = 16


def agency_keys(agency: Mapping[str, Any]) -> dict[str, Any]:
    """What every write of an agency sets anew: its words, and the keys that find it."""
    found = _unique(words(f"{agency['name']['vi']} {agency['name']['en']}"))
    return {"words": _stored(found), "search": list(_keys([EVERYWHERE, *agency["within"]], found))}


def officer_keys(
    name: str, number: str | None, places: Sequence[Mapping[str, Any]], *, serving: bool, identifier: str
) -> dict[str, Any]:
    """What every write of an officer sets anew: words, keys, and the place in lists, by given name as people sort."""
    found = _unique([*words(name), *words(number or "")])
    scopes = list(dict.fromkeys(code for place in places for code in place["within"]))
    keys = [scope if serving else left(scope) for scope in scopes]
    search = list(_keys(keys, found))
    if serving:
        search += sorted(
            {role_key(code, role) for place in places for code in place["within"] for role in place["roles"]}
        )
    return {"words": _stored(found), "search": search, "position": f"{sort_name(name)}|{identifier}"}


def word_key(scope: str, key: str) -> str:
    """A key of the words as it is searched for from one agency."""
    return f"{scope}|{key}"


def role_key(scope: str, role: str) -> str:
    """The key of all who hold a role at an agency or below it."""
    return f"{scope}#{role}"


def left(scope: str) -> str:
    """The scope under which those stand who have left."""
    return f"{scope}!"


def sort_name(name: str) -> str:
    """A name in the order of Vietnamese lists: given name first, then the family and middle names."""
    parts = fold(name).split()
    return " ".join([*parts[-1:], *parts[:-1]])


def _keys(scopes: Iterable[str], found: Sequence[str]) -> Iterator[str]:
    keys = list(dict.fromkeys(keys_of(found)))
    for scope in scopes:
        yield from (word_key(scope, key) for key in keys)


def _unique(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))[:_MOST_WORDS]


def _stored(found: Sequence[str]) -> str:
    return "".join(f" {word}" for word in found)
