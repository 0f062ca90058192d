"""The append-only, hash-chained history of an aggregate: who did what, when, for which agency and why.

Every entry is an event of the aggregate and carries the hash of the entry before it. The aggregate keeps the
hash of the last entry (`head`) beside the number of entries (`version`), so that a cut-off tail shows too.
An entry also carries the digest of the whole aggregate as it was found and as it was left: what is altered beside the
history shows at once, and still shows when others have written since. Pure: no database, no clock.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict, cast

import orjson

from shared.actors import Signature


class Command(TypedDict):
    """The request behind an entry, kept so that a repetition gets the same answer and no second effect."""

    key: str
    digest: str
    answer: dict[str, Any]


class Entry(TypedDict):
    """One entry; `type` is an event's type, `data` its payload, `prev` and `hash` chain it to the one before.

    `found` and `left` are digests of the aggregate before and after, "" where there was none.
    """

    seq: int
    id: str
    type: str
    at: datetime
    actor: Signature
    reason: str
    data: dict[str, Any]
    correlation: str
    traceparent: str
    command: NotRequired[Command]
    found: NotRequired[str]
    left: NotRequired[str]
    prev: str
    hash: str


def next_entry(
    aggregate: str,
    version: int,
    head: str,
    *,
    type: str,
    at: datetime,
    actor: Signature,
    data: dict[str, Any],
    reason: str = "",
    correlation: str = "",
    traceparent: str = "",
    command: Command | None = None,
    found: str = "",
    left: str = "",
) -> Entry:
    """The entry that follows an aggregate's `version` entries, the last of which has the hash `head` ("" for none).

    The time is cut to milliseconds, as MongoDB keeps it.
    """
    entry: dict[str, Any] = {
        "seq": version + 1,
        "id": f"{aggregate}:{version + 1}",
        "type": type,
        "at": at.replace(microsecond=at.microsecond // 1000 * 1000),
        "actor": actor,
        "reason": reason,
        "data": data,
        "correlation": correlation,
        "traceparent": traceparent,
        "prev": head,
    }
    if command is not None:
        entry["command"] = command
    if left:
        entry |= {"found": found, "left": left}
    return cast(Entry, entry | {"hash": entry_hash(entry)})


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a history is not what was written: its sequence number and what is wrong there."""

    seq: int
    problem: str


def verify(aggregate: str, history: Sequence[Mapping[str, Any]], *, version: int, head: str) -> Broken | None:
    """Check a whole history against its own chain and the stored `version` and `head`; None when it is sound."""
    previous, left = "", None
    for seq, entry in enumerate(history, start=1):
        problem = _problem(aggregate, seq, previous, entry)
        if not problem and left not in (None, entry.get("found", left)):
            problem = "found_altered"
        if problem:
            return Broken(seq, problem)
        previous, left = entry["hash"], entry.get("left")
    if len(history) < version:
        return Broken(len(history) + 1, "missing")
    if len(history) > version:
        return Broken(version + 1, "inserted")
    return None if previous == head else Broken(version, "altered")


def verify_stored(stored: Mapping[str, Any], aside: frozenset[str] = frozenset()) -> Broken | None:
    """Check an aggregate with its history: every entry, and that all else is as the last of them left it.

    Entries of before digests were written prove only themselves. It judges whatever is there, under whatever names.
    """
    history, version, head = entries_of(stored), stored.get("version"), str(stored.get("head"))
    counted = isinstance(version, int) and not isinstance(version, bool)
    length = version if isinstance(version, int) else len(history)
    broken = verify(str(stored.get("_id")), history, version=length, head=head)
    if broken is not None:
        return broken
    if counted and (not history or history[-1].get("left", "") in ("", _digest_of_found(stored, aside))):
        return None
    return Broken(max(len(history), 1), "left_altered")


def entries_of(stored: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The history of an aggregate as it was found: none where the field itself was altered, {} for what is no entry."""
    history = stored.get("history")
    return [entry if isinstance(entry, Mapping) else {} for entry in history] if isinstance(history, list) else []


def speaks_of(stored: Mapping[str, Any], subject: str, agency: str) -> bool:
    """Whether an entry of an aggregate was written by this person or agency, or names the agency as whose it is."""
    for entry in entries_of(stored):
        said = [part if isinstance(part, Mapping) else {} for part in (entry.get("actor"), entry.get("data"))]
        if said[0].get("sub") == subject or (agency and agency in (one.get("agency") for one in said)):
            return True
    return False


ASIDE = frozenset({"version", "head", "history", "outbox", "due_work", "next_due_at", "search", "words", "arrival"})
"""What no digest covers: it is chained itself, or follows from the rest and may be derived anew without an entry."""


def state_digest(aggregate: Mapping[str, Any], aside: frozenset[str] = frozenset()) -> str:
    """SHA-256 over what is stored of an aggregate, but for what stands `aside`.

    A field without a value is the same as none: some are left out of the database then. Moments are those that the
    database gives back, which costs a tenth of bringing every one of them into a fixed form.
    """
    left_out = ASIDE | aside
    state = {name: value for name, value in aggregate.items() if value is not None and name not in left_out}
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _digest_of_found(stored: Mapping[str, Any], aside: frozenset[str]) -> str:
    """The digest of what was found, "altered" where it has none."""
    try:
        return state_digest(stored, aside) if _is_finite(stored) else "altered"
    except (TypeError, ValueError):
        return "altered"


def as_stored(value: Any) -> Any:
    """A value with its moments as MongoDB keeps them: in UTC, to the millisecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, Mapping):
        return {name: as_stored(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_stored(inner) for inner in value]
    return value


def _problem(aggregate: str, seq: int, previous: str, entry: Mapping[str, Any]) -> str:
    if entry.get("seq") != seq or entry.get("id") != f"{aggregate}:{seq}":
        return "out_of_place"
    if entry.get("prev") != previous:
        return "not_linked"
    return "" if entry.get("hash") == entry_hash(entry) and _is_finite(entry) else "altered"


def _is_finite(value: Any) -> bool:
    """Whether there is no infinite number and no NaN inside, which JSON would write as the null it may replace."""
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form of an entry without its own hash."""
    return hashlib.sha256(canonical({name: value for name, value in entry.items() if name != "hash"})).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON in one fixed form: sorted keys, no spaces, times in UTC to the millisecond."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
    raise TypeError(f"{value!r} has no canonical form")
