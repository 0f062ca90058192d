"""Choosing the password of a mailbox with a one-time link; the link is the proof, nobody need be signed in."""

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import open_page
from gateway.portal.calls import do
from gateway.portal.forms import Field, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, page
from shared.contracts.email_provisioning.mail_values import LONGEST_PASSWORD, SHORTEST_PASSWORD
from shared.errors import Conflict, FieldError, Invalid, field_error

WHY = "The one-time link is the proof: whoever sets the first password cannot sign in yet."


@open_page(WHY)
def ask_password(mailbox: str, secret: str) -> Response:
    """Ask for a password, twice."""
    return _ask(mailbox, secret, [])


@open_page(WHY)
def choose_password(mailbox: str, secret: str) -> Response:
    """Set it; the same once more changes nothing."""
    values, wrong = read_form(_fields(), request.form)
    if not wrong and values["password"] != values["again"]:
        wrong = [field_error("again", "passwords_differ")]
    if wrong:
        return _ask(mailbox, secret, wrong)
    try:
        made = do("set_password", {"token": f"{mailbox}.{secret}", "password": values["password"]})
    except Invalid as error:
        return _ask(mailbox, secret, error.fields)
    except Conflict as error:
        return _ask(mailbox, secret, [field_error("", error.code, **error.params)], 409)
    return page("password_set.html", box=made["address"])


def _fields() -> list[Field]:
    hint = _(
        "Ít nhất %(number)s ký tự, không chứa địa chỉ thư. Một câu dài dễ nhớ là tốt nhất.", number=SHORTEST_PASSWORD
    )
    return [
        Field("password", _("Mật khẩu mới"), "secret", hint, limit=LONGEST_PASSWORD),
        Field("again", _("Nhập lại mật khẩu"), "secret", limit=LONGEST_PASSWORD),
    ]


def _ask(mailbox: str, secret: str, wrong: list[FieldError], status: int = 422) -> Response:
    fields = _fields()
    return page(
        "password_choice.html",
        status if wrong else 200,
        place=f"/mat-khau/{mailbox}/{secret}",
        shown=shown_fields(fields, {}, None, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
    )


ROUTES: Routes = (
    ("GET", "/mat-khau/<name:mailbox>/<name:secret>", ask_password),
    ("POST", "/mat-khau/<name:mailbox>/<name:secret>", choose_password),
)
