"""Prints the standard forms as tagged PDF: what a form says goes to its template as plain data."""

import re
from pathlib import Path
from typing import Any

import segno
from barcode import Code39

from services.one_stop_shop.adapters.form_text import dong, dong_in_words, plain
from services.one_stop_shop.domain.form_sets import form_name
from services.one_stop_shop.domain.forms import FeeLine, Form, Receipt, StopNotice
from shared.printing import Press

TEMPLATES = Path(__file__).parent / "forms"
QUIET_ZONE = 10
"""Empty modules beside a bar code, without which a scanner does not find its ends."""


class FormPrinter:
    """Prints any form."""

    def __init__(self) -> None:
        self._press = Press(TEMPLATES)

    def print(self, form: Form) -> bytes:
        """The PDF of a form; the same form gives the same bytes, whenever it is printed."""
        return self._press.print(form.kind.value, payload(form), issued_at=form.letterhead.issued_at)


def payload(form: Form) -> dict[str, Any]:
    """All that a template reads: the form in plain text, its name in the set, its codes as pictures."""
    name = form_name(form.letterhead.form_set, form.kind)
    data: dict[str, Any] = plain(form) | {
        "set": form.letterhead.form_set.value,
        "form_number": name.number,
        "title": name.title,
        "circular": name.circular,
    }
    if code := data.get("code"):
        data["barcode"] = barcode_svg(code)
    if lookup := getattr(form, "lookup", None):
        data["qr"] = qr_svg(lookup.url)
    if isinstance(form, Receipt):
        data["fees"] = [fee_text(fee) for fee in form.fees]
        data["payable"] = amount_text(sum(fee.payable for fee in form.fees))
    if isinstance(form, StopNotice):
        data["paid"] = amount_text(form.paid)
    return data


def barcode_svg(code: str) -> str:
    """The dossier code in Code 39 without a check digit, as the counters' scanners read it.

    The library encodes; its own picture, a rectangle for each bar, takes forty times as long to draw.
    """
    modules = Code39(code, add_checksum=False).build()[0]
    bars = "".join(f"M{bar.start()} 0h{len(bar[0])}v36H{bar.start()}z" for bar in re.finditer("1+", modules))
    box = f"-{QUIET_ZONE} 0 {len(modules) + 2 * QUIET_ZONE} 36"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{bars}"/></svg>'


def qr_svg(url: str) -> str:
    """The address of the look-up page as a QR code that survives a crease (error level M)."""
    return segno.make_qr(url, error="m").svg_inline(border=2)


def fee_text(fee: FeeLine) -> dict[str, str]:
    """A charge with the amount, the relief and its ground side by side: an amount alone misleads."""
    relief = fee.amount - fee.payable
    cleaned: dict[str, str] = plain({"name": fee.name, "ground": fee.ground, "receipt": fee.receipt_number})
    return cleaned | {
        "amount": dong(fee.amount),
        "relief": dong(relief) if relief else "",
        "payable": dong(fee.payable),
    }


def amount_text(amount: int) -> dict[str, str]:
    """An amount in figures and in words."""
    return {"figures": dong(amount), "words": dong_in_words(amount)}
