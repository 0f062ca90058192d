"""Turns the values of a form into Vietnamese text that every printer of the platform can set."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
UNPRINTABLE = "\u25a1"
"""Stands for a letter that the form's font lacks: visible, so that nobody takes the text for complete."""

# Letters that every style of Libertinus Serif holds, also as capitals; PDF/A forbids printing any other.
_PRINTABLE = (
    "\\n -~\u00a0-\u00ac\u00ae-\u017f\u01a0\u01a1\u01af\u01b0\u01cd-\u01dc\u0218-\u021b\u02bc\u0300-\u036f"
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1e00-\u1e9b\u1ea0-\u1ef9"
    "\u2010-\u2027\u2030-\u2037\u2039-\u203c\u2070\u2074-\u208e\u20ab\u20ac\u2103\u2105\u2109\u2113\u2116\u2122"
    "\u2126\u2153-\u215e\u2190-\u2195\u2200\u2202\u2203\u2205\u2208\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265"
    "\u25a0\u25a1\u25b2\u25b6\u25bc\u25c6\ufffd"
)
_LACKING = re.compile(f"[^{_PRINTABLE}]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_PILED_MARKS = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
_MULTILINE = frozenset({"reason", "guidance", "request", "decision", "settlement", "note", "confirmation"})

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_THOUSANDS = ("", "nghìn", "triệu", "tỷ")


def tidy(text: str, *, multiline: bool = False) -> str:
    """What a person wrote, safe to show: composed letters, no controls, no direction tricks, one line."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # nearly always, and ten times faster
        return _PILED_MARKS.sub(r"\1", " ".join(text.split()))
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    visible = "".join(letter for letter in composed if letter == "\n" or _is_visible(letter))
    lines = [re.sub(r"\s+", " ", line).strip() for line in re.split("[\n\u2028\u2029]", visible)]
    joined = ("\n" if multiline else " ").join(line for line in lines if line)
    return _PILED_MARKS.sub(r"\1", joined)


def clean(text: str, *, multiline: bool = False) -> str:
    """The tidy text in the letters that the form's font holds."""
    parted = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return _LACKING.sub(UNPRINTABLE, tidy(parted, multiline=multiline))


def _is_visible(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs") and letter not in "\ufffe\uffff"


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
