"""The words of the pages: written in Vietnamese in the templates, in English in `english.po`; days and money."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from gateway.http.sentences import language
from shared.working_time import VIETNAM

FILE = Path(__file__).parent / "english.po"


@cache
def _translations(tongue: str) -> NullTranslations:
    if tongue == "vi":
        return NullTranslations()
    compiled = io.BytesIO()
    with FILE.open("rb") as file:
        write_mo(compiled, read_po(file, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, **figures: Any) -> str:
    """A text in the reader's language, with the figures in it."""
    found = _translations(language()).gettext(text)
    if any(isinstance(figure, Markup) for figure in figures.values()):
        found = Markup(found)  # our own text; what is not marked up in it is escaped
    return found % figures if figures else found


def ngettext(one: str, many: str, number: int, **figures: Any) -> str:
    """A text with a number in it; Vietnamese has one form for all numbers."""
    found = many if language() == "vi" else _translations("en").ngettext(one, many, number)
    return found % {"num": number, **figures}


def said(text: str) -> str:
    """Mark a text of a table as one that is said in both languages; it is looked up when it is shown."""
    return text


def look_up(table: Mapping[str, str], code: str) -> str:
    """What a table says of a code, in the reader's language; a code that it does not know says itself."""
    return gettext(table[code]) if code in table else code


def vietnamese(text: object) -> Markup:
    """What people or agencies wrote in Vietnamese, marked as such: on an English page it is read with its own voice."""
    return Markup('<span lang="vi">{}</span>').format(text)


def words(both: Any) -> str:
    """What data give in both languages, in the reader's."""
    return str(both.get(language()) or both.get("vi") or "") if isinstance(both, dict) else str(both or "")


def clock(moment: Any, *, seconds: bool = False) -> str:
    """A moment as people in Viet Nam read it: the hour, then the day."""
    local = _moment(moment)
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{time}{' ngày' if language() == 'vi' else ' on'} {local:%d/%m/%Y}"


def hour(moment: Any) -> str:
    """The hour of a moment in Viet Nam."""
    return f"{_moment(moment):%H:%M}"


def day(moment: Any) -> str:
    """The day of a moment, or a day that stands as text."""
    if isinstance(moment, str) and len(moment) == len("2026-01-01"):
        return f"{date.fromisoformat(moment):%d/%m/%Y}"
    return f"{_moment(moment):%d/%m/%Y}"


def money(amount: int) -> str:
    """An amount in dong."""
    if amount == 0:
        return gettext("Không mất phí")
    return f"{amount:,}".replace(",", ".") + " đồng" if language() == "vi" else f"{amount:,} dong"


def amount(value: float | None, unit: str) -> str:
    """A measured amount with its unit, a dash where nothing was measured."""
    if value is None:
        return "–"
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',') if language() == 'vi' else text}{unit}"


def size(count: int) -> str:
    """A file's size as people say it."""
    return amount(count / 1024, " kB") if count < 1 << 20 else amount(count / (1 << 20), " MB")


def _moment(moment: Any) -> datetime:
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if read.tzinfo is None:
        raise ValueError(f"{moment}: of which zone?")
    local: datetime = read.astimezone(VIETNAM)
    return local
