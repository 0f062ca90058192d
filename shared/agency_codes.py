"""Identifiers of agencies, of both generations: read, checked, and what stands above them."""

import re

from shared.errors import Invalid

LEGACY = r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}"
"""QCVN 102:2016: level 4, 3, 2, then level 1, as in `000.00.06.H56`."""

CURRENT = r"[A-Z]\d{2}(?:\.\d{2,3}){0,3}"
"""Decision 20/2020/QĐ-TTg: level 1 first, as in `H56.06`."""


def agency_id(text: str) -> str:
    """An agency identifier of either generation: QCVN 102:2016 (`000.00.06.H56`) or Decision 20/2020 (`H56.06`).

    People type codes in small letters and with blanks around them; digits of other scripts are no digits.

    Raises:
        Invalid: `agency_code_malformed`.
    """
    found = re.fullmatch(f"(?:{LEGACY}|{CURRENT})", text.strip().upper(), re.ASCII)
    if not found:
        raise Invalid("agency_code_malformed", text=text)
    return found[0]


def is_legacy_agency_id(text: str) -> bool:
    """Whether it is of the generation of QCVN 102:2016; the current one never follows from it."""
    return re.fullmatch(LEGACY, agency_id(text)) is not None


def parent_agency_id(text: str) -> str | None:
    """The identifier one level up, None for a ministry or province."""
    code = agency_id(text)
    if not is_legacy_agency_id(code):
        return code.rpartition(".")[0] or None
    parts = code.split(".")
    for level, part in enumerate(parts[:3]):
        if int(part):
            parts[level] = "0" * len(part)
            return ".".join(parts)
    return None
