"""How agencies get their documents, and the copy of what the directory says of them."""

from typing import Any

from services.document_routing.domain.access import reading_agency
from services.document_routing.domain.actors import OPERATOR
from services.document_routing.domain.agencies import Agency, Connection
from services.document_routing.usecases.context import Context, actor_of
from shared.agency_codes import agency_id
from shared.contracts.base import ReceivedEvent
from shared.contracts.document_routing.requests import SetConnection
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, field_error
from shared.requests import answer_page, page_of, read_request

Request = dict[str, Any]


def list_connections(context: Context, request: Request, principal: Principal) -> Request:
    """All agencies that can be reached, in order of their codes, those apart that are closed today."""
    actor = actor_of(principal)
    if not actor.has(OPERATOR):
        reading_agency(actor)
    directory = context.offices.directory()
    today = context.now().date()
    closed = {agency.code for agency in directory if not agency.is_open(today)}
    known = {agency.code for agency in directory} | {connection.agency for connection in context.copies.connections()}
    limit, after = page_of(request)
    codes = sorted(code for code in known - closed if code > (after or ""))
    items = [_view(directory.connection(code), directory.find(code)) for code in codes[:limit]]
    return answer_page(items, codes[limit - 1] if len(codes) > limit else None)


def set_connection(context: Context, request: Request, principal: Principal) -> Request:
    """Say how an agency gets its documents; one that the directory does not know needs its name.

    Raises:
        Forbidden: only operators connect agencies.
        Invalid: nobody knows what the agency is called.
    """
    body = read_request(SetConnection, request, path=("agency",))
    if not actor_of(principal).has(OPERATOR):
        raise Forbidden("role_not_allowed", action="set_connection")
    directory = context.offices.directory()
    code = agency_id(request["agency"])
    agency = directory.find(code)
    if agency is None and not body["name"]:
        raise Invalid("request_invalid", fields=[field_error("name", "required")])
    connection = Connection(agency.code if agency else code, body["mode"], body["symbol"], body["name"])
    context.copies.connect(connection)
    return _view(connection, agency)


def _view(connection: Connection, agency: Agency | None) -> Request:
    return {
        "agency": connection.agency,
        "mode": connection.mode,
        "symbol": connection.symbol,
        "name": agency.name if agency else connection.name or connection.agency,
        "level": agency.level if agency else None,
        "kind": agency.kind if agency else None,
    }


def keep_agency(context: Context, event: ReceivedEvent) -> None:
    """Keep what the directory says of an agency now."""
    context.copies.keep(event.data, event.sequence)
