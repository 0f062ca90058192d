"""What one may do about one's own application: pay, withdraw it, rate how it was handled."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.follow import APPLY
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.pages import Routes, go, page
from shared.errors import FieldError, Invalid, field_error

SCORES = (
    ("very_satisfied", said("Rất hài lòng")),
    ("satisfied", said("Hài lòng")),
    ("dissatisfied", said("Không hài lòng")),
)


@page_for(APPLY)
def show_payment(application: str) -> Response:
    """What is owed, before one goes to pay."""
    found = look("get_application", application=application)
    return page("pay.html", application=found, key=secrets.token_hex(16), order=None)


@page_for(APPLY)
def start_payment(application: str) -> Response:
    """Open a payment and show the way there."""
    order = act_on_own("start_payment", application, {}, request.form)
    return page("pay.html", application=look("get_application", application=application), order=order)


@page_for(APPLY)
def show_withdrawal(application: str) -> Response:
    """Ask why the application is withdrawn."""
    return _ask(application, "withdraw.html", _withdrawal_fields(), [])


@page_for(APPLY)
def withdraw(application: str) -> Response:
    """Ask to withdraw the application."""
    return _answer(application, "withdraw.html", _withdrawal_fields(), "request_withdrawal")


def _withdrawal_fields() -> list[Field]:
    return [Field("reason", _("Vì sao bạn xin rút hồ sơ?"), "long", limit=1000)]


@page_for(APPLY)
def show_rating(application: str) -> Response:
    """Ask how satisfied one is."""
    return _ask(application, "rate.html", _rating_fields(), [])


@page_for(APPLY)
def rate(application: str) -> Response:
    """Say how satisfied one is."""
    return _answer(application, "rate.html", _rating_fields(), "rate_application")


def _rating_fields() -> list[Field]:
    scores = tuple((score, _(name)) for score, name in SCORES)
    question = _("Bạn có hài lòng với việc giải quyết hồ sơ không?")
    comment = Field("comment", _("Bạn muốn nói thêm điều gì?"), "long", required=False, limit=2000)
    return [Field("score", question, "choice", choices=scores), comment]


def _ask(application: str, template: str, fields: Sequence[Field], wrong: list[FieldError]) -> Response:
    return page(
        template,
        422 if wrong else 200,
        application=look("get_application", application=application),
        shown=shown_fields(fields, {}, request.form if wrong else None, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=request.form.get("key") or secrets.token_hex(16),
    )


def _answer(application: str, template: str, fields: Sequence[Field], command: str) -> Response:
    values, wrong = read_form(fields, request.form)
    if wrong:
        return _ask(application, template, fields, wrong)
    body = {name: value for name, value in values.items() if value is not None}
    try:
        act_on_own(command, application, body, request.form)
    except Invalid as error:
        return _ask(application, template, fields, error.fields or [field_error("", error.code, **error.params)])
    return go(f"/ho-so/{application}")


def act_on_own(command: str, application: str, body: dict[str, Any], form: Mapping[str, str]) -> Any:
    """Carry out a command on the version that the page showed, once for each page."""
    key = form.get("key") or secrets.token_hex(16)
    return do(command, body, key=f"trang-{key}", version=version_in(form), application=application)


ROUTES: Routes = (
    ("GET", "/ho-so/<name:application>/nop-phi", show_payment),
    ("POST", "/ho-so/<name:application>/nop-phi", start_payment),
    ("GET", "/ho-so/<name:application>/rut", show_withdrawal),
    ("POST", "/ho-so/<name:application>/rut", withdraw),
    ("GET", "/ho-so/<name:application>/danh-gia", show_rating),
    ("POST", "/ho-so/<name:application>/danh-gia", rate),
)
