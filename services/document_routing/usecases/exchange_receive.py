"""What agency systems do with what comes to them: list since a cursor, fetch, acknowledge; and what they sent."""

from typing import Any

from services.document_routing.domain import package as p
from services.document_routing.domain.actors import AGENCY_SYSTEM
from services.document_routing.domain.aggregate import Decision
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import record
from services.document_routing.usecases.commands import load_own
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.exchange_kinds import PACKAGE, message_receipt, package_receipt
from services.document_routing.usecases.exchange_send import system_of
from shared.actors import Actor
from shared.commands import ATTEMPTS, command_of, repeated_answer
from shared.contracts.document_routing.exchange_requests import Acknowledge
from shared.contracts.principal import Principal
from shared.errors import NotFound, Stale
from shared.history import Command
from shared.requests import answer_page, page_of, read_request

Request = dict[str, Any]


def list_received_packages(context: Context, request: Request, principal: Principal) -> Request:
    """Packages in the order in which they became ready; a pending one comes again until it is acknowledged.

    The cursor of the last page of `all` stays good: it gives what came since.
    """
    actor, (limit, after) = system_of(principal, "list_received_packages"), page_of(request)
    pending = request.get("state", "pending") == "pending"
    rows = context.exchange.mailbox.packages(
        actor.agency, pending=pending, kind=request.get("kind"), after=after, limit=limit + 1
    )
    page = rows[:limit]
    more = len(rows) > limit or (not pending and bool(page))
    return answer_page([package_view(row) for row in page], page[-1]["position"] if more else None)


def get_package(context: Context, request: Request, principal: Principal) -> Request:
    """One package of the caller's agency."""
    return package_view(_own(context, request, system_of(principal, "get_package")))


def fetch_package(context: Context, request: Request, principal: Principal) -> Request:
    """Leave to download the file of a package; the first time is noted, so that its sender knows."""
    actor = system_of(principal, "fetch_package")
    package, _ = _change(context, request, actor, p.fetch)
    return {
        "file": package["file"],
        "name": f"{package['_id']}.xml",
        "type": "application/xml",
        "size": package["size"],
    }


def acknowledge_package(context: Context, request: Request, principal: Principal) -> Request:
    """Note that the package is stored at the receiver, or cannot be; said again it is the same."""
    actor, command = system_of(principal, "acknowledge_package"), command_of(request)
    body = read_request(Acknowledge, request, path=("package",))

    def decide(package: Document, occasion: Any) -> Decision | None:
        return p.acknowledge(package, occasion, body["outcome"], body["reason"])

    _, answer = _change(context, request, actor, decide, command)
    return answer


def _change(
    context: Context, request: Request, actor: Actor, decide: Any, command: Command | None = None
) -> tuple[Document, Request]:
    """Decide about a package and keep what was decided; what is so already is answered as it is."""
    for _ in range(ATTEMPTS):
        loaded = load_own(context, PACKAGE, request["package"], actor, command)
        if loaded.repeated is not None and command is not None:
            return loaded.document, repeated_answer(loaded.repeated, command)
        occasion = occasion_for(context, actor, actor.agency)
        decision = decide(loaded.document, occasion)
        if decision is None:
            return loaded.document, package_receipt(loaded.document)
        signed = actor.sign((AGENCY_SYSTEM,))
        changes, entry, answer = record(PACKAGE, loaded.document, decision, occasion, signed, command)
        if context.exchange.packages.save(request["package"], loaded.document["version"], changes, entry):
            return {**loaded.document, **changes}, answer
    raise Stale("version_stale")


def _own(context: Context, request: Request, actor: Actor) -> Document:
    package = context.exchange.mailbox.package(request["package"])
    if package is None or package["agency"] != actor.agency or package["position"] is None:
        raise NotFound("package_unknown")
    return package


def package_view(package: Document) -> Request:
    """A package as its receiver sees it (`PackageView`)."""
    same = (
        "agency",
        "sender",
        "kind",
        "business",
        "status_code",
        "exchange_id",
        "document",
        "subject",
        "digest",
        "size",
        "version",
    )
    moments = ("created_at", "fetched_at", "acknowledged_at")
    return {
        "id": package["_id"],
        "state": package["status"],
        **{name: package[name] for name in same},
        **{name: package[name].isoformat() if package[name] else None for name in moments},
    }


def list_sent_messages(context: Context, request: Request, principal: Principal) -> Request:
    """What the caller's agency sent through its system, newest first, with how far it got."""
    actor, (limit, after) = system_of(principal, "list_sent_messages"), page_of(request)
    rows = context.exchange.mailbox.messages(actor.agency, after=after, limit=limit + 1)
    documents = context.documents.find_all({row["document"] for row in rows})
    items = [_message_view(row, documents.get(row["document"])) for row in rows[:limit]]
    return answer_page(items, rows[limit - 1]["newest"] if len(rows) > limit else None)


def get_sent_message(context: Context, request: Request, principal: Principal) -> Request:
    """One message of the caller's agency."""
    actor = system_of(principal, "get_sent_message")
    message = context.exchange.mailbox.message(request["message"])
    if message is None or message["agency"] != actor.agency:
        raise NotFound("message_unknown")
    return _message_view(message, context.documents.find_all([message["document"]]).get(message["document"]))


def _message_view(message: Document, document: Document | None) -> Request:
    own = document is not None and document["agency"] == message["agency"]
    deliveries = document["deliveries"] if document is not None and own else []
    transports = [{name: one[name] for name in ("receiver", "transport", "standing")} for one in deliveries]
    return {**message_receipt(message), "subject": message["subject"], "deliveries": transports}


def list_exchange_agencies(context: Context, request: Request, principal: Principal) -> Request:
    """Every agency that documents can be sent to today, in order of their codes."""
    system_of(principal, "list_exchange_agencies")
    directory, today = context.offices.directory(), context.now().date()
    limit, after = page_of(request)
    found = sorted((agency for agency in directory if agency.code > (after or "")), key=lambda agency: agency.code)
    known = [agency for agency in found if agency.is_open(today)]
    items = [
        {
            "agency": agency.code,
            "legacy_codes": list(agency.legacy_codes),
            "name": agency.name,
            "mode": directory.connection(agency.code).mode,
        }
        for agency in known[:limit]
    ]
    return answer_page(items, known[limit - 1].code if len(known) > limit else None)
