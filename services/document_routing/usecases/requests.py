"""Requests as typed values: the body of the contract without the names in the path and the gateway's own fields."""

from typing import Any

from marshmallow import ValidationError

from shared.contracts.base import Request
from shared.contracts.faults import field_errors
from shared.contracts.loading import load
from shared.errors import Invalid
from shared.history import Command


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


def command_of(request: dict[str, Any]) -> Command:
    """The idempotency key and digest that came with a command; the answer is filled in by whoever answers."""
    command = request["_command"]
    return {"key": command["key"], "digest": command["digest"], "answer": {}}
