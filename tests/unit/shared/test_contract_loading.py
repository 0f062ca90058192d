"""The quick load of a contract accepts only what marshmallow accepts, with the same result."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, validate

from gateway.openapi.examples import example_of
from shared.contracts.base import Payload, Request, events
from shared.contracts.loading import _compiled, load
from shared.contracts.one_stop_shop.events import OWNER
from shared.contracts.one_stop_shop.operations import OPERATIONS
from shared.contracts.one_stop_shop.values import Person

CONTRACTS = sorted({one.body for one in OPERATIONS if one.body}, key=lambda contract: contract.__name__)
PAYLOADS = list(dict.fromkeys(event.payload for event in events(OWNER)))
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**13),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "1", "true", "\x00", "092090000123", "post", "H13.30.01\n", "2026-10-05", "an@example.vn"]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def judge(contract: type[Schema], data: Any) -> Any:
    try:
        return repr(contract().load(copy.deepcopy(data)))  # for 1 and True are equal
    except ValidationError as error:
        return error.messages


def quick(contract: type[Schema], data: Any) -> Any:
    try:
        return repr(load(contract, data))
    except ValidationError as error:
        return error.messages


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested data."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, part in inner for found in places(part, (*path, name)))]


def changed(value: Any, path: tuple[Any, ...], put: Any, how: str) -> Any:
    """The data with one place replaced, removed or given a neighbour."""
    if not path:
        return put
    value = copy.deepcopy(value)
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    if how == "remove":
        del holder[path[-1]]
    elif how == "add" and isinstance(holder, dict):
        holder["surprise"] = put
    else:
        holder[path[-1]] = put
    return value


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_every_request_has_a_quick_load_and_its_example_takes_it(contract: type[Request]) -> None:
    examples = [dict(one.example) for one in OPERATIONS if one.body is contract and one.example]
    schema, quickly = _compiled(contract)

    assert quickly is not None
    for example in examples or [example_of(contract)]:
        assert quickly(example) == schema.load(example)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.__qualname__)
def test_every_event_has_a_quick_load(payload: type[Payload]) -> None:
    schema, quickly = _compiled(payload)

    assert quickly is not None
    example = example_of(payload) | {"of a newer version": 1}
    assert quickly(example) == schema.load(example)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_both_loads_agree_on_whatever_is_sent(data: st.DataObject) -> None:
    contract = data.draw(st.sampled_from([*CONTRACTS, *PAYLOADS]))
    examples = [dict(one.example) for one in OPERATIONS if one.body is contract and one.example]
    sent = data.draw(st.sampled_from([example_of(contract), *examples]))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(sent)))
        sent = changed(sent, path, data.draw(ODD), data.draw(st.sampled_from(["replace", "remove", "add"])))

    assert quick(contract, sent) == judge(contract, sent)


class Inner(Request):
    word = fields.String(required=True, data_key="Word")


class Everything(Request):
    """Every kind of field that the quick load treats, with nulls, defaults and renamed keys."""

    number = fields.Integer(load_default=3, validate=validate.Range(0, 9))
    strict = fields.Integer(strict=True)
    yes = fields.Boolean(load_default=None)
    raw = fields.Raw(allow_none=True)
    inner = fields.Nested(Inner, allow_none=True)
    many = fields.Nested(Inner, many=True)
    lenient = fields.Nested(Inner, unknown=EXCLUDE)
    part = fields.Nested(Inner(only=("word",)))
    words = fields.List(fields.String(allow_none=True), validate=validate.Length(equal=2))
    keyed = fields.Dict(keys=fields.String(validate=validate.Length(max=3)), values=fields.Nested(Inner))
    renamed = fields.String(attribute="elsewhere")
    shown = fields.String(dump_only=True)
    default = fields.List(fields.Integer(), load_default=list)
    price = fields.Decimal(as_string=True)
    share = fields.Float()


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_both_loads_agree_on_every_kind_of_field(data: st.DataObject) -> None:
    names = [*Everything().fields, "surprise"]
    word: dict[str, Any] = {"Word": "a"}
    value = st.one_of(
        ODD,
        st.just(word),
        st.just([word, {"Word": 1}]),
        st.just(["a", None]),
        st.just({"abc": word, "d": {}}),
        st.just(word | {"more": 1}),
    )
    sent = data.draw(st.dictionaries(st.sampled_from(names), value, max_size=6))

    assert quick(Everything, sent) == judge(Everything, sent)


def test_a_contract_with_hooks_is_left_to_marshmallow() -> None:
    class Hooked(Request):
        word = fields.String()

        @post_load
        def shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {name: value.upper() for name, value in data.items()}

    class Lenient(Schema):
        class Meta:
            unknown = EXCLUDE

        word = fields.String()

    assert load(Hooked, {"word": "a"}) == {"word": "A"}
    assert load(Lenient, {"word": "a", "more": 1}) == {"word": "a"}
    assert Request().unknown == RAISE


def test_what_is_sent_is_not_changed() -> None:
    sent: dict[str, Any] = {"number": 1, "inner": {"Word": "a"}, "words": ["a", "b"]}
    before = copy.deepcopy(sent)

    loaded = load(Everything, sent)
    loaded["words"].append("c")
    loaded["default"].append(1)

    assert sent == before
    assert load(Everything, {})["default"] == []


@pytest.mark.parametrize("number", ["092090000123\n", "\n092090000123", "092090000123 "])
def test_nothing_slips_in_behind_a_number_of_a_known_shape(number: str) -> None:
    person = {
        "name": "Nguyễn Văn An",
        "identity_number": "092090000123",
        "phone": "0912345678",
        "address": {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"},
    }
    assert load(Person, person)
    for name in ("identity_number", "phone"):
        with pytest.raises(ValidationError) as refusal:
            load(Person, {**person, name: number})
        assert list(refusal.value.messages) == [name]
