"""Turns the values of a form into Vietnamese text that every printer of the platform can set."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.printed_text import clean

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_MULTILINE = frozenset({"reason", "guidance", "request", "decision", "settlement", "note", "confirmation"})

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_THOUSANDS = ("", "nghìn", "triệu", "tỷ")


def plain(value: Any, name: str = "") -> Any:
    """The JSON picture of a form: cleaned text, moments and amounts in Vietnamese, everything else as it is."""
    if isinstance(value, str):
        return clean(value, multiline=name in _MULTILINE)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item, key) for key, item in value.items()}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), field.name) for field in fields(value)}
    return value


def vietnam_time(at: datetime) -> datetime:
    """The same moment on a clock in Vietnam; a moment without a zone is a defect of the caller."""
    if at.tzinfo is None:
        raise ValueError(f"a form needs moments with a zone, not {at!r}")
    return at.astimezone(VIETNAM)


def moment(at: datetime) -> dict[str, str]:
    """The ways in which a form writes a moment: in full, short for tables, and as the day alone."""
    local = vietnam_time(at)
    day = f"ngày {local:%d} tháng {local:%m} năm {local.year}"
    return {"full": f"{local:%H} giờ {local:%M} phút, {day}", "short": f"{local:%H:%M} {local:%d/%m/%Y}", "day": day}


def dong(amount: int) -> str:
    """An amount as Vietnam writes it: dots between the thousands."""
    return f"{amount:,}".replace(",", ".")


def dong_in_words(amount: int) -> str:
    """An amount as it is read aloud, for receipts: 8000 is "Tám nghìn đồng"."""
    words = f"{_read(amount)} đồng"
    return words[0].upper() + words[1:]


def _read(number: int) -> str:
    """Read a number below a billion billions: groups of three digits, and the billions read as a number."""
    if number < 0:
        return f"âm {_read(-number)}"
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, 10**9)
    words = [f"{_read(billions)} {_THOUSANDS[3]}"] if billions else []
    for power in (2, 1, 0):
        group, rest = divmod(rest, 1000**power)
        if group:
            words.append(f"{_read_three(group, leading=not words)} {_THOUSANDS[power]}".strip())
    return " ".join(words)


def _read_three(group: int, *, leading: bool) -> str:
    """Read up to three digits; inside a number the empty hundreds are spoken ("không trăm linh năm")."""
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [] if leading and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 4 and tens > 1:
        words.append("tư")
    elif ones == 5 and tens:
        words.append("lăm")
    elif ones:
        words.append(_DIGITS[ones])
    return " ".join(words)
