"""An outgoing document from its draft to its issue: content, versions, review, signature, number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.document_routing.domain import deliveries as d
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.duties import issue_by
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.numbering import code_of, exchange_id, symbol_of
from services.document_routing.domain.search import outgoing_fields
from services.document_routing.domain.transitions import DRAFT, IN_REVIEW, ISSUED, SIGNED
from shared.errors import Conflict, Forbidden, Invalid, field_error

CONTENT = (
    "kind",
    "subject",
    "summary",
    "urgency",
    "medium",
    "unit",
    "receivers",
    "places",
    "due_on",
    "pages",
    "copies",
    "responds_to",
    "references",
    "replaces",
)
"""What a draft says, beside its files."""

NEW, RECALL, UPDATE, REPLACE = 0, 1, 2, 3
"""Business types of a message (QCVN 102)."""


def check_not_secret(request: Mapping[str, Any]) -> None:
    """Refuse a secret document before anything of it is kept: it belongs to a register and a way of its own.

    Raises:
        Forbidden: naming the degree; QCVN 102 keeps secret documents off the exchange.
    """
    if request["secrecy"] != "none":
        raise Forbidden("secret_document_refused", secrecy=_DEGREES[request["secrecy"]])


def check_replaceable(document: Aggregate) -> None:
    """Each document is replaced once; what is wrong with its replacement is replaced in turn.

    Raises:
        Conflict: another document has taken its place already.
    """
    if document["replaced_by"]:
        raise Conflict("document_replaced")


def check_not_over(due_on: date | str | None, occasion: Occasion) -> None:
    """Nobody is given a deadline that nobody can keep.

    Raises:
        Invalid: the day is over.
    """
    if due_on and str(due_on) < occasion.today.isoformat():
        raise Invalid("request_invalid", fields=[field_error("due_on", "in_past")])


def check_still_right(document: Aggregate, occasion: Occasion, replaced: Iterable[Aggregate]) -> None:
    """What has happened since it was drafted must not leave a document signed that cannot be issued.

    Raises:
        Conflict: what it is to replace was replaced by another.
        Invalid: a receiver is no longer reached, or the deadline is over.
    """
    for one in replaced:
        check_replaceable(one)
    d.address(document["receivers"], occasion, document["agency"])
    check_not_over(document["due_on"], occasion)


_DEGREES = {"mat": "Mật", "toi_mat": "Tối mật", "tuyet_mat": "Tuyệt mật"}


def draft(occasion: Occasion, request: Mapping[str, Any], files: Sequence[dict[str, Any]]) -> Decision:
    """Begin a document of the actor's agency; its receivers are resolved again when it is issued."""
    _check_content(occasion, request)
    return Decision("document_drafted", new_document(occasion, request, files))


def new_document(occasion: Occasion, request: Mapping[str, Any], files: Sequence[dict[str, Any]]) -> Changes:
    """Everything that a document has from its first moment on."""
    return {
        "agency": occasion.actor.agency,
        "agency_name": occasion.directory.name(occasion.actor.agency),
        "status": DRAFT,
        "drafter": occasion.actor.subject,
        "drafter_name": occasion.actor.name,
        "created_at": occasion.now,
        "secrecy": "none",
        "source": "desk",
        "application": None,
        "opinion": None,
        "revision": 1,
        "versions": [version_of(1, occasion, request, files)],
        "files": list(files),
        "signer": None,
        "signed_at": None,
        "issue_by": None,
        "issued_at": None,
        "issued_on": None,
        "number": None,
        "symbol": "",
        "code": "",
        "exchange_id": "",
        "business": NEW,
        "replaced_by": None,
        "replies": [],
        "deliveries": [],
        "answers": [],
        **_content(request),
    }


def revise(document: Aggregate, occasion: Occasion, request: Mapping[str, Any], files: Sequence[Any]) -> Decision:
    """A new version of the draft; the earlier ones stay as they were."""
    _check_content(occasion, request)
    number = document["revision"] + 1
    changes: Changes = {
        "revision": number,
        "versions": [*document["versions"], version_of(number, occasion, request, files)],
        "files": list(files),
        **_content(request),
    }
    return Decision("document_revised", changes, {"revision": number})


def _content(request: Mapping[str, Any]) -> Changes:
    return {**{name: request[name] for name in CONTENT}, "due_on": _text(request["due_on"])}


def _check_content(occasion: Occasion, request: Mapping[str, Any]) -> None:
    occasion.types.get(request["kind"])
    d.address(request["receivers"], occasion, occasion.actor.agency)


def version_of(number: int, occasion: Occasion, request: Mapping[str, Any], files: Sequence[Any]) -> dict[str, Any]:
    """A row of the versions, which only grow."""
    return {
        "number": number,
        "at": occasion.now,
        "by": occasion.actor.name,
        "subject": request["subject"],
        "summary": request["summary"],
        "due_on": _text(request["due_on"]),
        "files": list(files),
    }


