"""Adapters on large libraries that few processes need soon: loaded when first used, they cost no memory before."""

from functools import cached_property
from typing import TYPE_CHECKING

from services.one_stop_shop.domain.forms import Form, Register

if TYPE_CHECKING:
    from services.one_stop_shop.adapters.form_printer import FormPrinter


class FormPrinterOnDemand:
    """Loads the printer with its bar codes when the first form is printed."""

    @cached_property
    def _printer(self) -> "FormPrinter":
        from services.one_stop_shop.adapters.form_printer import FormPrinter

        return FormPrinter()

    def print(self, form: Form) -> bytes:
        """The PDF of a form."""
        return self._printer.print(form)


def register_sheet_on_demand(register: Register) -> bytes:
    """The register as a spreadsheet."""
    from services.one_stop_shop.adapters.register_sheet import register_sheet

    return register_sheet(register)
