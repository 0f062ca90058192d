"""Evidence of a document for the agency that issued it: receipts, export, verification."""

from typing import Any

from services.document_routing.domain.actors import CLERK, LEADER, OPERATOR, Actor
from services.document_routing.domain.evidence import Evidence, sha256_of
from services.document_routing.ports import Document
from services.document_routing.usecases.arrivals import arrival_id
from services.document_routing.usecases.context import Context, actor_of
from services.document_routing.usecases.evidence import count_checked, findings
from shared.contracts.principal import Principal
from shared.errors import Internal, NotFound
from shared.observability import logger
from shared.requests import answer_page, page_of

log = logger(__name__)

Request = dict[str, Any]


def list_receipts(context: Context, request: Request, principal: Principal) -> Request:
    """The receipt of every hop of a document, in order."""
    _own(context, request, actor_of(principal))
    limit, after = page_of(request)
    rows = context.exchange.log.rows(request["document"], after=after or 0, limit=limit + 1)
    items = [{**row, "at": row["at"].isoformat()} for row in rows[:limit]]
    return answer_page(items, rows[limit - 1]["seq"] if len(rows) > limit else None)


def verify_evidence(context: Context, request: Request, principal: Principal) -> Request:
    """Check everything that is kept of a document, its files read to their ends."""
    document = _own(context, request, actor_of(principal))
    evidence = collect(context, document["_id"])
    found = findings(evidence)
    if found:
        log.error("evidence_altered", document=document["_id"], parts=[one.part for one in found])
    rows = [{"part": one.part, "problem": one.problem, "detail": one.detail} for one in found]
    return {"intact": not found, "checked": count_checked(evidence), "findings": rows}


def export_evidence(context: Context, request: Request, principal: Principal) -> Request:
    """Leave to download one file that holds everything that proves a document."""
    document = _own(context, request, actor_of(principal))
    return export(context, document["_id"])


def export(context: Context, document: str) -> Request:
    """Write the evidence of a document into the file store."""
    evidence = collect(context, document)
    name = f"chung-cu-{evidence.document['code'].replace('/', '-') or document}.zip"
    stored = context.exchange.vault.write(evidence, name, context.now())
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def _own(context: Context, request: Request, actor: Actor) -> Document:
    """The document, if the caller's agency issued it and the caller's role answers for it.

    Raises:
        NotFound: in the same words whether it is not there or somebody else's.
    """
    document = context.outgoing.find(request["document"])
    own = document is not None and document["agency"] == actor.agency and actor.has(CLERK, LEADER, "agency_system")
    if document is None or not (own or actor.has(OPERATOR)):
        raise NotFound("document_unknown")
    return document


def collect(context: Context, document: str) -> Evidence:
    """All that is kept of a document.

    Raises:
        NotFound: there is none.
    """
    whole = context.exchange.mailbox.whole_document(document)
    if whole is None:
        raise NotFound("document_unknown")
    arrivals = [arrival_id(document, delivery["receiver"]) for delivery in whole["deliveries"]]
    head = context.exchange.log.head(document) or {"seq": 0, "hash": ""}
    files: dict[str, str | None] = {}
    evidence = Evidence(
        document=whole,
        arrivals=context.exchange.mailbox.whole_arrivals(arrivals),
        messages=context.exchange.mailbox.messages_of(document),
        packages=context.exchange.mailbox.all_packages_of(document),
        log=context.exchange.log.rows(document),
        log_length=head["seq"],
        log_head=head["hash"],
        files=files,
    )
    for content in {content for _, content in evidence.named_files}:
        files[content] = _digest(context, content)
    return evidence


def _digest(context: Context, content: str) -> str | None:
    """The true SHA-256 of a stored content, "damaged" when it breaks off; None when it is not there."""
    try:
        return sha256_of(context.files.open(content).chunks)
    except NotFound:
        return None
    except Internal:
        return "damaged"
