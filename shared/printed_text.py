"""Text that people wrote, made safe to print: letters of the printers' font, no controls, no direction tricks."""

import re
import unicodedata

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
