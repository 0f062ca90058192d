from datetime import UTC, date, datetime, timedelta

import pytest

from shared.errors import Invalid
from shared.working_time import VIETNAM, Calendar, Duration, Timetable, Unit, WorkingTime, YearDays

CLOCK = WorkingTime()


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM).astimezone(UTC)


def shown(moment: datetime) -> str:
    assert moment.tzinfo is UTC
    return f"{moment.astimezone(VIETNAM):%a %d/%m/%Y %H:%M}"


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("27/10/2023 09:32", "5 working days", "Fri 03/11/2023 09:32"),
        ("02/10/2026 16:00", "8 working hours", "Mon 05/10/2026 16:00"),
        ("02/10/2026 10:00", "4 working hours", "Fri 02/10/2026 16:00"),
        ("02/10/2026 12:15", "2 working hours", "Fri 02/10/2026 15:30"),
        ("02/10/2026 18:05", "8 working hours", "Mon 05/10/2026 17:00"),
        ("13/02/2026 09:32", "5 working days", "Fri 27/02/2026 09:32"),
        ("24/04/2026 15:00", "3 working days", "Mon 04/05/2026 15:00"),
        ("23/11/2026 15:00", "1 working day", "Wed 25/11/2026 15:00"),
        ("05/10/2026 08:00", "5 working days", "Mon 12/10/2026 08:00"),
        ("14/10/2026 15:00", "5 working days", "Wed 21/10/2026 15:00"),
    ],
)
def test_the_due_moments_of_the_domain_reference(received: str, limit: str, due: str) -> None:
    assert shown(CLOCK.add(at(received), Duration.parse(limit))) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("01/10/2026 14:59", "Thu 01/10/2026 17:00"),
        ("01/10/2026 15:00", "Thu 01/10/2026 17:00"),
        ("01/10/2026 15:01", "Fri 02/10/2026 17:00"),
        ("02/10/2026 15:01", "Mon 05/10/2026 17:00"),
        ("02/10/2026 18:05", "Mon 05/10/2026 17:00"),
        ("23/11/2026 16:00", "Wed 25/11/2026 17:00"),
    ],
)
def test_same_day_results_move_to_the_next_working_day_after_the_cutoff(received: str, due: str) -> None:
    assert shown(CLOCK.add(at(received), Duration.parse("same day until 15:00"))) == due


def test_the_cutoff_is_a_setting_of_the_limit() -> None:
    limit = Duration.parse("same day until 10:30")
    assert shown(CLOCK.add(at("01/10/2026 10:31"), limit)) == "Fri 02/10/2026 17:00"


@pytest.mark.parametrize(
    ("arrived", "received"),
    [
        ("01/10/2026 05:10", "Thu 01/10/2026 07:00"),
        ("01/10/2026 09:15", "Thu 01/10/2026 09:15"),
        ("01/10/2026 12:00", "Thu 01/10/2026 13:30"),
        ("01/10/2026 17:00", "Thu 01/10/2026 17:00"),
        ("01/10/2026 17:01", "Fri 02/10/2026 07:00"),
        ("03/10/2026 09:00", "Mon 05/10/2026 07:00"),
        ("14/02/2026 09:00", "Mon 23/02/2026 07:00"),
    ],
)
def test_an_arrival_outside_hours_is_received_when_the_counter_opens(arrived: str, received: str) -> None:
    assert shown(CLOCK.normalise_reception(at(arrived))) == received


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("05/10/2026 08:00", "25 days", "Fri 30/10/2026 08:00"),
        ("02/10/2026 10:00", "1 day", "Mon 05/10/2026 10:00"),
        ("13/02/2026 10:00", "3 days", "Mon 23/02/2026 10:00"),
        ("13/02/2026 10:00", "6 days without holidays", "Tue 24/02/2026 10:00"),
        ("30/01/2026 10:00", "1 month", "Mon 02/03/2026 10:00"),
        ("30/12/2027 10:00", "2 months", "Tue 29/02/2028 10:00"),
        ("05/10/2026 08:00", "13 months", "Fri 05/11/2027 08:00"),
    ],
)
def test_days_and_months_run_through_weekends_but_never_end_on_one(received: str, limit: str, due: str) -> None:
    assert shown(CLOCK.add(at(received), Duration.parse(limit))) == due


