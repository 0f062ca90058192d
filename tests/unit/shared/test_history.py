import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.history import (
    Broken,
    Entry,
    as_stored,
    canonical,
    entry_hash,
    next_entry,
    state_digest,
    verify,
    verify_stored,
)
from tests.support.kept_aggregates import ACTOR, AT, NEW, change

texts = st.text(max_size=8)
keys = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)  # as BSON has it
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=2),
    max_leaves=3,
)
payloads = st.dictionaries(keys, values, max_size=2)
times = st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))


def extend(history: list[Entry], **given: Any) -> None:
    defaults = {"type": "application_received.v1", "at": AT, "actor": ACTOR, "data": {}}
    head = history[-1]["hash"] if history else ""
    history.append(next_entry("app-1", len(history), head, **(defaults | given)))


@st.composite
def chains(draw: st.DrawFn) -> list[Entry]:
    """Histories that differ in length only."""
    history: list[Entry] = []
    for number in range(draw(st.integers(2, 6))):
        extend(history, data={"number": number % 2})
    return history


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    history: list[Entry] = []
    for _ in range(draw(st.integers(2, 3))):
        command = draw(st.none() | st.builds(lambda answer: {"key": "k", "digest": "d", "answer": answer}, payloads))
        extend(history, at=draw(times), data=draw(payloads), reason=draw(texts), command=command)
    return history


def check(changed: list[Entry], original: list[Entry]) -> Broken | None:
    return verify("app-1", changed, version=len(original), head=original[-1]["hash"])


def test_an_entry_says_who_did_what_when_and_why() -> None:
    history: list[Entry] = []
    extend(history, reason="Đủ thành phần hồ sơ", correlation="c", traceparent="t", data={"code": "H13-1"})
    entry = history[0]
    assert entry["at"] == AT.replace(microsecond=123000)
    expected = {
        "seq": 1, "id": "app-1:1", "type": "application_received.v1", "at": AT.replace(microsecond=123000),
        "actor": ACTOR, "reason": "Đủ thành phần hồ sơ", "data": {"code": "H13-1"}, "correlation": "c",
        "traceparent": "t", "prev": "", "hash": entry["hash"],
    }  # fmt: skip
    assert entry == expected


def test_the_hash_is_the_published_one() -> None:
    """Fixed for ever: a change of the canonical form would make every stored history look forged."""
    history: list[Entry] = []
    extend(history, data={"b": 1, "a": [True, None, 1.5, "Lê"]})
    assert canonical({name: value for name, value in history[0].items() if name != "hash"}).decode() == (
        '{"actor":{"agency":"H13.01.02","role":"reception_officer","sub":"officer-7"},"at":"2026-11-20T01:30:15.123Z",'
        '"correlation":"","data":{"a":[true,null,1.5,"Lê"],"b":1},"id":"app-1:1","prev":"","reason":"","seq":1,'
        '"traceparent":"","type":"application_received.v1"}'
    )
    assert history[0]["hash"] == "237f4f83700e9ebc2039f10db2e4b49678ccacb3b50b781b3dbb2381dac303c8"


@given(histories())
def test_an_untouched_history_is_sound_also_after_the_database(history: list[Entry]) -> None:
    assert check(history, history) is None
    stored = bson.decode(bson.encode({"history": history}), bson.CodecOptions(tz_aware=True))["history"]
    assert check(stored, history) is None


def test_an_empty_history_is_sound() -> None:
    assert verify("app-1", [], version=0, head="") is None


@given(st.data())
def test_an_altered_field_is_named(data: st.DataObject) -> None:
    history = data.draw(histories())
    changed = copy.deepcopy(history)
    place = data.draw(st.integers(0, len(changed) - 1))
    entry = changed[place]
    field = data.draw(st.sampled_from(sorted(set(entry) - {"at"})))
    before = canonical(entry[field])
    entry[field] = data.draw(values.filter(lambda value: canonical(value) != before))
    assert (broken := check(changed, history)) is not None
    assert broken.seq == place + 1


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_null_made_a_strange_number_is_named(number: float) -> None:
    history: list[Entry] = []
    extend(history, data={"fee": [{"paid": None}]})
    changed = copy.deepcopy(history)
    changed[0]["data"]["fee"][0]["paid"] = number
    assert check(changed, history) == Broken(1, "altered")


@given(chains(), st.data(), st.integers(1, 10**9))
def test_an_altered_time_is_named(history: list[Entry], data: st.DataObject, milliseconds: int) -> None:
    index = data.draw(st.integers(0, len(history) - 1))
    changed = copy.deepcopy(history)
    changed[index]["at"] += timedelta(milliseconds=milliseconds)
    assert check(changed, history) == Broken(index + 1, "altered")


