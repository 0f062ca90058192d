"""The form that a command would send to the applicant, before anybody decides; nothing is stored or numbered."""

import base64
from dataclasses import replace
from typing import Any

from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.transitions import check_allowed
from services.one_stop_shop.usecases.commands import BODIES, decide, load_visible, operation_of
from services.one_stop_shop.usecases.context import Context, actor_of, occasion_on
from shared.contracts.one_stop_shop.requests import PreviewForm
from shared.contracts.principal import Principal
from shared.errors import Invalid, NotFound, field_error
from shared.requests import read_request


def preview_form(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The form as PDF, marked as a draft; the command is judged as if it were given now.

    Raises:
        NotFound: no form would go out, as where a withdrawal is not accepted.
    """
    asked = read_request(PreviewForm, request, path=("application",))
    action, actor = asked["action"], actor_of(principal)
    application = load_visible(context, request["application"], actor).document
    check_allowed(application, actor, action)
    try:
        body = read_request(BODIES[operation_of(action)], asked["command"])
        decision = decide(context, action, application, occasion_on(context, actor, application), body)
    except Invalid as error:
        at = [field_error(f"command.{one['path']}", one["code"], **one.get("params", {})) for one in error.fields]
        raise Invalid(error.code, fields=at, **error.params) from error
    issued = [form for form in decision.changes.get("forms", ()) if form["seq"] == application["version"] + 1]
    if not issued:
        raise NotFound("form_unknown")
    form = restore(FormKind(issued[-1]["kind"]), issued[-1]["data"])
    marked = replace(form, letterhead=replace(form.letterhead, draft=True))
    return {
        "name": f"ban-nhap-mau-{issued[-1]['form']:02d}-{application['code']}.pdf",
        "title": issued[-1]["title"],
        "content": base64.b64encode(context.printer.print(marked)).decode(),
    }