def test_a_make_up_day_is_worked_and_its_counterpart_is_not() -> None:
    decided = YearDays.from_dict(
        {
            "year": 2026,
            "days_off": {"2026-01-01": "Tết Dương lịch", "2026-01-02": "Nghỉ"},
            "made_up": {"2026-01-10": "Làm bù"},
        }
    )
    clock = WorkingTime(calendar=Calendar([decided]))
    assert not clock.is_working_day(date(2026, 1, 2))
    assert clock.is_working_day(date(2026, 1, 10))
    assert shown(clock.add(at("09/01/2026 09:00"), Duration.parse("1 working day"))) == "Sat 10/01/2026 09:00"
    assert shown(clock.add(at("31/12/2025 09:00"), Duration.parse("1 working day"))) == "Mon 05/01/2026 09:00"
    assert shown(clock.normalise_reception(at("10/01/2026 06:00"))) == "Sat 10/01/2026 07:00"


def seasonal() -> WorkingTime:
    return WorkingTime(
        Timetable.from_dict(
            {
                "code": "th",
                "name": {"vi": "Theo mùa", "en": "Seasonal"},
                "seasons": [
                    {
                        "begins": "04-16",
                        "hours": {"mon-fri": "07:00-11:30, 13:30-17:00"},
                        "reception": {"sat": "07:30-11:30"},
                    },
                    {"begins": "10-16", "hours": {"mon-fri": "07:30-12:00, 13:00-16:30"}},
                ],
            }
        )
    )


def test_winter_hours_run_from_their_first_day_into_the_next_year() -> None:
    clock = seasonal()
    assert shown(clock.normalise_reception(at("15/10/2026 06:00"))) == "Thu 15/10/2026 07:00"
    assert shown(clock.normalise_reception(at("16/10/2026 06:00"))) == "Fri 16/10/2026 07:30"
    assert shown(clock.normalise_reception(at("05/01/2027 06:00"))) == "Tue 05/01/2027 07:30"
    assert shown(clock.add(at("15/10/2026 08:00"), Duration.parse("1 working day"))) == "Fri 16/10/2026 08:30"


def test_a_due_moment_after_the_winter_closing_comes_at_closing() -> None:
    assert shown(seasonal().add(at("12/10/2026 16:50"), Duration.parse("7 days"))) == "Mon 19/10/2026 16:30"


def test_saturday_reception_takes_applications_while_no_limit_runs() -> None:
    clock, saturday = seasonal(), at("03/10/2026 09:00")
    assert clock.normalise_reception(saturday) == saturday
    assert shown(clock.add(saturday, Duration.parse("1 working day"))) == "Mon 05/10/2026 17:00"
    assert shown(clock.add(saturday, Duration.parse("same day"))) == "Mon 05/10/2026 17:00"
    assert clock.working_minutes_between(saturday, at("05/10/2026 08:00")) == 60


def test_used_time_counts_only_working_minutes() -> None:
    assert CLOCK.working_minutes_between(at("05/10/2026 08:00"), at("07/10/2026 10:00")) == 18 * 60
    assert CLOCK.working_minutes_between(at("07/10/2026 10:00"), at("05/10/2026 08:00")) == -18 * 60


def test_subtracting_finds_the_moment_from_which_that_time_is_left() -> None:
    assert shown(CLOCK.subtract(at("19/10/2026 11:00"), timedelta(hours=8))) == "Fri 16/10/2026 11:00"
    assert shown(CLOCK.subtract(at("23/02/2026 09:00"), timedelta(hours=8))) == "Fri 13/02/2026 09:00"


def test_working_days_between_leave_out_the_first_and_keep_the_last() -> None:
    assert CLOCK.working_days_between(date(2026, 2, 13), date(2026, 2, 23)) == 1
    assert CLOCK.working_days_between(date(2026, 10, 5), date(2026, 10, 5)) == 0
    assert CLOCK.working_days_between(date(2026, 12, 31), date(2027, 1, 4)) == 1


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CLOCK.normalise_reception(datetime(2026, 10, 5, 8))


@pytest.mark.parametrize(
    "text",
    [
        "8 working hours",
        "1 working hour",
        "5 working days",
        "25 days",
        "1 day",
        "10 days without holidays",
        "2 months",
        "same day until 15:00",
    ],
)
def test_a_limit_is_written_as_it_is_read(text: str) -> None:
    assert str(Duration.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "5", "0 days", "-1 days", "5 weeks", "5 working days without holidays", "same day until 25:00", "1.5 days"],
)
def test_a_malformed_limit_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Duration.parse(text)
    assert refused.value.code == "duration_malformed"


def test_a_limit_reads_in_vietnamese() -> None:
    assert Duration(5, Unit.WORKING_DAYS).in_vietnamese() == "5 ngày làm việc"
    assert Duration.parse("10 days without holidays").in_vietnamese() == "10 ngày (không tính ngày lễ)"
    assert "sau 15:00" in Duration.parse("same day").in_vietnamese()