@given(chains(), st.data())
def test_an_added_or_removed_field_is_named(history: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(history) - 1))
    field = data.draw(st.sampled_from(["actor", "reason", "data", "correlation", "note", "$", "hash_"]))
    changed: list[Any] = copy.deepcopy(history)
    if changed[index].pop(field, None) is None:
        changed[index][field] = ""
    assert check(changed, history) == Broken(index + 1, "altered")


@given(chains(), st.data())
def test_a_removed_entry_is_named(history: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(history) - 1))
    broken = check(history[:index] + history[index + 1 :], history)
    assert broken == Broken(index + 1, "missing" if index == len(history) - 1 else "out_of_place")


@given(chains(), st.data())
def test_a_cut_off_tail_is_named(history: list[Entry], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(history) - 1))
    assert check(history[:kept], history) == Broken(kept + 1, "missing")


@given(chains(), st.data())
def test_swapped_entries_are_named(history: list[Entry], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(history) - 2))
    second = data.draw(st.integers(first + 1, len(history) - 1))
    changed = list(history)
    changed[first], changed[second] = changed[second], changed[first]
    assert check(changed, history) == Broken(first + 1, "out_of_place")


@given(chains(), st.data())
def test_an_inserted_entry_is_named_even_if_well_made(history: list[Entry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(history)))
    changed = history[:index]
    extend(changed, reason="slipped in")
    broken = check(changed + history[index:], history)
    assert broken == (Broken(index + 1, "inserted") if index == len(history) else Broken(index + 2, "out_of_place"))


@given(chains(), st.data())
def test_a_chain_made_anew_after_an_alteration_misses_the_stored_head(
    history: list[Entry], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(history) - 1))
    forged = history[:index]
    for old in history[index:]:
        extend(forged, at=old["at"], data=old["data"], reason=old["reason"] + "!", command=old.get("command"))
    assert check(forged, history) == Broken(len(history), "altered")


@pytest.mark.parametrize(
    ("forged", "problem"),
    [({"prev": "0" * 64}, "not_linked"), ({"seq": 7}, "out_of_place"), ({"id": "app-1:7"}, "out_of_place")],
)
def test_an_entry_with_a_good_hash_in_the_wrong_place_is_named(forged: dict[str, Any], problem: str) -> None:
    history: list[Any] = []
    extend(history)
    extend(history)
    history[1] |= forged
    history[1]["hash"] = entry_hash(history[1])
    assert check(history, history) == Broken(2, problem)


@given(chains())
def test_a_history_is_not_that_of_another_aggregate(history: list[Entry]) -> None:
    assert verify("app-2", history, version=len(history), head=history[-1]["hash"]) == Broken(1, "out_of_place")


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), b"bytes", {1: "key"}, float, {"a": {2}}])
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_equal_moments_have_one_form() -> None:
    assert canonical(AT) == canonical(AT.astimezone(UTC).replace(microsecond=123000))


def test_the_hash_covers_everything_but_itself() -> None:
    history: list[Entry] = []
    extend(history)
    assert entry_hash(history[0]) == history[0]["hash"] == entry_hash(history[0] | {"hash": "other"})


def test_what_is_altered_beside_the_history_shows_before_and_after_the_next_entry() -> None:
    first = change(NEW, name="An", due_at=AT, people=[{"name": "An"}], owner=None)
    assert verify_stored(first) is None
    for altered in ({"name": "Anh"}, {"people": [{"name": "Anh"}]}, {"owner": "x"}, {"due_at": None}, {"more": 1}):
        forged = {**first, **altered}
        assert verify_stored(forged) == Broken(1, "left_altered"), altered
        later = change(forged, status="closed")
        assert verify_stored(later) == Broken(2, "found_altered"), altered
        assert verify_stored(change(later, status="open")) == Broken(2, "found_altered"), altered
    assert verify_stored(change(first, status="closed")) is None


def test_what_follows_from_the_rest_and_what_has_no_value_is_not_covered() -> None:
    first = change(NEW, name="An", owner=None)
    assert verify_stored({**first, "search": ["a"], "due_work": [], "outbox": [1]}) is None
    assert verify_stored({name: value for name, value in first.items() if name != "owner"}) is None
    assert verify_stored({**first, "read": "x"}, frozenset({"read"})) is None


def test_a_digest_is_the_same_for_what_the_database_gives_back() -> None:
    nested = {"at": AT, "days": ("2026-11-20",), "big": 2**40, "share": 0.1, "none": None}
    stored = {"_id": "app-1", "deep": [nested], **nested}
    options: Any = bson.CodecOptions(tz_aware=True)
    assert state_digest(bson.decode(bson.encode(stored), options)) == state_digest(as_stored(stored))


def test_entries_of_before_digests_prove_themselves() -> None:
    history: list[Entry] = []
    extend(history)
    old = {**NEW, "name": "An", "version": 1, "head": history[0]["hash"], "history": history}
    assert verify_stored(old) is None
    newer = change(old, name="Anh")
    assert verify_stored(newer) is None
    assert verify_stored({**newer, "name": "x"}) == Broken(2, "left_altered")
