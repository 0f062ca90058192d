"""Evidence of a document for who issued it and for who received it: receipts, export, verification."""

from dataclasses import replace
from typing import Any

from services.document_routing.domain.actors import AGENCY_SYSTEM, CLERK, LEADER, OPERATOR
from services.document_routing.domain.evidence import (
    DAMAGED,
    Evidence,
    Finding,
    issuers_of,
    may_see,
    receivers_of,
    rows_in,
    sha256_of,
    shown_to,
)
from services.document_routing.usecases.arrivals import arrival_id
from services.document_routing.usecases.context import Context, reader_of
from services.document_routing.usecases.evidence import count_checked, findings, hidden
from services.document_routing.usecases.views import plain
from shared.actors import Actor
from shared.contracts.principal import Principal
from shared.errors import Internal, NotFound
from shared.observability import logger
from shared.requests import answer_page, page_of

log = logger(__name__)

Request = dict[str, Any]


def list_receipts(context: Context, request: Request, principal: Principal) -> Request:
    """The receipt of every hop of a document that concerns the caller's agency, in order."""
    document, agency, issuer = _concerned(context, request, reader_of(context, principal))
    limit, after = page_of(request)
    rows = context.exchange.log.rows(document, after=after or 0, limit=limit + 1)
    items = [plain(row) for row in rows[:limit] if may_see(row, agency, issuer=issuer)]
    return answer_page(items, rows[limit - 1].get("seq") if len(rows) > limit else None)


def verify_evidence(context: Context, request: Request, principal: Principal) -> Request:
    """Check everything that is kept of a document, for its receivers what concerns them; files are read whole."""
    document, agency, issuer = _concerned(context, request, reader_of(context, principal))
    evidence = collect(context, document)
    if not issuer:
        evidence = shown_to(evidence, agency)
    found = _found(context, evidence)
    if found:
        log.error("evidence_altered", document=document, parts=[one.part for one in found])
    rows = [{"part": one.part, "problem": one.problem, "detail": one.detail} for one in found]
    return {"intact": not found, "checked": count_checked(evidence), "findings": rows}


def export_evidence(context: Context, request: Request, principal: Principal) -> Request:
    """Leave to download one file that holds everything that the caller's agency may see of a document's proof."""
    document, agency, _ = _concerned(context, request, reader_of(context, principal))
    evidence = evidence_for(context, document, agency)
    name = f"chung-cu-{evidence.code.replace('/', '-') or evidence.id}.zip"
    stored = context.exchange.vault.write(evidence, name, context.now())
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def evidence_for(context: Context, document: str, agency: str = "") -> Evidence:
    """The evidence that an agency may see, without one that of the issuer.

    Raises:
        NotFound: there is no such document.
    """
    evidence = collect(context, document)
    issuers = issuers_of(evidence.documents[0])
    if agency and agency not in issuers:
        return shown_to(evidence, agency, list(hidden(shown_to(evidence, agency), context.offices.types())))
    return shown_to(evidence, agency or _one_of(issuers), _found(context, evidence))


def _found(context: Context, evidence: Evidence) -> list[Finding]:
    return [*findings(evidence), *hidden(evidence, context.offices.types())]


def _one_of(issuers: set[str]) -> str:
    return next(iter(issuers), "")


def _concerned(context: Context, request: Request, actor: Actor) -> tuple[str, str, bool]:
    """The document, the agency that asks, and whether it issued it or just received it; its role must answer for it.

    Raises:
        NotFound: in the same words whether it is not there or concerns others.
    """
    document = context.exchange.mailbox.whole_document(request["document"])
    if document is None:
        raise NotFound("document_unknown")
    issuers = issuers_of(document)
    if actor.has(OPERATOR):
        return request["document"], _one_of(issuers), True
    if not actor.agency or not actor.has(CLERK, LEADER, AGENCY_SYSTEM):
        raise NotFound("document_unknown")
    if actor.agency not in issuers | receivers_of(document):
        raise NotFound("document_unknown")
    return request["document"], actor.agency, actor.agency in issuers


def collect(context: Context, document: str) -> Evidence:
    """All that is kept of a document at one moment, for the judge; nobody is shown it whole.

    A hop is logged after the entry that it speaks of: read at different moments the two would contradict each other.

    Raises:
        NotFound: there is none.
    """
    kept = context.at_one_moment(lambda: _stored(context, document))
    return replace(kept, files={one: _digest(context, one) for one in {one for _, one in kept.named_files}})


def _stored(context: Context, document: str) -> Evidence:
    """What the database has of a document."""
    taken_at = context.now()  # what is younger than this may be ahead of its log
    whole = context.exchange.mailbox.whole_document(document)
    if whole is None:
        raise NotFound("document_unknown")
    deliveries = rows_in(whole, "deliveries")
    arrivals = [arrival_id(document, str(one.get("receiver")), one.get("sending", 1)) for one in deliveries]
    head = context.exchange.log.head(document) or {}
    return Evidence(
        id=document,
        code=str(whole.get("code")),
        taken_at=taken_at,
        documents=[whole],
        arrivals=context.exchange.mailbox.whole_arrivals(arrivals),
        messages=context.exchange.mailbox.messages_of(document),
        packages=context.exchange.mailbox.all_packages_of(document),
        log=context.exchange.log.rows(document),
        log_length=head.get("seq", 0),
        log_head=head.get("hash", ""),
    )


def _digest(context: Context, content: str) -> str | None:
    """The true SHA-256 of a stored content, `DAMAGED` when it breaks off; None when it is not there."""
    try:
        return sha256_of(context.files.open(content).chunks)
    except NotFound:
        return None
    except (Internal, LookupError, TypeError, ValueError):  # altered too: how the database describes the content
        return DAMAGED