VERSIONED = ("subject", "summary", "due_on", "files")
"""What may read otherwise in another version."""


def as_of(document: Aggregate, revision: int) -> dict[str, Any]:
    """The document as it read in that version, which is what an event of that time speaks of."""
    version = next((one for one in document["versions"] if one["number"] == revision), document)
    return {**document, **{name: version.get(name, document[name]) for name in VERSIONED}}


def _text(day: date | str | None) -> str | None:
    return day.isoformat() if isinstance(day, date) else day


def submit(document: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """Put the draft before the leader; an electronic document needs its text as a file.

    Raises:
        Conflict: there is no main file yet.
    """
    if document["medium"] == "electronic" and not any(file["role"] == "main" for file in document["files"]):
        raise Conflict("main_file_missing")
    return Decision("document_submitted", {"status": IN_REVIEW}, reason=request["note"])


def send_back(document: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """Back to the drafter; a signature that was there counts no more."""
    changes: Changes = {"status": DRAFT, "signer": None, "signed_at": None, "issue_by": None}
    return Decision("document_returned", changes, reason=request["reason"])


def sign(
    document: Aggregate, occasion: Occasion, request: Mapping[str, Any], signed_file: dict[str, Any] | None
) -> Decision:
    """The competent person signs; the signed file takes the place of the draft's text, in a version of its own."""
    by = issue_by(occasion.now, document["urgency"], occasion.working_time)
    changes: Changes = {
        "status": SIGNED,
        "signer": {**request["signer"], "subject": occasion.actor.subject},
        "signed_at": occasion.now,
        "issue_by": by,
    }
    if signed_file:
        others = [file for file in document["files"] if file["role"] != "main"]
        files, number = [{**signed_file, "role": "main"}, *others], document["revision"] + 1
        versions = [*document["versions"], version_of(number, occasion, document, files)]
        changes |= {"files": files, "revision": number, "versions": versions}
    return Decision("document_signed", changes, {"issue_by": by})


def issue(
    document: Aggregate, occasion: Occasion, number: int, on: date, answered: Sequence[Aggregate] = ()
) -> Decision:
    """Number, symbol and date, and the receivers as they are reached today; `answered` are arrivals it responds to.

    Raises:
        Invalid: a receiver is no longer reached; a công văn has no drafting unit.
    """
    symbol = symbol_of(
        occasion.types.get(document["kind"]), occasion.directory.symbol(document["agency"]), document["unit"]
    )
    addressed = d.address(document["receivers"], occasion, document["agency"])
    if document["medium"] == "paper":
        addressed = [d.by_post(delivery) for delivery in addressed]
    decided = numbered(document, occasion, number, on, symbol, addressed)
    return replace(decided, changes={**decided.changes, "answers": [answered_by(one) for one in answered]})


def answered_by(arrival: Aggregate) -> dict[str, Any]:
    """A document of another agency as one that answers it names it; on paper it has no id here."""
    named = {name: arrival[name] for name in ("document", "code", "issued_on", "exchange_id")}
    return {**named, "agency": arrival["sender"]}


def numbered(
    document: Aggregate, occasion: Occasion, number: int, on: date, symbol: str, addressed: Sequence[d.Delivery]
) -> Decision:
    """The document with its number and date, on its way to its receivers."""
    code = code_of(number, symbol)
    changes: Changes = {
        "status": ISSUED,
        "issued_at": occasion.now,
        "issued_on": on.isoformat(),
        "year": on.year,
        "number": number,
        "symbol": symbol,
        "code": code,
        "exchange_id": exchange_id(document["agency"], on, code),
        "business": REPLACE if document["replaces"] else NEW,
        "deliveries": list(addressed),
        "text_pending": bool(document["files"]),
    }
    data = {
        "number": number,
        "symbol": symbol,
        "issued_on": on,
        "business": changes["business"],
        "revision": document["revision"],
        "receivers": [delivery["receiver"] for delivery in addressed],
        "digest": fingerprint({**document, **changes}),
    }
    return Decision("document_issued", changes, data)


def settle(before: Aggregate, changes: Changes, occasion: Occasion) -> Changes:
    """The changes of a decision with what follows from them: how it is found, and what is due."""
    after = {**before, **changes}
    after |= outgoing_fields(after, occasion.types)
    due_at = occasion.now if after.get("text_pending") else None
    after["due_work"] = [{"kind": "extract_text", "at": due_at}] if due_at else []
    after["next_due_at"] = due_at
    return {name: value for name, value in after.items() if name in _ALWAYS or before.get(name, _ABSENT) != value}


_ALWAYS = frozenset({"due_work", "next_due_at"})  # whoever looks for due work moves these without a new version
_ABSENT = object()
