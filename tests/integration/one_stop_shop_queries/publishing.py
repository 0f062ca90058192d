"""Definitions of procedures that are published and closed."""

from copy import deepcopy
from itertools import count
from typing import Any

from shared.contracts.principal import Principal, Role
from tests.support.house import House
from tests.support.shop_in_memory import catalogue

Document = dict[str, Any]
EDITOR = Principal("bien-tap", "Biên tập", frozenset({Role.CATALOGUE_EDITOR}), agency="H13")
CODE = "2.000635"
keys = count(1)


def command(key: str = "", digest: str = "d") -> Document:
    return {"key": key or f"k{next(keys)}", "digest": digest}


def definition(**changes: Any) -> Document:
    plain: Document = deepcopy(dict(next(v for v in catalogue().procedures if v.code == CODE).definition))
    return plain | changes


def publish(house: House, plain: Document, principal: Principal = EDITOR, **kept: Any) -> Document:
    answer: Document = house.ask("publish_procedure", principal, definition=plain, _command=command(**kept))
    return answer


def close(house: House, version: str, day: str, principal: Principal = EDITOR) -> Document:
    answer: Document = house.ask(
        "close_procedure", principal, code=CODE, version=version, effective_to=day, _command=command()
    )
    return answer
