"""Every form there is, each in all samples."""

from collections.abc import Callable
from dataclasses import replace

from services.one_stop_shop.domain.form_sets import FormKind, FormSet, forms_of
from services.one_stop_shop.domain.forms import (
    Form,
)
from tests.unit.one_stop_shop.forms.samples import (
    apology,
    control_sheet,
    receipt,
    refusal,
    register,
    stop_notice,
    supplement_request,
)

BUILDERS: dict[FormKind, Callable[[FormSet], Form]] = {
    FormKind.RECEIPT: receipt,
    FormKind.SUPPLEMENT_REQUEST: supplement_request,
    FormKind.REFUSAL: refusal,
    FormKind.APOLOGY: apology,
    FormKind.STOP_NOTICE: stop_notice,
    FormKind.CONTROL_SHEET: control_sheet,
    FormKind.REGISTER: register,
}


def every_form() -> list[Form]:
    """Each form of each set."""
    return [BUILDERS[kind](form_set) for form_set in FormSet for kind in forms_of(form_set)]


def with_sample_mark(form: Form) -> Form:
    """The same form on paper that says it is sample data."""
    return replace(form, letterhead=replace(form.letterhead, sample=True))
