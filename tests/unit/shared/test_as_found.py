"""No byte of a stored aggregate can be altered unseen, and no altered byte keeps a verifier from its answer."""

from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument

from shared.as_found import MARK, as_found
from shared.contracts.principal import Principal, Role
from shared.errors import NotFound
from shared.history import ASIDE, as_stored, next_entry, state_digest, verify_stored
from shared.requests import answer_verified
from tests.support.raw_bytes import elements, other_types, with_byte

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
OFFICER = Principal("officer-7", "An", frozenset({Role.CLERK}), agency="H13.30.01")
STRANGER = Principal("officer-8", "Ba", frozenset({Role.CLERK}), agency="H13.17")


def stored() -> dict[str, Any]:
    """An aggregate with every type that is ever written, after two entries."""
    aggregate: dict[str, Any] = {
        "_id": "app-1", "agency": "H13.30.01", "subject": "V/v phối hợp", "asked": None, "open": True, "fee": 1.5,
        "pages": 3, "size": 2**40, "at": AT, "files": [{"id": "ab", "pages": [1, None]}, "x"], "signer": {"name": "Lê"},
        "search": ["x"], "version": 0, "head": "", "history": [],
    }  # fmt: skip
    for _ in range(2):
        before = state_digest(aggregate) if aggregate["version"] else ""
        entry = next_entry(
            "app-1",
            aggregate["version"],
            aggregate["head"],
            type="x.v1",
            at=AT,
            actor={"sub": "officer-7", "role": "clerk", "agency": "H13.30.01"},
            data={"agency": "H13.30.01", "receivers": ["a", "b"], "late": None},
            found=before,
            left=state_digest(as_stored(aggregate)),
        )
        history = [*aggregate["history"], entry]
        aggregate = {**as_stored(aggregate), "version": entry["seq"], "head": entry["hash"], "history": history}
    return aggregate


def found(raw: bytes) -> dict[str, Any] | None:
    """What a verifier reads of these bytes; None when they are no document at all."""
    try:
        return as_found(RawBSONDocument(raw))
    except InvalidBSON:
        return None


def test_what_was_not_altered_is_read_as_it_is() -> None:
    aggregate = stored()
    assert found(bson.encode(aggregate)) == aggregate
    assert verify_stored(aggregate) is None


def test_every_altered_byte_of_an_aggregate_is_named_or_outside_the_proof_by_its_name() -> None:
    raw = bson.encode(stored())
    fields = [one for one in elements(raw) if len(one.path) == 1]
    empty = {one.path[0] for one in fields if raw[one.type_at] == 0x0A}
    unseen = set()
    for place in range(4, len(raw)):
        (field,) = [one for one in fields if one.type_at <= place < one.end] or [fields[-1]]
        for value in {raw[place] ^ (1 << bit) for bit in range(8)} | set(other_types(raw[place])):
            read = found(with_byte(raw, place, value))
            if read is not None and verify_stored(read) is None:
                unseen.add((field.path[0], place >= field.value_at))
    assert {name for name, _ in unseen} == {"search"} | empty
    assert "search" in ASIDE
    assert empty == {"asked"}
    assert ("asked", True) not in unseen  # a field without a value is the same as none, so its name may change


def test_every_type_in_the_place_of_another_is_named() -> None:
    raw = bson.encode(stored())
    altered = [(one, type_) for one in elements(raw) for type_ in other_types(raw[one.type_at])]
    assert {one.path[0] for one, _ in altered} >= {"_id", "agency", "asked", "files", "history", "head"}
    legal = {("search",): 0x03}  # a document in place of a list is a form that is written
    unseen = [
        (one.path, type_)
        for one, type_ in altered
        if verify_stored(as_found(RawBSONDocument(with_byte(raw, one.type_at, type_)))) is None
        and legal.get(one.path) != type_
    ]
    assert unseen == []


def test_a_field_that_stands_there_twice_is_marked() -> None:
    raw = bson.encode({"_id": "a", "names": 1, "nameS": 1})
    twice = as_found(RawBSONDocument(raw.replace(b"nameS", b"names")))
    assert twice == {"_id": "a", "names": 1, MARK: True}


def test_a_null_that_became_no_number_is_named_beside_the_history() -> None:
    aggregate = stored()
    aggregate["files"][0]["pages"][1] = float("nan")
    assert verify_stored(aggregate) is not None


def ask(row: dict[str, Any] | None, principal: Principal) -> dict[str, Any]:
    def check(one: Any) -> None:
        if one["agency"] != principal.agency:
            raise NotFound("document_unknown")

    return answer_verified(row, principal, check, NotFound("document_unknown"))


@pytest.mark.parametrize("name", ["version", "head", "history", "agency", "subject"])
def test_a_renamed_field_is_told_to_those_whom_it_concerns_and_to_nobody_else(name: str) -> None:
    raw = bson.encode(stored())
    (field,) = [one for one in elements(raw) if one.path == (name,)]
    renamed = found(with_byte(raw, field.name_at, ord("x")))
    assert renamed is not None
    assert f"x{name[1:]}" in renamed
    if name == "history":
        assert ask(renamed, OFFICER) == {"intact": False, "entries": 0, "first_altered": 1}
    else:
        answer = ask(renamed, OFFICER)
        assert (answer["intact"], answer["entries"]) == (False, 2)
    with pytest.raises(NotFound):
        ask(renamed, STRANGER)


def test_another_agency_learns_nothing_though_an_entry_of_a_sound_aggregate_speaks_of_it() -> None:
    with pytest.raises(NotFound):
        ask({**stored(), "agency": "H13.30.01"}, STRANGER)
    with pytest.raises(NotFound):
        ask(None, OFFICER)
