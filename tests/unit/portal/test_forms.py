"""What is typed into fields: read kindly where it is clear, refused by name where it is not."""

from typing import Any

import pytest

from gateway.portal.forms import Field, read_form

CHOICES = (("a", "A"), ("b", "B"))


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (Field("x", ""), {"x": "  Nguyễn  "}, "Nguyễn"),
        (Field("x", ""), {"x": "Nguyễn".encode().decode()}, "Nguyễn"),
        (Field("x", "", required=False), {}, None),
        (Field("x", "", "long"), {"x": "a\r\nb"}, "a\nb"),
        (Field("x", "", "number"), {"x": "1.200"}, 1200),
        (Field("x", "", "date"), {"x-day": "5", "x-month": "1", "x-year": "2026"}, "2026-01-05"),
        (Field("x", "", "date", required=False), {}, None),
        (
            Field("x", "", "moment"),
            {"x-day": "5", "x-month": "1", "x-year": "2026", "x-hour": "8:30"},
            "2026-01-05T08:30:00+07:00",
        ),
        (Field("x", "", "choice", choices=CHOICES), {"x": "b"}, "b"),
        (Field("x", "", "yes_no"), {"x": "co"}, True),
        (Field("x", "", "yes_no"), {"x": "khong"}, False),
        (Field("x", "", "tick"), {}, False),
        (Field("x", "", "tick"), {"x": "co"}, True),
    ],
)
def test_what_is_clear_is_taken(field: Field, typed: dict[str, str], value: Any) -> None:
    assert read_form([field], typed) == ({"x": value}, [])


def test_letters_and_accents_sent_apart_are_put_together() -> None:
    assert read_form([Field("x", "")], {"x": "Nguye\u0302\u0303n"})[0] == {"x": "Nguyễn"}


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (Field("x", ""), {"x": "   "}, "required"),
        (Field("x", "", limit=3), {"x": "abcd"}, "too_long"),
        (Field("x", "", "number"), {"x": "-1"}, "not_a_number"),
        (Field("x", "", "number"), {"x": "hai"}, "not_a_number"),
        (Field("x", "", "date"), {"x-day": "31", "x-month": "2", "x-year": "2026"}, "day_unreal"),
        (Field("x", "", "date"), {"x-day": "5"}, "day_unreal"),
        (Field("x", "", "moment"), {"x-day": "5", "x-month": "1", "x-year": "2026", "x-hour": "25:00"}, "day_unreal"),
        (Field("x", "", "moment", required=False), {"x-hour": "08:00"}, "day_unreal"),
        (Field("x", "", "choice", choices=CHOICES), {}, "choose_one"),
        (Field("x", "", "choice", choices=CHOICES), {"x": "c"}, "choose_one"),
    ],
)
def test_what_is_not_is_refused_by_name(field: Field, typed: dict[str, str], code: str) -> None:
    values, wrong = read_form([field], typed)
    assert values == {}
    assert [(fault["path"], fault["code"]) for fault in wrong] == [("x", code)]
