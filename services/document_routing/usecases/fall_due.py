"""Due work: the text of files is read, and what was owed by a moment that has passed is told once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.document_routing.domain import incoming
from services.document_routing.domain.actors import CLOCKWORK
from services.document_routing.domain.evidence import FILES_READ, logged_under, signatures_digest
from services.document_routing.domain.search import MOST_WORDS, words_of_text
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import ARRIVAL, DOCUMENT, Kind, follow
from services.document_routing.usecases.context import Context, occasion_for
from shared.errors import NotFound, Stale


def fire_document(context: Context, document: str) -> None:
    """Read the text of an issued document."""
    loaded = context.documents.find(document)
    if loaded is not None:
        _read_text(context, DOCUMENT, loaded.document)


def fire_arrival(context: Context, arrival: str) -> None:
    """Tell every moment that has come, each in its own write, and read the text of what arrived.

    Raises:
        Stale: somebody changed the arrival meanwhile; the loop looks again.
    """
    while (loaded := context.arrivals.find(arrival)) is not None:
        now = context.now()
        due = [work for work in loaded.document["due_work"] if work["at"] <= now]
        told = next((work for work in due if work["kind"] != "extract_text"), None)
        if told is None:
            _read_text(context, ARRIVAL, loaded.document)
            return
        rest = [work for work in loaded.document["due_work"] if work != told]
        before = {**loaded.document, "due_work": rest}
        follow(context, ARRIVAL, before, incoming.fall_due(before, told["kind"]))


def _read_text(context: Context, kind: Kind, aggregate: Document) -> None:
    """Put what can be searched and counted beside what is stored; it follows from the files and is no event."""
    read = _extracted(context, aggregate["files"]) if aggregate.get("text_pending") else {}
    occasion = occasion_for(context, CLOCKWORK, aggregate["agency"])
    derived = kind.settle(aggregate, {**read, "text_pending": False}, occasion)

    def keep() -> None:
        if not kind.kept_in(context).derive(aggregate["_id"], aggregate["version"], derived):
            raise Stale("version_stale")
        if "signatures" in read:
            context.exchange.log.append(logged_under(aggregate), _judged(aggregate, read, context.now()))

    context.together(keep)


def _judged(aggregate: Document, read: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The hop that holds what was found of signatures; it is in no history, because nobody did anything."""
    return {
        "at": at,
        "hop": FILES_READ,
        "agency": aggregate["agency"],
        "digest": signatures_digest(read["signatures"]),
        "entry": f"{aggregate['_id']}:{aggregate['version']}:{FILES_READ}",
        "entry_hash": "",
    }


def _extracted(context: Context, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, None] = {}
    whole = bool(files)
    signatures: list[dict[str, Any]] = []
    for file in files:
        try:
            extract = context.reader.read(context.files.open(file["id"]).chunks, file["type"])
        except NotFound:
            whole = False
            continue  # the content was lost; whoever downloads it is told so
        whole = whole and extract.whole
        found |= dict.fromkeys(words_of_text(extract.text))
        if file["role"] == "main":
            signatures = [asdict(signature) for signature in extract.signatures]
    kept = list(found)[:MOST_WORDS]
    return {"text_words": kept, "text_whole": whole and len(kept) == len(found), "signatures": signatures}
