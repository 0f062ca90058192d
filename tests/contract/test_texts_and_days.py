"""Every contract that callers send: days and moments of sane years, texts that can be seen, digits that are digits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from marshmallow import Schema, ValidationError, fields

from shared.contracts.base import Request
from shared.contracts.shapes import Day, Moment, Number
from shared.contracts.values import code, day, moment, text
from tests.support.offers import all_operations

REQUESTS = {one.__name__: one for offer in all_operations() for one in (offer.body, offer.query) if one is not None}


def inside(field: fields.Field, seen: set[type[Schema]]) -> Iterator[fields.Field]:
    """A field and all that it holds."""
    yield field
    if isinstance(field, fields.List):
        yield from inside(field.inner, seen)
    if isinstance(field, fields.Dict) and field.value_field:
        yield from inside(field.value_field, seen)
    if isinstance(field, fields.Nested) and type(field.schema) not in seen:
        seen.add(type(field.schema))
        for inner in field.schema.fields.values():
            yield from inside(inner, seen)


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_no_request_takes_a_day_or_moment_that_cannot_be_counted_on(name: str) -> None:
    held = [one for field in REQUESTS[name]().fields.values() for one in inside(field, set())]
    loose = [one for one in held if isinstance(one, fields.Date | fields.DateTime)]
    assert [one for one in loose if not isinstance(one, Day | Moment)] == []


class Form(Request):
    day = day()
    moment = moment()
    name = text(20, required=True)
    note = text(20, load_default="")
    number = code(r"^\d{3}$", example="123", required=False)
    limit = Number()


def fault(**given: str) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        Form().load({"name": "An", **given})
    assert isinstance(refused.value.messages, dict)
    return refused.value.messages


@pytest.mark.parametrize("year", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_of_another_age_is_refused(year: str) -> None:
    assert fault(day=year) == {"day": ["year_out_of_range"]}
    assert fault(moment=f"{year}T08:00:00+07:00") == {"moment": ["year_out_of_range"]}


@pytest.mark.parametrize("last", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar_are_refused_in_every_zone(last: str) -> None:
    assert fault(moment=last) == {"moment": ["year_out_of_range"]}


def test_a_moment_is_in_utc() -> None:
    loaded = Form().load({"name": "An", "day": "2026-11-22", "moment": "2026-11-22T06:00:00+07:00"})
    assert loaded["day"] == date(2026, 11, 22)
    assert loaded["moment"] == datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    assert loaded["moment"].tzinfo == UTC


@pytest.mark.parametrize("unseen", ["", " ", "\u200b", "\u2060\ufeff", "\u0301", "\u3164", " \u00a0\t"])
def test_what_cannot_be_seen_is_blank(unseen: str) -> None:
    assert fault(name=unseen) == {"name": ["blank"]}


def test_what_is_not_required_may_be_empty_and_not_only_look_so() -> None:
    assert Form().load({"name": "Ân 👍", "note": " "})["note"] == " "
    assert fault(note="\u200b") == {"note": ["blank"]}


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert fault(number="٠٩٢") == {"number": ["Not of the shape of 123."]}
    for limit in ("٣", "3_0", "+3", " 3", "3.0"):
        assert fault(limit=limit) == {"limit": ["Not a valid integer."]}
    assert Form().load({"name": "An", "limit": "30"})["limit"] == 30


@pytest.mark.parametrize("other", ["20261101", "2026-W44-1", "٢٠٢٦-11-01"])
def test_a_day_is_written_in_one_way(other: str) -> None:
    assert fault(day=other) == {"day": ["Not a valid date."]}
    assert fault(moment=f"{other}T08:00:00+07:00") == {"moment": ["Not a valid datetime."]}


@pytest.mark.parametrize("marks", [".", "-", "… !", "👍"])
def test_marks_alone_are_no_words(marks: str) -> None:
    assert fault(name=marks) == {"name": ["wordless"]}
