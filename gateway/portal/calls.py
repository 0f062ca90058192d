"""Asking services from pages: the operations, contracts, scopes and keys of the REST interface, by their names."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from gateway.api.mount import ask
from gateway.auth.access import require
from gateway.http.call import current_call
from gateway.http.idempotency import command
from gateway.http.paging import open_cursor, seal
from gateway.http.validation import checked
from shared.contracts import watch
from shared.contracts.base import Request
from shared.contracts.conference_booking import operations as conference_booking
from shared.contracts.document_routing import operations as document_routing
from shared.contracts.email_provisioning import operations as email_provisioning
from shared.contracts.one_stop_shop import operations as one_stop_shop
from shared.contracts.operations import Operation
from shared.errors import Unauthenticated

_OPERATIONS = {
    operation.name: (service.SERVICE, operation)
    for service in (one_stop_shop, document_routing, email_provisioning, conference_booking, watch)
    for operation in service.OPERATIONS
}

MOST = 200
"""How much of a list is given at once."""


def service_of(name: str) -> str:
    """The service that answers an operation."""
    service: str = _OPERATIONS[name][0]
    return service


def look(name: str, query: Mapping[str, Any] | None = None, **names: str) -> Any:
    """The answer to a question; a page of a list says under `next_cursor` where the next one begins.

    Nothing bears a name without a letter or a digit: who seeks one finds nothing, and is not refused.
    """
    return _look(name, query, names)


def look_briefly(name: str, query: Mapping[str, Any] | None, patience: float) -> Any:
    """The same, waited for `patience` in seconds."""
    return _look(name, query, {}, patience)


def _look(name: str, query: Mapping[str, Any] | None, names: Mapping[str, str], patience: float | None = None) -> Any:
    service, operation = _offered(name)
    if operation.paged and query and is_wordless(query.get("q")):
        return {"items": [], "next": None, "next_cursor": None}
    schema = (operation.query or Request)()
    asked: dict[str, Any] = schema.dump(checked(operation.query or Request, dict(query or {})))
    if operation.paged:
        asked["cursor"] = open_cursor(asked, name)
    answer = ask(service, name, asked | dict(names), patience=patience)
    if not operation.paged:
        return answer
    position = answer.get("next")
    return {**answer, "next_cursor": None if position is None else seal(position, asked, name)}


def look_all(name: str, query: Mapping[str, Any] | None = None, **names: str) -> list[dict[str, Any]]:
    """All that a list has, page by page: for choices and for lists in an order of our own."""
    found: list[dict[str, Any]] = []
    asked = {**(query or {}), "limit": MOST}
    while True:
        answer = look(name, asked, **names)
        found += answer["items"]
        if answer["next_cursor"] is None:
            return found
        asked["cursor"] = answer["next_cursor"]


def do(name: str, body: Mapping[str, Any], *, key: str = "", version: int | None = None, **names: str) -> Any:
    """Carry out a command, once however often the same form is sent: `key` came with it."""
    service, operation = _offered(name)
    plain = composed(dict(body))
    checked(operation.body or Request, plain)
    identified: dict[str, Any] = {"_command": command(key, plain)} if key else {}
    seen = {} if version is None else {"_version": version}
    return ask(service, name, plain | identified | seen | names)


def _offered(name: str) -> tuple[str, Operation]:
    """The service and the operation, if the reader may use it."""
    service, operation = _OPERATIONS[name]
    if operation.scope:
        principal = current_call().principal
        if principal is None:
            raise Unauthenticated("token_missing")
        require(principal, operation.scope)
    return service, operation


def is_wordless(sought: Any) -> bool:
    """Whether somebody seeks signs alone, such as "%"."""
    return isinstance(sought, str) and bool(sought.strip()) and not any(letter.isalnum() for letter in sought)


def composed(value: Any) -> Any:
    """The same with every text composed (Unicode NFC), as the REST interface reads it."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {name: composed(inner) for name, inner in value.items()}
    return [composed(inner) for inner in value] if isinstance(value, list) else value
