"""Agencies and the working calendar."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.one_stop_shop.domain.agencies import Agency
from services.one_stop_shop.domain.procedure_versions import version_in_force
from services.one_stop_shop.usecases.context import Context, actor_of
from services.one_stop_shop.usecases.publishing import require_editor
from services.one_stop_shop.usecases.queries_catalogue import all_versions, today
from shared.contracts.one_stop_shop.catalogue_requests import ListAgencies, SetCalendar
from shared.contracts.principal import Principal
from shared.errors import Conflict, FieldError, Invalid, NotFound, Stale, field_error
from shared.requests import answer_page, page_of, read_query, read_request
from shared.working_time import VIETNAM, YearDays, days_by_law, national_days

FIRST_YEAR, LAST_YEAR = 2000, 2100
YEARS_BACK, YEARS_AHEAD = 1, 2
SATURDAY = 5
MOST_DAYS_OFF = 12
"""Of one month: the longest Tết with the days around it."""


def list_agencies(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """All agencies in order of their codes, closed ones with what became of them; or where a procedure is handed in."""
    query, directory = read_query(ListAgencies, request), context.offices.directory()
    limit, after = page_of(request)
    day = today(context)
    found: Iterable[Agency] = directory
    if query["procedure"]:
        version = version_in_force(all_versions(context, query["procedure"]), day)
        found = directory.reception_points(version, day)
    agencies = sorted(found, key=lambda agency: agency.code)
    rest = [agency for agency in agencies if not after or agency.code > after]
    following = rest[limit - 1].code if len(rest) > limit else None
    return answer_page([_agency_view(agency, day) for agency in rest[:limit]], following)


def get_calendar(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """The days off of a year; `source` is `data` once the Government's list was entered, else `computed`."""
    return _calendar_view(context, _year(request["year"]))


def set_calendar(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Enter the days that the Government decided, for a year at hand; deadlines already promised do not move.

    Raises:
        Invalid: a day that the law itself names would be worked, a make-up day is none of a weekend, a day stands
            twice, a month has too many days off, or a day that is past changes and nothing says why.
        Stale: somebody else entered the year since it was read.
    """
    require_editor(context, actor_of(principal))
    year, body = _year_at_hand(context, request["year"]), read_request(SetCalendar, request, path=("year",))
    _check_days(body)
    _check_law(year, body)
    known = national_days(year)
    plain = {
        "year": year,
        "days_off": {day.isoformat(): known.days_off.get(day, "Ngày nghỉ") for day in body["days_off"]},
        "made_up": {day.isoformat(): known.made_up.get(day, "Làm bù") for day in body["make_up_days"]},
    }
    try:
        days = YearDays.from_dict(plain)
    except Invalid as error:
        raise Invalid(error.code, fields=[_as_asked(wrong) for wrong in error.fields], **error.params) from error
    _check_past(context, days, body["reason"])
    if not context.agencies.set_year(days, request["_version"], body["reason"]):
        raise Stale("version_stale")
    return _calendar_view(context, year)


def _year_at_hand(context: Context, text: str) -> int:
    """Deadlines reach into the years around this one, and the Government decides no further ahead."""
    year, this = _year(text), context.now().astimezone(VIETNAM).year
    if not this - YEARS_BACK <= year <= this + YEARS_AHEAD:
        raise Conflict("year_not_at_hand", first=this - YEARS_BACK, last=this + YEARS_AHEAD)
    return year


def _check_days(body: dict[str, Any]) -> None:
    wrong = []
    for name in ("days_off", "make_up_days"):
        twice = [day for day, times in Counter(body[name]).items() if times > 1]
        wrong += [field_error(name, "day_twice", day=_shown(day)) for day in twice]
    months = Counter((day.year, day.month) for day in set(body["days_off"]))
    wrong += [
        field_error("days_off", "too_many_days_off", month=f"{month:02d}/{year}", most=MOST_DAYS_OFF)
        for (year, month), count in months.items()
        if count > MOST_DAYS_OFF
    ]
    ordinary = sorted({day for day in body["make_up_days"] if day.weekday() < SATURDAY and day not in body["days_off"]})
    wrong += [field_error("make_up_days", "worked_anyway", day=_shown(day)) for day in ordinary]
    if wrong:
        raise Invalid("request_invalid", fields=wrong)


def _check_past(context: Context, days: YearDays, reason: str) -> None:
    """What was promised and reckoned by a day that is past stays explained."""
    entered, today = context.agencies.year(days.year), context.now().astimezone(VIETNAM).date()
    known = entered[0] if entered else national_days(days.year)
    wrong = [
        field_error(name, "past_day_changed", day=_shown(day))
        for name, before, after in (
            ("days_off", known.days_off, days.days_off),
            ("make_up_days", known.made_up, days.made_up),
        )
        for day in sorted(set(before) ^ set(after))
        if day < today
    ]
    if wrong and not reason.strip():
        raise Invalid("request_invalid", fields=wrong)


def _shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _check_law(year: int, body: dict[str, Any]) -> None:
    off, worked = set(body["days_off"]), set(body["make_up_days"])
    wrong = [
        field_error("days_off", "day_off_by_law", day=_shown(day), name=name)
        for day, name in days_by_law(year).items()
        if day in worked or (day not in off and day.weekday() < SATURDAY)
    ]
    if wrong:
        raise Invalid("calendar_invalid", fields=wrong, year=year)


def _as_asked(wrong: FieldError) -> FieldError:
    """The data file calls the make-up days otherwise than the request."""
    return {**wrong, "path": wrong["path"].replace("made_up", "make_up_days", 1)}


def _calendar_view(context: Context, year: int) -> dict[str, Any]:
    entered = context.agencies.year(year)
    days, version = entered or (national_days(year), 0)
    return {
        "year": year,
        "source": "data" if entered else "computed",
        "days_off": [day.isoformat() for day in sorted(days.days_off)],
        "make_up_days": [day.isoformat() for day in sorted(days.made_up)],
        "version": version,
    }


def _year(text: str) -> int:
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise NotFound("year_unknown", first=FIRST_YEAR, last=LAST_YEAR)
    return int(text)


def _agency_view(agency: Agency, day: date) -> dict[str, Any]:
    return {
        "code": agency.code,
        "legacy_code": agency.legacy_codes[0] if agency.legacy_codes else None,
        "name": agency.name.vi,
        "parent": agency.parent,
        "level": agency.level,
        "active": agency.is_open(day),
        "successor": agency.successor,
        "province": agency.province,
        "reception": agency.reception.vi if agency.reception else None,
    }
