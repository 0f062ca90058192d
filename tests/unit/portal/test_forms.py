"""What is typed into fields: read kindly where it is clear, refused by name where it is not."""

from typing import Any

import pytest

from gateway.portal.forms import Field, entries_of, read_form
from tests.support.gateway import GatewayInHand

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


def moment_at(clock: str) -> dict[str, str]:
    return {"x-day": "5", "x-month": "1", "x-year": "2026", "x-hour": clock}


@pytest.mark.parametrize(
    ("clock", "read"),
    [
        ("8h30", "08:30"), ("8:30", "08:30"), ("08.30", "08:30"), ("8 giờ 30", "08:30"), ("8 gio 30 phut", "08:30"),
        ("8 Giờ 30 phút", "08:30"), ("8g30", "08:30"), ("8 30", "08:30"), ("8h30'", "08:30"), ("14 h 5", "14:05"),
        ("8", "08:00"), ("8h", "08:00"), ("8 giờ", "08:00"), ("0:00", "00:00"), ("23:59", "23:59"),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(clock: str, read: str) -> None:
    field = Field("x", "", "moment")
    assert read_form([field], moment_at(clock)) == ({"x": f"2026-01-05T{read}:00+07:00"}, [])


@pytest.mark.parametrize("clock", ["", "25:00", "8:60", "24h", "sáng", "-1", "8h30h", "123", "8:30:00+09", "٨"])
def test_an_hour_that_cannot_be_read_is_told_so_at_its_box(gateway: GatewayInHand, clock: str) -> None:
    field = Field("x", "Lúc nào?", "moment")
    values, wrong = read_form([field], moment_at(clock))
    assert values == {}
    with gateway.app.test_request_context():
        (entry,) = entries_of([field], wrong)
    assert entry["href"] == "#x-hour"
    assert "Không đọc được giờ" in entry["text"]


def test_a_year_of_two_digits_leads_to_its_box() -> None:
    field = Field("x", "Ngày nào?", "date")
    _values, wrong = read_form([field], {"x-day": "5", "x-month": "2", "x-year": "26"})
    assert entries_of([field], wrong)[0]["href"] == "#x-year"


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
        (Field("x", "", "date"), {"x-day": "5"}, "day_incomplete"),
        (Field("x", "", "date"), {"x-day": "5", "x-month": "2", "x-year": "26"}, "year_short"),
        (Field("x", "", "moment"), {"x-day": "5", "x-month": "2", "x-year": "26", "x-hour": "8:00"}, "year_short"),
        (Field("x", "", "moment"), {"x-day": "31", "x-month": "2", "x-year": "2026", "x-hour": "8:00"}, "day_unreal"),
        (Field("x", "", "moment", required=False), {"x-hour": "08:00"}, "day_incomplete"),
        (Field("x", "", "choice", choices=CHOICES), {}, "choose_one"),
        (Field("x", "", "choice", choices=CHOICES), {"x": "c"}, "choose_one"),
    ],
)
def test_what_is_not_is_refused_by_name(field: Field, typed: dict[str, str], code: str) -> None:
    values, wrong = read_form([field], typed)
    assert values == {}
    assert [(fault["path"], fault["code"]) for fault in wrong] == [("x", code)]
