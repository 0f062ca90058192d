"""Reads printed forms back, as a person, a scanner and an archive would."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships without types
import zxingcpp

from services.one_stop_shop.adapters.form_text import moment

NOT_READ = {"url", "form_set", "sample"}
"""The address is in the QR code, the set is in the heading, the sample mark has its own test."""


def squeeze(text: str) -> str:
    """Text without what line breaks and capitals change."""
    return re.sub(r"\s+", "", text).casefold()


@cache
def pages_of(pdf: bytes) -> list[str]:
    """The text of each page; a hyphen at the end of a line comes back as a hyphen."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range().replace("\x02", "-").replace("\ufffe", "-") for page in document]
    document.close()
    return pages


def text_of(pdf: bytes) -> str:
    """All the text of a PDF."""
    return "\n".join(pages_of(pdf))


def shows(pdf: bytes, words: str) -> bool:
    """Whether the words stand on paper, wherever their lines break."""
    return squeeze(words) in squeeze(text_of(pdf))


def codes_of(pdf: bytes) -> dict[str, str]:
    """What a scanner finds on the first page."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=2).to_pil()
    document.close()
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(picture)}


def letters_outside(pdf: bytes, left: float, right: float, bottom: float) -> list[str]:
    """Letters that stick out of the text area; distances in points from the paper's edges."""
    lost = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            x0, y0, x1, y1 = text.get_charbox(index)
            if x1 > x0 and (x0 < left or x1 > width - right or y0 < bottom or y1 > height):
                lost.append(text.get_text_range(index, 1))
    document.close()
    return lost


def values_of(form: Any) -> Iterator[tuple[str, ...]]:
    """Every value of a form, each in the ways in which it may stand on paper."""
    for field in fields(form):
        value = getattr(form, field.name)
        if field.name in NOT_READ:
            continue
        for item in value if isinstance(value, tuple) else (value,):
            if is_dataclass(item):
                yield from values_of(item)
            elif item not in ("", 0, None):
                yield _on_paper(item)


def _on_paper(value: Any) -> tuple[str, ...]:
    if isinstance(value, datetime):
        return tuple(moment(value).values())
    if isinstance(value, date):
        return (f"{value:%d/%m/%Y}",)
    if isinstance(value, int):
        return (f"{value:02d}", f"{value:,}".replace(",", "."))
    return (str(value),)
