"""Requests as typed values: the body of the contract without the names in the path and the gateway's own fields."""

from typing import Any

from marshmallow import ValidationError

from services.email_provisioning.ports import Position
from shared.contracts.base import Request
from shared.contracts.faults import field_errors
from shared.contracts.loading import load
from shared.errors import Invalid
from shared.history import Command

PAGE = 50


def read_request(schema: type[Request], request: dict[str, Any], *, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The body, checked against its contract and with defaults filled in; `path` names what stands beside it.

    Raises:
        Invalid: naming each wrong field.
    """
    body = {name: value for name, value in request.items() if not name.startswith("_") and name not in path}
    try:
        return load(schema, body)
    except ValidationError as error:
        raise Invalid("request_invalid", fields=field_errors(error.messages)) from error


def read_query(schema: type[Request], request: dict[str, Any], *, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The filters, checked and with defaults; what was not given and where the page starts are left out."""
    given = {name: value for name, value in request.items() if value is not None and name not in ("limit", "cursor")}
    return read_request(schema, given, path=path)


def page_of(request: dict[str, Any]) -> tuple[int, Position | None]:
    """How many rows are wanted, behind which position."""
    return request.get("limit") or PAGE, request.get("cursor")


def answer_page(items: list[dict[str, Any]], following: Position | None) -> dict[str, Any]:
    """A page as the gateway expects it."""
    return {"items": items, "next": following}


def command_of(request: dict[str, Any]) -> Command:
    """The idempotency key and digest that came with a command; the answer is filled in by whoever answers."""
    command = request["_command"]
    return {"key": command["key"], "digest": command["digest"], "answer": {}}


def given_before(repeated: Any, command: Command) -> dict[str, Any]:
    """What was answered the first time.

    Raises:
        Invalid: when the key was used for something else.
    """
    if repeated["command"]["digest"] != command["digest"]:
        raise Invalid("idempotency_key_reused")
    answer: dict[str, Any] = repeated["command"]["answer"]
    return answer
