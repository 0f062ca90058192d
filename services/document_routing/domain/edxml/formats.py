"""Days, moments and identifiers as edXML writes them, and what partners write instead."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[T ].*)?")
_MOMENT = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?")
_IDENTIFIER = re.compile(r"(?P<organ>[^,]+),\s*(?P<day>[^,]+),\s*(?P<number>[^/]+)/(?P<notation>.+)", re.DOTALL)


def write_day(day: date) -> str:
    """`yyyy/MM/dd`."""
    return f"{day:%Y/%m/%d}" if day.year > 999 else f"{day.year:04d}/{day:%m/%d}"


def read_day(text: str) -> date:
    """A day as the standard writes it, or with dashes, or day first.

    Raises:
        ValueError: it is no day.
    """
    if match := _DAY.fullmatch(text):
        year, month, day = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        raise ValueError(text)
    return date(int(year), int(month), int(day))


def write_moment(moment: datetime) -> str:
    """`yyyy/MM/dd HH:mm:ss` in Vietnam's time: the format has no zone."""
    local = moment.astimezone(VIETNAM)
    return f"{write_day(local.date())} {local:%H:%M:%S}"


def read_moment(text: str) -> datetime:
    """A moment without a zone, which is Vietnam's, or an ISO 8601 moment with one.

    Raises:
        ValueError: it is no moment.
    """
    if match := _MOMENT.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def document_identifier(organ: str, day: date, number: str, notation: str) -> str:
    """The identifier of a document: `000.00.00.G22,2015/09/30,7816/VPCP-TTĐT`."""
    return f"{organ},{write_day(day)},{number}/{notation}"


def read_identifier(text: str) -> tuple[str, date, str, str] | None:
    """Agency, day, number and symbol of a document identifier; None when it follows another pattern."""
    match = _IDENTIFIER.fullmatch(text.strip())
    if match is None:
        return None
    try:
        day = read_day(match["day"].strip())
    except ValueError:
        return None
    return match["organ"].strip(), day, match["number"].strip(), match["notation"].strip()
