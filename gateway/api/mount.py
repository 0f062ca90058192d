"""A row of a service's contract becomes a route: its checks, its call over the bus, its answer.

Whatever can be known when the application starts is prepared then; a request only does what depends on it.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import orjson
from flask import Response, current_app
from flask_smorest import Blueprint

from gateway.auth.access import public, requires
from gateway.downloads import send_stored
from gateway.http.call import current_call, time_left
from gateway.http.conditions import etag_of, not_modified, required_version
from gateway.http.idempotency import command, required_key
from gateway.http.negotiation import require_acceptable
from gateway.http.paging import link_to_next, open_cursor, seal
from gateway.http.validation import check_body, check_query
from gateway.openapi.operations import describe_operation
from shared.contracts.base import Request
from shared.contracts.operations import FileTicket, Operation
from shared.observability import correlation_id, traceparent

Names = Mapping[str, str]
Read = Callable[[], dict[str, Any]]
Proof = Callable[[], dict[str, str]]
Answer = Callable[[Any, dict[str, Any]], Response]
JSON = "application/json"


class Bus(Protocol):
    """What the gateway needs of the bus."""

    def call(
        self,
        service: str,
        method: str,
        *,
        request: dict[str, Any],
        principal: dict[str, Any] | None,
        timeout: float,
        correlation_id: str,
        traceparent: str,
    ) -> Any:
        """The service's answer, or one of `shared.errors`."""
        ...


def mount(
    blueprint: Blueprint,
    service: str,
    operations: Iterable[Operation],
    *,
    created: Mapping[str, str] | None = None,
    proofs: Mapping[str, Proof] | None = None,
) -> None:
    """Add one route per operation.

    `created` says where what a 201 speaks of can be read, as a path with the answer's fields in braces. `proofs`
    replaces the idempotency key of an operation by another proof of the command's identity.
    """
    for operation in operations:
        place = (created or {}).get(operation.name)
        view = _view(service, operation, place, (proofs or {}).get(operation.name))
        declare = public(operation.public) if operation.public else requires(operation.scope)
        declare(view)
        view._apidoc = {"manual_doc": describe_operation(operation, located=bool(place))}  # type: ignore[attr-defined]  # flask-smorest's
        path = operation.path.replace("{", "<name:").replace("}", ">")
        blueprint.add_url_rule(path, operation.name, view, methods=[operation.verb])


def _view(service: str, operation: Operation, created: str | None, proof: Proof | None) -> Callable[..., Response]:
    read = _reader(operation, proof)
    answer = _answerer(operation, created)
    produced = operation.text or (None if operation.view is FileTicket else JSON)

    def view(**names: str) -> Response:
        if produced:
            require_acceptable(produced)
        asked = read()
        return answer(ask(service, operation.name, asked | names), asked)

    view.__name__ = operation.name
    view.__doc__ = operation.summary
    return view


def ask(service: str, method: str, request: dict[str, Any], *, patience: float | None = None) -> Any:
    """Ask a service on behalf of the caller in hand, within the time the caller gives, or `patience` in seconds."""
    bus: Bus = current_app.extensions["bus"]
    return bus.call(
        service,
        method,
        request=request,
        principal=current_call().on_wire,
        timeout=time_left(patience or current_app.config["ANSWER_SECONDS"]),
        correlation_id=correlation_id(),
        traceparent=traceparent(),
    )


def _reader(operation: Operation, proof: Proof | None) -> Read:
    """What reads and checks the request of an operation: first the headers, then what may be large."""
    if operation.verb in ("GET", "DELETE"):
        return _query_reader(operation)
    contract = operation.body or Request
    keyed = operation.verb == "POST" and proof is None

    def read_command() -> dict[str, Any]:
        version = {"_version": required_version()} if operation.if_match else {}
        key = required_key() if keyed else ""
        proven = {"_command": proof()} if proof else {}
        body = check_body(contract)
        identified = {"_command": command(key, body)} if keyed else proven
        return body | identified | version

    return read_command


def _query_reader(operation: Operation) -> Read:
    schema = (operation.query or Request)()  # one for the life of the process

    def read_query() -> dict[str, Any]:
        query = check_query(schema)
        if operation.if_match:
            query["_version"] = required_version()
        if operation.paged:
            query["cursor"] = open_cursor(query, operation.name)
        return query

    return read_query


def _answerer(operation: Operation, created: str | None) -> Answer:
    """What turns the service's answer into the response of an operation."""
    if operation.view is FileTicket:
        return lambda ticket, _: send_stored(ticket)
    if operation.text:
        return lambda answer, _: _answer_text(answer["text"], operation)
    if operation.paged:
        return lambda page, query: _answer_page(page, query, operation)
    if operation.status == 204:
        return lambda _, __: Response(status=204)
    return lambda answer, _: _answer_json(answer, operation, created)


def _answer_json(answer: Any, operation: Operation, created: str | None) -> Response:
    etag = etag_of(answer)
    if etag and operation.verb == "GET" and not_modified(etag):
        response = Response(status=304)
    else:
        response = Response(orjson.dumps(answer), operation.status, mimetype=JSON)
        if created and operation.status == 201:
            response.headers["Location"] = f"/api/v1{created.format_map(answer)}"
    if etag:
        response.headers["ETag"] = etag
    return _for_whom(response, operation)


def _answer_text(text: str, operation: Operation) -> Response:
    """What is read again and again, so its digest is its entity tag; whoever keeps it keeps it for themselves."""
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    whole = Response(text, content_type=f"{operation.text}; charset=utf-8")
    response = Response(status=304) if not_modified(etag) else whole
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _answer_page(page: Mapping[str, Any], query: dict[str, Any], operation: Operation) -> Response:
    position = page.get("next")
    cursor = None if position is None else seal(position, query, operation.name)
    body = {**{name: value for name, value in page.items() if name != "next"}, "next_cursor": cursor}
    response = Response(orjson.dumps(body), operation.status, mimetype=JSON)
    if cursor:
        response.headers["Link"] = link_to_next(cursor)
    return _for_whom(response, operation)


def _for_whom(response: Response, operation: Operation) -> Response:
    """Public answers may be kept and asked about again; everything else may hold personal data and is never kept."""
    if operation.public and operation.verb == "GET" and not operation.secret:
        response.headers["Cache-Control"] = "public, no-cache"
    return response
