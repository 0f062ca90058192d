"""What one may do about one's own application: pay, withdraw it, rate how it was handled."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.follow import WHOLE_HISTORY
from gateway.portal.forms import Field, entries_of, read_form, shown_fields, version_in
from gateway.portal.language import clock, said
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, go, page
from gateway.portal.payment_words import held_words, open_order
from gateway.portal.plain_words import moments_of, standing_of
from gateway.portal.readers import APPLY
from shared.errors import Conflict, FieldError, Invalid, Stale, field_error

SCORES = (
    ("very_satisfied", said("Rất hài lòng")),
    ("satisfied", said("Hài lòng")),
    ("dissatisfied", said("Không hài lòng")),
)
WITHDRAWN, RETURNED = 7, 10


@page_for(APPLY)
def show_payment(application: str) -> Response:
    """What is owed, before one goes to pay, and whether one went already."""
    return _payment(look("get_application", application=application), key=secrets.token_hex(16))


@page_for(APPLY)
def start_payment(application: str) -> Response:
    """Show the way to pay: with the order that is open, or else a new one."""
    try:
        order = act_on_own("start_payment", application, {}, request.form)
    except Stale:
        found = look("get_application", application=application)
        overtaken = changes_since(found, version_in(request.form))
        return _payment(found, 412, overtaken=overtaken, key=request.form.get("key", ""))
    return _payment(look("get_application", application=application), order=order)


def _payment(found: dict[str, Any], status: int = 200, **shown: Any) -> Response:
    payment = found["payment"]
    begun, held = open_order(payment, datetime.now(UTC)), held_words(payment)
    return page("pay.html", status, application=found, begun=begun, held=held, **shown)


@page_for(APPLY)
def show_withdrawal(application: str) -> Response:
    """Ask why the application is withdrawn."""
    return _ask(application, WITHDRAWAL)


@page_for(APPLY)
def withdraw(application: str) -> Response:
    """Ask to withdraw the application."""
    return _answer(application, WITHDRAWAL)


def _withdrawal_fields() -> list[Field]:
    return [Field("reason", _("Vì sao bạn xin rút hồ sơ?"), "long", limit=1000)]


@page_for(APPLY)
def show_rating(application: str) -> Response:
    """Ask how satisfied one is."""
    return _ask(application, RATING)


@page_for(APPLY)
def rate(application: str) -> Response:
    """Say how satisfied one is."""
    return _answer(application, RATING)


def _rating_fields() -> list[Field]:
    scores = tuple((score, _(name)) for score, name in SCORES)
    question = _("Bạn có hài lòng với việc giải quyết hồ sơ không?")
    comment = Field("comment", _("Bạn muốn nói thêm điều gì?"), "long", required=False, limit=2000)
    return [Field("score", question, "choice", choices=scores), comment]


def _why_no_withdrawal(application: dict[str, Any]) -> str:
    state = standing_of(application["status"], application["withdrawn"]).title
    if application["status"] != WITHDRAWN:
        return _("Hồ sơ này nay không rút được: %(state)s.", state=state)
    at = clock(application["withdrawal"]["requested_at"])
    if application["withdrawn"]:
        return _("Hồ sơ này đã được rút theo yêu cầu lúc %(moment)s.", moment=at)
    return _("Hồ sơ này đã có yêu cầu rút lúc %(moment)s. Cơ quan đang xem xét và sẽ trả lời.", moment=at)


def _why_no_rating(application: dict[str, Any]) -> str:
    if application["status"] == RETURNED:
        return _("Bạn đã đánh giá hồ sơ này. Cảm ơn bạn.")
    return _("Hồ sơ được đánh giá sau khi đã trả kết quả.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked on one page: its words and fields, its operation, what the transition is called, and what stands
    there once that is not possible."""

    title: str
    hint: str
    press: str
    fields: Callable[[], list[Field]]
    command: str
    transition: str
    closed: Callable[[dict[str, Any]], str]
    grave: bool = False


WITHDRAWAL = _Asked(
    said("Xin rút hồ sơ"),
    said("Sau khi rút, hồ sơ không được giải quyết tiếp. Hồ sơ đã được tiếp nhận thì cơ quan xem xét rồi trả lời."),
    said("Gửi yêu cầu rút"),
    _withdrawal_fields,
    "request_withdrawal",
    "request_withdrawal",
    _why_no_withdrawal,
    grave=True,
)
RATING = _Asked(
    said("Đánh giá việc giải quyết"),
    said("Ý kiến của bạn giúp cơ quan phục vụ tốt hơn. Mỗi hồ sơ được đánh giá một lần."),
    said("Gửi đánh giá"),
    _rating_fields,
    "rate_application",
    "rate",
    _why_no_rating,
)


def _ask(application: str, asked: _Asked, status: int = 200, wrong: Sequence[FieldError] = ()) -> Response:
    """The page with what was typed; what was overtaken goes over the newest version when it is sent again."""
    fields, found = asked.fields(), look("get_application", application=application)
    still = asked.transition in found["allowed_actions"]
    typed = request.form if status != 200 else None
    overtaken = changes_since(found, version_in(request.form)) if status == 412 else None
    return page(
        "own_asked.html",
        status,
        application=found,
        title=_(asked.title),
        hint=_(asked.hint),
        press=_(asked.press),
        grave=asked.grave,
        closed="" if still or typed is not None else asked.closed(found),
        version=found["version"] if typed is None or overtaken else typed.get("version", ""),
        overtaken=overtaken,
        still=still,
        shown=shown_fields(fields, {}, typed, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=request.form.get("key") or secrets.token_hex(16),
    )


def _answer(application: str, asked: _Asked) -> Response:
    values, wrong = read_form(asked.fields(), request.form)
    if wrong:
        return _ask(application, asked, 422, wrong)
    body = {name: value for name, value in values.items() if value is not None}
    try:
        act_on_own(asked.command, application, body, request.form)
    except Invalid as error:
        return _ask(application, asked, 422, error.fields or [field_error("", error.code, **error.params)])
    except Conflict as error:
        return _ask(application, asked, 409, [field_error("", error.code, **error.params)])
    except Stale:
        return _ask(application, asked, 412)
    return go(f"/ho-so/{application}")


def changes_since(found: dict[str, Any], seen: int) -> dict[str, Any]:
    """What became of one's own application after the version that was `seen`, for `ui.overtaken`."""
    history = look("get_history", {"limit": WHOLE_HISTORY}, application=found["id"])["items"]
    state = standing_of(found["status"]).title
    return {
        "text": _("Hồ sơ đã thay đổi sau khi bạn mở trang này. Nay là: %(state)s.", state=state),
        "moments": moments_of([one for one in history if 0 < seen < one["seq"]], officer=False),
    }


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
