"""What all questions have in common: filters as typed values, pages, and the caller who must be known."""

from typing import Any

from services.one_stop_shop.domain.actors import Actor
from services.one_stop_shop.ports_read import Position, Row
from services.one_stop_shop.usecases.context import actor_of
from services.one_stop_shop.usecases.requests import read_request
from shared.contracts.base import Request
from shared.contracts.principal import Principal

PAGE = 50


def read_query(schema: type[Request], request: dict[str, Any], *, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The filters, checked and with defaults; what was not given and where the page starts are left out."""
    given = {name: value for name, value in request.items() if value is not None and name not in ("limit", "cursor")}
    return read_request(schema, given, path=path)


def page_of(request: dict[str, Any]) -> tuple[int, Position | None]:
    """How many rows are wanted, behind which position."""
    return request.get("limit") or PAGE, request.get("cursor")


def answer_page(items: list[Row], following: Position | None) -> dict[str, Any]:
    """A page as the gateway expects it."""
    return {"items": items, "next": following}


def asking(principal: Principal) -> Actor:
    """The caller as the rules see them."""
    return actor_of(principal)
