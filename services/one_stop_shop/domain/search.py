"""Words by which officers find an application, without diacritics whatever the keyboard."""

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Lower case without diacritics, đ as d, so that "nguyen van an" finds "Nguyễn Văn An"."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))
