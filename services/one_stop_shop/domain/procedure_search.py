"""Which procedures somebody's words mean: without diacritics, i as y where they sound alike, filler words aside."""

import re
from collections.abc import Collection, Sequence

from shared.words import words

_SAME_SOUND = re.compile(r"(?:(?<=[^aeiouy\d])|(?<=qu))[iy]$")  # kí is ký and quí is quý, but tai is not tay
_SHORTEST_STEM = 3


def wanted_words(text: str, filler: Collection[str]) -> list[str]:
    """The words of a search that tell procedures apart; all of them, where there are only filler words."""
    said = words(text)
    return [word for word in said if word not in filler] or said


def means(own: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a procedure with these words is meant: each wanted word is a number or begins a word of its own."""
    return all(_is_meant(word, own) for word in wanted)


def nearness(own: Sequence[str], wanted: Sequence[str]) -> int:
    """How many of the wanted words a procedure has, also those with letters too many at their end."""
    return sum(_is_meant(word, own) or _has_stem(word, own) for word in wanted)


def _is_meant(word: str, own: Sequence[str]) -> bool:
    if word.isdigit():
        return word in own
    return _other_spelling(word) in own or any(one.startswith(word) for one in own)


def _has_stem(word: str, own: Sequence[str]) -> bool:
    return any(len(one) >= _SHORTEST_STEM and not one.isdigit() and word.startswith(one) for one in own)


def _other_spelling(word: str) -> str:
    return _SAME_SOUND.sub(lambda last: "y" if last[0] == "i" else "i", word)
