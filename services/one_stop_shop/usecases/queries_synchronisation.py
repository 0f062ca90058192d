"""What synchronising systems fetch: versions that the National Portal has not confirmed, in its own field names."""

from typing import Any

from services.one_stop_shop.domain.actors import AGENCY_SYSTEM
from services.one_stop_shop.domain.synchronisation import dossier, progress
from services.one_stop_shop.usecases.context import Context, actor_of
from shared.contracts.principal import Principal
from shared.errors import Forbidden
from shared.requests import answer_page, page_of


def list_changes(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """The unconfirmed applications of the system's own agency; `updating` once any version was confirmed."""
    actor = actor_of(principal)
    if not (actor.has(AGENCY_SYSTEM) and actor.agency):
        raise Forbidden("role_not_allowed", action="synchronise")
    limit, after = page_of(request)
    page = context.queries.to_synchronise(actor.agency, after=after, limit=limit)
    directory, sectors = context.offices.directory(), context.procedures.sectors()
    items = [
        {
            "application": document["_id"],
            "version": document["version"],
            "updating": document["synchronisation"].get("version") is not None,
            "dossier": dossier(document, directory, sectors),
            "progress": progress(document),
        }
        for document in page.rows
    ]
    return answer_page(items, page.next)
