"""Fields that follow from an application and are stored only so that reading stays fast however many there are.

Queues and lists are sorted by one string that ends with what only one application has: the order is total, a page
continues behind such a string, and one index serves filter, order and page. Reports count by the moments that
end an application and make it late, so that a past period can be counted from the present documents.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.one_stop_shop.domain.clock import Clock
from services.one_stop_shop.domain.search_index import searchable_words
from services.one_stop_shop.domain.statuses import Status
from shared.words import keys_of
from shared.working_time import VIETNAM

_WITHOUT_DEADLINE = 1 << 43  # sorts behind every deadline until the year 2248
_CLOSED = (1 << 44) - 1  # counted backwards: what was closed last comes first

CLOSED_FROM = "c"
"""Where the positions of closed applications begin."""


def queue_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """What every write sets anew: the place in the queues, and how the processing ended or stands."""
    ended_at = _ended_at(document)
    late_from = _late_from(document)
    outcome = outcome_of(ended_at, document.get("due_at"), late_from) if ended_at else None
    return {
        "position": position_of(document, ended_at),
        "ended_at": ended_at,
        "late_from": late_from,
        "outcome": outcome,
    }


def found_by(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is set when an application arrives, or its people or agencies change: the words and keys that find it."""
    found = searchable_words(document)
    return {
        "arrival": sort_key(document["submitted_at"], document["_id"]),
        "words": "".join(f" {word}" for word in found),
        "search": list(_tokens(document, found)),
    }


def outcome_of(ended_at: datetime, due_at: datetime | None, late_from: datetime | None) -> str:
    """Early is on an earlier day than due; without a due moment nothing is early or late."""
    if late_from is not None and ended_at > late_from:
        return "late"
    return "early" if due_at is not None and _day(ended_at) < _day(due_at) else "on_time"


def position_of(document: Mapping[str, Any], ended_at: datetime | None) -> str:
    """The place in the queues: by deadline, then what has none, then what is closed.

    Of the same deadline comes first what was submitted first; of the same moment, by the code. What was stored before
    that was so has the deadline and its id, and stands among those of its deadline until its next entry: the history's
    digest covers the place, so no migration may move it.
    """
    submitted_at, code = document["submitted_at"], document["code"]
    if is_closed(document):
        return f"{_CLOSED - milliseconds(ended_at or submitted_at):011x}{code}"
    if document.get("deadline_at"):
        return sort_key(document["deadline_at"], sort_key(submitted_at, code))
    return f"{_WITHOUT_DEADLINE + milliseconds(submitted_at):011x}{code}"


def sort_key(moment: datetime, then: str) -> str:
    """A string that sorts by moment and then by another string."""
    return f"{milliseconds(moment):011x}{then}"


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def word_token(agency: str, key: str) -> str:
    """A key of the words as the officers of one agency search for it."""
    return f"{agency}|{key}"


def party_token(party: str) -> str:
    """All applications of one citizen or organisation."""
    return f"={party}"


def matter_token(matter: str) -> str:
    """All applications of the same owner in the same matter."""
    return f"#{matter}"


def is_closed(document: Mapping[str, Any]) -> bool:
    """Whether nobody waits for anything any more: refused, withdrawn by decision, or returned."""
    if document["status"] == Status.WITHDRAWN:
        return (document.get("withdrawal") or {}).get("state") != "requested"
    return document["status"] in (Status.REFUSED, Status.RETURNED)


def _ended_at(document: Mapping[str, Any]) -> datetime | None:
    """The end of processing: finished before returned, else refused or withdrawn by decision (D 2.10)."""
    match Status(document["status"]):
        case Status.FINISHED | Status.RETURNED:
            return document.get("finished_at") or document.get("returned_at")
        case Status.REFUSED:
            return document.get("refused_at")
        case Status.WITHDRAWN if is_closed(document):
            return document.get("closed_at")
    return None


def _late_from(document: Mapping[str, Any]) -> datetime | None:
    """The moment after which the agency is late by its clock; None while a clock that stands was in time."""
    if not document.get("clock"):
        return None
    clock = Clock.from_dict(document["clock"])
    if clock.due_at is None:
        return None
    apologised_late = [extension.former_due for extension in clock.extensions if extension.at > extension.former_due]
    if apologised_late:
        return min(apologised_late)
    return clock.due_at if clock.running or clock.is_overdue(clock.due_at) else None


def _day(moment: datetime) -> Any:
    return moment.astimezone(VIETNAM).date()


def _tokens(document: Mapping[str, Any], found: Sequence[str]) -> Iterator[str]:
    yield from (party_token(party) for party in document["parties"])
    if document.get("matter"):
        yield matter_token(document["matter"])
    keys = list(dict.fromkeys(keys_of(found)))
    for agency in document["visible_to"]:
        yield from (word_token(agency, key) for key in keys)
