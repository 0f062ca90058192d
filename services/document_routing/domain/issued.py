"""What happens to a document after its issue: recall, correction, replacement, statuses and replies that come back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.document_routing.domain import deliveries as d
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.outgoing import check_not_over, check_replaceable, version_of
from services.document_routing.domain.statuses import RequestKind, Row
from shared.errors import Conflict, Invalid, NotFound, field_error


def recall(document: Aggregate, occasion: Occasion, request: Mapping[str, Any]) -> Decision:
    """Ask the document back (13); where it has not left yet it is simply not sent.

    Raises:
        NotFound: a receiver is named that never got it.
        Conflict: there is nobody left to ask.
    """
    wanted = [one for one in _named(document, request["receivers"]) if d.concerns(one)]
    asked_for = [one for one in wanted if d.has_left(one) and one["mode"] != "paper"]
    unsent = [one for one in wanted if not d.has_left(one)]
    if not asked_for and not unsent:
        raise Conflict("nobody_to_ask")
    identity = request_id(document, "recall")
    after = list(document["deliveries"])
    for one in asked_for:
        asked = d.ask(one, identity, RequestKind.RECALL, occasion.now, request["reason"])
        after = d.replaced(after, asked)
    for one in unsent:
        after = d.replaced(after, d.cancel(one, identity, occasion.now, request["reason"]))
    data = {
        "request": identity,
        "receivers": [one["receiver"] for one in asked_for],
        "cancelled": [one["receiver"] for one in unsent],
    }
    return Decision("document_recalled", {"deliveries": after}, data, request["reason"])


def recall_what_left(document: Aggregate, occasion: Occasion, receiver: str, request: str) -> Decision | None:
    """What was not to be sent any more had left already: the receiver is asked after all; None when it was asked."""
    one = d.of_request(document["deliveries"], receiver, request)
    if one is None or not one["cancelled"]:
        return None
    reason = one["cancelled"]["reason"]
    sent = d.transported({**one, "cancelled": None}, d.PROCESSING)
    asked = d.ask(sent, request, RequestKind.RECALL, occasion.now, reason)
    data = {"request": request, "receivers": [receiver], "cancelled": []}
    return Decision("document_recalled", {"deliveries": d.replaced(document["deliveries"], asked)}, data, reason)


def _named(document: Aggregate, receivers: Sequence[str]) -> list[d.Delivery]:
    present = d.current(document["deliveries"])
    if not receivers:
        return present
    found = []
    for number, code in enumerate(receivers):
        known = [one for one in present if code in (one["receiver"], one["asked_for"])]
        if not known:
            wrong = field_error(f"receivers.{number}", "not_a_receiver", agency=code)
            raise Invalid("request_invalid", fields=[wrong])
        found += known
    return found


def update(
    document: Aggregate, occasion: Occasion, request: Mapping[str, Any], files: Sequence[dict[str, Any]] | None
) -> Decision:
    """Correct what was issued, under the same number: those who have it are asked, new receivers just get it.

    A receiver that refused it, gave it back or could not be reached gets it once more when it is named again.

    Raises:
        Invalid: a receiver is not reached.
        Conflict: everything is so already, or another document has taken the place of this one.
    """
    check_replaceable(document)
    added = _sent_to(document, occasion, request["add_receivers"])
    content = _new_content(document, request, files)
    check_not_over(content.get("due_on"), occasion)
    if not added and not content:
        raise Conflict("nothing_to_update")
    identity = request_id(document, "update")
    anew = {one["receiver"] for one in added}
    asked_for = [one for one in _holders(document) if content and one["receiver"] not in anew]
    after = list(document["deliveries"])
    for one in asked_for:
        after = d.replaced(after, d.ask(one, identity, RequestKind.UPDATE, occasion.now, request["reason"]))
    changes: Changes = {"deliveries": [*after, *added]}
    if content:
        new = {**document, **content}
        number = document["revision"] + 1
        changes |= {**content, "revision": number, "text_pending": True}
        changes["versions"] = [*document["versions"], version_of(number, occasion, new, new["files"])]
    data = {
        "request": identity,
        "revision": changes.get("revision", document["revision"]),
        "receivers": [one["receiver"] for one in asked_for],
        "added": [one["receiver"] for one in added],
        "digest": fingerprint({**document, **changes}),
    }
    return Decision("document_updated", changes, data, request["reason"])


def _sent_to(document: Aggregate, occasion: Occasion, receivers: Sequence[Mapping[str, Any]]) -> list[d.Delivery]:
    """New sendings, to receivers that have not got the document yet or have it no more."""
    found: list[d.Delivery] = []
    for one in d.address(receivers, occasion, document["agency"]):
        known = d.find(document["deliveries"], one["receiver"])
        if known is None or d.may_be_sent_again(known):
            found.append({**one, "sending": known["sending"] + 1 if known else 1})
    return [d.by_post(one) for one in found] if document["medium"] == "paper" else found


def _new_content(
    document: Aggregate, request: Mapping[str, Any], files: Sequence[dict[str, Any]] | None
) -> dict[str, Any]:
    """What of the content becomes another; what is not given stays as it is."""
    due_on: date | None = request["due_on"]
    said = {
        "subject": request["subject"],
        "summary": request["summary"],
        "due_on": due_on.isoformat() if due_on else None,
    }
    found = {name: value for name, value in said.items() if value and value != document[name]}
    if files is not None and _named_files(files) != _named_files(document["files"]):
        found["files"] = list(files)
    return found


def _named_files(files: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    return [(file["role"], file["sha256"], file["name"]) for file in files]


def _holders(document: Aggregate) -> list[d.Delivery]:
    """Those whom something can be asked: they have the document, or are to get it."""
    return [one for one in d.current(document["deliveries"]) if d.concerns(one) and one["mode"] != "paper"]


def be_replaced(document: Aggregate, occasion: Occasion, by: Aggregate) -> Decision | None:
    """Another document takes the place of this one: every receiver is asked; None when that was done already."""
    if document["replaced_by"] == by["_id"]:
        return None
    identity = request_id(document, "replace")
    asked_for = _holders(document)
    after = list(document["deliveries"])
    reason = f"Thay thế bằng văn bản {by['code']}"
    for one in asked_for:
        after = d.replaced(after, d.ask(one, identity, RequestKind.REPLACE, occasion.now, reason))
    data = {"request": identity, "by": by["_id"], "by_code": by["code"]}
    data["receivers"] = [one["receiver"] for one in asked_for]
    return Decision("document_replaced", {"replaced_by": by["_id"], "deliveries": after}, data, reason)


def progress(document: Aggregate, receiver: str, row: Row) -> Decision | None:
    """A status of a receiver came; None when it was known already.

    Raises:
        NotFound: the agency never got this document.
    """
    delivery = d.at_moment(document["deliveries"], receiver, row["at"])
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


def transport(document: Aggregate, receiver: str, sending: int, state: str) -> Decision | None:
    """The package of a sending moved; None when nothing is new by it."""
    (delivery,) = (one for one in document["deliveries"] if (one["receiver"], one["sending"]) == (receiver, sending))
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
