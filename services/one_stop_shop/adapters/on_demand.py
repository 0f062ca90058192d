"""An adapter on large libraries that few processes need soon: loaded when first used, it costs no memory before."""

from functools import cached_property
from typing import TYPE_CHECKING

from services.one_stop_shop.domain.forms import Form

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
