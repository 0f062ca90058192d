"""By what documents are found: words of subject and full text, number, kind, the other side; all without diacritics.

Each document stands under whole words and under marked keys for the rest; one index over agency, key and moment
serves every search, newest first.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.document_routing.domain.deliveries import is_troubled
from services.document_routing.domain.document_types import DocumentTypes
from shared.words import fold, words

TROUBLED = "!"
"""The key of outgoing documents with a receiver that their sender should look at."""

MOST_WORDS = 2_000
"""Different words of a text that are kept; Vietnamese has some seven thousand syllables in all."""


def words_of_text(text: str) -> list[str]:
    """The different words of an extracted text, without diacritics, in order of their first use."""
    return list(dict.fromkeys(words(text)))


def outgoing_fields(document: Mapping[str, Any], types: DocumentTypes) -> dict[str, Any]:
    """The keys of an outgoing document, and its place among those of its agency."""
    others = [receiver["agency"] for receiver in document["receivers"]]
    others += [delivery["receiver"] for delivery in document["deliveries"]]
    names = [delivery["name"] for delivery in document["deliveries"]]
    said = [document["subject"], document["summary"], types.name(document["kind"]), document["drafter_name"], *names]
    keys = _keys(document, said, others)
    keys += [application_key(document["application"])] if document.get("application") else []
    keys += [TROUBLED] if is_troubled(document) else []
    return {"search": keys, "position": position(document["issued_at"] or document["created_at"], document["_id"])}


def incoming_fields(arrival: Mapping[str, Any], types: DocumentTypes) -> dict[str, Any]:
    """The keys of an incoming document, and its place among those of its agency."""
    said = [arrival["subject"], arrival["summary"], types.name(arrival["kind"]), arrival["sender_name"]]
    keys = _keys(arrival, said, [arrival["sender"]] if arrival["sender"] else [])
    keys += [handler_key(officer) for officer in arrival.get("handlers", ())]
    return {"search": keys, "position": position(arrival["arrived_at"], arrival["_id"])}


def _keys(document: Mapping[str, Any], said: Iterable[str], others: Iterable[str]) -> list[str]:
    signer = (document.get("signer") or {}).get("name", "")
    found = dict.fromkeys(word for text in (*said, signer) for word in words(text))
    found |= dict.fromkeys(document.get("text_words", ()))
    found |= dict.fromkeys(agency_key(code) for code in others)
    found[kind_key(document["kind"])] = None
    if document["code"]:
        number, _, symbol = document["code"].partition("/")
        plain = number.lstrip("0")
        found |= dict.fromkeys([*words(document["code"]), *words(plain)])
        found |= dict.fromkeys(code_key(known) for known in (document["code"], plain, symbol) if known)
    return list(found)


def agency_key(code: str) -> str:
    """The key of an agency on the other side."""
    return f"@{code}"


def handler_key(officer: str) -> str:
    """The key of an officer to whom a document is assigned."""
    return f"~{officer}"


def application_key(application: str) -> str:
    """The key of the application that a document is about."""
    return f"%{application}"


def kind_key(kind: str) -> str:
    """The key of a kind of document."""
    return f"#{kind}"


def code_key(code: str) -> str:
    """The key of a number and symbol, or of either alone."""
    return f"={fold(code).replace(' ', '')}"


def position(moment: datetime, identifier: str) -> str:
    """A string that sorts by moment and then by id, so that a page continues behind it."""
    return f"{round(moment.timestamp() * 1000):011x}{identifier}"
