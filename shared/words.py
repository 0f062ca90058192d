"""Words without diacritics by which people find things, and the keys under which one index finds them at once.

A search gives beginnings of words, in any order, or whole numbers. One key cannot hold every combination, so a thing
stands under the beginnings of its words and under each pair of them; the rarest key that a search implies is looked
up, and the rest of the search is compared with the words themselves.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

_WORD = re.compile(r"[a-z0-9]+")

BEGINNINGS = (2, 3, 5)
"""Lengths of the beginnings under which a word stands; the first is also that of the halves of a pair."""

_PAIRED = 5  # applications with more words than that stand under each word alone, marked as long


def fold(text: str) -> str:
    """Lower case without diacritics, đ as d, so that "nguyen van an" finds "Nguyễn Văn An"."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def same_name(one: str, other: str) -> bool:
    """Whether two spellings may be one name: case, blanks, hyphens and the vowel of a syllable under its tone aside.

    Of two names with marks these must agree: Ân and Ẩn are different names, so are Ân An and An Ân; Hòa is Hoà.
    A name without any marks may be any with its letters, for somebody could not or need not type them: An may be Ân.
    """
    if _letters(one) != _letters(other):
        return False
    marks, others = _marks(one), _marks(other)
    return marks == others or not marks or not others


def is_name(text: str) -> bool:
    """Whether a text can be a person's name: it has letters, and no symbol, line end or sign that nobody sees."""
    return any(sign.isalpha() for sign in text) and not any(
        unicodedata.category(sign) in _NOT_IN_NAMES for sign in text
    )


_NOT_IN_NAMES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Sm", "So", "Zl", "Zp"})
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_VOWELS = frozenset("aeiouy")


def _marks(name: str) -> set[tuple[int, str]]:
    """The marks by the number of the letter under them; a tone by that of the first of its vowels."""
    found: set[tuple[int, str]] = set()
    letters, first_vowel = 0, 0
    among_vowels = False
    for sign in unicodedata.normalize("NFD", name.lower().replace("đ", "d\u0335")):
        if unicodedata.combining(sign):
            found.add((first_vowel if sign in _TONES and among_vowels else letters, sign))
            continue
        letters += sign.isalnum()
        if sign not in _VOWELS:
            among_vowels = False
        elif not among_vowels:
            among_vowels, first_vowel = True, letters
    return found


def _letters(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return _WORD.findall(fold(text))


def keys_of(found: Sequence[str]) -> Iterator[str]:
    """All keys of a thing with these words; the empty key stands for everything."""
    yield ""
    names = [word for word in found if not word.isdigit()]
    for word in names:
        yield from (word[:length] for length in BEGINNINGS if length <= len(word))
    yield from (word for word in found if word.isdigit())
    starts = [_start(word) for word in names if _start(word)]
    if len(starts) <= _PAIRED:
        yield from (_pair(one, other) for one, other in combinations(starts, 2))
    else:
        yield from (_long(start) for start in starts)


def keys_for(searched: Sequence[str]) -> tuple[list[str], bool]:
    """The keys under one of which every match stands, and whether everything under them is a match."""
    number = next((word for word in searched if word.isdigit()), None)
    if number is not None:
        return [number], len(searched) == 1
    # Two words that begin alike may both mean the same one of the thing's words.
    starts = list(dict.fromkeys(_start(word) for word in searched if _start(word)))
    if len(starts) > 1:  # the last two: the family name comes first and is shared by many
        return [_pair(*starts[-2:]), _long(starts[-1])], False
    beginning = max((word[: _longest(word)] for word in searched), key=len, default="")
    return [beginning], list(searched) == [beginning]


def matches(found: Iterable[str], searched: Iterable[str]) -> bool:
    """Whether a thing with these words is meant: the rule that the index makes fast."""
    found = list(found)
    return all(word in found if word.isdigit() else any(own.startswith(word) for own in found) for word in searched)


def _start(word: str) -> str:
    return word[: BEGINNINGS[0]] if len(word) >= BEGINNINGS[0] else ""


def _longest(word: str) -> int:
    return max((length for length in BEGINNINGS if length <= len(word)), default=0)


def _pair(one: str, other: str) -> str:
    return "+".join(sorted((one, other)))


def _long(start: str) -> str:
    return f"{start}+"
