"""What happens to a document after its issue: recall, correction, replacement, statuses and replies that come back."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.document_routing.domain import deliveries as d
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.outgoing import version_of
from services.document_routing.domain.statuses import RequestKind, Row
from shared.errors import Conflict, Invalid, NotFound, field_error


def recall(document: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """Ask the document back (13); where it has not left yet it is simply not sent.

    Raises:
        NotFound: a receiver is named that never got it.
        Conflict: there is nobody left to ask.
    """
    wanted = _named(document, request["receivers"])
    asked_for = [one for one in wanted if d.concerns(one) and d.has_left(one) and one["mode"] != "paper"]
    unsent = [one for one in wanted if d.concerns(one) and not d.has_left(one)]
    if not asked_for and not unsent:
        raise Conflict("nobody_to_ask")
    identity = request_id(document, "recall")
    after = list(document["deliveries"])
    for one in asked_for:
        asked = d.ask(one, identity, RequestKind.RECALL, occasion.now, request["reason"])
        after = d.replaced(after, asked)
    for one in unsent:
        after = d.replaced(after, d.cancel(one, occasion.now))
    data = {
        "request": identity,
        "receivers": [one["receiver"] for one in asked_for],
        "cancelled": [one["receiver"] for one in unsent],
    }
    return Decision("document_recalled", {"deliveries": after}, data, request["reason"])


def _named(document: Aggregate, receivers: Sequence[str]) -> list[d.Delivery]:
    if not receivers:
        return list(document["deliveries"])
    found = []
    for number, code in enumerate(receivers):
        known = [one for one in document["deliveries"] if code in (one["receiver"], one["asked_for"])]
        if not known:
            wrong = field_error(f"receivers.{number}", "not_a_receiver", agency=code)
            raise Invalid("request_invalid", fields=[wrong])
        found += known
    return found


def update(
    document: Aggregate, occasion: Occasion, request: Mapping[str, Any], files: Sequence[dict[str, Any]] | None
) -> Decision:
    """Correct what was issued, under the same number: those who have it are asked, new receivers just get it."""
    added = d.address(request["add_receivers"], occasion.directory, document["agency"], occasion.today)
    known = {one["receiver"] for one in document["deliveries"]}
    added = [one for one in added if one["receiver"] not in known]
    content_changes = bool(request["subject"]) or files is not None
    identity = request_id(document, "update")
    asked_for = [
        one for one in document["deliveries"] if content_changes and d.concerns(one) and one["mode"] != "paper"
    ]
    after = list(document["deliveries"])
    for one in asked_for:
        after = d.replaced(after, d.ask(one, identity, RequestKind.UPDATE, occasion.now, request["reason"]))
    number = document["revision"] + 1
    subject, kept = request["subject"] or document["subject"], list(document["files"] if files is None else files)
    changes: Changes = {
        "subject": subject,
        "files": kept,
        "revision": number,
        "versions": [*document["versions"], version_of(number, occasion, {"subject": subject}, kept)],
        "deliveries": [*after, *added],
        "text_pending": True,
    }
    data = {
        "request": identity,
        "receivers": [one["receiver"] for one in asked_for],
        "added": [one["receiver"] for one in added],
        "digest": fingerprint({**document, **changes}),
    }
    return Decision("document_updated", changes, data, request["reason"])


def be_replaced(document: Aggregate, occasion: Occasion, by: Aggregate) -> Decision | None:
    """Another document takes the place of this one: every receiver is asked; None when that was done already."""
    if document["replaced_by"] == by["_id"]:
        return None
    identity = request_id(document, "replace")
    asked_for = [one for one in document["deliveries"] if d.concerns(one) and one["mode"] != "paper"]
    after = list(document["deliveries"])
    reason = f"Thay thế bằng văn bản {by['code']}"
    for one in asked_for:
        after = d.replaced(after, d.ask(one, identity, RequestKind.REPLACE, occasion.now, reason))
    data = {"request": identity, "by": by["_id"], "receivers": [one["receiver"] for one in asked_for]}
    return Decision("document_replaced", {"replaced_by": by["_id"], "deliveries": after}, data, reason)


def progress(document: Aggregate, receiver: str, row: Row) -> Decision | None:
    """A status of a receiver came; None when it was known already.

    Raises:
        NotFound: the agency never got this document.
    """
    delivery = d.find(document["deliveries"], receiver)
    if delivery is None:
        raise NotFound("not_a_receiver", agency=receiver)
    after = d.add_row(delivery, row)
    if after == delivery:
        return None
    data = {
        "receiver": receiver,
        "row": row["code"],
        "row_id": row["id"],
        "row_at": row["at"],
        "standing": after["standing"],
    }
    changes = {"deliveries": d.replaced(document["deliveries"], after)}
    return Decision("delivery_progressed", changes, data, row["reason"])


def transport(document: Aggregate, receiver: str, state: str) -> Decision | None:
    """The package for a receiver moved; None when nothing is new by it.

    Raises:
        NotFound: the agency never got this document.
    """
    delivery = d.find(document["deliveries"], receiver)
    if delivery is None:
        raise NotFound("not_a_receiver", agency=receiver)
    after = d.transported(delivery, state)
    if after == delivery:
        return None
    changes = {"deliveries": d.replaced(document["deliveries"], after)}
    return Decision("delivery_transported", changes, {"receiver": receiver, "transport": state})


def note_reply(document: Aggregate, arrival: Aggregate) -> Decision | None:
    """An answer to this document arrived; None when it is noted already. It is part of the answer's own events."""
    known = {reply["arrival"] for reply in document["replies"]}
    if arrival["_id"] in known:
        return None
    reply = {
        "arrival": arrival["_id"],
        "code": arrival["code"],
        "sender": arrival["sender"],
        "sender_name": arrival["sender_name"],
        "at": arrival["arrived_at"],
    }
    return Decision("document_answered", {"replies": [*document["replies"], reply]}, {"reply": arrival["_id"]})


def request_id(document: Aggregate, kind: str) -> str:
    """The identity of a request: unique among those of its document, and the same when the decision is repeated."""
    return f"{document['_id']}:{kind}:{document['version'] + 1}"
