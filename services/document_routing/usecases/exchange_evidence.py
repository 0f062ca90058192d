"""Evidence of a document for who issued it and for who received it: receipts, export, verification."""

from typing import Any

from services.document_routing.domain.actors import CLERK, LEADER, OPERATOR, Actor
from services.document_routing.domain.evidence import Evidence, may_see, sha256_of, shown_to
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
    """The receipt of every hop of a document that concerns the caller's agency, in order."""
    document, agency = _concerned(context, request, actor_of(principal))
    limit, after = page_of(request)
    rows = context.exchange.log.rows(document["_id"], after=after or 0, limit=limit + 1)
    items = [{**row, "at": row["at"].isoformat()} for row in rows[:limit] if may_see(row, agency, document["agency"])]
    return answer_page(items, rows[limit - 1]["seq"] if len(rows) > limit else None)


def verify_evidence(context: Context, request: Request, principal: Principal) -> Request:
    """Check everything that is kept of a document, for its receivers what concerns them; files are read whole."""
    document, agency = _concerned(context, request, actor_of(principal))
    evidence = collect(context, document["_id"])
    if agency != document["agency"]:
        evidence = shown_to(evidence, agency)
    found = findings(evidence)
    if found:
        log.error("evidence_altered", document=document["_id"], parts=[one.part for one in found])
    rows = [{"part": one.part, "problem": one.problem, "detail": one.detail} for one in found]
    return {"intact": not found, "checked": count_checked(evidence), "findings": rows}


def export_evidence(context: Context, request: Request, principal: Principal) -> Request:
    """Leave to download one file that holds everything that the caller's agency may see of a document's proof."""
    document, agency = _concerned(context, request, actor_of(principal))
    evidence = evidence_for(context, document["_id"], agency)
    name = f"chung-cu-{evidence.code.replace('/', '-') or evidence.id}.zip"
    stored = context.exchange.vault.write(evidence, name, context.now())
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def evidence_for(context: Context, document: str, agency: str = "") -> Evidence:
    """The evidence that an agency may see, without one that of the issuer.

    Raises:
        NotFound: there is no such document.
    """
    evidence = collect(context, document)
    issuer = evidence.documents[0]["agency"]
    if agency and agency != issuer:
        return shown_to(evidence, agency)
    return shown_to(evidence, issuer, findings(evidence))


def _concerned(context: Context, request: Request, actor: Actor) -> tuple[Document, str]:
    """The document, and the agency that asks: it issued or received it, and the caller's role answers for it.

    Raises:
        NotFound: in the same words whether it is not there or concerns others.
    """
    document = context.outgoing.find(request["document"])
    if document is not None and actor.has(OPERATOR):
        return document, document["agency"]
    if document is None or not actor.agency or not actor.has(CLERK, LEADER, "agency_system"):
        raise NotFound("document_unknown")
    received = [one["receiver"] for one in document["deliveries"] if not one["cancelled"]]
    if actor.agency not in (document["agency"], *received):
        raise NotFound("document_unknown")
    return document, actor.agency


def collect(context: Context, document: str) -> Evidence:
    """All that is kept of a document, for the judge; nobody is shown it whole.

    Raises:
        NotFound: there is none.
    """
    whole = context.exchange.mailbox.whole_document(document)
    if whole is None:
        raise NotFound("document_unknown")
    arrivals = [arrival_id(document, one["receiver"], one["sending"]) for one in whole["deliveries"]]
    head = context.exchange.log.head(document) or {"seq": 0, "hash": ""}
    files: dict[str, str | None] = {}
    evidence = Evidence(
        id=document,
        code=whole["code"],
        taken_at=context.now(),
        documents=[whole],
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
