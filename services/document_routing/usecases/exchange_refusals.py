"""What was refused, for those whose message it was and for operators."""

from typing import Any

from services.document_routing.domain.actors import OPERATOR
from services.document_routing.usecases.context import Context, actor_of
from services.document_routing.usecases.exchange_send import system_of
from shared.contracts.principal import Principal
from shared.errors import Forbidden
from shared.requests import answer_page, page_of

Request = dict[str, Any]


def list_refused_messages(context: Context, request: Request, principal: Principal) -> Request:
    """Refused messages, newest first.

    Raises:
        Forbidden: of another agency, for anybody but an operator.
    """
    agency = _agency(context, request, principal)
    limit, after = page_of(request)
    rows = context.exchange.refusals.page(agency, after=after, limit=limit + 1)
    items = [_view(row) for row in rows[:limit]]
    return answer_page(items, rows[limit - 1]["_id"] if len(rows) > limit else None)


def _agency(context: Context, request: Request, principal: Principal) -> str | None:
    asked = request.get("agency")
    wanted = context.offices.directory().get(asked).code if asked else None
    if actor_of(principal).has(OPERATOR):
        return wanted
    own = system_of(principal, "list_refused_messages").agency
    if wanted not in (None, own):
        raise Forbidden("other_agency", action="read")
    return own


def _view(row: Request) -> Request:
    same = {name: row[name] for name in ("agency", "digest", "code", "faults")}
    return {"id": row["_id"], "at": row["at"].isoformat(), **same}
